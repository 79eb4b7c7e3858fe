"""An .xlsx package before anything parses it: sizes, document types, and where its sheets are."""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree import ElementTree

from lib.tabular import limits
from lib.tabular.limits import Unreadable

CHUNK = 256 * 1024
# One character of a cell is at most ten bytes in the package (a numeric reference).
CELL_BYTES = limits.CELL_CHARACTERS * 10


class Package:
    """The parts of the package, inflated piece by piece and never further than the limits."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        try:
            self.parts = {info.filename: info for info in zipfile.ZipFile(io.BytesIO(data)).infolist()}
        except (zipfile.BadZipFile, ValueError, EOFError) as error:
            raise Unreadable("damaged") from error
        if any(info.flag_bits & 1 for info in self.parts.values()):
            raise Unreadable("password")
        if len(self.parts) > limits.PARTS:
            raise Unreadable("unpacked_too_large")
        self._check_declared_sizes()

    def _check_declared_sizes(self) -> None:
        xml = [info for info in self.parts.values() if is_markup(info.filename)]
        thick = [
            i
            for i in xml
            if i.file_size > limits.PACKING_RATIO_FROM and i.file_size > i.compress_size * limits.PACKING_RATIO
        ]
        if sum(info.file_size for info in xml) > limits.UNPACKED_BYTES or thick:
            for info in xml:
                if info.file_size > limits.PACKING_RATIO_FROM:
                    self._look_for_long_cell(info.filename)
            raise Unreadable("unpacked_too_large")

    def _look_for_long_cell(self, name: str) -> None:
        """Tells one endless cell from a large sheet, so that the message can name what to mend."""
        seen, since_tag = 0, 0
        for piece in self._inflate(name):
            last = piece.rfind(b"<")
            first = piece.find(b"<")
            if since_tag + (len(piece) if first < 0 else first) > CELL_BYTES:
                raise Unreadable("cell_too_long")
            since_tag = since_tag + len(piece) if last < 0 else len(piece) - last
            seen += len(piece)
            if seen > limits.PACKING_RATIO_FROM:
                return

    def pieces(self, name: str) -> Iterator[bytes]:
        """The part's content; refuses one that is larger than it says, or that declares a document type."""
        info, counted, tail, since_tag = self.parts[name], 0, b"", 0
        for piece in self._inflate(name):
            counted += len(piece)
            if counted > info.file_size:
                raise Unreadable("unpacked_too_large")
            joined = tail + piece
            if b"<!DOCTYPE" in joined or b"<!ENTITY" in joined:
                raise Unreadable("dtd")
            first, last = piece.find(b"<"), piece.rfind(b"<")
            if since_tag + (len(piece) if first < 0 else first) > CELL_BYTES:
                raise Unreadable("cell_too_long")
            since_tag = since_tag + len(piece) if last < 0 else len(piece) - last
            tail = piece[-16:]
            yield piece
        if counted != info.file_size:
            raise Unreadable("damaged")

    def check(self, name: str) -> None:
        for _piece in self.pieces(name):
            pass

    def small(self, name: str) -> ElementTree.Element:
        """A part that only describes, parsed."""
        if name not in self.parts:
            raise Unreadable("damaged")
        if self.parts[name].file_size > limits.SMALL_PART_BYTES:
            raise Unreadable("unpacked_too_large")
        content = b"".join(self.pieces(name))
        # Excel writes UTF-8 only; another encoding would carry a document type past the search for one.
        if content[:2] in (b"\xff\xfe", b"\xfe\xff", b"\x00<", b"<\x00"):
            raise Unreadable("damaged")
        try:
            return ElementTree.fromstring(content)  # noqa: S314 (pieces() lets no document type through)
        except ElementTree.ParseError as error:
            raise Unreadable("damaged") from error

    def _inflate(self, name: str) -> Iterator[bytes]:
        info = self.parts[name]
        try:
            name_bytes, extra_bytes = struct.unpack_from("<HH", self.data, info.header_offset + 26)
        except struct.error as error:
            raise Unreadable("damaged") from error
        start = info.header_offset + 30 + name_bytes + extra_bytes
        packed = memoryview(self.data)[start : start + info.compress_size]
        if info.compress_type == zipfile.ZIP_STORED:
            yield from (bytes(packed[at : at + CHUNK]) for at in range(0, len(packed), CHUNK))
            return
        if info.compress_type != zipfile.ZIP_DEFLATED:
            raise Unreadable("damaged")
        inflater = zlib.decompressobj(-15)
        try:
            for at in range(0, len(packed), CHUNK):
                piece = inflater.decompress(packed[at : at + CHUNK], CHUNK)
                while piece:
                    yield piece
                    piece = inflater.decompress(inflater.unconsumed_tail, CHUNK)
        except zlib.error as error:
            raise Unreadable("damaged") from error
        if not inflater.eof:
            raise Unreadable("damaged")

    def sheets(self) -> list[tuple[str, str, bool]]:
        """Name, part and whether it is hidden, of every work sheet, in order."""
        book = self._workbook_part()
        targets = self._relations(book)
        found = []
        for element in self.small(book).iter():
            if local(element.tag) == "sheet":
                relation = next((v for k, v in element.attrib.items() if local(k) == "id"), "")
                kind, part = targets.get(relation, ("", ""))
                if kind == "worksheet" and part in self.parts:
                    hidden = element.get("state", "visible") != "visible"
                    found.append((element.get("name", ""), part, hidden))
        if not found:
            raise Unreadable("damaged")
        return found

    def related(self, kind: str) -> str | None:
        """The part of the workbook that is its styles, or its shared strings."""
        return next(
            (part for k, part in self._relations(self._workbook_part()).values() if k == kind and part in self.parts),
            None,
        )

    def _workbook_part(self) -> str:
        main = [part for kind, part in self._relations("").values() if kind == "officeDocument"]
        if not main or main[0] not in self.parts:
            raise Unreadable("damaged")
        return main[0]

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        folder, name = posixpath.split(part)
        path = posixpath.join(folder, "_rels", name + ".rels")
        if path not in self.parts:
            raise Unreadable("damaged")
        found = {}
        for element in self.small(path):
            target = element.get("Target", "")
            target = target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found[element.get("Id", "")] = (element.get("Type", "").rsplit("/", 1)[-1], target)
        return found


def is_markup(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels", ".vml"))


def local(tag: str) -> str:
    return tag.rsplit("}", 1)[-1]
