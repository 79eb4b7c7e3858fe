"""The birth column: notations of offices, of Excel and of people. Only the year is kept afterwards."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from typing import Any

from lib.tabular.cells import ACCEPTED, ERROR, NEEDS_CHOICE, Cleaned, broken, is_nothing, text_of, visible

OLDEST, YOUNGEST = 100, 14
SERIAL_FROM, SERIAL_TO = 9_000, 60_000  # the days 1924 to 2064 as Excel counts them
EPOCH = date(1899, 12, 30)
MONTHS = {
    m: n for n, m in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)
}
DIGITS = dict(zip("〇○◯零Ｏ一二三四五六七八九", "00000123456789", strict=True)) | {"元": "1"}

_chinese_year = re.compile(r"^([〇○◯零一二三四五六七八九]{2}|[〇○◯零一二三四五六七八九]{4})年")
_chinese_number = re.compile(r"[〇零一二三四五六七八九十]+")
_clock = re.compile(r"[ T]\d{1,2}[:：时]\d{1,2}.*$")
_parts = re.compile(
    r"^(\d{4}|\d{2})[年.\-/·、,，\\~_ ]+(\d{1,2})(?:[月.\-/·、,，\\~_ ]+(\d{1,2})?[日号]?)?[.。]?(?:生|出生)?$"
)
_year_only = re.compile(r"^(\d{4}|\d{2})年?(?:生|出生)?$")
_day_first = re.compile(r"^(\d{1,2})[./\-](\d{1,2})[./\-](\d{4})$")
_month_name = re.compile(r"^(?:(\d{1,2})[-/ ])?([A-Za-z]{3,9})[-/ .]*(\d{2}|\d{4})$")
_age = re.compile(r"^(?:年龄)?(\d{1,3})(?:周)?岁(?:半)?$")
_bracket = re.compile(r"^(.+?)[（(【\[](.*?)[）)】\]]$")


class BirthCleaner:
    """Reads births as of ``today``, which bounds the years that a person who works can have."""

    def __init__(self, today: date) -> None:
        self.first_year, self.last_year = today.year - OLDEST, today.year - YOUNGEST

    def __call__(self, cell: Any) -> Cleaned:
        if fault := broken(cell):
            return Cleaned({}, ERROR, (fault,))
        if isinstance(cell, dict) and "date" in cell:
            return self._day(*map(int, cell["date"].split("-")))
        if isinstance(cell, dict):
            return self._number(float(cell["number"]), cell.get("format", ""))
        if isinstance(cell, (int, float)) and not isinstance(cell, bool):
            return self._number(float(cell), "")
        return self._text(visible(unicodedata.normalize("NFKC", text_of(cell))))

    def _number(self, number: float, code: str) -> Cleaned:
        if number.is_integer():
            whole = int(number)
            if 1000 <= whole <= 2999:
                return self._year(whole)
            if SERIAL_FROM <= whole <= SERIAL_TO:
                day = EPOCH + timedelta(days=whole)
                found = self._day(day.year, day.month, day.day)
                return Cleaned(found.values, found.status, found.why or ("birth_serial",))
            return self._digits(str(whole))
        if SERIAL_FROM <= number <= SERIAL_TO:  # a day with a time of day
            return self._number(float(int(number)), "")
        digits = f"{number:.2f}"
        year, month = int(digits[:-3]), digits[-2:]
        if not 1000 <= year <= 2999 or abs(number - float(digits)) > 1e-6:
            return Cleaned({}, ERROR, ("date_impossible",))
        if month == "10" and not code.endswith(".00"):
            # 1985.1 and 1985.10 are one number.
            found = self._year(year)
            return found if found.status == ERROR else Cleaned(found.values, ACCEPTED, ("birth_month_ambiguous",))
        month_number = int(month)
        if (month.endswith("0") and month != "10") or (month == "10" and not code.endswith(".00")):
            month_number = int(month[0])
        return self._day(year, month_number)

    def _digits(self, digits: str) -> Cleaned:
        if len(digits) == 8:
            return self._day(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
        if len(digits) == 6 and digits[:2] in ("18", "19", "20"):
            return self._day(int(digits[:4]), int(digits[4:]))
        if len(digits) == 6:
            return self._short_year(int(digits[:2]), int(digits[2:4]), int(digits[4:]))
        if digits.strip("0") == "":
            return Cleaned({}, ERROR, ("birth_out_of_range",))
        return Cleaned({}, ERROR, ("date_impossible",))

    def _text(self, text: str) -> Cleaned:
        text = _clock.sub("", text.lstrip("'")).strip()
        if is_nothing(text):
            return Cleaned({"birth": None, "birth_year": None}, ACCEPTED, ("birth_missing",))
        bracket = _bracket.match(text)
        if bracket:
            return self._two_values(bracket[1], bracket[2])
        if _age.match(text):
            return Cleaned({"birth": None, "birth_year": None}, NEEDS_CHOICE, ("birth_from_age",))
        if text.isdigit() and len(text) == 5 and SERIAL_FROM <= int(text) <= SERIAL_TO:
            day = EPOCH + timedelta(days=int(text))
            return Cleaned({"birth": None, "birth_year": None}, NEEDS_CHOICE, ("birth_serial",), (day.isoformat(),))
        if text.isdigit() and len(text) in (6, 8):
            return self._digits(text)
        return self._written(_arabic(text))

    def _written(self, text: str) -> Cleaned:
        text = re.sub(r"\s*([年月日号.\-/·、])\s*", r"\1", text)
        if match := _parts.match(text):
            year, month, day = match[1], int(match[2]), int(match[3]) if match[3] else None
            return self._day(int(year), month, day) if len(year) == 4 else self._short_year(int(year), month, day)
        if match := _day_first.match(text):
            return self._day_or_month_first(int(match[1]), int(match[2]), int(match[3]))
        if match := _year_only.match(text):
            if len(match[1]) == 4:
                return self._year(int(match[1]))
            return self._short_year(int(match[1]))
        if (match := _month_name.match(text)) and match[2][:3].lower() in MONTHS:
            month, day = MONTHS[match[2][:3].lower()], int(match[1]) if match[1] else None
            if len(match[3]) == 4:
                return self._day(int(match[3]), month, day)
            return self._short_year(int(match[3]), month, day)
        return Cleaned({}, ERROR, ("date_impossible",))

    def _two_values(self, outside: str, inside: str) -> Cleaned:
        first = self._text(outside)
        if not re.search(r"\d{2}|[〇零一二三四五六七八九]{2}", inside):
            return first
        second = re.search(r"\d{4}(?:[年.\-/]\d{1,2}(?!\d))?", _arabic(inside))
        suggest = [
            value for value in (first.values.get("birth") or str(first.values.get("birth_year") or ""),) if value
        ]
        if second:
            suggest.append("-".join(f"{int(n):02d}" for n in re.findall(r"\d+", second[0])))
        return Cleaned({"birth": None, "birth_year": None}, NEEDS_CHOICE, ("birth_two_values",), tuple(suggest))

    def _day_or_month_first(self, first: int, second: int, year: int) -> Cleaned:
        if first > 12 >= second:
            return self._day(year, second, first)
        if second > 12 >= first:
            return self._day(year, first, second)
        found = self._year(year)
        if found.status == ERROR or max(first, second) > 12:
            return found if found.status == ERROR else Cleaned({}, ERROR, ("date_impossible",))
        return Cleaned(found.values, ACCEPTED, ("birth_day_month_ambiguous",))

    def _year(self, year: int) -> Cleaned:
        if not self.first_year <= year <= self.last_year:
            return Cleaned({}, ERROR, ("birth_out_of_range",))
        return Cleaned({"birth": None, "birth_year": year}, ACCEPTED, ("birth_year_only",))

    def _short_year(self, year: int, month: int | None = None, day: int | None = None) -> Cleaned:
        """Two digits are asked about; the century that leaves the person of working age is offered."""
        full = 2000 + year if 2000 + year <= self.last_year else 1900 + year
        if month is None:
            suggest = str(full)
        else:
            found = self._day(full, month, day)
            if found.status == ERROR:
                return found
            suggest = found.values["birth"]
        return Cleaned({"birth": None, "birth_year": None}, NEEDS_CHOICE, ("birth_two_digit_year",), (suggest,))

    def _day(self, year: int, month: int, day: int | None = None) -> Cleaned:
        if not self.first_year <= year <= self.last_year:
            return Cleaned({}, ERROR, ("birth_out_of_range",))
        try:
            date(year, month, 1 if day is None else day)
        except ValueError:
            return Cleaned({}, ERROR, ("date_impossible",))
        text = f"{year}-{month:02d}" if day is None else f"{year}-{month:02d}-{day:02d}"
        return Cleaned({"birth": text, "birth_year": year})


class DayCleaner(BirthCleaner):
    """Days of the union's own work, such as the day somebody joined a group; a month alone is asked about."""

    def __init__(self, field: str, first_year: int = 1949, last_year: int = 2100) -> None:
        self.field, self.first_year, self.last_year = field, first_year, last_year

    def __call__(self, cell: Any) -> Cleaned:
        found = super().__call__(cell)
        if found.status == ERROR:
            return Cleaned({}, ERROR, tuple(w.replace("birth_", "date_") for w in found.why))
        if found.why == ("birth_missing",):
            return Cleaned({self.field: None})
        text = found.values.get("birth") or ""
        if len(text) == 10 and found.status == ACCEPTED:
            return Cleaned({self.field: text})
        suggest = (f"{text}-01",) if len(text) == 7 else tuple(s for s in found.suggest if len(s) == 10)
        return Cleaned({self.field: None}, NEEDS_CHOICE, ("date_incomplete",), suggest)


def _arabic(text: str) -> str:
    """Chinese numerals as digits: years digit by digit, months and days with 十."""
    match = _chinese_year.match(text)
    if match:
        text = "".join(DIGITS[c] for c in match[1]) + "年" + text[match.end() :]
    return _chinese_number.sub(lambda m: str(_below_hundred(m[0])), text)


def _below_hundred(numeral: str) -> int:
    if "十" not in numeral:
        return int("".join(DIGITS[c] for c in numeral))
    tens, _, ones = numeral.partition("十")
    return (int(DIGITS[tens[-1]]) if tens else 1) * 10 + (int(DIGITS[ones[0]]) if ones and ones[0] in DIGITS else 0)


def notation(cell: Any) -> str:
    """The shape of a cell, so that the odd one in a column can be named: 1985.3 is ``9.9``."""
    if isinstance(cell, dict):
        return "date" if "date" in cell else "number"
    if isinstance(cell, (int, float)):
        return "number"
    shape = re.sub(r"\d+", "9", unicodedata.normalize("NFKC", text_of(cell)).strip())
    return re.sub(r"[〇○零一二三四五六七八九十]+", "一", shape)
