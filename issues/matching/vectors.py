"""An installation that has a model for meanings may plug it in: `MATCHING_VECTORS` names a function by its dotted path.

It gets a list of texts and gives a list of vectors. Off by default; docs/merging.md.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from django.conf import settings
from django.utils.module_loading import import_string

Vector = tuple[float, ...]


def vectors_of(texts: Sequence[str]) -> list[Vector]:
    """Of length 1 each; empty ones where nothing is plugged in."""
    if not settings.MATCHING_VECTORS or not texts:
        return [()] * len(texts)
    made: Callable[[list[str]], Sequence[Sequence[float]]] = import_string(settings.MATCHING_VECTORS)
    return [unit_length(vector) for vector in made(list(texts))]


def unit_length(vector: Sequence[float]) -> Vector:
    length = math.sqrt(sum(part * part for part in vector))
    return tuple(part / length for part in vector) if length else ()


def closeness(first: Vector, second: Vector) -> float:
    if not first or len(first) != len(second):
        return 0.0
    return sum(one * other for one, other in zip(first, second, strict=True))
