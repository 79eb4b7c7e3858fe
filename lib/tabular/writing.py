"""Workbooks of rosters: the template to fill in, and what is there in the same form."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence

import xlsxwriter
from django.utils.translation import gettext as _
from xlsxwriter.worksheet import Worksheet

from lib.tabular.columns import Column
from lib.xlsx.cells import clean_cell

# Text stays text: nothing a user typed becomes a formula or a link.
PLAIN = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
RED = "#C00000"


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
