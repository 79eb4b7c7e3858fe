"""The kinds of files that the worker makes. An app above registers its own from `AppConfig.ready`."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .kinds import name_kind

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from organization.actors import Actor

    from .models import Export

#: Seconds between two signs of life, so that counting rows costs nothing.
BEAT_SECONDS = 0.5


@dataclass(frozen=True)
class Made:
    """What a maker hands back: the name under which the file is offered, and how many rows of data it holds."""

    file_name: str
    rows: int


class Progress:
    """Handed to a maker: who asks, where to write, and `progress(done, total)` to be called now and then.

    `actor` is the asker in the role of the request, read again just now: `visible_to(progress.actor)` decides what
    goes into the file. `path` is a temporary file; it becomes the export when the maker returns.
    Calling it raises when the export was cancelled or taken over; let that pass.
    """

    def __init__(self, actor: Actor, path: Path, beat: Callable[[int, int], None]) -> None:
        self.actor = actor
        self.path = path
        self._beat = beat
        self._last_beat = float("-inf")

    def __call__(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._last_beat >= BEAT_SECONDS or done >= total:
            self._last_beat = now
            self._beat(done, total)


Maker = Callable[["Export", Progress], Made]


_makers: dict[str, Maker] = {}


def register_export(kind: str, label: str | Promise, maker: Maker) -> None:
    name_kind(kind, label)
    _makers[kind] = maker


def maker_of(kind: str) -> Maker | None:
    return _makers.get(kind)
