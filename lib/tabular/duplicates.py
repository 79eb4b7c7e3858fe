"""Finds the same person twice in a file, namesakes, and numbers that two people share; it tells and never guesses."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from lib.tabular.cells import ACCEPTED, ERROR, NEEDS_CHOICE
from lib.tabular.outcome import CHANGED, NEW, Row

_mobile = re.compile(r"1[3-9]\d{9}")


def compare_within(rows: list[Row]) -> None:
    """Adds words to the rows that concern the same or perhaps the same person."""
    people = [row for row in rows if row.status != ERROR]
    for group in _shared(people, lambda r: r.values.get("employee_no")):
        _same_number(group)
    for group in _shared(people, _phone):
        _same_phone(group)
    for group in _shared(people, lambda r: r.values.get("name_key")):
        _same_name(group)


def _shared(rows: Iterable[Row], key: Callable[[Row], Any]) -> list[list[Row]]:
    first: dict[Any, Row] = {}
    groups: dict[Any, list[Row]] = defaultdict(list)
    for row in rows:
        value = key(row)
        if not value:
            continue
        if value in first:
            group = groups[value]
            if not group:
                group.append(first[value])
            group.append(row)
        else:
            first[value] = row
    return list(groups.values())


def _phone(row: Row) -> str | None:
    """Land lines and extensions are shared by an office; a mobile number belongs to one person."""
    phone = row.values.get("phone")
    return phone if phone and _mobile.fullmatch(phone) else None


def _same_number(group: list[Row]) -> None:
    names = {row.values.get("name_key") for row in group}
    if len(names) > 1:
        for row in group:
            row.worsen(NEEDS_CHOICE, "employee_no_twice")
    else:
        _same_person(group)


def _same_phone(group: list[Row]) -> None:
    by_name: dict[str, list[Row]] = defaultdict(list)
    for row in group:
        by_name[row.values["name_key"]].append(row)
    for same in by_name.values():
        numbers = {row.values.get("employee_no") for row in same} - {None}
        if len(same) > 1 and len(numbers) < 2:
            _same_person(same)
        elif len(numbers) > 1:
            for row in same:
                row.worsen(NEEDS_CHOICE, "same_phone_two_people")
    if len(by_name) > 1:
        for row in group:
            row.worsen(NEEDS_CHOICE, "same_phone_two_people")


def _same_person(group: list[Row]) -> None:
    """One person on several lines: the first stands if all say the same unit, else the user says which is today's."""
    contradicting = len({row.unit_id for row in group if row.unit_id}) > 1
    for row in group[0 if contradicting else 1 :]:
        row.worsen(NEEDS_CHOICE, "duplicate_in_file")
        row.values["name"] = group[0].values["name"]
    for row in group:
        row.twin = group[0].row


def _same_name(group: list[Row]) -> None:
    """People of one name who are not already known to be one person."""
    others = [row for row in group if "duplicate_in_file" not in row.why]
    by_unit: dict[int | None, list[Row]] = defaultdict(list)
    for row in others:
        by_unit[row.unit_id].append(row)
    for unit_id, same in by_unit.items():
        if len(same) > 1 and unit_id is not None:
            numbers = [row.values.get("employee_no") for row in same]
            told_apart = all(numbers) and len(set(numbers)) == len(numbers)
            for row in same:
                row.worsen(ACCEPTED if told_apart else NEEDS_CHOICE, "same_name_same_unit")
    if len([unit for unit in by_unit if unit is not None]) > 1:
        for row in others:
            if "same_name_same_unit" not in row.why and row.unit_id is not None:
                row.worsen(ACCEPTED, "same_name_other_unit")


def keep_apart(rows: list[Row]) -> None:
    """After the user's choices: of several lines about one person, and of one employee number, one is taken."""
    people: set[int] = set()
    matched: set[int] = set()
    numbers: set[str] = set()
    for row in rows:
        if row.status != ACCEPTED:
            continue
        number = row.values.get("employee_no")
        changes = row.match_id if row.effect in (NEW, CHANGED) else None
        again = (row.twin is not None and row.twin in people) or changes in matched
        if again or (number and number in numbers):
            row.worsen(NEEDS_CHOICE, "duplicate_in_file" if again else "employee_no_twice")
            continue
        if row.twin is not None:
            people.add(row.twin)
        if changes is not None:
            matched.add(changes)
        if number:
            numbers.add(number)
