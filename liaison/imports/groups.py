"""Groups with the days on which they were founded and dissolved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from lib.tabular.cells import NEEDS_CHOICE
from lib.tabular.columns import Column
from lib.tabular.outcome import CHANGED, NEW, UNCHANGED, Outcome
from lib.tabular.roster import Choices, Judge
from lib.tabular.sheets import Table
from organization.imports.rosters import day, remember_spellings, settled, units_in

from ..models import LiaisonGroup
from .base import LiaisonImporter
from .columns import group_columns


class GroupImporter(LiaisonImporter):
    kind = "groups"
    title = _("联系工作小组")
    key = "group"

    def columns(self) -> list[Column]:
        return group_columns()

    def cells(self, row: LiaisonGroup) -> dict[str, Any]:
        return {
            "group": row.name,
            "unit": self.unit_cell(row.unit_id),
            "from": row.opened_on,
            "to": row.closed_on,
        }

    def judge_rows(self, tables: Sequence[Table], choices: Choices) -> Outcome:
        self.load(choices)
        self._any_unit()
        self.admit(LiaisonGroup.objects)
        judge = Judge(tables[0], group_columns(), self.units, choices, key="group")
        rows = self.judged(judge, choices)
        groups = LiaisonGroup.objects.filter(unit__in=units_in(self.scope))
        self.known = {(group.name, group.unit_id): group for group in groups}
        seen: set[tuple[str | None, int | None]] = set()
        for row in rows:
            place = (row.values.get("group"), row.unit_id)
            if place in seen:
                row.worsen(NEEDS_CHOICE, "group_twice")
            if row.unit_id is not None:
                seen.add(place)
            group = self.known.get(place)
            row.effect = UNCHANGED if group else NEW
            closes = day(row.values.get("to"))
            if group and closes and closes != group.closed_on:
                row.match_id, row.effect, row.changed = group.pk, CHANGED, ["to"]
            if row.effect != UNCHANGED:
                self.refuse_days(row, group.opened_on if group else None)
        self.units.settle_admitted(rows)
        outcome = settled(judge, with_effects=True)
        self._withdraw_twice(judge, outcome)
        return outcome

    def _withdraw_twice(self, judge: Judge, outcome: Outcome) -> None:
        """Of several lines about one group one is taken."""
        taken: set[tuple[str, int | None]] = set()
        for row in outcome.accepted():
            place = (row.values["group"], row.unit_id)
            if place in taken:
                judge.withdraw(row, "group_twice")
            taken.add(place)

    def _any_unit(self) -> None:
        """A group may belong to the company itself: there is no unit too high for it."""
        index = self.units
        for unit in index.tops:
            if not unit.closed:
                index.names.add(unit.name, unit)
                index.shorts.add(unit.short_name, unit)

    def write(self, outcome: Outcome, choices: Choices) -> None:
        remember_spellings(choices, self.scope, self.by)
        for row in outcome.accepted():
            if row.effect == NEW:
                LiaisonGroup.objects.create(
                    unit_id=row.unit_id,
                    name=row.values["group"],
                    opened_on=day(row.values.get("from")),
                    closed_on=day(row.values.get("to")),
                )
            elif row.changed:
                group = LiaisonGroup.objects.get(pk=row.match_id)
                group.closed_on = day(row.values["to"])
                group.save(update_fields=["closed_on"])
