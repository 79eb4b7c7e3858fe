"""How numbers, rates, days, names and phone numbers look, on screen and on paper alike."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from lib.periods import SHANGHAI

NOTHING = "--"
# A file system's limit is 255 bytes; a Chinese character takes three.
LONGEST_FILE_NAME = 80

_unsafe_in_file_names = re.compile(r'[\\/:*?"<>|\[\]\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]')
_mobile = re.compile(r"(?:\+?86|0086)?(1[3-9][0-9])[0-9]{4}([0-9]{4})")
_landline = re.compile(r"(0[0-9]{2,3})-?[0-9]{3,4}([0-9]{4})(?:(?:转|-|#|,|x|ext)[0-9]{1,6})?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with its numerator and denominator, which are always shown beside it."""

    n: int
    of: int

    def __post_init__(self) -> None:
        if not 0 <= self.n <= self.of:
            raise ValueError("A rate counts part of a whole.")

    def __add__(self, other: Rate) -> Rate:
        """The rate of both sets together; rates themselves are never averaged."""
        return Rate(self.n + other.n, self.of + other.of)

    def __str__(self) -> str:
        return f"{self.percent}（{self.fraction}）" if self.of else NOTHING

    @property
    def value(self) -> Decimal | None:
        return Decimal(self.n) / Decimal(self.of) if self.of else None

    @property
    def percent(self) -> str:
        return self.percent_to(1)

    @property
    def fraction(self) -> str:
        return f"{self.n}/{self.of}" if self.of else NOTHING

    def percent_to(self, places: int) -> str:
        if not self.of:
            return NOTHING
        exact = Decimal(self.n) * 100 / Decimal(self.of)
        return f"{exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)}%"

    def as_json(self) -> dict[str, int]:
        return {"n": self.n, "of": self.of}


def rate(n: int, of: int) -> Rate:
    return Rate(n, of)


def number(value: int | float | Decimal | None) -> str:
    return NOTHING if value is None else f"{value:,}"


def screen_date(day: date | datetime | None) -> str:
    return NOTHING if day is None else _business_day(day).isoformat()


def screen_moment(moment: datetime | None) -> str:
    return NOTHING if moment is None else moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def document_date(day: date | datetime | None) -> str:
    """The form of official documents: Arabic digits, no leading zeros."""
    if day is None:
        return NOTHING
    day = _business_day(day)
    return f"{day.year}年{day.month}月{day.day}日"


def mask_name(name: str) -> str:
    """张* for two characters, 张** for more: the length of a longer name is not given away."""
    name = name.strip()
    if len(name) < 2:
        return "*" * len(name)
    return name[0] + ("*" if len(name) == 2 else "**")


def mask_phone(phone: str) -> str:
    """138****1234; 010-****1234 for a landline; of anything else at most the last two digits."""
    digits = re.sub(r"[\s()（）]|(?<=\d)-(?=\d{4}(?!\d))", "", unicodedata.normalize("NFKC", phone))
    if found := _mobile.fullmatch(digits.replace("-", "")):
        return f"{found[1]}****{found[2]}"
    if found := _landline.fullmatch(digits):
        return f"{found[1]}-****{found[2]}"
    bare = re.sub(r"\D", "", digits)
    return "****" + bare[-2:] if len(bare) > 5 else "****" if bare else ""


def file_name(title: str, unit: str, day: date, extension: str = "xlsx") -> str:
    """2026年8月职工诉求办理台账_机修厂_20260901.xlsx, safe on every file system.

    Send it with ``FileResponse(filename=…)`` or ``content_disposition_header``, which encode it.
    """
    parts = [_safe(title)[:LONGEST_FILE_NAME], _safe(unit)[: LONGEST_FILE_NAME // 2], f"{day:%Y%m%d}"]
    name = "_".join(part for part in parts if part)
    # 255 bytes with the extension; cut by characters, never inside one.
    while len(name.encode()) > 240:
        parts[0] = parts[0][:-1]
        name = "_".join(part for part in parts if part)
    return f"{name}.{extension}"


def sheet_name(title: str) -> str:
    """At most 31 characters and none that Excel refuses."""
    return _safe(title).strip("'")[:31] or "Sheet1"


def display_width(text: str) -> int:
    """Columns the text takes in a Chinese font: a Chinese character two, a combining mark none."""
    return sum(map(_character_width, text))


def _character_width(character: str) -> int:
    if "\x20" <= character <= "\x7e":
        return 1
    if unicodedata.combining(character) or unicodedata.category(character) in {"Cf", "Mn", "Cc"}:
        return 0
    # "Ambiguous" (“”、—、①) is full width in every font the workbooks name.
    return 2 if unicodedata.east_asian_width(character) in "WFA" else 1


def _business_day(day: date | datetime) -> date:
    return day.astimezone(SHANGHAI).date() if isinstance(day, datetime) else day


def _safe(text: str) -> str:
    return " ".join(_unsafe_in_file_names.sub("", text).split()).strip(". ")
