"""Text files (comma, tab or semicolon between the cells) and web pages that call themselves .xls."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from html.parser import HTMLParser

from lib.tabular import limits
from lib.tabular.limits import Unreadable
from lib.tabular.sniff import wide_encoding

DELIMITERS = (",", "\t", ";", "，", "|", "；")
# What is left when text was decoded wrongly before it was sent: the characters themselves are gone.
SPOILT = ("\ufffd", "锟斤拷", "锟斤", "烫烫烫", "屯屯屯")
# Chinese UTF-8 or GBK shown as Western letters.
_western = re.compile("[\u00c0-\u00ff][\u0080-\u00bf\u00c0-\u00ff]{2,}")
_charset = re.compile(rb"charset\s*=\s*[\"']?([\w-]+)", re.I)
SAMPLE_LINES = 30


def decode(data: bytes) -> tuple[str, str]:
    """The text and the name of its encoding: by its mark, then strict UTF-8, then GB18030."""
    wide = wide_encoding(data)
    tries = [wide] if wide else ["utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "utf-8", "gbk", "gb18030"]
    for encoding in tries:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        text = text.removeprefix("\ufeff")
        if is_spoilt(text):
            raise Unreadable("mojibake")
        return text, encoding
    raise Unreadable("mojibake")


def is_spoilt(text: str) -> bool:
    if any(mark in text for mark in SPOILT):
        return True
    return len(_western.findall(text[:20_000])) >= 5


def read_text(data: bytes) -> tuple[list[list[str]], str, str]:
    """Records, encoding and delimiter."""
    text, encoding = decode(data)
    if "\x00" in text:
        raise Unreadable("damaged")
    delimiter = _delimiter(text)
    return _records(text, delimiter), encoding, delimiter


def _records(text: str, delimiter: str, count: int | None = None) -> list[list[str]]:
    csv.field_size_limit(limits.CELL_CHARACTERS + 1)
    rows: list[list[str]] = []
    cells = 0
    try:
        # newline="" keeps the line breaks inside quotes and still ends lines at \r alone.
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            rows.append(record)
            cells += len(record)
            if len(record) > limits.COLUMNS or len(rows) > limits.ROWS or cells > limits.CELLS:
                raise Unreadable("too_many_rows_or_columns")
            if len(rows) == count:
                break
    except csv.Error as error:
        raise Unreadable("cell_too_long" if "limit" in str(error) else "damaged") from error
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    return rows


def _delimiter(text: str) -> str:
    """The sign that splits the first lines most evenly into the most cells."""
    head = text[:200_000]
    best = (0.0, ",")
    for sign in DELIMITERS:
        try:
            widths = Counter(len(record) for record in _records(head, sign, SAMPLE_LINES) if record)
        except Unreadable:
            continue
        ((width, lines),) = widths.most_common(1) or [(0, 0)]
        score = width * lines / max(1, sum(widths.values())) if width > 1 else 0
        if score > best[0]:
            best = (score, sign)
    return best[1]


class _Table(HTMLParser):
    """Every row of every table of a page; a spanning cell is followed by empty ones."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self.merges: list[tuple[int, int, int, int]] = []
        self.hidden_rows: list[int] = []
        self._text: list[str] | None = None
        self._span = (1, 1)
        self._below: dict[tuple[int, int], bool] = {}
        self._cells = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "tr":
            self._close()
            self.rows.append([])
            if re.search(r"display\s*:\s*none", values.get("style", "")):
                self.hidden_rows.append(len(self.rows) - 1)
        elif tag in ("td", "th") and self.rows:
            self._close()
            self._text = []
            self._span = (span(values.get("colspan")), span(values.get("rowspan")))
        elif tag == "br" and self._text is not None:
            self._text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self._close()

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def _close(self) -> None:
        if self._text is None:
            return
        text, self._text = "".join(self._text), None
        if len(text) > limits.CELL_CHARACTERS:
            raise Unreadable("cell_too_long")
        row, at = self.rows[-1], len(self.rows) - 1
        while (at, len(row)) in self._below:
            row.append("")
        wide, high = self._span
        left = len(row)
        row += [text] + [""] * (wide - 1)
        self._cells += wide * high
        if len(row) > limits.COLUMNS or len(self.rows) > limits.ROWS or self._cells > limits.CELLS:
            raise Unreadable("too_many_rows_or_columns")
        if wide > 1 or high > 1:
            self.merges.append((at, left, at + high - 1, left + wide - 1))
        for down in range(1, high):
            self._below.update({(at + down, left + across): True for across in range(wide)})


def span(value: str | None) -> int:
    return max(1, min(int(value), 1000)) if value and value.isdigit() else 1


def read_page(data: bytes) -> tuple[_Table, str]:
    """The tables of a web page, and the character set it declares (or that its bytes have)."""
    declared = _charset.search(data[:4096])
    text, encoding = decode(data)
    table = _Table()
    table.feed(text)
    table.close()
    while table.rows and not any(cell.strip() for cell in table.rows[-1]):
        table.rows.pop()
    if not table.rows:
        raise Unreadable("unsupported_format")
    return table, declared[1].decode().lower() if declared else encoding
