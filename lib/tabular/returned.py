"""The rows that were not taken, in a workbook that can be mended and sent back."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from functools import cache
from itertools import zip_longest
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from lib.formats import display_width
from lib.tabular.cells import DITTO, compact, text_of
from lib.tabular.columns import JOINT, Column, Titles, normal_title
from lib.tabular.layout import Record
from lib.tabular.outcome import Outcome, Row
from lib.tabular.sheets import Table
from lib.tabular.words import sentence
from lib.tabular.writing import PLAIN, RED
from lib.xlsx.measures import row_height
from lib.xlsx.page import set_page
from lib.xlsx.styles import BODY_SIZE, Fonts

NARROWEST, WIDEST, REASON_WIDTH = 6, 24, 56
# What stands in the first rows says how wide a column must be.
MEASURED_ROWS = 500


def returned(outcome: Outcome, tables: Sequence[Table], columns: Sequence[Column]) -> bytes:
    """The rows that were not taken, as the office wrote them, each with the reason in red.

    Sent back unchanged it is judged the same: one row of titles that are read as they were, what a merged cell or
    “同上” said of a row in the row's own cell, numbers as numbers. ``columns`` are those of the first table.
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, PLAIN) as book:
        styles = Styles(book)
        for number, table in enumerate(tables):
            rows = [row for row in outcome.returned() if row.table == number]
            if rows or not number:
                sheet = ReturnedSheet(book, styles, table, sheet_title(table, number))
                sheet.write(returned_titles(table, () if number else columns), rows)
    return buffer.getvalue()


class Styles:
    """The formats of the workbook, each made once; `of` gives that of a number's code."""

    def __init__(self, book: Workbook) -> None:
        every = {"border": 1, "text_wrap": True, "font_name": Fonts().body}
        head = {**every, "bold": True, "align": "center", "valign": "vcenter", "bg_color": "#EFEFEF"}
        body = {**every, "valign": "vcenter"}
        self.head = book.add_format({**head, "font_size": BODY_SIZE})
        self.red_head = book.add_format({**head, "font_size": BODY_SIZE, "font_color": RED})
        self.red: Callable[[float], Format] = cache(
            lambda size: book.add_format({**body, "font_size": size, "font_color": RED})
        )
        self.of: Callable[[str, float], Format] = cache(
            lambda code, size: book.add_format({**body, "font_size": size, "num_format": code})
        )


