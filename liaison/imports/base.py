"""What the imports of cadres, groups and contracts share: the scope, its units and groups, and what is refused."""

from __future__ import annotations

import datetime as dt

from django.db import models

from lib.tabular.cells import ERROR, NEEDS_CHOICE, SKIPPED
from lib.tabular.importer import Importer
from lib.tabular.outcome import Row
from lib.tabular.roster import Choices, Judge
from organization.enums import UnitKind
from organization.imports.rosters import day, lock_trees, refuse_outside, unit_index, units_in, units_known

from ..models import LiaisonGroup


class LiaisonImporter(Importer):
    def admit(self, rows: models.QuerySet) -> None:
        """Where cadres, groups and contracts already are may stand in a file: the company itself, or what is closed."""
        ids = rows.filter(unit__in=units_in(self.scope)).order_by().values_list("unit_id", flat=True).distinct()
        self.units.admit(ids)

    def exported(self, rows: models.QuerySet) -> models.QuerySet:
        self.units = unit_index(self.scope)
        return rows

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

    def refuse_days(self, row: Row, starts: dt.date | None = None) -> None:
        """An end before the day that the line or, later, what is there begins with."""
        ends = day(row.values.get("to"))
        if ends and any(first and ends < first for first in (starts, day(row.values.get("from")))):
            row.worsen(ERROR, "ends_before_start")
