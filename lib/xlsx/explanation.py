"""填表说明: the sheet that says what the figures mean, which filter they went through, who took them and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from xlsxwriter.worksheet import Worksheet

from lib.formats import screen_moment
from lib.xlsx.cells import clean_cell
from lib.xlsx.measures import row_height
from lib.xlsx.page import set_page
from lib.xlsx.styles import Styles

TERM_WIDTH = 20
TEXT_WIDTH = 76
TITLE_HEIGHT = 36
HEAD_HEIGHT = 24


@dataclass(frozen=True, slots=True)
class Explanation:
    """``definitions`` are (figure, how it is counted); ``filters`` say what was chosen, in words."""

    made_by: str
    made_at: datetime
    is_masked: bool
    definitions: Sequence[tuple[str, str]] = ()
    filters: Sequence[str] = ()
    more: Sequence[tuple[str, str]] = field(default_factory=tuple)
    title: str = "填表说明"

    @property
    def tab(self) -> str:
        return self.title

    def lines(self) -> list[tuple[str, str]]:
        return [
            *self.definitions,
            ("筛选条件", "；".join(self.filters) or "无"),
            *self.more,
            ("导出人", self.made_by),
            ("导出时间", screen_moment(self.made_at)),
            ("已脱敏", "是" if self.is_masked else "否"),
        ]

    def write(self, sheet: Worksheet, styles: Styles) -> None:
        write_terms(sheet, styles, self.title, self.lines())


def write_terms(sheet: Worksheet, styles: Styles, title: str, lines: Sequence[tuple[str, str]]) -> None:
    """A portrait page with a title and a table of terms and what is said of them."""
    set_page(sheet, is_landscape=False)
    sheet.set_column(0, 0, TERM_WIDTH)
    sheet.set_column(1, 1, TEXT_WIDTH)
    sheet.set_row(0, TITLE_HEIGHT)
    sheet.merge_range(0, 0, 0, 1, title, styles.title())
    sheet.set_row(1, HEAD_HEIGHT)
    for column, head in enumerate(("项目", "说明")):
        sheet.write_string(1, column, head, styles.head())
    for row, (term, text) in enumerate(lines, start=2):
        term, text = clean_cell(term), clean_cell(text)
        height, size = row_height([(term, TERM_WIDTH), (text, TEXT_WIDTH)])
        sheet.set_row(row, height)
        sheet.write_string(row, 0, term, styles.body("center", size=size))
        sheet.write_string(row, 1, text, styles.body("left", size=size))
    sheet.repeat_rows(1)
    sheet.freeze_panes(2, 0)
    sheet.print_area(0, 0, len(lines) + 1, 1)
