"""The process that opens a file from outside: little memory, little time, no environment, no database.

Run as ``python -m lib.tabular.child``: takes the file on standard input, answers on standard output in
lines of JSON. First ``{"refused": why}`` or what the file is; then for each sheet what is known of it,
its rows in packets, and ``null``.
"""

from __future__ import annotations

import io
import json
import resource
import sys
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any, BinaryIO

from lib.tabular import limits, ole, sniff, textual
from lib.tabular.limits import Unreadable
from lib.tabular.package import Package, is_markup
from lib.tabular.scan import SheetScan, number_formats

PACKET_ROWS = 500


def main() -> None:
    for kind, bound in (
        (resource.RLIMIT_AS, limits.CHILD_MEMORY_BYTES),
        (resource.RLIMIT_CPU, limits.CHILD_CPU_SECONDS),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        resource.setrlimit(kind, (bound, bound))
    out = sys.stdout.buffer
    try:
        answer(sys.stdin.buffer.read(limits.FILE_BYTES + 1), out)
    except Unreadable as error:
        send(out, {"refused": error.why})
    except MemoryError:
        send(out, {"refused": "too_many_rows_or_columns"})


def answer(data: bytes, out: BinaryIO) -> None:
    kind = sniff.kind_of(data)
    {sniff.XLSX: answer_xlsx, sniff.XLS: answer_xls, sniff.HTML: answer_page, sniff.TEXT: answer_text}[kind](data, out)


def answer_xlsx(data: bytes, out: BinaryIO) -> None:
    package = Package(data)
    sheets = package.sheets()
    styles = package.related("styles")
    formats = number_formats(package.small(styles) if styles else None)
    visible = [(name, part) for name, part, hidden in sheets if not hidden]
    scans = {part: SheetScan(formats).read(package.pieces(part)) for _name, part in visible}
    cells = sum((scan.last_row + 1) * (scan.last_column + 1) for scan in scans.values())
    if cells > limits.CELLS:
        raise Unreadable("too_many_rows_or_columns")
    for part in package.parts:
        if is_markup(part) and part not in scans and part.startswith(("xl/", "_rels")):
            package.check(part)
    hidden_names = [name for name, _part, hidden in sheets if hidden]
    send(out, {"kind": "xlsx", "sheets": [name for name, _part in visible], "hidden_sheets": hidden_names})
    book = open_workbook(data)
    for name, part in visible:
        scan = scans[part]
        formulas = sorted(set(scan.formulas) - set(scan.errors))
        merges, rows, columns = scan.merges, scan.hidden_rows, scan.hidden_columns
        send(out, {"merges": merges, "hidden_rows": rows, "hidden_columns": columns, "formulas": formulas})
        odd: dict[int, dict[int, Any]] = {}
        for row, column, code in scan.shown:
            odd.setdefault(row, {})[column] = {"format": code}
        for row, column in scan.errors:
            odd.setdefault(row, {})[column] = {"error": "error"}
        for row, column in scan.empty_formulas:
            odd.setdefault(row, {})[column] = {"error": "formula"}
        send_rows(out, patched(cells_of(book, name), odd))


def answer_xls(data: bytes, out: BinaryIO) -> None:
    container = ole.Container(data)
    stream = next(name for name in ("Workbook", "Book") if name in container.streams)
    hidden = ole.hidden_parts(container.stream(stream))
    book = open_workbook(data)
    shown = [(index, sheet.name) for index, sheet in enumerate(book.sheets_metadata) if is_visible(sheet)]
    hidden_names = [sheet.name for sheet in book.sheets_metadata if not is_visible(sheet)]
    send(out, {"kind": "xls", "sheets": [name for _index, name in shown], "hidden_sheets": hidden_names})
    for index, name in shown:
        sheet = book.get_sheet_by_name(name)
        parts = hidden[index] if index < len(hidden) else ole.Hidden()
        merges = [(*first, *last) for first, last in sheet.merged_cell_ranges or []]
        check_size(sheet)
        send(out, {"merges": merges, "hidden_rows": parts.rows, "hidden_columns": parts.columns, "formulas": []})
        send_rows(out, cells_of(book, name))


def answer_page(data: bytes, out: BinaryIO) -> None:
    table, encoding = textual.read_page(data)
    send(out, {"kind": "html", "encoding": encoding, "sheets": [""], "hidden_sheets": []})
    send(out, {"merges": table.merges, "hidden_rows": table.hidden_rows, "hidden_columns": [], "formulas": []})
    send_rows(out, table.rows)


def answer_text(data: bytes, out: BinaryIO) -> None:
    rows, encoding, delimiter = textual.read_text(data)
    send(out, {"kind": "text", "encoding": encoding, "delimiter": delimiter, "sheets": [""], "hidden_sheets": []})
    send(out, {"merges": [], "hidden_rows": [], "hidden_columns": [], "formulas": []})
    send_rows(out, rows)


def open_workbook(data: bytes) -> Any:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        return CalamineWorkbook.from_object(io.BytesIO(data))
    except PasswordError as error:
        raise Unreadable("password") from error
    except CalamineError as error:
        raise Unreadable("damaged") from error


def is_visible(sheet: Any) -> bool:
    return str(sheet.visible).endswith("Visible") and str(sheet.typ).endswith("WorkSheet")


def check_size(sheet: Any) -> None:
    if sheet.end and (sheet.end[0] >= limits.ROWS or sheet.end[1] >= limits.COLUMNS):
        raise Unreadable("too_many_rows_or_columns")


def cells_of(book: Any, name: str) -> Iterator[list[Any]]:
    """The rows from the first line and column on; calamine leaves out the empty columns on the left."""
    from python_calamine import CalamineError

    try:
        sheet = book.get_sheet_by_name(name)
        before = [""] * (sheet.start[1] if sheet.start else 0)
        yield from (before + row for row in sheet.iter_rows())
    except CalamineError as error:
        raise Unreadable("damaged") from error


def patched(rows: Iterable[list[Any]], odd: dict[int, dict[int, Any]]) -> Iterator[list[Any]]:
    for number, row in enumerate(rows):
        for column, mark in odd.get(number, {}).items() if number in odd else ():
            if column >= len(row):
                row += [""] * (column + 1 - len(row))
            value = row[column]
            if "error" in mark:
                row[column] = mark
            elif isinstance(value, (int, float)) and not isinstance(value, bool):
                row[column] = {"number": value, **mark}
        yield row


def send(out: BinaryIO, value: Any) -> None:
    out.write(json.dumps(value, ensure_ascii=True).encode() + b"\n")


def send_rows(out: BinaryIO, rows: Iterable[list[Any]]) -> None:
    packet: list[str] = []
    encode = json.JSONEncoder(ensure_ascii=True, default=as_mark).encode
    for row in rows:
        line = encode(row)
        # A whole row shorter than the limit has no cell longer than it.
        if len(line) > limits.CELL_CHARACTERS and any(
            isinstance(c, str) and len(c) > limits.CELL_CHARACTERS for c in row
        ):
            raise Unreadable("cell_too_long")
        packet.append(line)
        if len(packet) == PACKET_ROWS:
            out.write(("[" + ",".join(packet) + "]\n").encode())
            packet.clear()
    out.write(("[" + ",".join(packet) + "]\nnull\n").encode())


def as_mark(value: object) -> dict[str, str]:
    if isinstance(value, datetime):
        return {"date": value.date().isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, (time, timedelta)):  # a day number of 0: Excel shows 1900-01-00
        return {"date": "1900-01-00"}
    raise TypeError(type(value))


if __name__ == "__main__":
    main()