class ReturnedSheet:
    """One table of the file: its columns without last time's reason, and the new one behind them."""

    def __init__(self, book: Workbook, styles: Styles, table: Table, title: str) -> None:
        self.table, self.styles = table, styles
        self.sheet = book.add_worksheet(title)
        # A reason from last time would only contradict the new one.
        self.kept = [i for i, title in enumerate(table.titles) if title != _("退回原因") or table.fields[i]]

    def write(self, titles: Sequence[str], rows: Sequence[Row]) -> None:
        wanted = {row.row for row in rows}
        records = {record.row: record for record in self.table.records if record.row in wanted}
        first = [returned_cells(self.table, records[row.row], row) for row in rows[:MEASURED_ROWS]]
        self.widths = [width_of(titles[index], [cells[index] for cells in first]) for index in self.kept]
        self._write_head([titles[index] for index in self.kept])
        line = 0
        for row in rows:
            record = records[row.row]
            cells = returned_cells(self.table, record, row)
            # Under a row of another place “同上” would take that place.
            line += 2 if line and any(compact(text_of(cell)) in DITTO for cell in cells) else 1
            self._write_row(line, row, [cells[index] for index in self.kept], is_hidden=record.hidden)

    def _write_head(self, titles: Sequence[str]) -> None:
        set_page(self.sheet)
        self.sheet.repeat_rows(0)
        self.sheet.freeze_panes(1, 0)
        self.sheet.set_row(0, row_height(zip(titles, self.widths, strict=True))[0])
        for place, (title, width) in enumerate(zip(titles, self.widths, strict=True)):
            self.sheet.set_column(place, place, width)
            self.sheet.write_string(0, place, title, self.styles.head)
        reason = len(self.kept)
        self.sheet.set_column(reason, reason, REASON_WIDTH)
        self.sheet.write_string(0, reason, _("退回原因"), self.styles.red_head)

    def _write_row(self, line: int, row: Row, cells: Sequence[Any], *, is_hidden: bool) -> None:
        reason = _("第 %(row)d 行：%(reason)s") % {"row": row.row, "reason": sentence(row)}
        measured = zip(map(shown, cells), self.widths, strict=True)
        height, size = row_height([*measured, (reason, REASON_WIDTH)])
        # As in the office's table, with a sign at the edge to open it: nobody has said that he is meant.
        self.sheet.set_row(line, height, None, {"level": 1, "hidden": True} if is_hidden else None)
        for place, cell in enumerate(cells):
            self._write_cell(line, place, cell, size)
        self.sheet.write_string(line, len(cells), reason, self.styles.red(size))

    def _write_cell(self, line: int, place: int, cell: Any, size: float) -> None:
        """A number stays one, as it was shown: as text a telephone that lost its digits would look like a whole one."""
        number = cell.get("number") if isinstance(cell, dict) else cell
        if isinstance(number, (int, float)) and not isinstance(number, bool):
            whole = isinstance(number, int) or number.is_integer()
            code = cell.get("format") if isinstance(cell, dict) else None
            self.sheet.write_number(line, place, number, self.styles.of(code or ("0" if whole else "General"), size))
        elif text := shown(cell):
            self.sheet.write_string(line, place, text, self.styles.of("@", size))
        else:
            self.sheet.write_blank(line, place, None, self.styles.of("@", size))


def width_of(title: str, cells: Sequence[Any]) -> float:
    """Wide enough for the longest of the cells in one line, within reason; a long title takes two."""
    longest = max((display_width(line) for cell in cells for line in shown(cell).split("\n")), default=0)
    return min(max(longest + 3, min(display_width(title), 2 * NARROWEST) + 2, NARROWEST), WIDEST)


def returned_titles(table: Table, columns: Sequence[Column]) -> list[str]:
    """One title for each column, under which the import reads the same as it did.

    Of a header of two rows that may be the lower title alone; what was told by hand gets the name of the column.
    """
    known = Titles(columns)
    found = []
    for title, field in zip_longest(table.titles, table.fields):
        own = known.columns[field].title if field in known.columns else ""
        both, lower = title.replace(JOINT, "/"), title.rsplit(JOINT, 1)[-1]
        if not columns or (own and known.find(both) == field):
            found.append(both)
        elif own:
            found.append(lower if known.find(lower) == field else own)
        else:
            unread = (
                words for words in (both, lower) if not known.find(words) and normal_title(words) not in known.weak
            )
            found.append(next(unread, _("未读取：%s") % lower))
    return found


def returned_cells(table: Table, record: Record, row: Row) -> list[Any]:
    """The cells of a row, with what stood above it and held for it too."""
    cells = list(table.lines[record.row])
    for index, field in enumerate(table.fields):
        if field in record.filled:
            cells[index] = record.cells[table.places[field]]
        elif field in ("unit", "workshop") and row.unit_id and compact(text_of(cells[index])) in DITTO:
            cells[index] = row.values.get(field) or ""
    return cells


def sheet_title(table: Table, number: int) -> str:
    name = "".join(c for c in table.about.sheet if c not in "[]:*?/\\'")[:28]
    return name or (_("退回的行") if not number else f"{number + 1}")


def shown(cell: Any) -> str:
    """Also an error is shown as one: the office sees what to mend. A formula without a result showed nothing."""
    return "#REF!" if isinstance(cell, dict) and cell.get("error") == "error" else text_of(cell)
