"""Opens a table from outside in a child process with little memory and little time.

The parser is quick but aborts its process on hostile sheets, so it never runs in the web process.
Nothing of the file touches the disk.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, cast

from lib.tabular import limits
from lib.tabular.refusal import FileRefused

ROOT = Path(__file__).resolve().parents[2]

# A cell is text, a number, a Boolean, None, or a mark: {"date": iso}, {"number": n, "format": code}, {"error": kind}.
Cell = Any


@dataclass
class Sheet:
    """One visible sheet; rows and columns are counted from 0."""

    name: str
    rows: list[list[Cell]]
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    formulas: frozenset[tuple[int, int]] = frozenset()


@dataclass
class Book:
    kind: str
    sheets: list[Sheet]
    hidden_sheets: list[str] = field(default_factory=list)
    encoding: str | None = None
    delimiter: str | None = None


def read(data: bytes) -> Book:
    """The visible sheets of a workbook, text file or web page; raises ``FileRefused``."""
    if not data:
        raise FileRefused("empty_file")
    if len(data) > limits.FILE_BYTES:
        raise FileRefused("file_too_large")
    child = subprocess.Popen(
        [sys.executable, "-m", "lib.tabular.child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        # None of the web process's secrets; PYTHONPATH must not lead elsewhere.
        env={"PYTHONIOENCODING": "utf-8", "PYTHONDONTWRITEBYTECODE": "1"},
    )
    watch = threading.Timer(limits.CHILD_WALL_SECONDS, child.kill)
    watch.start()
    try:
        return _collect(child, data)
    finally:
        watch.cancel()
        child.kill()
        child.communicate()


def _collect(child: subprocess.Popen[bytes], data: bytes) -> Book:
    sending = cast(IO[bytes], child.stdin)
    try:
        sending.write(data)
        sending.close()
    except BrokenPipeError:
        pass  # it has refused, or died; either is told below
    child.stdin = None
    answers = _answers(child)
    head = next(answers)
    known: dict[str, str] = {}
    book = Book(head["kind"], [], head["hidden_sheets"], head.get("encoding"), head.get("delimiter"))
    for name in head["sheets"]:
        told = next(answers)
        sheet = Sheet(
            name,
            [],
            [tuple(merge) for merge in told["merges"]],
            frozenset(told["hidden_rows"]),
            frozenset(told["hidden_columns"]),
            frozenset((row, column) for row, column in told["formulas"]),
        )
        for packet in answers:
            if packet is None:
                break
            # Units, posts and kinds repeat in every row: keep each text once.
            sheet.rows += [[known.setdefault(c, c) if type(c) is str else c for c in row] for row in packet]
        book.sheets.append(sheet)
    return book


def _answers(child: subprocess.Popen[bytes]) -> Iterator[Any]:
    for line in cast(IO[bytes], child.stdout):
        answer = json.loads(line)
        if isinstance(answer, dict) and "refused" in answer:
            raise FileRefused(answer["refused"])
        yield answer
    # Ended without finishing: killed by the watch, by a limit, or by its own parser.
    child.wait()
    raise FileRefused("too_slow" if child.returncode in (-9, -24) else "too_many_rows_or_columns")
