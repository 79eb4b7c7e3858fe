"""A place of a text that may tell who spoke, as one of the searches found it."""

from __future__ import annotations

from dataclasses import dataclass

from ..enums import HitKind


@dataclass(frozen=True)
class Finding:
    """`opinions` are those (ids) that it speaks of, none: of anybody's. `is_reporter`: it names who raised them."""

    kind: HitKind
    start: int
    end: int
    why: str
    opinions: frozenset[int] = frozenset()
    is_reporter: bool = False
