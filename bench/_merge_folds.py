"""How well suggestions do on matters they were not fitted to: weights from half of the clusters, the others measured.

The thesaurus cannot be left out by halves, for its author has read the file; so it is also measured damaged: without
the words that one opinion alone says, and without half of its words.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING

from ._merge_truth import Truth

if TYPE_CHECKING:
    from issues.matching.likeness import Likeness, Signs
    from issues.matching.thesaurus import Entry, Thesaurus

#: With how many damaged thesauruses the weights are fitted, beside the whole one, and how much of each is missing.
DAMAGED, MISSING = 4, 0.6
#: Of the pairs that do not belong together so many are enough to fit with.
SHARE_OF_STRANGERS = 0.12
#: Keeps the weights from growing with the file.
RIDGE = 1.0
STEPS = 12


@dataclass(frozen=True)
class Pair:
    a: int
    b: int
    signs: Signs
    likeness: Likeness
    is_right: bool


def report(truth: Truth, readings_with, splits: int) -> None:
    """`readings_with(thesaurus)` reads the file."""
    variants = {name: pairs_of(truth, readings_with(words)) for name, words in thesauruses(truth).items()}
    for name, pairs in variants.items():
        print(f"{name:44} {line(truth, pairs, None)}")
    pool = fitting_pairs(truth, readings_with)
    for split in range(splits):
        tested = set(random.Random(split).sample(truth.clusters, len(truth.clusters) // 2))
        own = [[p for p in pairs if not (truth.labels[p.a] | truth.labels[p.b]) & tested] for pairs in pool]
        weights = fit([pair for pairs in own for pair in sampled(pairs)])
        for name, pairs in variants.items():
            print(f"split {split + 1}: {name:35} {line(truth, rescored(pairs, weights), tested)}")
    errors(truth, variants)


def thesauruses(truth: Truth) -> dict[str, Thesaurus]:
    from issues.matching.thesaurus import SHIPPED, Thesaurus, parse

    entries = list(parse(SHIPPED.read_text(encoding="utf-8")))
    texts = [str(row.get("text") or "") for row in truth.rows]
    said_once = {
        word
        for entry in entries
        for word in entry.words
        if sum(all(part in text for part in word.split("…")) for text in texts) == 1
    }
    return {
        "thesaurus as shipped": Thesaurus(entries),
        "without words that one opinion alone says": Thesaurus(without(entries, said_once)),
        "without half of all words": Thesaurus(damaged(entries, 0.5, seed=0)),
    }


def without(entries: Iterable[Entry], words: set[str]) -> Iterator[Entry]:
    return (replace(entry, words=tuple(word for word in entry.words if word not in words)) for entry in entries)


def damaged(entries: Iterable[Entry], share: float, seed: int) -> Iterator[Entry]:
    chance = random.Random(seed)
    for entry in entries:
        is_word_list = entry.kind in ("noise", "nothing")
        yield replace(entry, words=tuple(w for w in entry.words if is_word_list or chance.random() > share))


def fitting_pairs(truth: Truth, readings_with) -> list[list[Pair]]:
    from issues.matching.thesaurus import SHIPPED, Thesaurus, parse

    entries = list(parse(SHIPPED.read_text(encoding="utf-8")))
    words = [Thesaurus(damaged(entries, MISSING, seed=seed)) for seed in range(10, 10 + DAMAGED)]
    return [pairs_of(truth, readings_with(one)) for one in (Thesaurus(entries), *words)]


def pairs_of(truth: Truth, readings: Sequence) -> list[Pair]:
    from issues.matching.likeness import Rarity, likeness_of, signs_of

    rarity = Rarity(readings)
    return [
        Pair(a, b, signs_of(readings[a], readings[b], rarity), likeness, truth.together(a, b))
        for a, b in combinations(range(len(readings)), 2)
        if (likeness := likeness_of(readings[a], readings[b], rarity))
    ]


def rescored(pairs: Iterable[Pair], weights: Sequence[float]) -> list[Pair]:
    from issues.matching.likeness import LEAST_SCORE

    made = []
    for pair in pairs:
        score = probability(weights, pair.signs)
        is_proposed = pair.likeness.is_proposed and score >= LEAST_SCORE
        made.append(replace(pair, likeness=replace(pair.likeness, score=score, is_proposed=is_proposed)))
    return made


def line(truth: Truth, pairs: Iterable[Pair], clusters: set[str] | None) -> str:
    """Over the opinions of these clusters; all if None."""
    likely: dict[int, list[tuple[float, bool]]] = defaultdict(list)
    right = wrong = forbidden = 0
    for pair in pairs:
        for one in (pair.a, pair.b):
            if clusters is None or truth.labels[one] & clusters:
                likely[one].append((pair.likeness.score, pair.is_right))
        if pair.likeness.is_proposed and (clusters is None or (truth.labels[pair.a] | truth.labels[pair.b]) & clusters):
            right += pair.is_right
            wrong += not pair.is_right
            forbidden += truth.is_forbidden(pair.a, pair.b)
    with_mate = [sorted(found, reverse=True) for found in likely.values() if any(right for _score, right in found)]
    first, five = (
        sum(any(is_right for _score, is_right in found[:depth]) for found in with_mate) / (len(with_mate) or 1)
        for depth in (1, 5)
    )
    precision = f"{right / (right + wrong):.3f}" if right + wrong else "--"
    return (
        f"hit@1 {first:.3f}  hit@5 {five:.3f} of {len(with_mate)}; "
        f"proposed {right + wrong}, precision {precision}, forbidden {forbidden}"
    )


def errors(truth: Truth, variants: dict[str, list[Pair]]) -> None:
    """What was proposed and does not belong together."""
    for name, pairs in variants.items():
        for pair in pairs:
            if pair.likeness.is_proposed and not pair.is_right:
                a, b = truth.rows[pair.a], truth.rows[pair.b]
                mark = "forbidden" if truth.is_forbidden(pair.a, pair.b) else "wrong"
                print(f"{name}: {mark} {a['id']} {b['id']} {'、'.join(pair.likeness.shared)}")


def sampled(pairs: Iterable[Pair]) -> list[Pair]:
    chance = random.Random(0)
    return [pair for pair in pairs if pair.is_right or chance.random() < SHARE_OF_STRANGERS]


def probability(weights: Sequence[float], signs: Sequence[float]) -> float:
    total = weights[0] + sum(weight * sign for weight, sign in zip(weights[1:], signs, strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def fit(pairs: Sequence[Pair]) -> list[float]:
    """Logistic regression by Newton's method; the bias first."""
    rows = [((1.0, *pair.signs), float(pair.is_right)) for pair in pairs]
    size = len(rows[0][0])
    weights = [0.0] * size
    for _step in range(STEPS):
        slope = [-RIDGE * weight for weight in weights]
        bend = [[RIDGE * (row == column) for column in range(size)] for row in range(size)]
        for signs, is_right in rows:
            guess = probability(weights, signs[1:])
            given = [at for at in range(size) if signs[at]]
            for row in given:
                slope[row] += (is_right - guess) * signs[row]
                for column in given:
                    bend[row][column] += guess * (1 - guess) * signs[row] * signs[column]
        weights = [weight + step for weight, step in zip(weights, solved(bend, slope), strict=True)]
    return weights


def solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Gauss with pivots."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    size = len(rows)
    for at in range(size):
        best = max(range(at, size), key=lambda row: abs(rows[row][at]))
        rows[at], rows[best] = rows[best], rows[at]
        for below in range(at + 1, size):
            factor = rows[below][at] / rows[at][at]
            rows[below] = [x - factor * y for x, y in zip(rows[below], rows[at], strict=True)]
    found = [0.0] * size
    for at in reversed(range(size)):
        known = sum(rows[at][later] * found[later] for later in range(at + 1, size))
        found[at] = (rows[at][size] - known) / rows[at][at]
    return found
