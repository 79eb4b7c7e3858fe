"""Which group answers for which unit."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from copy import copy
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from lib.tabular.cells import ACCEPTED, ERROR, NEEDS_CHOICE
from lib.tabular.columns import Column
from lib.tabular.outcome import CHANGED, NEW, UNCHANGED, Outcome, Row
from lib.tabular.roster import Choices, Judge
from lib.tabular.sheets import Table
from organization.imports.rosters import day, remember_spellings, settled, units_in

from ..models import Contract, LiaisonGroup
from .base import LiaisonImporter
from .columns import contract_columns


class ContractSheetImporter(LiaisonImporter):
    """Of files with a sheet of contracts, alone or beside another."""

    def judge_contracts(self, judge: Judge, choices: Choices, *, with_effects: bool) -> Outcome:
        rows = self.judged(judge, choices)
        self._compare_contracts(rows, choices)
        self.units.settle_admitted(rows)
        outcome = settled(judge, with_effects=with_effects)
        self._withdraw_overlapping(judge, outcome)
        return outcome

    def _load_contracts(self) -> None:
        self.known: dict[tuple[int, int | None], Contract] = {}
        # By name, as in the file: a line that says just what is there changes nothing, whichever namesake has it.
        self.terms: set[tuple[Any, ...]] = set()
        self.holders: dict[tuple[str | None, int | None], LiaisonGroup] = {}
        stored = Contract.objects.filter(unit__in=units_in(self.scope)).select_related("group")
        for contract in stored.order_by("starts_on", "pk"):
            name, place = contract.group.name, (contract.group_id, contract.unit_id)
            # Of several the open one, which has no end; else the last.
            if place not in self.known or self.known[place].ends_on is not None:
                self.known[place] = contract
            if contract.group.closed_on is None:
                self.holders[name, contract.unit_id] = contract.group
            self.terms.add((name, contract.unit_id, contract.starts_on, contract.ends_on))

    def contracted(self, row: Row) -> LiaisonGroup | None:
        """The group that a line of contracts is about: near the unit, else the one of that name that has the unit."""
        name = row.values.get("group")
        return self.group_near(name, row.unit_id) or self.holders.get((name, row.unit_id))

    def _compare_contracts(self, rows: list[Row], choices: Choices) -> None:
        self._load_contracts()
        # The contract of each row as it is written.
        self.planned: dict[str, Contract] = {}
        seen: set[tuple[str | None, int | None]] = set()
        for row in rows:
            place = (row.values.get("group"), row.unit_id)
            if (*place, day(row.values.get("from")), day(row.values.get("to"))) in self.terms:
                row.effect = UNCHANGED
                continue
            if not row.values.get("group"):
                row.worsen(ERROR, "group_missing")
            elif place in seen:
                row.worsen(NEEDS_CHOICE, "contract_twice")
            if row.unit_id is not None:
                seen.add(place)
            group = self.contracted(row)
            contract = self._compare_contract(row, group, self.known.get((group.pk, row.unit_id)) if group else None)
            if row.effect == UNCHANGED:
                continue
            self.planned[row.key] = contract
            self.refuse_group(row, group)
            self.refuse_days(row, contract.starts_on)
            if row.status != ERROR and group and contract.overlapping().exists():
                row.worsen(ERROR, "contract_overlaps")
            if row.effect == CHANGED and (row.status == ACCEPTED or row.key in choices.take | choices.fill):
                self.known[contract.group_id, row.unit_id] = contract

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


class ContractImporter(ContractSheetImporter):
    kind = "contracts"
    title = _("承包")
    key = "group"

    def columns(self) -> list[Column]:
        return contract_columns()

    def exported(self, rows: models.QuerySet) -> models.QuerySet:
        return super().exported(rows).select_related("group")

    def cells(self, row: Contract) -> dict[str, Any]:
        return {
            "group": row.group.name,
            "unit": self.unit_cell(row.unit_id),
            "from": row.starts_on,
            "to": row.ends_on,
        }

    def judge_rows(self, tables: Sequence[Table], choices: Choices) -> Outcome:
        self.load(choices)
        self.admit(Contract.objects)
        judge = Judge(tables[0], contract_columns(), self.units, choices, key="group")
        return self.judge_contracts(judge, choices, with_effects=True)

    def write(self, outcome: Outcome, choices: Choices) -> None:
        remember_spellings(choices, self.scope, self.by)
        self.write_contracts(outcome.rows)


def _share_a_day(one: Contract, other: Contract) -> bool:
    first = max(one.starts_on, other.starts_on)
    return first < min(one.ends_on or dt.date.max, other.ends_on or dt.date.max)
