"""What the imports of cadres, groups and contracts share: their scope, its units and groups, and the contracts."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from copy import copy
from typing import Any

from django.db import models

from lib.tabular.cells import ACCEPTED, ERROR, NEEDS_CHOICE, SKIPPED
from lib.tabular.importer import Importer
from lib.tabular.outcome import CHANGED, NEW, UNCHANGED, Outcome, Row
from lib.tabular.roster import Choices, Judge
from organization.enums import UnitKind
from organization.imports.rosters import (
    day,
    lock_trees,
    refuse_outside,
    unit_index,
    units_in,
    units_known,
)

from ..models import Contract, LiaisonGroup


class LiaisonImporter(Importer):
    """What the three kinds share: the scope, its units, its groups and cadres."""

    def admit(self, rows: models.QuerySet) -> None:
        """Where cadres, groups and contracts already are may stand in a file: the company itself, or what is closed."""
        ids = rows.filter(unit__in=units_in(self.scope)).order_by().values_list("unit_id", flat=True).distinct()
        self.units.admit(ids)

    def unit_cell(self, unit_id: int) -> str:
        unit = self.units.by_id.get(unit_id)
        return self.units.path(unit) if unit else ""

    def lock(self) -> None:
        lock_trees(self.scope)

    def load(self, choices: Choices) -> None:
        self.units = unit_index(self.scope, choices.units)
        inside = units_in(self.scope)
        self.inside = set(inside.values_list("pk", flat=True))
        self.enterprises = set(inside.of_kind(UnitKind.ENTERPRISE).values_list("pk", flat=True))
        # By name and unit: 第一联系小组 is there in every enterprise.
        self.groups: dict[tuple[str, int], LiaisonGroup] = {}
        self.closed_groups: set[tuple[str, int]] = set()
        for group in LiaisonGroup.objects.filter(unit__in=units_known(self.scope)):
            if group.closed_on is None:
                self.groups[group.name, group.unit_id] = group
            else:
                self.closed_groups.add((group.name, group.unit_id))

    def home(self, unit_id: int | None) -> int | None:
        """The unit that a new group belongs to: the enterprise, else the scope, or the top of the tree."""
        found = None
        while unit_id in self.inside:
            found = unit_id
            if unit_id in self.enterprises:
                break
            unit_id = self.units.by_id[unit_id].parent_id
        return found

    def group_near(self, name: str | None, unit_id: int | None) -> LiaisonGroup | None:
        """The open group of that name at the unit, else at the nearest unit above it."""
        while name and unit_id in self.units.by_id:
            if group := self.groups.get((name, unit_id)):
                return group
            unit_id = self.units.by_id[unit_id].parent_id
        return None

    def refuse_group(self, row: Row, group: LiaisonGroup | None) -> None:
        """A group above the scope is not this importer's to change, and one that was closed does not come back."""
        name = row.values.get("group")
        if group is not None and group.unit_id not in self.inside:
            row.worsen(ERROR, "group_elsewhere")
        elif group is None and name and (name, self.home(row.unit_id)) in self.closed_groups:
            row.worsen(ERROR, "group_closed")

    def new_group(self, row: Row) -> LiaisonGroup:
        group = LiaisonGroup.objects.create(
            unit_id=self.home(row.unit_id), name=row.values["group"], opened_on=day(row.values.get("from"))
        )
        self.groups[group.name, group.unit_id] = group
        return group

    def contracted(self, row: Row) -> LiaisonGroup | None:
        """The group that a line of contracts is about: near the unit, else the one of that name that has the unit."""
        name = row.values.get("group")
        return self.group_near(name, row.unit_id) or self.holders.get((name, row.unit_id))

    def judged(self, judge: Judge, choices: Choices) -> list[Row]:
        """The rows that may be written in the end, to be compared: also those that wait for the clerk's choice."""
        rows = [row for row in judge.judge().rows if row.status != SKIPPED]
        refuse_outside(rows, self.scope)
        rows = [row for row in rows if row.status != ERROR and row.key not in choices.leave]
        for row in rows:
            # What is filled in is compared like what stood in the file.
            if row.status == NEEDS_CHOICE and row.key in choices.fill:
                judge.fill_in(row)
        return rows

    def settled(self, judge: Judge, *, with_effects: bool) -> Outcome:
        outcome = judge.settle(with_effects=with_effects)
        for row in outcome.accepted():
            # In a file without that column nobody has asked for the unit of a row that is taken.
            if row.unit_id is None:
                judge.withdraw(row, "unit_missing")
        return outcome

    def refuse_days(self, row: Row, starts: dt.date | None = None) -> None:
        """An end before the day that the line or, later, what is there begins with."""
        ends = day(row.values.get("to"))
        if ends and any(first and ends < first for first in (starts, day(row.values.get("from")))):
            row.worsen(ERROR, "ends_before_start")

    def judge_contracts(self, judge: Judge, choices: Choices, *, with_effects: bool) -> Outcome:
        rows = self.judged(judge, choices)
        self._compare_contracts(rows, choices)
        self.units.settle_admitted(rows)
        outcome = self.settled(judge, with_effects=with_effects)
        self._withdraw_overlapping(judge, outcome)
        return outcome

    def _compare_contracts(self, rows: list[Row], choices: Choices) -> None:
        known: dict[tuple[int, int | None], Contract] = {}
        # By name, as in the file: a line that says just what is there changes nothing, whichever namesake has it.
        terms: set[tuple[Any, ...]] = set()
        self.holders: dict[tuple[str | None, int | None], LiaisonGroup] = {}
        # The contract of each row as it is written.
        self.planned: dict[str, Contract] = {}
        stored = Contract.objects.filter(unit__in=units_in(self.scope)).select_related("group")
        for contract in stored.order_by("starts_on", "pk"):
            name, place = contract.group.name, (contract.group_id, contract.unit_id)
            # Of several the open one, which has no end; else the last.
            if place not in known or known[place].ends_on is not None:
                known[place] = contract
            if contract.group.closed_on is None:
                self.holders[name, contract.unit_id] = contract.group
            terms.add((name, contract.unit_id, contract.starts_on, contract.ends_on))
        seen: set[tuple[str | None, int | None]] = set()
        for row in rows:
            place = (row.values.get("group"), row.unit_id)
            if (*place, day(row.values.get("from")), day(row.values.get("to"))) in terms:
                row.effect = UNCHANGED
                continue
            if not row.values.get("group"):
                row.worsen(ERROR, "group_missing")
            elif place in seen:
                row.worsen(NEEDS_CHOICE, "contract_twice")
            if row.unit_id is not None:
                seen.add(place)
            group = self.contracted(row)
            contract = self._compare_contract(row, group, known.get((group.pk, row.unit_id)) if group else None)
            if row.effect == UNCHANGED:
                continue
            self.planned[row.key] = contract
            self.refuse_group(row, group)
            self.refuse_days(row, contract.starts_on)
            if row.status != ERROR and group and contract.overlapping().exists():
                row.worsen(ERROR, "contract_overlaps")
            if row.effect == CHANGED and (row.status == ACCEPTED or row.key in choices.take | choices.fill):
                known[contract.group_id, row.unit_id] = contract

    def _compare_contract(self, row: Row, group: LiaisonGroup | None, known: Contract | None) -> Contract:
        """The row's effect on the contract that is there; returns it as it would be after the import."""
        starts, ends = day(row.values.get("from")), day(row.values.get("to"))
        row.effect = NEW
        if known:
            earlier = starts is not None and ends is not None and ends <= known.starts_on
            later = known.ends_on is not None and known.ends_on <= (starts or self.today)
            if ends == known.ends_on or not (ends or earlier or later):
                row.effect = UNCHANGED
            elif not (earlier or later):
                row.effect, row.match_id, row.changed = CHANGED, known.pk, ["to"]
                known = copy(known)
                known.ends_on = ends
                return known
        return Contract(group=group, unit_id=row.unit_id, starts_on=starts or self.today, ends_on=ends)

    def _withdraw_overlapping(self, judge: Judge, outcome: Outcome) -> None:
        """Of several lines about one group and unit, a later one that is taken must leave the earlier their days."""
        taken: dict[tuple[str, int | None], list[Contract]] = defaultdict(list)
        for row in outcome.accepted():
            if row.effect not in (NEW, CHANGED):
                continue
            contract, others = self.planned[row.key], taken[row.values["group"], row.unit_id]
            if any(_share_a_day(contract, other) for other in others):
                judge.withdraw(row, "contract_overlaps_in_file")
            else:
                others.append(contract)

    def write_contracts(self, rows: list[Row]) -> None:
        for row in rows:
            if row.status != ACCEPTED or row.effect not in (NEW, CHANGED):
                continue
            contract = self.planned[row.key]
            if row.effect == CHANGED:
                contract.save(update_fields=["ends_on"])
            else:
                contract.group = self.contracted(row) or self.new_group(row)
                contract.save()


def _share_a_day(one: Contract, other: Contract) -> bool:
    first = max(one.starts_on, other.starts_on)
    return first < min(one.ends_on or dt.date.max, other.ends_on or dt.date.max)
