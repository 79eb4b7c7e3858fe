"""The telephone column: mobile numbers in every dress, land lines, extensions, two numbers, and what is none."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, cast

from lib.tabular.cells import (
    ACCEPTED,
    ERROR,
    NEEDS_CHOICE,
    Cleaned,
    broken,
    has_identity_number,
    is_nothing,
    text_of,
    visible,
)

MOBILE = re.compile(r"1[3-9]\d{9}")
LANDLINE = re.compile(r"(0(?:10|2\d|[3-9]\d{2}))[- ]?(\d{7,8})(?:(?:转|-|ext\.?|x|#|,|分机)[:： ]?(\d{1,6}))?", re.I)
SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+?\d{1,2}", re.I)
TEXT_FORMULA = re.compile(r'^="?([^"]*)"?$')
RELATIVE = re.compile(r"[妻夫父母子女儿爱人配偶家属老婆丈公兄弟姐妹嫂友邻居爸妈]")
MASKED = re.compile(r"[*＊×xX●#]{2,}|[*＊]")
SEPARATORS = re.compile(r"[/、,，;；\n|或和]+")
LABEL = re.compile(r"^(?:手机号码|手机号|手机|电话号码|联系电话|电话|移动电话|联系方式|tel|mobile|本人)[:： ]*", re.I)
NOTE = re.compile(r"[(（【\[][^()（）【】\[\]]*[)）】\]]")
FULL_WIDTH = re.compile("[\uff10-\uff19\uff0d\uff0b]")
DIRECTION_OR_BLANK = re.compile(r"[\s\-‐‑–—.·_()（）']+")


def clean_phone(cell: Any) -> Cleaned:
    """``phone`` and ``phone_2``; mobile numbers as eleven digits, land lines with area code."""
    if isinstance(cell, str) and len(cell) == 11 and cell.isascii() and MOBILE.fullmatch(cell):
        return _found(cell)
    if fault := broken(cell):
        return Cleaned({}, ERROR, (fault,))
    if isinstance(cell, dict) and "number" in cell:
        return _number(cell["number"], "phone_number_cell")
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return _number(cell, "phone_float")
    if isinstance(cell, dict):
        return Cleaned({}, ERROR, ("phone_invalid",))
    raw = text_of(cell)
    if is_nothing(raw):
        return Cleaned({"phone": None, "phone_2": None}, ACCEPTED, ("phone_missing",))
    if has_identity_number(raw):
        return Cleaned({}, ERROR, ("national_id_in_cell",))
    return _text(raw)


def _number(number: float, why: str) -> Cleaned:
    if has_identity_number(number):
        return Cleaned({}, ERROR, ("national_id_in_cell",))
    if not float(number).is_integer():
        return Cleaned({}, ERROR, ("phone_invalid",))
    digits = str(int(number))
    if MOBILE.fullmatch(digits):
        if digits.endswith("000000"):
            return Cleaned({}, ERROR, ("phone_lost_digits",))
        return _found(digits, why)
    if 3 <= len(digits) <= 6:
        return _found(digits, "phone_internal", NEEDS_CHOICE)
    if LANDLINE.fullmatch("0" + digits):  # the number cell lost the leading zero
        return _found(_landline("0" + digits), "phone_landline", NEEDS_CHOICE)
    return Cleaned({}, ERROR, ("phone_invalid",))


def _text(raw: str) -> Cleaned:
    formula = TEXT_FORMULA.match(raw.strip()) if raw.strip().startswith("=") else None
    text = unicodedata.normalize("NFKC", visible(formula[1] if formula else raw))
    if SCIENTIFIC.fullmatch(text):
        return Cleaned({}, ERROR, ("phone_lost_digits",))
    numbers, notes = _numbers(text)
    if not numbers and MASKED.search(text):
        return Cleaned({}, ERROR, ("phone_masked",))
    if not numbers:
        return _other(text)
    if len(numbers) > 2:
        return Cleaned({}, ERROR, ("phone_invalid",))
    if notes and len(numbers) == 2 and RELATIVE.search(notes):
        return Cleaned({"phone": numbers[0], "phone_2": None}, NEEDS_CHOICE, ("phone_of_relative",), (numbers[0],))
    if notes and RELATIVE.search(notes):
        return Cleaned({"phone": numbers[0], "phone_2": None}, NEEDS_CHOICE, ("phone_of_relative",))
    if len(numbers) == 2:
        return Cleaned({"phone": numbers[0], "phone_2": numbers[1]}, ACCEPTED, ("phone_two_numbers",))
    if formula:
        return _found(numbers[0], "phone_text_formula")
    if not MOBILE.fullmatch(numbers[0]):
        return _found(numbers[0], "phone_landline")
    if numbers[0] == raw:
        return _found(numbers[0])
    if re.fullmatch(r"\d{11}\.0+", text):
        return _found(numbers[0], "phone_float")
    return _found(numbers[0], "phone_fullwidth" if FULL_WIDTH.search(raw) else "phone_formatted")


def _numbers(text: str) -> tuple[list[str], str]:
    """Every number of the cell if the whole of it is numbers, signs and notes; else none."""
    text = re.sub(r"\(\s*(0\d{2,3})\s*\)", r"\1-", text)
    notes = " ".join(NOTE.findall(text))
    found: list[str] = []
    inside = MOBILE.findall(re.sub(r"[\s-]", "", notes)) if RELATIVE.search(notes) else []
    bare = NOTE.sub("", text).strip()
    if re.fullmatch(r"\d{1,3}(?:,\d{3}){3}", bare):
        bare = bare.replace(",", "")
    for part in SEPARATORS.split(bare):
        numbers = _one(part)
        if numbers is None:
            return [], notes
        found += numbers
    return found + inside, notes


def _one(part: str) -> list[str] | None:
    part = LABEL.sub("", part.strip()).strip()
    if not part:
        return []
    land = LANDLINE.fullmatch(part.replace("(", "").replace(")", "-").strip("-"))
    digits = DIRECTION_OR_BLANK.sub("", part)
    if re.fullmatch(r"\d{11}0", digits) and re.fullmatch(r"\d{11}\.0+", part.strip()):
        digits = digits[:11]
    digits = re.sub(r"^(?:\+|00)?86(?=1[3-9]\d{9}$)", "", digits)
    if MOBILE.fullmatch(digits):
        return [digits]
    if len(digits) == 22 and MOBILE.fullmatch(digits[:11]) and MOBILE.fullmatch(digits[11:]):
        return [digits[:11], digits[11:]]
    words = part.split()
    if len(words) == 2 and all(MOBILE.fullmatch(word) for word in words):
        return words
    return [_landline(land[0])] if land else None


def _landline(text: str) -> str:
    # Only what has matched before comes here.
    area, number, extension = cast(re.Match[str], LANDLINE.fullmatch(text)).groups()
    return f"{area}-{number}" + (f"转{extension}" if extension else "")


def _other(text: str) -> Cleaned:
    bare = DIRECTION_OR_BLANK.sub("", LABEL.sub("", text))
    if re.fullmatch(r"\d{3,6}", bare) or re.fullmatch(r"[2-9]\d{6,7}", bare):
        return _found(bare, "phone_internal", NEEDS_CHOICE)
    return Cleaned({}, ERROR, ("phone_invalid",))


def _found(phone: str, why: str | None = None, status: str = ACCEPTED) -> Cleaned:
    return Cleaned({"phone": phone, "phone_2": None}, status, (why,) if why else ())
