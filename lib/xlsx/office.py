"""Writes one ``Sheet``, row by row from the top: what has been written is never touched again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from lib.formats import NOTHING, document_date
from lib.xlsx import measures
from lib.xlsx.cells import LOOKS_LIKE_FORMULA, clean_cell, plain, shown, write_value
from lib.xlsx.charts import Source, height_within, insert_charts, line_points, lines_of_charts
from lib.xlsx.page import set_page
from lib.xlsx.sheet import NUMBER_WIDTH, SIGNATURES, Column, Kind, Sheet, Total
from lib.xlsx.styles import AS_TEXT, DAY, DECIMAL, MOMENT, PERCENT, THOUSANDS, Styles

TITLE_HEIGHT = 36
SUBTITLE_HEIGHT = 22
BAND_HEIGHT = 22
TOTAL_HEIGHT = 24
SIGNATURE_HEIGHT = 32
NOBODY_ENTERED = "（本期无记录）"
# More frozen columns than this leave no room to scroll on an office laptop.
WIDEST_FREEZE = 45

NUMBER_FORMATS = {
    Kind.NUMBER: THOUSANDS,
    Kind.DECIMAL: DECIMAL,
    Kind.RATE: PERCENT,
    Kind.DATE: DAY,
    Kind.MOMENT: MOMENT,
    Kind.CODE: AS_TEXT,
}
# Where nothing was counted it says so; an empty text or date is left empty.
NOTHING_SHOWN = {Kind.NUMBER, Kind.DECIMAL, Kind.RATE}


class OfficeSheet:
    def __init__(self, book: Workbook, worksheet: Worksheet, styles: Styles, sheet: Sheet) -> None:
        self.book, self.out, self.styles, self.sheet = book, worksheet, styles, sheet
        self.offset = 1 if sheet.is_numbered else 0
        self.columns = list(sheet.columns)
        self.places = {column.key: n + self.offset for n, column in enumerate(self.columns)}
        self.last = len(self.columns) - 1 + self.offset
        page = measures.PAGE_LANDSCAPE if sheet.is_landscape else measures.PAGE_PORTRAIT
        widths = [NUMBER_WIDTH] * self.offset + [column.width for column in self.columns]
        self.widths = measures.stretched(widths, page, first_fixed=sheet.is_numbered)
        self.row = 0
        self.count = 0
        self.cut_rows: list[int] = []
        # First and last row of each group.
        self.runs: list[tuple[int, int]] = []
        # Height of what is written so far on the current page, and of a page, in points.
        self.used = self.head_height = 0.0
        page_height = measures.HEIGHT_LANDSCAPE if sheet.is_landscape else measures.HEIGHT_PORTRAIT
        self.page_height = page_height / min(1.0, page / measures.pixels(self.widths))

    def write(self) -> int:
        set_page(self.out, is_landscape=self.sheet.is_landscape)
        for place, width in enumerate(self.widths):
            self.out.set_column(place, place, width)
        self._title()
        self._subtitle()
        self._head()
        first = self.row
        self._body()
        self._notes()
        if not self.sheet.are_charts_below_first_group:
            self._charts()
        self._signatures()
        self.out.print_area(0, 0, max(self.row - 1, first), self.last)
        return self.count

    # Head

    def _title(self) -> None:
        self._set_height(TITLE_HEIGHT)
        self._across(0, self.last, clean_cell(self.sheet.title), self.styles.title())
        self.row += 1

    def _subtitle(self) -> None:
        filled_on = document_date(self.sheet.filled_on) if self.sheet.filled_on else ""
        parts = [
            ("填报单位：", self.sheet.unit),
            ("统计期间：", self.sheet.period),
            ("填报日期：", filled_on),
        ]
        texts = [label + text if text else "" for label, text in parts]
        self._in_thirds(texts, SUBTITLE_HEIGHT, ("left", "center", "right"))

    def _signatures(self) -> None:
        if self.sheet.is_signed:
            # To the left of its third, which leaves room to sign.
            self._in_thirds(SIGNATURES, SIGNATURE_HEIGHT, ("left", "left", "left"))

    def _in_thirds(self, texts: Sequence[str], height: float, aligns: Sequence[str]) -> None:
        """Left, middle and right of the table, without borders."""
        self._set_height(height)
        texts = [clean_cell(text) for text in texts]
        if self.last < 2:
            self._across(0, self.last, "　　".join(filter(None, texts)), self.styles.subtitle("left"))
        else:
            for (start, end), text, align in zip(self._thirds(), texts, aligns, strict=True):
                self._across(start, end, text, self.styles.subtitle(align))
        self.row += 1

    def _thirds(self) -> list[tuple[int, int]]:
        """Three runs of columns, each about a third of the width and none empty."""
        total, reached = sum(self.widths), 0.0
        cuts: list[int] = []
        for place, width in enumerate(self.widths[:-1]):
            reached += width
            left_over = self.last - place
            if len(cuts) < 2 and (reached >= total * (len(cuts) + 1) / 3 or left_over <= 2 - len(cuts)):
                cuts.append(place)
        return [(0, cuts[0]), (cuts[0] + 1, cuts[1]), (cuts[1] + 1, self.last)]

    def _head(self) -> None:
        first, above = self.row, self.used
        heads = ["序号"] * self.offset + [clean_cell(column.title) for column in self.columns]
        bands = [""] * self.offset + [clean_cell(column.band) for column in self.columns]
        if self.sheet.has_bands:
            self._bands(heads, bands)
        # Heads are centred and need no room for an indent.
        height, _size = measures.row_height((head, width + 1) for head, width in zip(heads, self.widths, strict=True))
        self._set_height(max(height, BAND_HEIGHT))
        for place, (head, band) in enumerate(zip(heads, bands, strict=True)):
            if band or not self.sheet.has_bands:
                self.out.write_string(self.row, place, head, self.styles.head())
        self.out.repeat_rows(first, self.row)
        self.out.freeze_panes(self.row + 1, self._frozen())
        self.head_height = self.used - above
        self.row += 1

    def _bands(self, heads: Sequence[str], bands: Sequence[str]) -> None:
        self._set_height(BAND_HEIGHT)
        for band, run in groupby(range(len(heads)), key=lambda place: bands[place]):
            places = list(run)
            if band:
                self._across(places[0], places[-1], band, self.styles.head())
                continue
            for place in places:
                self.out.merge_range(self.row, place, self.row + 1, place, heads[place], self.styles.head())
        self.row += 1

    def _frozen(self) -> int:
        reached, frozen = 0.0, 0
        for width in self.widths[: self.sheet.frozen_columns]:
            reached += width
            if reached > WIDEST_FREEZE:
                break
            frozen += 1
        return frozen

    # Rows and totals

    def _body(self) -> None:
        head, first = self.row - 1, self.row
        added = dict.fromkeys(self.places, 0.0)
        for number, group in enumerate(self.sheet.sections()):
            start = self.row
            sums = dict.fromkeys(self.places, 0.0)
            for row in group.rows:
                self._data_row(row, sums)
            self.runs.append((start, self.row - 1))
            if group.label and self.sheet.has_totals and group.rows:
                self._total_row(f"{group.label}小计", start, sums, group.totals)
            for key, value in sums.items():
                added[key] += value
            if number == 0 and self.sheet.are_charts_below_first_group:
                self._charts()
        if not self.count:
            self._empty_row()
            return
        self.out.autofilter(head, 0, self.row - 1, self.last)
        if self.sheet.has_totals and self.sheet.total_label:
            self._total_row(self.sheet.total_label, first, added, self.sheet.totals)

    def _data_row(self, row: Mapping[str, Any], sums: dict[str, float]) -> None:
        self.count += 1
        values = {column.key: plain(row.get(column.key)) for column in self.columns}
        widths = self.widths[self.offset :]
        height, size = measures.row_height(
            (shown(values[column.key]), width) for column, width in zip(self.columns, widths, strict=True)
        )
        self._set_height(height)
        if height == measures.CUT_ON_PAPER:
            self.cut_rows.append(self.count)
        if self.offset:
            self.out.write_number(self.row, 0, self.count, self.styles.body("center", size=size))
        for column in self.columns:
            value = values[column.key]
            if column.parts:
                self._rate(column, values, self._body_style(column, None, size))
                continue
            if isinstance(value, (int, float)):
                sums[column.key] += value
            nothing = NOTHING if column.kind in NOTHING_SHOWN else ""
            style = self._body_style(column, value, size)
            write_value(self.out, self.row, self.places[column.key], value, style, nothing)
        self.row += 1

    def _body_style(self, column: Column, value: Any, size: float) -> Format:
        guard = isinstance(value, str) and value.startswith(LOOKS_LIKE_FORMULA)
        number = NUMBER_FORMATS.get(column.kind, "General")
        return self.styles.body(column.alignment, number=number, size=size, guard=guard)

    def _total_row(self, label: str, start: int, sums: Mapping[str, float], given: Mapping[str, Any]) -> None:
        self._set_height(TOTAL_HEIGHT)
        counted = [column for column in self.columns if column.has_total]
        first_counted = min(self.places[column.key] for column in counted)
        if first_counted:
            self._across(0, first_counted - 1, clean_cell(label), self.styles.total("center"))
        # What a rate divides: sums where they are added, the given values where they are not.
        values = {c.key: sums[c.key] if c.total is Total.SUM else plain(given.get(c.key)) for c in counted}
        for column in self.columns:
            place = self.places[column.key]
            if place < first_counted:
                continue
            style = self.styles.total(column.alignment, number=NUMBER_FORMATS.get(column.kind, "General"))
            if column.parts:
                self._rate(column, values, style)
            elif column.total is Total.SUM:
                self.out.write_formula(self.row, place, self._sum(place, start), style, sums[column.key])
            else:
                nothing = NOTHING if column.total is Total.GIVEN else ""
                write_value(self.out, self.row, place, values.get(column.key), style, nothing)
        self.row += 1

    def _sum(self, place: int, start: int) -> str:
        """SUBTOTAL leaves out the subtotals inside its range; without groups a plain SUM says more."""
        letter = xl_col_to_name(place)
        cells = f"{letter}{start + 1}:{letter}{self.row}"
        return f"=SUBTOTAL(9,{cells})" if self.sheet.groups else f"=SUM({cells})"

    def _rate(self, column: Column, values: Mapping[str, Any], style: Format) -> None:
        numerator, denominator = column.parts or ("", "")
        n, of = values.get(numerator), values.get(denominator)
        n_cell = xl_rowcol_to_cell(self.row, self.places[numerator])
        of_cell = xl_rowcol_to_cell(self.row, self.places[denominator])
        # The value goes along for readers that do not calculate.
        value = (n or 0) / of if isinstance(of, (int, float)) and of else NOTHING
        formula = f'=IF(N({of_cell})=0,"{NOTHING}",N({n_cell})/{of_cell})'
        self.out.write_formula(self.row, self.places[column.key], formula, style, value)

    def _empty_row(self) -> None:
        self._set_height(TOTAL_HEIGHT)
        self._across(0, self.last, NOBODY_ENTERED, self.styles.body("center"))
        self.row += 1

    # Below the table

    def _notes(self) -> None:
        notes = [*self.sheet.notes]
        if self.cut_rows:
            numbers = "、".join(map(str, self.cut_rows[:20]))
            notes.append(f"注：序号 {numbers} 等行内容过长，纸面未能全部印出，全文见电子表格。")
        for note in map(clean_cell, notes):
            self._set_height(measures.row_height([(note, sum(self.widths))])[0])
            self._across(0, self.last, note, self.styles.note())
            self.row += 1

    def _charts(self) -> None:
        if not (self.sheet.charts and self.count):
            return
        titles = {column.key: column.title for column in self.columns}
        counts = frozenset(column.key for column in self.columns if column.kind is Kind.NUMBER)
        groups = [group.rows for group in self.sheet.sections()]
        source = Source(self.out.get_name(), self.runs, self.places, titles, counts, groups)
        height = self._chart_height()
        insert_charts(self.book, self.out, self.row, self.sheet.charts, source, self.widths, self.styles.fonts, height)
        for _line in range(lines_of_charts(len(self.sheet.charts))):
            self._set_height(line_points(height))
            if self.sheet.are_charts_below_first_group:
                self._across(0, self.last, "", self.styles.body("center"))
            self.row += 1

    def _chart_height(self) -> int:
        """In pixels: a little lower where that keeps charts and signatures on the page on which the table ends."""
        is_signed_below = self.sheet.is_signed and not self.sheet.are_charts_below_first_group
        left = self.page_height - self.used - (SIGNATURE_HEIGHT if is_signed_below else 0)
        return height_within(len(self.sheet.charts), left)

    def _set_height(self, points: float) -> None:
        self.out.set_row(self.row, points)
        if self.used + points > self.page_height:
            # The next page begins with the head again.
            self.used = self.head_height
        self.used += points

    def _across(self, start: int, end: int, text: str, style: Format) -> None:
        """One text over a run of columns of the current row; always a string, as ``merge_range`` would guess."""
        if start < end:
            self.out.merge_range(self.row, start, self.row, end, "", style)
        self.out.write_string(self.row, start, text, style)
