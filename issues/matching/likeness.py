from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from .gist import Gist

#: From here on the desk offers the two as one group.
PROPOSED_FROM = 0.45
OTHER_CATEGORY, OTHER_UNIT = 0.5, 0.4


@dataclass(frozen=True)
class Likeness:
    """How far two texts speak of one matter; `shared` is what they have in common, as the clerk reads it."""

    score: float
    is_proposed: bool
    shared: tuple[str, ...]


class Weights:
    """The rarer a word, the more it says; counted over the texts that are compared."""

    def __init__(self, gists: Iterable[Gist]) -> None:
        known = list(gists)
        self._total = len(known) + 1
        self._counts = Counter(gram for gist in known for gram in gist.grams)

    def of(self, gram: str) -> float:
        return math.log(1 + self._total / (1 + self._counts[gram]))

    def length(self, gist: Gist) -> float:
        return math.sqrt(sum(self.of(gram) ** 2 for gram in gist.grams))


def likeness_of(first: Gist, second: Gist, weights: Weights) -> Likeness | None:
    """None where the two have nothing in common."""
    common = first.grams & second.grams
    if not common:
        return None
    score = sum(weights.of(gram) ** 2 for gram in common) / (weights.length(first) * weights.length(second))
    score *= 1 if first.category == second.category else OTHER_CATEGORY
    score *= 1 if first.unit == second.unit else OTHER_UNIT
    shared = tuple(sorted(common, key=lambda gram: (-weights.of(gram), gram))[:3])
    return Likeness(score, score >= PROPOSED_FROM, shared)
