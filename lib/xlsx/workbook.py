"""A whole workbook, written to a path at once or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import xlsxwriter
from django.utils import timezone

from lib.files import atomic_path
from lib.formats import sheet_name
from lib.periods import SHANGHAI
from lib.xlsx.explanation import Explanation
from lib.xlsx.office import OfficeSheet
from lib.xlsx.sheet import Sheet
from lib.xlsx.styles import Fonts, Styles

LONGEST_TAB = 31


def write_workbook(
    target: Path | str | BinaryIO,
    sheets: Sequence[Sheet | Explanation],
    *,
    made_by: str = "",
    made_at: datetime | None = None,
    fonts: Fonts | None = None,
) -> int:
    """Write the sheets in their order; returns how many rows of data they hold.

    A path is written atomically. ``made_by`` and ``made_at`` go into the file's properties.
    """
    if isinstance(target, (str, Path)):
        with atomic_path(target) as temporary:
            return _write(str(temporary), sheets, made_by, made_at, fonts or Fonts())
    return _write(target, sheets, made_by, made_at, fonts or Fonts())


def _write(
    target: str | BinaryIO,
    sheets: Sequence[Sheet | Explanation],
    made_by: str,
    made_at: datetime | None,
    fonts: Fonts,
) -> int:
    # Row by row needs no memory, but cannot merge a head over two rows and forgets the height of the charts' row.
    by_row = not any(isinstance(sheet, Sheet) and (sheet.has_bands or sheet.charts) for sheet in sheets)
    book = xlsxwriter.Workbook(target, {"constant_memory": by_row, "strings_to_urls": False})
    created = (made_at or timezone.now()).astimezone(SHANGHAI).replace(tzinfo=None, microsecond=0)
    book.set_properties({"title": sheets[0].title, "author": made_by, "created": created})
    styles = Styles(book, fonts)
    tabs: set[str] = set()
    rows = 0
    try:
        for sheet in sheets:
            tab = _free_tab(sheet.tab, tabs)
            worksheet = book.add_worksheet(tab)
            if isinstance(sheet, Sheet):
                rows += OfficeSheet(book, worksheet, styles, sheet).write()
            else:
                sheet.write(worksheet, styles)
    finally:
        # Also after an error: the writer holds temporary files of its own.
        book.close()
    return rows


def _free_tab(wanted: str, taken: set[str]) -> str:
    name = sheet_name(wanted)
    number = 2
    while name.lower() in taken:
        name = f"{sheet_name(wanted)[: LONGEST_TAB - 4]}({number})"
        number += 1
    taken.add(name.lower())
    return name
