"""What a file is, by its content: the ending is what somebody typed."""

from __future__ import annotations

import io
import re
import zipfile

from lib.tabular import ole
from lib.tabular.limits import FILE_BYTES, Unreadable

XLSX, XLS, HTML, TEXT = "xlsx", "xls", "html", "text"

# Signatures of the document encryption that Chinese offices run on their desktops; outside it is only noise.
CIPHERS = (b"%TSD-Header-###%", b"E-SafeNet", b"LOCKDOC", b"\x14#e\x00", b"IP-guard", b"SDTC", b"DSMARK")
OTHER_FORMATS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf", b"GIF8", b"{\\rtf", b"\x1f\x8b")
OLD_BIFF = (b"\x09\x08\x08\x00", b"\x09\x04\x06\x00", b"\x09\x02\x06\x00", b"\x09\x00\x04\x00")

_web_page = re.compile(
    rb"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|meta|body|table|style)", re.I | re.S
)
_xml_workbook = re.compile(rb"urn:schemas-microsoft-com:office:spreadsheet")
_control = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def kind_of(data: bytes) -> str:
    """``xlsx``, ``xls``, ``html`` or ``text``; raises ``Unreadable`` for what is none of them."""
    if not data:
        raise Unreadable("empty_file")
    if len(data) > FILE_BYTES:
        raise Unreadable("file_too_large")
    head = data[:4096]
    if data.startswith(b"PK"):
        return _package(data)
    if data.startswith(ole.MAGIC):
        return _compound(data)
    if any(mark in head[:512] for mark in CIPHERS):
        raise Unreadable("cipher")
    if data.startswith(OTHER_FORMATS + OLD_BIFF):
        raise Unreadable("unsupported_format")
    plain = head.removeprefix(b"\xef\xbb\xbf")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        plain = head.replace(b"\x00", b"")[2:]
    if plain.startswith(b"MIME-Version:") or _xml_workbook.search(plain):
        raise Unreadable("unsupported_format")
    if _web_page.match(plain):
        return HTML
    if wide_encoding(data) is None and len(_control.findall(head)) > len(head) // 50:
        raise Unreadable("cipher" if len(data) % 16 == 0 or b"\x00" in head else "unsupported_format")
    return TEXT


def wide_encoding(data: bytes) -> str | None:
    """UTF-16, by its mark or, without one, by the zero bytes of digits, commas and line ends."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    head = data[: 4096 & ~1]
    odd, even = head[1::2].count(0), head[0::2].count(0)
    if max(odd, even) < max(4, len(head) // 50) or min(odd, even) > max(odd, even) // 20:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _package(data: bytes) -> str:
    try:
        names = {info.filename for info in zipfile.ZipFile(io.BytesIO(data)).infolist()}
    except (zipfile.BadZipFile, ValueError, OSError, EOFError) as error:
        raise Unreadable("damaged") from error
    if "EncryptedPackage" in names:
        raise Unreadable("password")
    if (
        "xl/workbook.xml" in names
        or ("[Content_Types].xml" in names and not any(n.startswith(("word/", "ppt/")) for n in names))
    ) and not any(name.endswith("workbook.bin") for name in names):
        return XLSX
    raise Unreadable("unsupported_format")


def _compound(data: bytes) -> str:
    streams = ole.Container(data).streams
    if "EncryptedPackage" in streams or "EncryptionInfo" in streams:
        raise Unreadable("password")
    if "Workbook" in streams or "Book" in streams:
        return XLS
    raise Unreadable("unsupported_format")
