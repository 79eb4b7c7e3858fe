"""How well opinions that say the same thing are found; and how fast, among thousands (--scale).

Suggestions are made from id, text, unit and category of each line and nothing else, with the shipped thesaurus and
without a database. --folds and --fit also read which opinions belong together.
"""

from __future__ import annotations

import json
import sys
import time
from argparse import ArgumentParser
from pathlib import Path

#: So many of each opinion's likest are written.
KEPT = 20


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--opinions", type=Path, help="a JSON object per line: id, text, unit, category, …")
    parser.add_argument("--out", type=Path, help="for the suggestions, per line: a, b, score, proposed")
    parser.add_argument("--folds", type=int, default=0, help="splits into halves: fitted on one, measured on the other")
    parser.add_argument("--fit", action="store_true", help="print the weights that fit the file")
    parser.add_argument("--scale", action="store_true", help="5,000 waiting opinions against 20,000 issues")


def run(*, opinions: Path | None, out: Path | None, folds: int, fit: bool, scale: bool) -> None:
    if scale:
        from . import _merge_scale

        _merge_scale.run()
        return
    if opinions is None:
        sys.exit("✗ --opinions FILE is missing.")
    rows = opinions_of(opinions)
    if folds or fit:
        report(rows, opinions, folds, fit)
        return
    write_suggestions(rows, out)


def opinions_of(path: Path) -> list[dict]:
    with path.open(encoding="utf-8-sig") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def report(rows: list[dict], path: Path, folds: int, fit: bool) -> None:
    from issues.matching.likeness import Signs

    from . import _merge_folds
    from ._merge_truth import Truth

    truth = Truth(rows, path)
    if fit:
        pool = _merge_folds.fitting_pairs(truth, lambda words: readings_of(rows, words))
        bias, *weights = _merge_folds.fit([pair for pairs in pool for pair in _merge_folds.sampled(pairs)])
        print(
            f"bias {bias:.1f}", *(f"{name} {weight:.1f}" for name, weight in zip(Signs._fields, weights, strict=True))
        )
    if folds:
        _merge_folds.report(truth, lambda words: readings_of(rows, words), folds)


def write_suggestions(rows: list[dict], out: Path | None) -> None:
    from issues.matching.thesaurus import shipped

    begin = time.perf_counter()
    found = suggestions(rows, shipped())
    spent = time.perf_counter() - begin
    if out:
        with out.open("w", encoding="utf-8") as lines:
            lines.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in found)
    proposed = sum(row["proposed"] for row in found)
    print(f"{len(rows)} opinions, {spent:.2f} s: {len(found)} pairs with a score, {proposed} proposed")


def readings_of(rows: list[dict], thesaurus) -> list:
    from issues.matching.reading import Place, read

    return [
        read(
            str(row.get("text") or ""),
            thesaurus,
            category=str(row.get("category") or ""),
            # A name stands for the unit's path; the sign at the end keeps one from being the beginning of another.
            place=Place(unit=f"{row['unit']}\n" if row.get("unit") else ""),
        )
        for row in rows
    ]


def suggestions(rows: list[dict], thesaurus) -> list[dict]:
    from issues.matching.index import Index

    readings = readings_of(rows, thesaurus)
    index = Index(readings)
    pairs = {}
    for place, reading in enumerate(readings):
        for other, likeness in index.like(reading, KEPT + 1):
            if other != place:
                pairs[min(place, other), max(place, other)] = likeness
    return [
        {"a": rows[a]["id"], "b": rows[b]["id"], "score": round(likeness.score, 6), "proposed": likeness.is_proposed}
        for (a, b), likeness in sorted(pairs.items(), key=lambda pair: -pair[1].score)
    ]
