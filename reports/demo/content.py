"""Reads the demo's matters: what was said and what became of it, in invented sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

MATTERS = Path(__file__).with_name("shougang_matters.txt")


@dataclass
class Matter:
    """One issue of the demo. `source` is where its opinions come from: contact, canteen or health."""

    title: str
    category: str
    unit: str
    department: str
    scope: str
    grade: str
    outcome: str
    source: str
    wording: str = ""
    answer: str = ""
    #: Evidence of a solution, or the rule that an explanation relies on.
    ground: str = ""
    left_to_do: str = ""
    opinions: list[str] = field(default_factory=list)


def read_matters(path: Path = MATTERS) -> list[Matter]:
    """One block per issue, blocks parted by a blank line:

    first line `title | category | unit or - | department | scope | grade | outcome | source`,
    then `> wording`, `= answer`, `* ground`, `+ left to do`, and one `- opinion` per voice.
    """
    return list(_blocks(path.read_text(encoding="utf-8").splitlines()))


def _blocks(lines: list[str]) -> Iterator[Matter]:
    matter = None
    for line in lines:
        if not line or line.startswith("#"):
            continue
        mark, text = line[0], line[1:].strip()
        match mark:
            case ">":
                matter.wording = text
            case "=":
                matter.answer = text
            case "*":
                matter.ground = text
            case "+":
                matter.left_to_do = text
            case "-":
                matter.opinions.append(text)
            case _:
                if matter:
                    yield matter
                matter = Matter(*(cell.strip() for cell in line.split("|")))
    if matter:
        yield matter
