"""Cadres with their groups and contracts: 工会干部 and 小组承包 may be two sheets of one file."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models import F, Prefetch, Q
from django.utils.translation import gettext_lazy as _

from lib.errors import Refused
from lib.names import pinyin
from lib.tabular.cells import ERROR, NEEDS_CHOICE
from lib.tabular.columns import Column
from lib.tabular.outcome import CHANGED, NEEDS_MAPPING, NEW, UNCHANGED, Outcome, Row
from lib.tabular.reading import Book
from lib.tabular.roster import Choices, Judge
from lib.tabular.sheets import Table, take_table
from organization.imports.rosters import day, remember_spellings, settled, units_in
from organization.models import User

from ..models import Cadre, Contract, LiaisonGroup, Membership
from .columns import cadre_columns, contract_columns
from .contracts import ContractSheetImporter


class CadreImporter(ContractSheetImporter):
    kind = "cadres"
    title = _("工会干部")
    personal = True

    def columns(self) -> list[Column]:
        return cadre_columns()

    def exported(self, rows: models.QuerySet) -> models.QuerySet:
        current = Membership.objects.open().select_related("group")
        cadres = super().exported(rows).select_related("user")
        return cadres.prefetch_related(Prefetch("memberships", current, to_attr="current"))

    def cells(self, row: Cadre) -> dict[str, Any]:
        membership = row.current[0] if row.current else None
        return {
            "name": row.user.name,
            "phone": row.user.phone,
            "unit": self.unit_cell(row.unit_id),
            "duty": row.duty,
            "full_time": "专职" if row.is_full_time else "兼职",
            "group": membership.group.name if membership else "",
            "is_leader": ("组长" if membership.is_leader else "组员") if membership else "",
            "from": membership.starts_on if membership else "",
            "active": row.is_active,
        }

    def take(self, book: Book, *, sheet: str | None = None, mapping: dict[int, str] | None = None) -> list[Table]:
        tables = [take_table(book, cadre_columns(), "name", sheet=sheet, mapping=mapping)]
        if tables[0].about.outcome == NEEDS_MAPPING:
            return tables
        others = [s for s in book.sheets if s.name != tables[0].about.sheet]
        rest = Book(book.kind, others)
        try:
            second = take_table(rest, contract_columns(), "group")
        except Refused:
            return tables
        return [*tables, second] if {"联系小组", "承包单位"} <= set(second.about.columns) else tables

    def judge_rows(self, tables: Sequence[Table], choices: Choices) -> Outcome:
        self.load(choices)
        self.admit(Cadre.objects)
        if len(tables) > 1:
            self.admit(Contract.objects)
        judge = Judge(tables[0], cadre_columns(), self.units, choices)
        self._compare(self.judged(judge, choices), choices)
        outcome = settled(judge, with_effects=bool(self.cadres))
        outcome.sheets = [table.about.sheet for table in tables]
        for number, table in enumerate(tables[1:], 1):
            self._judge_contracts(outcome, table, number, choices)
        return outcome

    def _judge_contracts(self, outcome: Outcome, table: Table, number: int, choices: Choices) -> None:
        second = Judge(table, contract_columns(), self.units, choices, key="group", number=number)
        found = self.judge_contracts(second, choices, with_effects=False)
        outcome.rows += found.rows
        outcome.questions.update(found.questions)
        outcome.refused_columns += found.refused_columns

    def _compare(self, rows: list[Row], choices: Choices) -> None:
        cadres = Cadre.objects.filter(unit__in=units_in(self.scope)).select_related("user")
        self.cadres = {cadre.pk: cadre for cadre in cadres}
        self.named: dict[str, list[Cadre]] = defaultdict(list)
        for cadre in self.cadres.values():
            self.named[cadre.user.name].append(cadre)
        self._load_memberships(cadres)
        for row in rows:
            cadre = self.cadres.get(choices.same.get(row.key)) or self._find(row)
            row.effect = NEW
            if cadre:
                row.match_id = cadre.pk
                row.changed = self._changes(row, cadre)
                row.effect = CHANGED if row.changed else UNCHANGED
            self._refuse(row, cadre)
        self.units.settle_admitted(rows)

    def _load_memberships(self, cadres: models.QuerySet) -> None:
        self.open: dict[int, Membership] = {}
        # Those that begin later, by what a line says of them.
        self.coming: dict[tuple[int, str, dt.date], Membership] = {}
        going = Membership.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=self.today))
        going = going.exclude(ends_on=F("starts_on")).filter(cadre__in=cadres.order_by().values("pk"))
        for membership in going.select_related("group"):
            if membership.starts_on <= self.today:
                self.open[membership.cadre_id] = membership
            else:
                self.coming[membership.cadre_id, membership.group.name, membership.starts_on] = membership

    def _membership(self, row: Row, cadre: Cadre) -> Membership | None:
        """The one that the line is about: that which begins on its day, else that of today."""
        said = (cadre.pk, row.values.get("group"), day(row.values.get("from")))
        return self.coming.get(said) or self.open.get(cadre.pk)

    def _refuse(self, row: Row, cadre: Cadre | None) -> None:
        """What this importer must not do, though the line says nothing wrong."""
        joins = row.effect == NEW or {"group", "is_leader"} & set(row.changed)
        if self._is_own(row, cadre) and (joins or {"unit", "is_active"} & set(row.changed)):
            row.worsen(ERROR, "own_appointment")
        if joins and row.values.get("group"):
            membership = self._membership(row, cadre) if cadre else None
            if membership is not None:
                self.refuse_group(row, membership.group)
            self.refuse_group(row, self._group(row, membership))
            if cadre and "group" in row.changed:
                self._refuse_days(row, cadre, membership)

    def _refuse_days(self, row: Row, cadre: Cadre, ending: Membership | None) -> None:
        if ending and self._joins_on(row) < ending.starts_on:
            row.worsen(ERROR, "membership_before_standing")
        elif self._overlaps(row, cadre, ending):
            row.worsen(ERROR, "membership_overlaps")

    def _overlaps(self, row: Row, cadre: Cadre, ending: Membership | None) -> bool:
        """Whether the cadre is in a group on a day of the new membership, besides the one that it ends."""
        others = cadre.memberships.exclude(pk=ending and ending.pk)
        return others.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=self._joins_on(row))).exists()

    def _joins_on(self, row: Row) -> dt.date:
        return day(row.values.get("from")) or self.today

    def _is_own(self, row: Row, cadre: Cadre | None) -> bool:
        """Nobody appoints himself: the same rule as for roles."""
        if self.by is None:
            return False
        if cadre is not None:
            return cadre.user_id == self.by.pk
        return bool(self.by.phone) and (self.by.name, self.by.phone) == (row.values["name"], row.values.get("phone"))

    def _group(self, row: Row, membership: Membership | None) -> LiaisonGroup | None:
        """Whoever is in a group of that name stays in it."""
        name = row.values.get("group")
        return membership.group if membership and membership.group.name == name else self.group_near(name, row.unit_id)

    def _find(self, row: Row) -> Cadre | None:
        """By name with telephone, or by name in the unit where the file gives no telephone; never by the name alone."""
        named = self.named.get(row.values["name"], [])
        phone = row.values.get("phone")
        same = [c for c in named if phone and c.user.phone == phone]
        if len(same) == 1:
            return same[0]
        here = [c for c in named if c.unit_id == row.unit_id]
        if here and (not phone or not here[0].user.phone) and len(here) == 1:
            return here[0]
        if here:
            row.worsen(NEEDS_CHOICE, "same_name_same_unit")
            row.offer("same", (str(c.pk) for c in here))
        return None

    def _changes(self, row: Row, cadre: Cadre) -> list[str]:
        values, membership = row.values, self._membership(row, cadre)
        told = {
            "unit": (cadre.unit_id, row.unit_id),
            "duty": (cadre.duty, values.get("duty")),
            "full_time": (cadre.is_full_time, values.get("full_time")),
            "phone": (cadre.user.phone, values.get("phone")),
            "group": (membership.group.name if membership else None, values.get("group")),
            "is_leader": (
                membership.is_leader if membership else None,
                values.get("is_leader") if values.get("group") else None,
            ),
        }
        found = [field for field, (old, new) in told.items() if new not in (None, "") and new != old]
        # Who stands in a roster is in office, unless it says otherwise.
        return found if cadre.is_active == (values.get("active") is not False) else [*found, "is_active"]

    def person_label(self, pk: int) -> str:
        cadre = self.cadres[pk]
        return f"{cadre.user.name} · {self.unit_label(cadre.unit_id)}"

    def write(self, outcome: Outcome, choices: Choices) -> None:
        remember_spellings(choices, self.scope, self.by)
        for row in outcome.accepted():
            if row.table == 0 and row.effect != UNCHANGED:
                self._write(row)
        self.write_contracts([row for row in outcome.rows if row.table])

    def _write(self, row: Row) -> None:
        values = row.values
        cadre = self.cadres.get(row.match_id)
        if cadre is None:
            user = User(username=new_username(values["name"]), name=values["name"], phone=values.get("phone") or "")
            user.set_unusable_password()
            user.save()
            cadre = Cadre(user=user, unit_id=row.unit_id)
        elif "phone" in row.changed:
            cadre.user.phone = values["phone"]
            cadre.user.save(update_fields=["phone"])
        cadre.unit_id, cadre.is_active = row.unit_id, values.get("active") is not False
        cadre.duty = values.get("duty") or cadre.duty
        cadre.is_full_time = cadre.is_full_time if values.get("full_time") is None else values["full_time"]
        cadre.save()
        if values.get("group"):
            membership = self._membership(row, cadre)
            self._join(cadre, self._group(row, membership) or self.new_group(row), membership, row)

    def _join(self, cadre: Cadre, group: LiaisonGroup, membership: Membership | None, row: Row) -> None:
        on, leads = self._joins_on(row), bool(row.values.get("is_leader"))
        if membership and membership.group_id == group.pk:
            if row.values.get("is_leader") is not None and membership.is_leader != leads:
                membership.is_leader = leads
                membership.save(update_fields=["is_leader"])
            return
        if membership and (membership.ends_on is None or membership.ends_on > on):
            membership.ends_on = on
            membership.save(update_fields=["ends_on"])
        Membership.objects.create(cadre=cadre, group=group, is_leader=leads, starts_on=on)

    def facts(self, outcome: Outcome) -> dict[str, Any]:
        cadres = [row for row in outcome.accepted() if row.table == 0]
        contracts = [row for row in outcome.accepted() if row.table]
        fields = ("name", "gender", "phone", "unit", "duty", "full_time", "group", "is_leader", "from")
        groups = {row.values.get("group") for row in [*cadres, *contracts]} - {None}
        covered = {row.unit_id for row in contracts}
        bases = [unit for unit in self.units.bases if unit.level == "base"]
        return {
            "sheets": outcome.sheets,
            "cadres": [{field: row.values.get(field) for field in fields} for row in cadres],
            "contracts": [{f: row.values.get(f) for f in ("group", "unit", "from", "to")} for row in contracts],
            "checks": {
                "cadres": len(cadres),
                "groups": len(groups),
                "leaders": sum(bool(row.values.get("is_leader")) for row in cadres),
                "full_time": sum(bool(row.values.get("full_time")) for row in cadres),
                "contracts": len(contracts),
                "units_without_group": sum(unit.id not in covered for unit in bases) if contracts else len(bases),
                "units_per_group": [
                    sum(row.values.get("group") == name for row in contracts)
                    for name in dict.fromkeys(row.values.get("group") for row in contracts)
                ],
            },
        }


def new_username(name: str) -> str:
    """The pinyin of the name, with a number if it is taken."""
    stem = pinyin(name)[:100] or "ganbu"
    taken = set(User.objects.filter(username__startswith=stem).values_list("username", flat=True))
    number = 1
    while (candidate := stem if number == 1 else f"{stem}{number}") in taken:
        number += 1
    return candidate
