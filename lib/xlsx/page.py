"""How a sheet comes out of the printer."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

A4 = 9
MARGIN = 12 / 25.4
BOTTOM_MARGIN = 15 / 25.4
FOOTER_MARGIN = 6 / 25.4


def set_page(sheet: Worksheet, *, is_landscape: bool = True) -> None:
    """A4, one page wide and as many high as it takes, centred, page numbers below."""
    sheet.set_landscape() if is_landscape else sheet.set_portrait()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    sheet.set_margins(left=MARGIN, right=MARGIN, top=MARGIN, bottom=BOTTOM_MARGIN)
    sheet.set_footer("&C第 &P 页 共 &N 页", {"margin": FOOTER_MARGIN})
    sheet.hide_gridlines(2)
