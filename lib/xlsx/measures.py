"""How wide the columns and how high the rows must be, so that everything is seen on paper.

Set by hand, because WPS does not always do it. Widths are in Excel's unit, a digit of the default font:
a Chinese character at body size takes two.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lib.formats import display_width
from lib.xlsx.styles import BODY_SIZE, SMALLER_SIZES

LINE_HEIGHT = 15
ROW_PADDING = 6
HIGHEST_ROW = 408
CUT_ON_PAPER = 409

PIXELS_PER_UNIT = 7
COLUMN_PADDING = 5
# Printed width of A4 within its 12 mm margins, in pixels at full scale.
PAGE_LANDSCAPE = 1031
PAGE_PORTRAIT = 703
# Printed height, in points, with a little kept back for printers that count otherwise.
HEIGHT_LANDSCAPE = 510
HEIGHT_PORTRAIT = 757
# Room inside a column, in units, that the padding and indent of the cell take.
PADDING = 2
# A short table is stretched to the page's width, but not to a caricature.
MOST_STRETCH = 1.8


def pixels(widths: Iterable[float]) -> int:
    return sum(int(width * PIXELS_PER_UNIT + 0.5) + COLUMN_PADDING for width in widths)


def stretched(widths: Sequence[float], page: int, *, first_fixed: bool = False) -> list[float]:
    """The widths enlarged together so that the table fills the page; a table that is wide enough stays."""
    fixed = 1 if first_fixed else 0
    flexible = sum(widths[fixed:])
    if not flexible:
        return list(widths)
    room = page - pixels(widths[:fixed]) - COLUMN_PADDING * len(widths[fixed:])
    factor = min(max(1.0, room / PIXELS_PER_UNIT / flexible), MOST_STRETCH)
    return [*widths[:fixed], *(int(width * factor * 10) / 10 for width in widths[fixed:])]


def lines_of(text: str, width: float, size: float = BODY_SIZE) -> int:
    room = max(2.0, (width - PADDING) * BODY_SIZE / size)
    # Most cells are short enough even if every character is a wide one.
    if len(text) * 2 <= room and "\n" not in text:
        return 1
    return sum(max(1, -(-display_width(line) // int(room))) for line in text.split("\n"))


def row_height(cells: Iterable[tuple[str, float]]) -> tuple[float, float]:
    """Height of a row, and the font size at which the longest of its (text, width) cells fits into it.

    What does not fit at the smallest size has height ``CUT_ON_PAPER``: the file holds it, paper cannot.
    """
    filled = [(text, width) for text, width in cells if text]
    for size in SMALLER_SIZES:
        line = LINE_HEIGHT * size / BODY_SIZE
        height = max((lines_of(text, width, size) for text, width in filled), default=1) * line + ROW_PADDING
        if height <= HIGHEST_ROW:
            return height, size
    return CUT_ON_PAPER, SMALLER_SIZES[-1]
