"""Compound files (OLE2): what streams one holds, and the records of an Excel 97–2003 workbook.

calamine reads the cells of such a workbook but tells nothing of hidden rows and columns.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from lib.tabular.limits import Unreadable

MAGIC = bytes.fromhex("D0CF11E0A1B11AE1")
LAST_SECTOR = 0xFFFFFFFA
ENTRY_BYTES = 128

FILE_PASSWORD, BOUND_SHEET, ROW, COLUMN_INFO = 0x2F, 0x85, 0x208, 0x7D


class Container:
    """The directory of a compound file and its large streams."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        try:
            shift, first_directory = struct.unpack_from("<H", data, 30)[0], struct.unpack_from("<I", data, 48)[0]
            if shift not in (9, 12):
                raise Unreadable("damaged")
            self.sector = 1 << shift
            self.table = self._allocation_table()
            self.streams = dict(self._entries(self._chain(first_directory)))
        except (struct.error, IndexError) as error:
            raise Unreadable("damaged") from error

    def stream(self, name: str) -> bytes:
        first, size = self.streams[name]
        return self._chain(first)[:size]

    def _allocation_table(self) -> list[int]:
        numbers = list(struct.unpack_from("<109I", self.data, 76))
        following, per_sector = struct.unpack_from("<I", self.data, 68)[0], self.sector // 4
        while following < LAST_SECTOR and len(numbers) < len(self.data) // self.sector + 109:
            more = struct.unpack_from(f"<{per_sector}I", self.data, (following + 1) * self.sector)
            numbers += more[:-1]
            following = more[-1]
        table: list[int] = []
        for number in numbers:
            if number < LAST_SECTOR:
                table += struct.unpack_from(f"<{per_sector}I", self.data, (number + 1) * self.sector)
        return table

    def _chain(self, first: int) -> bytes:
        pieces: list[bytes] = []
        number = first
        while number < LAST_SECTOR:
            if len(pieces) > len(self.table):
                raise Unreadable("damaged")
            pieces.append(self.data[(number + 1) * self.sector : (number + 2) * self.sector])
            number = self.table[number]
        return b"".join(pieces)

    def _entries(self, directory: bytes) -> Iterator[tuple[str, tuple[int, int]]]:
        for start in range(0, len(directory) - ENTRY_BYTES + 1, ENTRY_BYTES):
            length = struct.unpack_from("<H", directory, start + 64)[0]
            if 2 < length <= 64:
                name = directory[start : start + length - 2].decode("utf-16-le", "replace")
                yield name, struct.unpack_from("<II", directory, start + 116)


@dataclass
class Hidden:
    rows: list[int] = field(default_factory=list)
    columns: list[int] = field(default_factory=list)


def hidden_parts(workbook: bytes) -> list[Hidden]:
    """Hidden rows and columns of each sheet, in the order of the sheets; counted from 0."""
    starts: list[int] = []
    sheets: dict[int, Hidden] = {}
    current, at, size = Hidden(), 0, len(workbook)
    while at + 4 <= size:
        code, length = struct.unpack_from("<HH", workbook, at)
        if at in sheets:
            current = sheets[at]
        body = at + 4
        if code == FILE_PASSWORD:
            raise Unreadable("password")
        if code == BOUND_SHEET and length >= 4:
            start = struct.unpack_from("<I", workbook, body)[0]
            starts.append(start)
            sheets[start] = Hidden()
        elif code == ROW and length >= 16:
            number, flags = (
                struct.unpack_from("<H", workbook, body)[0],
                struct.unpack_from("<H", workbook, body + 12)[0],
            )
            if flags & 0x20:
                current.rows.append(number)
        elif code == COLUMN_INFO and length >= 10:
            first, last, _width, _style, flags = struct.unpack_from("<5H", workbook, body)
            if flags & 1:
                current.columns += range(first, min(last, 255) + 1)
        at = body + length
    return [sheets[start] for start in starts]
