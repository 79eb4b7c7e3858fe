"""How well opinions that say the same thing are found: suggestions for a file of opinions.

Reads id, text, unit, category of each line and nothing else; needs no database.
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


def run(*, opinions: Path | None, out: Path | None) -> None:
    if opinions is None:
        sys.exit("✗ --opinions FILE is missing.")
    write_suggestions(opinions, out)


def opinions_of(path: Path) -> list[dict]:
    with path.open(encoding="utf-8-sig") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def write_suggestions(path: Path, out: Path | None) -> None:
    from issues.matching.thesaurus import shipped

    rows = opinions_of(path)
    begin = time.perf_counter()
    found = suggestions(rows, shipped())
    spent = time.perf_counter() - begin
    if out:
        with out.open("w", encoding="utf-8") as lines:
            lines.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in found)
    proposed = sum(row["proposed"] for row in found)
    print(f"{len(rows)} opinions, {spent:.2f} s: {len(found)} pairs with a score, {proposed} proposed")


def suggestions(rows: list[dict], thesaurus) -> list[dict]:
    from issues.matching.index import Index
    from issues.matching.reading import Place, read

    readings = [
        read(
            str(row.get("text") or ""),
            thesaurus,
            category=str(row.get("category") or ""),
            # A name stands for the unit's path; the sign at the end keeps one from being the beginning of another.
            place=Place(unit=f"{row['unit']}\n" if row.get("unit") else ""),
        )
        for row in rows
    ]
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
