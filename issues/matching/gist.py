"""要点: what an opinion or an issue is about, as far as it can be compared."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NOT_SAID = re.compile(r"[^\u3400-\u9fffA-Za-z0-9]+")


@dataclass(frozen=True)
class Gist:
    grams: frozenset[str]
    category: str = ""
    unit: str = ""


def gist_of(text: str, *, category: str = "", unit: str = "") -> Gist:
    clauses = _NOT_SAID.split(text)
    grams = frozenset(clause[i : i + 2] for clause in clauses for i in range(len(clause) - 1))
    return Gist(grams, category, unit)
