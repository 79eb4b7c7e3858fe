"""What came of a table: of the file as a whole, and of each row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from lib.tabular.cells import ACCEPTED, ERROR, NEEDS_CHOICE, SKIPPED

READ, NEEDS_MAPPING, SECOND_CONFIRMATION, REFUSED = "read", "needs_mapping", "needs_second_confirmation", "refused"
UNCHANGED, CHANGED, NEW = "unchanged", "changed", "new"


ORDER = (ACCEPTED, NEEDS_CHOICE, ERROR)
#: What most rows have of most things; one for all of them, as each of its own takes room a hundred thousand times.
NOTHING: Mapping[str, Any] = MappingProxyType({})


def _nothing() -> Mapping[str, Any]:
    return NOTHING


@dataclass(slots=True)
class Row:
    """One line of the file as it was judged; ``row`` is the number that a person sees."""

    row: int
    status: str
    why: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    suggest: tuple[str, ...] = ()
    # What may be filled in after a choice: by field, and the units that the row may belong to.
    offers: Mapping[str, tuple[str, ...]] = field(default_factory=_nothing)
    places: tuple[int, ...] = ()
    # The cells as they stood, for what is shown and given back; never an identity number.
    raw: Mapping[str, Any] = field(default_factory=_nothing)
    # What the row does to what is there: new, changed (and which fields), unchanged.
    effect: str = ""
    changed: Sequence[str] = ()
    # Ids of the units, and of the person that the row is about.
    unit_id: int | None = None
    workshop_id: int | None = None
    match_id: int | None = None
    # Which table of the file, for a file with several; and the first row about the same person.
    table: int = 0
    twin: int | None = None

    @property
    def key(self) -> str:
        """Names the row in a form."""
        return f"{self.table}-{self.row}"

    def offer(self, name: str, values: Iterable[str]) -> None:
        self.offers = {**self.offers, name: tuple(values)}

    def worsen(self, status: str, *why: str) -> None:
        if ORDER.index(status) > ORDER.index(self.status):
            self.status = status
        self.why += [word for word in why if word not in self.why]


@dataclass
class Question:
    """A unit spelling, asked once for all the rows that have it."""

    text: str
    why: str
    suggest: tuple[str, ...]
    options: tuple[int, ...]
    rows: int = 1


@dataclass
class Outcome:
    """The answer about one file."""

    outcome: str = READ
    why: str = ""
    rows: list[Row] = field(default_factory=list)
    sheet: str = ""
    sheets: list[str] = field(default_factory=list)
    title_rows: list[int] = field(default_factory=list)
    header_rows: list[int] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)
    unmapped: list[str] = field(default_factory=list)
    refused_columns: list[dict[str, str]] = field(default_factory=list)
    asked_columns: list[dict[str, str]] = field(default_factory=list)
    hidden_sheets: list[dict[str, str]] = field(default_factory=list)
    encoding: str | None = None
    delimiter: str | None = None
    questions: dict[str, Question] = field(default_factory=dict)
    # Ids of those who are there and not in the file.
    missing: list[int] = field(default_factory=list)
    present: int = 0

    def totals(self) -> dict[str, int]:
        counts = Counter(row.status for row in self.rows)
        return {status: counts[status] for status in (ACCEPTED, NEEDS_CHOICE, ERROR, SKIPPED)}

    def effects(self) -> dict[str, int]:
        """Of the accepted rows: how many are new, changed or as they were."""
        counts = Counter(row.effect for row in self.rows if row.status == ACCEPTED)
        return {effect: counts[effect] for effect in (NEW, CHANGED, UNCHANGED)}

    def accepted(self) -> list[Row]:
        return [row for row in self.rows if row.status == ACCEPTED]

    def returned(self) -> list[Row]:
        """The rows that go back to the office with a reason."""
        return [row for row in self.rows if row.status in (NEEDS_CHOICE, ERROR)]

    @property
    def distinct_unit_questions(self) -> int:
        """Spellings of units only; workshops are asked about within their unit."""
        return sum(question.why.startswith("unit_") for question in self.questions.values())
