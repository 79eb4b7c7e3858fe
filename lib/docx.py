"""Documents in the form of Chinese offices (GB/T 9704-2012): A4, 22 lines of 28 characters.

Fonts are named and never shipped; numbers of headings are typed, so that copying keeps them.
"""

from __future__ import annotations

from typing import BinaryIO

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph
from docx.text.run import Run

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

TITLE_FONT, BODY_FONT, HEADING_FONT, SECOND_FONT = "方正小标宋简体", "仿宋", "黑体", "楷体"
TITLE_SIZE, BODY_SIZE, PAGE_NUMBER_SIZE = Pt(22), Pt(16), Pt(14)
LINE_PITCH, TITLE_PITCH = Pt(28.95), Pt(36)
#: Twentieths of a point between characters: 28 of them then fill a line.
CHARACTER_SPACING = "-5"
_ORDINALS = "一二三四五六七八九十"


class OfficialDocument:
    """A document that is written from top to bottom."""

    def __init__(self, title: str) -> None:
        self.document: DocumentType = Document()
        self._set_page()
        self.document.core_properties.title = title
        self.document.core_properties.author = ""
        for line in title.split("\n"):
            self._add(line, font=TITLE_FONT, size=TITLE_SIZE, pitch=TITLE_PITCH, align=WD_ALIGN_PARAGRAPH.CENTER)
        self.blank()

    def heading(self, text: str) -> None:
        """一、 and its kind."""
        self._keep_with_next(self._add(text, font=HEADING_FONT, indent=True))

    def second_heading(self, text: str) -> None:
        """（一） and its kind."""
        self._keep_with_next(self._add(text, font=SECOND_FONT, indent=True))

    def text(self, text: str) -> None:
        for line in filter(None, map(str.strip, text.splitlines())):
            self._add(line, font=BODY_FONT, indent=True)

    def signature(self, *lines: str) -> None:
        """Who and when, at the right, below a blank line."""
        self.blank()
        for line in lines:
            paragraph = self._add(line, font=BODY_FONT, align=WD_ALIGN_PARAGRAPH.RIGHT)
            paragraph.paragraph_format.right_indent = BODY_SIZE * 4

    def blank(self) -> None:
        self._add("", font=BODY_FONT)

    def save(self, target: BinaryIO) -> None:
        self.document.save(target)

    def _set_page(self) -> None:
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        section.footer_distance = Mm(28)
        footer = section.footer.paragraphs[0]
        footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
        for part in ("— ", "PAGE", " —"):
            run = footer.add_run("" if part == "PAGE" else part)
            dress(run, "宋体", PAGE_NUMBER_SIZE)
            if part == "PAGE":
                _add_field(run, part)

    def _add(
        self,
        text: str,
        *,
        font: str,
        size: Pt = BODY_SIZE,
        pitch: Pt = LINE_PITCH,
        align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.JUSTIFY,
        indent: bool = False,
    ) -> Paragraph:
        paragraph = self.document.add_paragraph()
        layout = paragraph.paragraph_format
        layout.alignment, layout.widow_control = align, False
        layout.space_before = layout.space_after = Pt(0)
        layout.line_spacing_rule, layout.line_spacing = WD_LINE_SPACING.EXACTLY, pitch
        if indent:
            layout.first_line_indent = size * 2
        dress(paragraph.add_run(text), font, size)
        return paragraph

    def _keep_with_next(self, paragraph: Paragraph) -> None:
        paragraph.paragraph_format.keep_with_next = True


def dress(run: Run, font: str, size: Pt) -> None:
    run.font.name, run.font.size = font, size
    properties = run._element.get_or_add_rPr()
    properties.get_or_add_rFonts().set(qn("w:eastAsia"), font)
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:val"), CHARACTER_SPACING)
    # Strict readers want it before the size.
    properties.find(qn("w:sz")).addprevious(spacing)
    language = OxmlElement("w:lang")
    language.set(qn("w:eastAsia"), "zh-CN")
    properties.append(language)


def _add_field(run: Run, instruction: str) -> None:
    for kind, text in (("begin", None), (None, instruction), ("end", None)):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._element.append(element)


def ordinal(number: int) -> str:
    """一, 十, 十一, 二十: for headings."""
    tens, ones = divmod(number, 10)
    return f"{_ORDINALS[tens - 1] if tens > 1 else ''}{'十' if tens else ''}{_ORDINALS[ones - 1] if ones else ''}"
