"""What calamine does not tell of a sheet: hidden rows and columns, merges, formulas without value, errors, formats.

The sheet is searched as it streams by, row by row, and never built; a sheet that would make a reader
build a grid of thousands of millions of cells is refused here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree import ElementTree

from lib.tabular import limits
from lib.tabular.limits import Unreadable
from lib.tabular.package import local

BUFFER_LIMIT = 12 * limits.MEGA
NUMBER_FORMATS = {1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00"}
_plain_number = re.compile(r"[#,]*0(\.0+)?[_ )]*")
_prefix = re.compile(rb"<(?:([A-Za-z_][\w.-]*):)?worksheet[\s>]")
_number = re.compile(rb"\d+")


def number_formats(styles: ElementTree.Element | None) -> dict[int, str]:
    """The cell styles that show a number with fixed digits: 1985.1 as 1985.10, a telephone without 1.54E+10."""
    if styles is None:
        return {}
    codes, found = dict(NUMBER_FORMATS), {}
    for element in styles.iter():
        if local(element.tag) == "numFmt" and element.get("numFmtId", "").isdigit():
            codes[int(element.get("numFmtId", "0"))] = element.get("formatCode", "")
    for formats in (e for e in styles if local(e.tag) == "cellXfs"):
        for index, style in enumerate(formats):
            code = codes.get(int(style.get("numFmtId", "0") or 0), "")
            if _plain_number.fullmatch(code):
                found[index] = code
    return found


class SheetScan:
    """Feed it the pieces of one sheet, then read what it found; rows and columns are counted from 0."""

    def __init__(self, formats: dict[int, str]) -> None:
        self.formats = formats
        self.hidden_rows: list[int] = []
        self.hidden_columns: list[int] = []
        self.merges: list[tuple[int, int, int, int]] = []
        self.empty_formulas: list[tuple[int, int]] = []
        self.formulas: list[tuple[int, int]] = []
        self.errors: list[tuple[int, int]] = []
        self.shown: list[tuple[int, int, str]] = []
        self.last_row = self.last_column = -1
        self._row = -1

    def read(self, pieces: Iterable[bytes]) -> SheetScan:
        buffer, started = b"", False
        for piece in pieces:
            buffer += piece
            if not started:
                root = _prefix.search(buffer)
                if not root:
                    if len(buffer) > limits.MEGA:
                        raise Unreadable("damaged")
                    continue
                self._prepare((root[1] + b":") if root[1] else b"")
                started = True
            cut = buffer.rfind(self._row_start)
            if cut > 0 and len(buffer) > limits.MEGA:
                self._part(buffer[:cut])
                buffer = buffer[cut:]
            if len(buffer) > BUFFER_LIMIT:
                raise Unreadable("too_many_rows_or_columns")
        if not started:
            raise Unreadable("damaged")
        self._part(buffer)
        return self

    def _prepare(self, prefix: bytes) -> None:
        self._row_start = b"<" + prefix + b"row"
        self._row_end, self._cell, self._cell_end = (
            b"</" + prefix + b"row>",
            b"<" + prefix + b"c ",
            b"</" + prefix + b"c>",
        )
        self._formula = b"<" + prefix + b"f"
        p = re.escape(prefix)
        self._rows = re.compile(b"<" + p + rb"row((?:\s[^>]*)?)>")
        self._columns = re.compile(b"<" + p + rb"col\s([^>]*)>")
        self._merged = re.compile(b"<" + p + rb'mergeCell\s[^>]*?ref="([^"]*)"')
        self._with_formula = re.compile(
            b"<"
            + p
            + rb'c\s[^>]*?r="([A-Z]+)(\d+)"[^>]*>\s*<'
            + p
            + rb"f\b(?:[^>]*/>|[^>]*>[^<]*</"
            + p
            + rb"f>)\s*(<"
            + p
            + rb"v>[^<]+<)?"
        )
        self._with_error = re.compile(b"<" + p + rb'c\s(?=[^>]*\bt="e")[^>]*?r="([A-Z]+)(\d+)"')
        styles = "|".join(map(str, self.formats)).encode()
        self._with_format = styles and re.compile(
            b"<"
            + p
            + rb'c\s(?=[^>]*\bs="('
            + styles
            + rb')")(?![^>]*\bt="(?:s|str|inlineStr|b|e|d)")[^>]*?r="([A-Z]+)(\d+)"[^>]*[^/]>'
        )

    def _part(self, text: bytes) -> None:
        if self._row < 0:
            self._find_hidden_columns(text)
        for match in self._rows.finditer(text):
            self._take_row(text, match)
        if self._formula in text:
            for column, row, value in self._with_formula.findall(text):
                (self.formulas if value else self.empty_formulas).append((int(row) - 1, column_index(column)))
        if b't="e"' in text:
            self.errors += [(int(row) - 1, column_index(column)) for column, row in self._with_error.findall(text)]
        if self._with_format:
            self.shown += [(int(row) - 1, column_index(column), self.formats[int(style)])
                           for style, column, row in self._with_format.findall(text)]  # fmt: skip
        self._find_merges(text)

    def _take_row(self, text: bytes, match: re.Match[bytes]) -> None:
        attributes = match[1]
        self._row = (attribute_number(attributes, b'r="') or self._row + 2) - 1
        if b'hidden="1"' in attributes or b'hidden="true"' in attributes:
            self.hidden_rows.append(self._row)
        if attributes.endswith(b"/"):
            return
        end = text.find(self._row_end, match.end())
        last = text.rfind(self._cell_end, match.end(), end if end >= 0 else len(text))
        if last < 0:
            return
        start = text.rfind(self._cell, match.end(), last)
        self.last_row = self._row
        self.last_column = max(self.last_column, self._column_at(text, start, match.end(), last))
        if self._row >= limits.ROWS or self.last_column >= limits.COLUMNS:
            raise Unreadable("too_many_rows_or_columns")

    def _column_at(self, text: bytes, start: int, row_start: int, last: int) -> int:
        at = text.find(b'r="', start, last) + 3
        if start < 0 or at < 3 or at > text.find(b">", start):
            return text.count(self._cell_end, row_start, last)  # a writer that leaves the addresses out
        end = at
        while text[end : end + 1].isalpha():
            end += 1
        return column_index(text[at:end])

    def _find_hidden_columns(self, text: bytes) -> None:
        for match in self._columns.finditer(text[:200_000]):
            if b'hidden="1"' in match[1] or b'hidden="true"' in match[1]:
                first, last = attribute_number(match[1], b'min="'), attribute_number(match[1], b'max="')
                if first and last:
                    self.hidden_columns += range(first - 1, min(last, limits.COLUMNS))

    def _find_merges(self, text: bytes) -> None:
        for reference in self._merged.findall(text):
            first, _, last = reference.partition(b":")
            try:
                (top, left), (bottom, right) = address(first), address(last or first)
            except ValueError:
                continue
            if (bottom - top + 1) * (right - left + 1) > limits.MERGED_CELLS or len(self.merges) >= limits.MERGES:
                raise Unreadable("merge_too_large")
            self.merges.append((top, left, bottom, right))


def attribute_number(attributes: bytes, name: bytes) -> int:
    at = attributes.find(name)
    while at > 0 and attributes[at - 1 : at].isalpha():  # `r="` inside another name
        at = attributes.find(name, at + 1)
    match = _number.match(attributes, at + len(name)) if at >= 0 else None
    return int(match[0][:9]) if match else 0


def address(reference: bytes) -> tuple[int, int]:
    letters = reference.rstrip(b"0123456789")
    return int(reference[len(letters) :]) - 1, column_index(letters)


def column_index(letters: bytes) -> int:
    number = 0
    for code in letters[:4]:
        number = number * 26 + code - 64
    return number - 1
