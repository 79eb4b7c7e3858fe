"""What can be compared of a text: what it names, what is wrong with it, its words and how it sounds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from ..enums import ConceptKind
from .segments import tokens_of
from .sounds import sounds_of
from .thesaurus import Thesaurus
from .vectors import Vector

_NOT_SAID = re.compile(r"[^\u3400-\u9fffA-Za-z0-9]+")
_NUMBERED = re.compile(r"([0-9]+|[一二三四五六七八九十]+)(号线|路车|号皮带|号炉|号机|号泵|号井|号库|号站|食堂)")
_DIGITS = {sign: str(number) for number, sign in enumerate("一二三四五六七八九十", start=1)}


@dataclass(frozen=True)
class Place:
    """Where the speaker works, as paths of units: the base unit and its enterprise. Empty where unknown."""

    unit: str = ""
    company: str = ""

    def is_that_of(self, other: Place) -> bool:
        """The same base unit, or one of them speaks for what the other stands in; nobody's units are as good as one."""
        if not (self.unit and other.unit):
            return self.unit == other.unit
        return self.unit.startswith(other.unit) or other.unit.startswith(self.unit)


@dataclass(frozen=True)
class Reading:
    """`things` holds what is named and what that is part of; `leaves` those without parts, by (part of, name).

    `wide` are things that a company manages in one place; `numbered` are things of which there are several;
    `vector` is what a model makes of the text, where one is plugged in.
    """

    things: frozenset[str] = frozenset()
    leaves: frozenset[tuple[str, str]] = frozenset()
    wide: frozenset[str] = frozenset()
    troubles: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    grams: frozenset[str] = frozenset()
    numbered: frozenset[tuple[str, str]] = frozenset()
    vector: Vector = ()
    has_matter: bool = True
    category: str = ""
    place: Place = Place()


def read(text: str, thesaurus: Thesaurus, *, category: str = "", place: Place = Place()) -> Reading:
    found = thesaurus.find(text)
    named = {hit.entry.name: hit.entry for hit in found if hit.entry.kind == ConceptKind.THING}
    troubles = {hit.entry.name for hit in found if hit.entry.kind == ConceptKind.TROUBLE}
    wholes = {name for name in named if thesaurus.has_parts(name)}
    wholes -= {entry.broader for entry in named.values()}
    named |= {part.name: part for whole in wholes for part in thesaurus.implied(whole, troubles)}
    above: set[str] = set().union(*(thesaurus.above(name) for name in named))
    says_nothing = any(hit.entry.kind == ConceptKind.NOTHING for hit in found) and not troubles
    things = above.union(named)
    return Reading(
        things=frozenset(things),
        leaves=frozenset(
            (entry.broader or name, name) for name, entry in named.items() if not thesaurus.has_parts(name)
        ),
        wide=frozenset(filter(thesaurus.is_company_wide, things)),
        troubles=frozenset(troubles),
        words=words_of(text),
        grams=grams_of(text),
        numbered=frozenset((kind, _DIGITS.get(number, number)) for number, kind in _NUMBERED.findall(text)),
        has_matter=not says_nothing and bool(_NOT_SAID.sub("", text)),
        category=category,
        place=place,
    )


def words_of(text: str) -> frozenset[str]:
    return frozenset(word for word in tokens_of(text) if len(word) > 1 and not word.isascii())


def grams_of(text: str) -> frozenset[str]:
    """Pairs of neighbouring sounds: what dictation wrote in other letters is still the same."""
    found: set[str] = set()
    for clause in _NOT_SAID.split(text):
        sounds = sounds_of(clause)
        found.update(f"{one}'{following}" for one, following in pairwise(sounds))
    return frozenset(found)
