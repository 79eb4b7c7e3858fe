"""The check of dispatch wordings, measured on opinions of which is known what would tell who spoke.

OPINIONS holds one JSON object per line (id, text, unit, category, cluster, also, reveals), CLUSTERS a list of (id,
title, wording, unit, category). Each phrase of `reveals` is put into the neutral wording of its cluster, once with the
opinion attached and once without any; then the neutral wordings themselves are checked, with all their opinions
attached. The roster is left out: no name is looked for. Nothing of a database is touched.
"""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path

#: For a phrase of an opinion that belongs to no cluster.
PLAIN = {"title": "有关情况", "wording": "职工反映有关情况，请研究改进。", "unit": "", "category": ""}


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--opinions", type=Path, required=True)
    parser.add_argument("--clusters", type=Path, required=True)


def run(*, opinions: Path, clusters: Path) -> None:
    said = [json.loads(line) for line in opinions.read_text(encoding="utf-8").splitlines() if line.strip()]
    matters = {matter["id"]: matter for matter in json.loads(clusters.read_text(encoding="utf-8"))}
    for label, attached in (("opinion attached", True), ("no opinion attached", False)):
        for where in ("end", "middle"):
            report(label, where, list(phrases(said, matters, attached=attached, where=where)))
    marked = [(matter, list(neutral_hits(matter, said))) for matter in matters.values()]
    total = sum(len(hits) for _matter, hits in marked)
    print(f"neutral wordings: {total} hits in {len(marked)}, {total / len(marked):.2f} each")
    for matter, hits in marked:
        for kind, text in hits:
            print(f"  {matter['id']} {kind}: {text}")


def report(label: str, where: str, found: list[tuple[str, str, bool]]) -> None:
    hits = sum(is_found for _id, _phrase, is_found in found)
    print(f"{label}, phrase at the {where}: {hits} of {len(found)} found ({hits / len(found):.1%})")
    for name, phrase, is_found in found:
        if not is_found:
            print(f"  missed {name}: {phrase}")


def phrases(said: list[dict], matters: dict, *, attached: bool, where: str) -> Iterator[tuple[str, str, bool]]:
    for opinion in said:
        matter = matters.get(opinion["cluster"], PLAIN)
        for phrase in opinion["reveals"]:
            before, after = halves(matter["wording"], where)
            voices = {0: [opinion["text"]]} if attached else {}
            start, end = len(before), len(before) + len(phrase)
            found = hits(matter, before + phrase + after, voices, ordinary(said, matter, {opinion["id"]}))
            yield opinion["id"], phrase, any(first < end and start < last for _kind, first, last in found)


def halves(wording: str, where: str) -> tuple[str, str]:
    """What stands before the phrase and after it."""
    if where == "end":
        return wording, "。"
    place = wording.find("，")
    return (f"{wording[:place]}，", wording[place:]) if place >= 0 else ("", f"，{wording}")


def neutral_hits(matter: dict, said: list[dict]) -> Iterator[tuple[str, str]]:
    """Places that overlap count once, as on the page."""
    members = [opinion for opinion in said if matter["id"] in (opinion["cluster"], *opinion["also"])]
    voices = {number: [opinion["text"]] for number, opinion in enumerate(members)}
    others = ordinary(said, matter, {opinion["id"] for opinion in members})
    for part, terms in (("title", "wording"), ("wording", "title")):
        reached = 0
        for kind, start, end in sorted(hits(matter, matter[part], voices, others, terms=matter[terms]), key=by_place):
            if start >= reached:
                yield f"{part} {kind}", matter[part][start:end]
            reached = max(reached, end)


def by_place(hit: tuple[str, int, int]) -> tuple[int, int]:
    return hit[1:]


def ordinary(said: list[dict], matter: dict, without: set[str]) -> list[str]:
    """As the product takes them: what others said under the category."""
    return [one["text"] for one in said if one["category"] == matter["category"] and one["id"] not in without]


def hits(
    matter: dict, text: str, voices: dict[int, list[str]], others: list[str], *, terms: str | None = None
) -> Iterator[tuple[str, int, int]]:
    from issues.discretion.circumstances import circumstances
    from issues.discretion.quotes import quotes

    names = [name for name in (matter["unit"], matter["category"]) if name]
    for kind, start, end in circumstances(text, names=names):
        yield kind.value, start, end
    named = matter["title"] if terms is None else terms
    for start, end, _voice in quotes(text, voices, ordinary=[*others, *names], terms=named):
        yield "quote", start, end
