"""How far two readings speak of one matter. The weights are fitted, docs/merging.md says how; the rules are ours."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from .reading import Reading
from .vectors import closeness


@dataclass(frozen=True)
class Likeness:
    """How far two texts speak of one matter; `shared` is what they have in common, as the clerk reads it."""

    score: float
    is_proposed: bool
    shared: tuple[str, ...]


class Signs(NamedTuple):
    """What speaks for and against one matter, each from 0 to 1."""

    things: float
    troubles: float
    grams: float
    words: float
    category: float
    place: float
    other_leaf: float
    other_place: float


#: How near two vectors of a plugged-in model must be to count as the same words.
SAME_SENSE = 0.85
#: Fitted by `./run bench merge --fit`.
WEIGHTS = Signs(
    things=1.6, troubles=2.0, grams=3.9, words=5.7, category=4.1, place=1.4, other_leaf=-2.0, other_place=-1.6
)
BIAS = -2.9
#: Below this nothing is offered, whatever the rules say.
LEAST_SCORE = 0.5
#: What the names, and the troubles, must have in common: with another unit more than within one.
ALIKE_HERE, ALIKE_ELSEWHERE = 0.3, 0.4
#: Where one does not say what is wrong, the names must be the same but for a side remark.
ALIKE_IN_NAME_ALONE = 0.7
#: Within one unit so many of the same words are enough, whether the thesaurus knows them or not.
SAME_WORDS = 0.25
#: The canteen and “broken” are too little; the trouble must be all that both speak of.
SAME_TROUBLE = 0.6
MOST_SHOWN = 4


class Rarity:
    """The rarer a word, the more it says; counted over the texts that are compared."""

    def __init__(self, readings: Iterable[Reading]) -> None:
        self._counts: Counter[str] = Counter()
        total = 0
        for reading in readings:
            total += 1
            for words in (reading.things, reading.troubles, reading.grams, reading.words):
                self._counts.update(words)
        self._total = total
        self._known: dict[str, float] = {}

    def of(self, word: str) -> float:
        if word not in self._known:
            self._known[word] = math.log(1 + (self._total + 1) / (self._counts[word] + 1)) ** 2
        return self._known[word]

    def cosine(self, first: frozenset[str], second: frozenset[str]) -> float:
        common = first & second
        if not common:
            return 0.0
        weight = self.of
        squares = sum(map(weight, first)) * sum(map(weight, second))
        return sum(map(weight, common)) / math.sqrt(squares)


def signs_of(first: Reading, second: Reading, rarity: Rarity) -> Signs:
    """What is not known of one of them speaks half for and half against."""
    is_here = first.place.is_that_of(second.place)
    elsewhere = not is_here and not (first.things & second.things & first.wide)
    knows_place = bool(first.place.unit and second.place.unit)
    knows_category = bool(first.category and second.category)
    return Signs(
        things=rarity.cosine(first.things, second.things),
        troubles=rarity.cosine(first.troubles, second.troubles),
        grams=rarity.cosine(first.grams, second.grams),
        words=rarity.cosine(first.words, second.words),
        category=float(first.category == second.category) if knows_category else 0.5,
        place=float(is_here) if knows_place else 0.5,
        other_leaf=float(bool(first.leaves and second.leaves and not first.leaves & second.leaves)),
        other_place=float(elsewhere) if knows_place else 0.5,
    )


def likeness_of(first: Reading, second: Reading, rarity: Rarity) -> Likeness | None:
    """None where one of them raises no matter, or they have nothing in common."""
    if not (first.has_matter and second.has_matter):
        return None
    signs = signs_of(first, second, rarity)
    if not any((signs.things, signs.troubles, signs.grams, signs.words, signs.category == 1)):
        return None
    sense = closeness(first.vector, second.vector)
    if sense >= SAME_SENSE:
        # A model for meanings is a witness of what is said, never of where.
        signs = signs._replace(things=sense, troubles=sense)
    score = score_of(signs)
    return Likeness(score, score >= LEAST_SCORE and is_one_matter(first, second, signs), shared_by(first, second))


def score_of(signs: Signs) -> float:
    return 1 / (1 + math.exp(-BIAS - sum(weight * sign for weight, sign in zip(WEIGHTS, signs, strict=True))))


def is_one_matter(first: Reading, second: Reading, signs: Signs) -> bool:
    """Whether the desk may offer the two as one: the same thing, the same trouble, the same place.

    Better too few: two matters in one have two departments, and one of them gets no answer.
    """
    if signs.category < 0.5 or complains_of_other(first, second) or is_of_other(first, second):
        return False
    leaves = first.leaves & second.leaves
    if first.place.is_that_of(second.place):
        return is_one_here(first, second, signs, has_leaf=bool(leaves))
    return (
        first.place.company == second.place.company
        and any(name in first.wide for _whole, name in leaves)
        and not has_other_parts(first, second)
        and signs.things >= ALIKE_ELSEWHERE
        and signs.troubles >= ALIKE_ELSEWHERE
    )


def is_one_here(first: Reading, second: Reading, signs: Signs, *, has_leaf: bool) -> bool:
    if closeness(first.vector, second.vector) >= SAME_SENSE:
        return True
    if max(signs.words, signs.grams) >= SAME_WORDS and not signs.other_leaf:
        return True
    if has_leaf and signs.troubles:
        return signs.things >= ALIKE_HERE
    if not signs.troubles:
        return names_part(first, second) and signs.things >= ALIKE_IN_NAME_ALONE
    return bool(first.things & second.things) and signs.things >= ALIKE_HERE and signs.troubles >= SAME_TROUBLE


def names_part(first: Reading, second: Reading) -> bool:
    """The hours of the canteen are a matter by themselves, the kindergarten is none until something is wrong."""
    return any(whole != name for whole, name in first.leaves & second.leaves)


def complains_of_other(first: Reading, second: Reading) -> bool:
    """Both say what is wrong, and it is not the same: hours of the canteen and flies in it."""
    return bool(first.troubles and second.troubles) and not first.troubles & second.troubles


def is_of_other(first: Reading, second: Reading) -> bool:
    """Each names a part that the other does not (the lockers, the water), or another number (line 3, line 1)."""
    common = first.leaves & second.leaves
    parts = {whole for whole, _name in first.leaves - common} & {whole for whole, _name in second.leaves - common}
    kinds = {kind for kind, _number in first.numbered} & {kind for kind, _number in second.numbered}
    return bool(parts) or any(
        {number for known, number in first.numbered if known == kind}.isdisjoint(
            number for known, number in second.numbered if known == kind
        )
        for kind in kinds
    )


def has_other_parts(first: Reading, second: Reading) -> bool:
    """Of what they share, one names a further part: enough to keep two units apart."""
    wholes = {whole for whole, _name in first.leaves & second.leaves}
    one, other = ({leaf for leaf in reading.leaves if leaf[0] in wholes} for reading in (first, second))
    return one != other


def shared_by(first: Reading, second: Reading) -> tuple[str, ...]:
    """Names of concepts, the special ones first; words themselves where no concept is shared."""
    leaves = sorted(name for _whole, name in first.leaves & second.leaves)
    things = sorted((first.things & second.things).difference(leaves)) if not leaves else []
    concepts = [*leaves, *things, *sorted(first.troubles & second.troubles)]
    return tuple((concepts or sorted(first.words & second.words, key=lambda word: (-len(word), word)))[:MOST_SHOWN])
