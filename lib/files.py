"""Files that are whole or not there at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PARTIAL = ".partial-"


@contextmanager
def atomic_path(target: Path | str) -> Iterator[Path]:
    """A temporary path beside the target; it becomes the target when the block ends without an error.

    A reader never sees half a file: after an error or a crash the old file, if any, is still there.
    """
    target = Path(target)
    handle, name = tempfile.mkstemp(prefix=PARTIAL, suffix=target.suffix, dir=target.parent)
    os.close(handle)
    temporary = Path(name)
    try:
        yield temporary
        _flush(temporary)
        temporary.chmod(0o640)
        temporary.replace(target)
        _flush(target.parent)
    except BaseException:
        with suppress(FileNotFoundError):
            temporary.unlink()
        raise


def remove_partial(folder: Path, *, before: float) -> int:
    """What processes that were killed left of `atomic_path` in the folder and below; returns how many.

    `before` is a timestamp: what has been written to since then is still being made.
    """
    count = 0
    for path in folder.rglob(f"{PARTIAL}*"):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < before:
                path.unlink()
                count += 1
    return count


def _flush(path: Path) -> None:
    """Onto the disk, so that a power cut after the rename does not leave an empty file."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
