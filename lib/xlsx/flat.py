"""A list as it is shown, of any length: one head, rows of text, streamed row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from lib.formats import sheet_name
from lib.xlsx.cells import LOOKS_LIKE_FORMULA, plain, shown, write_value
from lib.xlsx.explanation import write_terms
from lib.xlsx.measures import PAGE_LANDSCAPE, row_height, stretched
from lib.xlsx.page import set_page
from lib.xlsx.sheet import NUMBER_WIDTH, WIDE_TEXT
from lib.xlsx.styles import DAY, MOMENT, Fonts, Styles

# Excel's own limit, less the head.
MOST_ROWS = 1_048_575
HEAD_HEIGHT = 30


def write_flat(
    target: BinaryIO | str,
    *,
    title: str,
    heads: Sequence[str],
    widths: Sequence[float],
    rows: Iterable[Sequence[Any]],
    notes: Sequence[str] = (),
    progress: Callable[[int], None] | None = None,
    most_rows: int = MOST_ROWS,
) -> int:
    """Write the workbook and return the number of rows; what one sheet cannot hold goes on the next.

    The first column 序号 is added. ``notes`` (导出人：…) go on a last sheet 填表说明: filter, who, when, masked or not.
    """
    book = xlsxwriter.Workbook(target, {"constant_memory": True})
    try:
        writer = _FlatWriter(book, title, heads, widths, most_rows)
        for row in rows:
            writer.write(row)
            if progress:
                progress(writer.count)
        writer.finish_sheet()
        _write_notes(book, writer.styles, notes)
    finally:
        book.close()
    return writer.count


class _FlatWriter:
    def __init__(
        self, book: Workbook, title: str, heads: Sequence[str], widths: Sequence[float], most_rows: int
    ) -> None:
        self.book, self.title, self.most_rows = book, title, most_rows
        self.heads = ["序号", *heads]
        self.widths = stretched([NUMBER_WIDTH, *widths], PAGE_LANDSCAPE, first_fixed=True)
        self.styles = Styles(book, Fonts())
        self.aligns = ["center", *("left" if width >= WIDE_TEXT else "center" for width in widths)]
        self.known_styles: dict[tuple[type, int, float, bool], Format] = {}
        self.count = 0
        self.sheets = 0
        self.start_sheet()

    def start_sheet(self) -> None:
        self.sheets += 1
        name = sheet_name(self.title)
        self.sheet = self.book.add_worksheet(name if self.sheets == 1 else f"{name[:26]}({self.sheets})")
        self.row = 0
        set_page(self.sheet)
        for column, width in enumerate(self.widths):
            self.sheet.set_column(column, column, width)
        self.sheet.repeat_rows(0)
        self.sheet.freeze_panes(1, min(3, len(self.heads) - 1))
        self.sheet.set_row(0, HEAD_HEIGHT)
        for column, head in enumerate(self.heads):
            self.sheet.write_string(0, column, head, self.styles.head())

    def finish_sheet(self) -> None:
        last = len(self.heads) - 1
        self.sheet.autofilter(0, 0, max(self.row, 1), last)
        self.sheet.print_area(0, 0, max(self.row, 1), last)

    def write(self, row: Sequence[Any]) -> None:
        if self.row == self.most_rows:
            self.finish_sheet()
            self.start_sheet()
        self.row += 1
        self.count += 1
        values = [self.count, *map(plain, row)]
        height, size = row_height((shown(v), w) for v, w in zip(values, self.widths, strict=True) if v is not None)
        self.sheet.set_row(self.row, height)
        for column, value in enumerate(values):
            write_value(self.sheet, self.row, column, value, self._style(value, column, size))

    def _style(self, value: Any, column: int, size: float) -> Format:
        is_guarded = isinstance(value, str) and value.startswith(LOOKS_LIKE_FORMULA)
        key = (type(value), column, size, is_guarded)
        if key not in self.known_styles:
            self.known_styles[key] = self._new_style(*key)
        return self.known_styles[key]

    def _new_style(self, kind: type, column: int, size: float, is_guarded: bool) -> Format:
        if issubclass(kind, (int, float)):
            return self.styles.body("right" if column else "center", size=size)
        if issubclass(kind, date):
            return self.styles.body("center", number=MOMENT if issubclass(kind, datetime) else DAY, size=size)
        return self.styles.body(self.aligns[column], size=size, guard=is_guarded)


def _write_notes(book: Workbook, styles: Styles, notes: Sequence[str]) -> None:
    if notes:
        terms = [note.partition("：") for note in notes]
        lines = [(term, text) if colon else ("说明", term) for term, colon, text in terms]
        write_terms(book.add_worksheet("填表说明"), styles, "填表说明", lines)
