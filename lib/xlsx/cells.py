"""Values as cells: text that stays text, numbers that stay whole, nothing that breaks the file."""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from lib.formats import NOTHING, Rate
from lib.periods import SHANGHAI

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_CELL = 32_767
CUT_MARK = "……（内容过长，已截断）"
# Excel keeps 15 digits of a number; a longer one is a code and must stay text.
LARGEST_NUMBER = 10**15
LOOKS_LIKE_FORMULA = ("=", "+", "-", "@", "\t", "\r")

# What XML 1.0 cannot hold, in any form.
_illegal = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def clean_cell(text: str) -> str:
    """The text without what XML forbids, cut with a mark where Excel would call the file damaged."""
    text = _illegal.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(text) * 2 <= LONGEST_CELL or _length(text) <= LONGEST_CELL:
        return text
    room = LONGEST_CELL - len(CUT_MARK)
    # Excel counts UTF-16 units; an emoji or a rare hanzi is two, and "ignore" drops one cut in the middle.
    return text.encode("utf-16-le")[: room * 2].decode("utf-16-le", "ignore") + CUT_MARK


def _length(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)


def plain(value: Any) -> Any:
    """What a cell can hold: text, int, float, date; nothing as None."""
    if value is None or value == "" or (isinstance(value, float) and not math.isfinite(value)):
        return None
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int):
        return value if abs(value) < LARGEST_NUMBER else str(value)
    if isinstance(value, Decimal):
        return float(value) if value.is_finite() else None
    if isinstance(value, datetime):
        # Excel knows no time zones.
        return value.astimezone(SHANGHAI).replace(tzinfo=None) if value.tzinfo else value
    if isinstance(value, Rate):
        return str(value)
    return value if isinstance(value, (float, date)) else clean_cell(str(value))


def write_value(sheet: Worksheet, row: int, column: int, value: Any, style: Format, nothing: str = "") -> None:
    """Write a ``plain`` value; never through ``write()``, which makes formulas and links of text."""
    if value is None:
        sheet.write_string(row, column, nothing, style) if nothing else sheet.write_blank(row, column, None, style)
    elif isinstance(value, str):
        sheet.write_string(row, column, value, style)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, style)
    else:
        sheet.write_number(row, column, value, style)


def shown(value: Any) -> str:
    """About what the cell will show, to measure how much room it needs."""
    if value is None:
        return NOTHING
    return value.isoformat() if isinstance(value, date) else str(value)
