"""What is kept between preview and confirmation: cleaned tables in private, encrypted files that expire.

Never the file that was uploaded: identity numbers, hidden columns and hidden sheets are gone from the tables.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import time
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings

from lib.encryption import decrypt, encrypt
from lib.tabular.sheets import Table

KEEP_SECONDS = 24 * 3600
PACKET_ROWS = 1_000
TABLES, VIEW, RETURNED = "tables", "view", "returned"
_token = re.compile(r"[0-9a-f]{32}")


def folder() -> Path:
    path = Path(settings.MEDIA_ROOT) / "imports"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def keep(owner: str, tables: Sequence[Table]) -> str:
    """Stores the tables for their owner and returns the name under which only he finds them."""
    expire()
    token = uuid4().hex
    _write(token, TABLES, b"\n".join(_lines(owner, tables)))
    return token


def _lines(owner: str, tables: Sequence[Table]) -> Iterator[bytes]:
    """A line about the tables, then their rows in packets: so that nothing ever holds all cells twice."""
    yield _json({"owner": owner, "tables": [table.dump() for table in tables]})
    for number, table in enumerate(tables):
        rows = table.cells()
        while packet := list(islice(rows, PACKET_ROWS)):
            yield _json([number, packet])


def tables_of(owner: str, token: str) -> list[Table] | None:
    content = _read(token, TABLES)
    if not content:
        return None
    lines = io.BytesIO(content)
    head = json.loads(lines.readline())
    if head["owner"] != owner:
        return None
    cells: list[list[list[Any]]] = [[] for _table in head["tables"]]
    known: dict[str, str] = {}
    for line in lines:
        number, packet = json.loads(line)
        # As when the file was read: each text once.
        cells[number] += [[known.setdefault(c, c) if type(c) is str else c for c in row] for row in packet]
    return [Table.load(table, rows) for table, rows in zip(head["tables"], cells, strict=True)]


def keep_view(owner: str, token: str, view: dict[str, Any]) -> None:
    """What the page shows of the tables, so that it need not be worked out again."""
    _write(token, VIEW, json.dumps({"owner": owner, **view}, ensure_ascii=False).encode())


def view_of(owner: str, token: str) -> dict[str, Any] | None:
    content = _read(token, VIEW)
    view = json.loads(content) if content else None
    return view if view and view["owner"] == owner else None


def keep_returned(token: str, workbook: bytes) -> None:
    _write(token, RETURNED, workbook)


def returned_of(token: str) -> bytes | None:
    return _read(token, RETURNED)


def forget(token: str, *parts: str) -> None:
    for part in parts or (TABLES, VIEW, RETURNED):
        with suppress(FileNotFoundError):
            (folder() / f"{token}.{part}").unlink()


def expire() -> int:
    """Deletes what is older than a day."""
    deadline, count = time.time() - KEEP_SECONDS, 0
    for path in folder().iterdir():
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < deadline:
                path.unlink()
                count += 1
    return count


def _json(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


def _write(token: str, part: str, content: bytes) -> None:
    path = folder() / f"{token}.{part}"
    path.touch(mode=0o600)
    path.write_text(encrypt(b64encode(gzip.compress(content, compresslevel=1)).decode()))


def _read(token: str, part: str) -> bytes | None:
    if not _token.fullmatch(token):
        return None
    try:
        text = (folder() / f"{token}.{part}").read_text()
    except FileNotFoundError:
        return None
    return gzip.decompress(b64decode(decrypt(text)))
