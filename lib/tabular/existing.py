"""Compares a judged list with the people who are already there: new, changed, unchanged, and who is missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lib.tabular.cells import ACCEPTED, ERROR, NEEDS_CHOICE, SKIPPED
from lib.tabular.outcome import CHANGED, NEW, READ, SECOND_CONFIRMATION, UNCHANGED, Outcome, Row

# Above this share of people missing from the file, a second confirmation is asked for.
LEAVERS_SHARE = 0.10
NAMESAKES = {"same_name_other_unit", "same_name_same_unit"}


@dataclass(slots=True)
class Person:
    """Somebody who is there; ``values`` as the rows of a list have them, in the order of ``Existing.fields``."""

    id: int
    employee_no: str | None
    name_key: str
    # The base unit, and the workshop in it.
    unit_id: int | None
    workshop_id: int | None
    values: tuple[Any, ...]
    is_active: bool = True


@dataclass
class Existing:
    """Everybody in the scope of an import, found by number, by name and telephone, or by name and unit."""

    people: list[Person]
    fields: tuple[str, ...]
    # How a telephone is compared: the database knows only its index.
    phone_key: Callable[[str], str] = str
    # By unit, where employee numbers are unique: its enterprise.
    register: Callable[[int | None], int | None] = lambda unit: None
    # Register and number of people outside the scope: no more than this is known of them.
    taken: frozenset[tuple[int | None, str]] = frozenset()

    # Worked out only when asked for: in most files everybody is found by his number.
    @cached_property
    def by_id(self) -> dict[int, Person]:
        return {person.id: person for person in self.people}

    @cached_property
    def by_number(self) -> dict[tuple[int | None, str], Person]:
        return {(self.register(p.unit_id), p.employee_no): p for p in self.people if p.employee_no}

    @cached_property
    def by_name(self) -> dict[str, list[Person]]:
        found: dict[str, list[Person]] = defaultdict(list)
        for person in self.people:
            found[person.name_key].append(person)
        return found

    @cached_property
    def by_phone(self) -> dict[str, list[Person]]:
        found: dict[str, list[Person]] = defaultdict(list)
        at = self.fields.index("phone")
        for person in self.people:
            if phone := person.values[at]:
                found[phone].append(person)
        return found


def compare_with(outcome: Outcome, existing: Existing, same: dict[str, int] | None = None) -> None:
    """Fills in what each row would do. ``same`` holds the user's own matches, row key to person."""
    matched: set[int] = set()
    for row in outcome.rows:
        if row.status in (SKIPPED, ERROR) or row.table:
            continue
        if (existing.register(row.unit_id), row.values.get("employee_no")) in existing.taken:
            row.worsen(ERROR, "employee_no_elsewhere")
            continue
        if not existing.people:
            row.effect = NEW
            continue
        chosen = (same or {}).get(row.key)
        person = (existing.by_id.get(chosen) if chosen else None) or _find(row, existing)
        if not person:
            row.effect = NEW
            continue
        if person.id in matched and row.status == ACCEPTED:
            row.worsen(NEEDS_CHOICE, "duplicate_in_file")
        matched.add(person.id)
        row.match_id = person.id
        if row.status == ACCEPTED:
            row.why = [word for word in row.why if word not in NAMESAKES]
        # Who stands in a roster is at work, unless it says otherwise.
        stays = person.is_active == (row.values.get("active") is not False)
        row.changed = changes(row, person, existing) + ([] if stays else ["is_active"])
        row.effect = CHANGED if row.changed else UNCHANGED
    _propose_leavers(outcome, existing, matched)


def changes(row: Row, person: Person, existing: Existing) -> list[str]:
    """The fields that the row says otherwise; an empty cell says nothing."""
    found = []
    moved = row.unit_id is not None and row.unit_id != person.unit_id
    if moved:
        found.append("unit")
    if moved or (row.workshop_id is not None and row.workshop_id != person.workshop_id):
        found.append("workshop")
    for name, known in zip(existing.fields, person.values, strict=True):
        value = row.values.get(name)
        if value and name in ("phone", "phone_2"):
            value = existing.phone_key(value)
        if value is not None and value != known:
            found.append(name)
    return found


def _find(row: Row, existing: Existing) -> Person | None:
    """The person by number, or by name with telephone; never by the name alone."""
    values = row.values
    number, key, phone = values.get("employee_no"), values.get("name_key", ""), values.get("phone")
    if number and (person := existing.by_number.get((existing.register(row.unit_id), number))):
        if person.name_key != key:
            row.worsen(NEEDS_CHOICE, "employee_no_other_name")
        return person
    if phone:
        sharing = [p for p in existing.by_phone.get(existing.phone_key(phone), ()) if not (number and p.employee_no)]
        named = [p for p in sharing if p.name_key == key]
        if len(named) == 1:
            return named[0]
        if sharing and len(phone) == 11:
            row.worsen(NEEDS_CHOICE, "same_phone_two_people")
            row.offer("same", (str(person.id) for person in sharing))
            return None
    namesakes = [p for p in existing.by_name.get(key, ()) if not (number and p.employee_no)]
    here = [p for p in namesakes if p.unit_id == row.unit_id]
    if len(here) == 1 and not changes(row, here[0], existing):
        return here[0]  # the row adds nothing to somebody who is there
    if here:
        row.worsen(NEEDS_CHOICE, "same_name_same_unit")
        row.offer("same", (str(person.id) for person in here))
    elif namesakes and row.status == ACCEPTED:
        row.worsen(ACCEPTED, "same_name_other_unit")
    return None


def _propose_leavers(outcome: Outcome, existing: Existing, matched: set[int]) -> None:
    """Those of the file's units who are not in it; only a file that mostly repeats people is a whole roster."""
    rows = [row for row in outcome.rows if row.status in (ACCEPTED, NEEDS_CHOICE)]
    outcome.present = len(matched)
    if not matched or len(matched) * 2 < len(rows):
        return
    # Units that people have left are no part of the file, unless others are still in them.
    units = {row.unit_id for row in rows}
    everywhere = {person.unit_id for person in existing.people if person.is_active}
    # A list over most of the units is the list of all of them, also of one that is missing as a whole.
    if len(units & everywhere) * 2 > len(everywhere):
        units = everywhere
    scope = [person for person in existing.people if person.unit_id in units and person.is_active]
    outcome.missing = [person.id for person in scope if person.id not in matched]
    if len(outcome.missing) > LEAVERS_SHARE * len(scope) and outcome.outcome == READ:
        outcome.outcome = SECOND_CONFIRMATION
