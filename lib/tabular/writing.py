"""Workbooks of rosters: the template to fill in, what is there in the same form, and the rows that go back."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from itertools import zip_longest
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from lib.tabular.cells import DITTO, compact, text_of
from lib.tabular.columns import JOINT, Column, Titles, normal_title
from lib.tabular.layout import Record
from lib.tabular.outcome import Outcome, Row
from lib.tabular.sheets import Table
from lib.tabular.words import sentence
from lib.xlsx.cells import clean_cell

# Text stays text: nothing a user typed becomes a formula or a link.
PLAIN = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
RED = "#C00000"
REASON_WIDTH = 60


def template(columns: Sequence[Column], title: str) -> bytes:
    """A sheet with one header row and one example; every cell is text, so that Excel keeps the digits."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, PLAIN) as book:
        sheet = form(book, columns, title)
        example = book.add_format({"num_format": "@", "border": 1, "italic": True, "font_color": "#7F7F7F"})
        for index, column in enumerate(columns):
            sheet.write_string(1, index, column.example, example)
        add_notes(book, _("填写说明"), instructions())
    return buffer.getvalue()


def roster(
    columns: Sequence[Column], title: str, rows: Iterable[Mapping[str, str]], about: Callable[[int], Sequence[str]]
) -> tuple[bytes, int]:
    """The form of the template, filled with what is there, and the number of its rows; ``about`` tells of it by them.

    Every cell is text, also one that begins with "=".
    """
    buffer = io.BytesIO()
    # Line after line leaves the memory, so that a roster of any length fits.
    with xlsxwriter.Workbook(buffer, {**PLAIN, "in_memory": False, "constant_memory": True}) as book:
        sheet = form(book, columns, title)
        text = book.add_format({"num_format": "@", "border": 1})
        line = 0
        for line, row in enumerate(rows, 1):
            for index, column in enumerate(columns):
                sheet.write_string(line, index, clean_cell(row.get(column.name, "")), text)
        add_notes(book, _("导出说明"), about(line))
    return buffer.getvalue(), line


def form(book: xlsxwriter.Workbook, columns: Sequence[Column], title: str) -> Worksheet:
    """The empty form of a kind of table: titles, widths, text cells, and how it prints."""
    sheet = book.add_worksheet(title[:31])
    head = {"bold": True, "border": 1, "align": "center", "valign": "vcenter", "bg_color": "#EFEFEF"}
    plain, needed = book.add_format(head), book.add_format({**head, "font_color": RED})
    text = book.add_format({"num_format": "@", "border": 1})
    for index, column in enumerate(columns):
        sheet.set_column(index, index, column.width, text)
        sheet.write_string(0, index, column.title, needed if column.required else plain)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    return sheet


def add_notes(book: xlsxwriter.Workbook, title: str, lines: Sequence[str]) -> None:
    notes = book.add_worksheet(title)
    notes.set_column(0, 0, 90)
    for row, line in enumerate(lines):
        notes.write_string(row, 0, line)


def instructions() -> list[str]:
    return [
        _("1. 红色表头必须填写，其余可以留空；列的顺序可以调整，多余的列不会读取。"),
        _("2. 请删去第二行的示例后再填写。"),
        _("3. 不要填写身份证号，系统不保存；含身份证号的列会被略过。"),
        _("4. 单位、车间请按名册中的名称填写；写法不同的，上传后会请您确认一次，以后自动识别。"),
        _("5. 手机号、工号列已设为文本，请直接填写，不要改成数字格式。"),
        _("6. 上传后先预览，确认后才写入；没有写入的行会连同原因退还。"),
    ]


def returned(outcome: Outcome, tables: Sequence[Table], columns: Sequence[Column]) -> bytes:
    """The rows that were not taken, as the office wrote them, each with the reason in red.

    Sent back unchanged it is judged the same: one row of titles that are read as they were, what a merged cell or
    “同上” said of a row in the row's own cell, numbers as numbers. ``columns`` are those of the first table.
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, PLAIN) as book:
        head = book.add_format({"bold": True, "border": 1, "align": "center", "bg_color": "#EFEFEF"})
        red_head = book.add_format(
            {"bold": True, "border": 1, "align": "center", "font_color": RED, "bg_color": "#EFEFEF"}
        )
        body = {"border": 1, "text_wrap": True, "valign": "top"}

        @cache
        def styled(code: str) -> Format:
            return book.add_format({**body, "num_format": code})

        red = book.add_format({**body, "font_color": RED})
        for number, table in enumerate(tables):
            rows = [row for row in outcome.returned() if row.table == number]
            if not rows and number:
                continue
            sheet = book.add_worksheet(sheet_title(table, number))
            # A reason from last time would only contradict the new one.
            kept = [i for i, title in enumerate(table.titles) if title != _("退回原因") or table.fields[i]]
            titles = returned_titles(table, () if number else columns)
            for place, index in enumerate(kept):
                sheet.write_string(0, place, titles[index], head)
            sheet.write_string(0, len(kept), _("退回原因"), red_head)
            sheet.set_column(0, max(0, len(kept) - 1), 13)
            sheet.set_column(len(kept), len(kept), REASON_WIDTH)
            sheet.freeze_panes(1, 0)
            wanted = {row.row for row in rows}
            records = {record.row: record for record in table.records if record.row in wanted}
            line = 0
            for row in rows:
                cells = returned_cells(table, records[row.row], row)
                # Under a row of another place “同上” would take that place.
                line += 2 if line and any(compact(text_of(cell)) in DITTO for cell in cells) else 1
                if records[row.row].hidden:
                    # As in the office's table, with a sign at the edge to open it: nobody has said that he is meant.
                    sheet.set_row(line, None, None, {"level": 1, "hidden": True})
                for place, index in enumerate(kept):
                    write_back(sheet, line, place, cells[index], styled)
                reason = _("第 %(row)d 行：%(reason)s") % {"row": row.row, "reason": sentence(row)}
                sheet.write_string(line, len(kept), reason, red)
    return buffer.getvalue()


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


def write_back(sheet: Worksheet, line: int, place: int, cell: Any, styled: Callable[[str], Format]) -> None:
    """A number stays one, as it was shown: as text a telephone that lost its digits would look like a whole one."""
    number = cell.get("number") if isinstance(cell, dict) else cell
    if isinstance(number, (int, float)) and not isinstance(number, bool):
        whole = isinstance(number, int) or number.is_integer()
        code = cell.get("format") if isinstance(cell, dict) else None
        sheet.write_number(line, place, number, styled(code or ("0" if whole else "General")))
    else:
        sheet.write_string(line, place, shown(cell), styled("@"))


def sheet_title(table: Table, number: int) -> str:
    name = "".join(c for c in table.about.sheet if c not in "[]:*?/\\'")[:28]
    return name or (_("退回的行") if not number else f"{number + 1}")


def shown(cell: Any) -> str:
    """Also an error is shown as one: the office sees what to mend."""
    if isinstance(cell, dict) and "error" in cell:
        return "#REF!" if cell["error"] == "error" else "#VALUE!"
    return text_of(cell)
