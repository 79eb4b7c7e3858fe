"""A form on one sheet, as offices fill in and sign it: title, a line above, a ruled table, a line to sign below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from docx import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from .docx import BODY_FONT, HEADING_FONT, TITLE_FONT, TITLE_SIZE, dress

TEXT_SIZE = Pt(12)
#: Two labels with their values beside each other fill the 166 mm between the margins.
COLUMN_WIDTHS = (Mm(28), Mm(55), Mm(28), Mm(55))
TEXT_WIDTH = Mm(166)
LEAST_HEIGHT = 11


@dataclass(frozen=True)
class FormRow:
    """One field, or two beside each other; `height` in millimetres is the least. `sign` stands at the bottom right."""

    fields: Sequence[tuple[str, str]]
    height: int = LEAST_HEIGHT
    sign: str = ""


@dataclass(frozen=True)
class Form:
    title: str
    #: Left and right above the table.
    head: tuple[str, str]
    rows: Sequence[FormRow]
    #: Below the table, side by side.
    foot: Sequence[str] = ()


def write_form(form: Form, target: BinaryIO) -> None:
    document = Document()
    document.core_properties.title, document.core_properties.author = form.title, ""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(22)
    section.top_margin, section.bottom_margin = Mm(25), Mm(20)
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    title.paragraph_format.space_after = Pt(12)
    say(title, form.title, TITLE_FONT, TITLE_SIZE)
    beside(document.add_paragraph(), form.head)
    table = document.add_table(rows=0, cols=len(COLUMN_WIDTHS), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    for row in form.rows:
        add_row(table, row)
    if form.foot:
        foot = document.add_paragraph()
        foot.paragraph_format.space_before = Pt(8)
        beside(foot, form.foot)
    document.save(target)


def add_row(table: Any, row: FormRow) -> None:
    line = table.add_row()
    line.height, line.height_rule = Mm(row.height), WD_ROW_HEIGHT_RULE.AT_LEAST
    for cell, width in zip(line.cells, COLUMN_WIDTHS, strict=True):
        cell.width = width
    cells = list(line.cells)
    if len(row.fields) == 1:
        cells[1] = cells[1].merge(cells[3])
    for number, (label, value) in enumerate(row.fields):
        name, said = cells[2 * number], cells[2 * number + 1]
        name.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        name.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.CENTER
        say(name.paragraphs[0], label, HEADING_FONT)
        is_short = row.height == LEAST_HEIGHT
        said.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER if is_short else WD_CELL_VERTICAL_ALIGNMENT.TOP
        first, *rest = value.splitlines() or [""]
        say(said.paragraphs[0], first, BODY_FONT)
        for text in rest:
            say(said.add_paragraph(), text, BODY_FONT)
        if row.sign:
            signature = said.add_paragraph()
            signature.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            signature.paragraph_format.space_before = Pt(24)
            say(signature, row.sign, BODY_FONT)


def beside(paragraph: Paragraph, parts: Sequence[str]) -> None:
    """The first at the left edge, the last at the right, the others between."""
    stops = paragraph.paragraph_format.tab_stops
    for number in range(1, len(parts)):
        is_last = number == len(parts) - 1
        align = WD_TAB_ALIGNMENT.RIGHT if is_last else WD_TAB_ALIGNMENT.LEFT
        stops.add_tab_stop(int(TEXT_WIDTH * number / (len(parts) - 1 if is_last else len(parts))), align)
    say(paragraph, "\t".join(parts), BODY_FONT)


def say(paragraph: Paragraph, text: str, font: str, size: Pt = TEXT_SIZE) -> None:
    paragraph.paragraph_format.space_after = paragraph.paragraph_format.space_after or Pt(0)
    dress(paragraph.add_run(text), font, size)
