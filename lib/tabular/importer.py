"""What every kind of import does: take the tables from a file, judge them, and write all that was accepted at once.

Between preview and confirmation nothing is remembered but the tables and the user's choices: at confirmation
everything is judged again, under a lock, against what the database then holds. So a second import of the
same file finds nothing to do, and two imports at once cannot both add the same person.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction

from lib.periods import today
from lib.tabular.columns import Column
from lib.tabular.outcome import NEEDS_MAPPING, Outcome
from lib.tabular.reading import Book
from lib.tabular.roster import Choices
from lib.tabular.sheets import Table, take_table

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.utils.functional import Promise


@contextmanager
def no_collector() -> Iterator[None]:
    """Hundreds of thousands of rows that all stay: looking through them for garbage again and again takes seconds."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class Importer:
    """Base of the importers of the apps. ``scope`` is the unit whose subtree may be touched; None is all."""

    kind = ""
    title: str | Promise = ""
    key = "name"
    #: Whether its rows are about people: then every export is written into a register.
    personal = False

    def __init__(self, *, scope: Any = None, by: Any = None, day: date | None = None) -> None:
        self.scope, self.by, self.today = scope, by, day or today()

    def columns(self) -> list[Column]:
        raise NotImplementedError

    # -- export
    def exported(self, rows: QuerySet) -> QuerySet:
        """Rows of the table as ``cells`` reads them; loads besides what all of them need."""
        raise NotImplementedError

    def cells(self, row: Any) -> dict[str, Any]:
        """What stands in each column for a row of the table, in the words that the import reads."""
        raise NotImplementedError

    def take(self, book: Book, *, sheet: str | None = None, mapping: dict[int, str] | None = None) -> list[Table]:
        with no_collector():
            return [take_table(book, self.columns(), self.key, sheet=sheet, mapping=mapping)]

    def judge(self, tables: Sequence[Table], choices: Choices | None = None) -> Outcome:
        """What would happen; reads the database and changes nothing."""
        if tables[0].about.outcome == NEEDS_MAPPING:
            return tables[0].about
        with no_collector():
            return self.judge_rows(tables, choices or Choices())

    def judge_rows(self, tables: Sequence[Table], choices: Choices) -> Outcome:
        raise NotImplementedError

    def lock(self) -> None:
        """Lets one import of the scope be written at a time."""
        raise NotImplementedError

    def write(self, outcome: Outcome, choices: Choices) -> None:
        raise NotImplementedError

    # -- what the preview page asks
    def unit_label(self, pk: int) -> str:
        """A unit as it is offered in a choice."""
        units = getattr(self, "units", None)
        return units.path(units.by_id[pk]) if units and pk in units.by_id else ""

    def unit_choices(self, question: str) -> list[tuple[int, str]]:
        """All units that a spelling may mean; of a workshop only those in its unit."""
        units = getattr(self, "units", None)
        if units is None:
            return []
        base = next((u for u in units.bases if question.startswith(f"{u.name} / ")), None)
        found = units.children.get(base.id, ()) if base else units.bases
        return [(unit.id, units.path(unit)) for unit in found if not unit.closed]

    def person_label(self, pk: int) -> str:
        """Somebody who is there, as the user is asked about him."""
        return ""

    def facts(self, outcome: Outcome) -> dict[str, Any]:
        """What the kind tells of the whole file, beyond its rows."""
        return {}

    def confirm(self, tables: Sequence[Table], choices: Choices | None = None) -> Outcome:
        """Judges again and writes every accepted row, or nothing."""
        choices = choices or Choices()
        with no_collector(), transaction.atomic():
            self.lock()
            outcome = self.judge(tables, choices)
            if outcome.outcome != NEEDS_MAPPING:
                self.write(outcome, choices)
        return outcome
