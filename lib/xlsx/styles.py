"""Fonts and cell formats of one workbook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

TITLE_SIZE = 20
SUBTITLE_SIZE = 12
HEAD_SIZE = 11
BODY_SIZE = 10.5
# A row is at most 409 points high; longer text is set smaller, step by step, before it is cut on paper.
SMALLER_SIZES = (BODY_SIZE, 9, 8, 7)

RULE = "#595959"
HEAD_FILL = "#EDF1F5"
TOTAL_FILL = "#F6F7F9"

# "_ " keeps numbers off the rule at their right; LibreOffice forgets a right indent in some cells.
THOUSANDS = "#,##0_ ;-#,##0_ ;0_ ;@_ "
DECIMAL = "#,##0.0_ ;-#,##0.0_ ;0.0_ ;@_ "
PERCENT = "0.0%_ ;-0.0%_ ;0.0%_ ;@_ "
DAY = "yyyy-mm-dd"
MOMENT = "yyyy-mm-dd hh:mm"
AS_TEXT = "@"


@dataclass(frozen=True, slots=True)
class Fonts:
    """Named, never shipped: the office's own machines have them, others substitute."""

    title: str = "方正小标宋简体"
    head: str = "黑体"
    body: str = "宋体"


class Styles:
    """Makes each cell format once; Excel allows a workbook 64,000 of them."""

    def __init__(self, book: Workbook, fonts: Fonts) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Format] = {}
        self.fonts = fonts

    def _format(self, **properties: Any) -> Format:
        properties = {"valign": "vcenter", **properties}
        if properties.get("border") and properties["align"] == "left":
            # Text does not touch the rule beside it.
            properties["indent"] = 1
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(properties)
        return self._made[key]

    def title(self) -> Format:
        return self._format(font_name=self.fonts.title, font_size=TITLE_SIZE, align="center")

    def subtitle(self, align: str) -> Format:
        return self._format(font_name=self.fonts.body, font_size=SUBTITLE_SIZE, align=align)

    def note(self) -> Format:
        return self._format(font_name=self.fonts.body, font_size=BODY_SIZE, align="left", text_wrap=True)

    def head(self) -> Format:
        return self._format(
            font_name=self.fonts.head,
            font_size=HEAD_SIZE,
            align="center",
            text_wrap=True,
            border=1,
            border_color=RULE,
            bg_color=HEAD_FILL,
        )

    def body(self, align: str, *, number: str = "General", size: float = BODY_SIZE, guard: bool = False) -> Format:
        """``guard`` marks text that begins like a formula, so that it stays text when somebody edits the cell."""
        more = {"quote_prefix": True} if guard else {}
        return self._format(
            font_name=self.fonts.body,
            font_size=size,
            align=align,
            text_wrap=True,
            border=1,
            border_color=RULE,
            num_format=number,
            **more,
        )

    def total(self, align: str, *, number: str = "General") -> Format:
        return self._format(
            font_name=self.fonts.head,
            font_size=BODY_SIZE,
            align=align,
            border=1,
            border_color=RULE,
            bg_color=TOTAL_FILL,
            num_format=number,
        )
