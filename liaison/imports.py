"""Cadres with their groups and contracts from a table: 工会干部 and 小组承包 may be two sheets of one file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from lib.errors import Refused
from lib.names import pinyin
from lib.tabular.birth import DayCleaner
from lib.tabular.cells import ACCEPTED, ERROR, NEEDS_CHOICE, SKIPPED
from lib.tabular.columns import Column, words
from lib.tabular.importer import Importer
from lib.tabular.outcome import CHANGED, NEEDS_MAPPING, NEW, UNCHANGED, Outcome, Row
from lib.tabular.people import GENDER, NAME, PHONE, UNIT
from lib.tabular.person_cells import choice_cleaner, line_cleaner
from lib.tabular.reading import Book
from lib.tabular.roster import Choices, Judge
from lib.tabular.sheets import Table, take_table
from organization.enums import UnitKind
from organization.imports import (
    day,
    lock_trees,
    refuse_outside,
    remember_spellings,
    unit_index,
    units_in,
    units_known,
)
from organization.models import User

from .models import Cadre, Contract, LiaisonGroup, Membership

FULL_TIME = {"专职": True, "是": True, "兼职": False, "否": False}
IN_OFFICE = {"是": True, "在任": True, "否": False, "离任": False}
LEADER = {
    "组长": True,
    "是": True,
    "负责人": True,
    "牵头人": True,
    "组员": False,
    "成员": False,
    "否": False,
    "副组长": False,
}

GROUP = Column(
    "group",
    "联系小组",
    words("小组 小组名称 所在小组 联系工作小组 组别 所属小组"),
    line_cleaner("group"),
    example="第一联系小组",
    width=16,
)
STARTS = Column(
    "from", "起始日期", words("开始日期 起始时间 承包起始 自"), DayCleaner("from"), example="2026-01-05", width=14
)
ENDS = Column("to", "截止日期", words("结束日期 终止日期 承包截止 至"), DayCleaner("to"), width=14)


def cadre_columns() -> list[Column]:
    return [
        NAME,
        GENDER,
        PHONE,
        UNIT,
        Column(
            "duty", "职务", words("现任职务 行政职务 工会职务 职位 岗位职务"), line_cleaner("duty"), example="宣教干事"
        ),
        Column(
            "full_time",
            "专兼职",
            words("专职/兼职 专兼 是否专职 专（兼）职"),
            choice_cleaner("full_time", FULL_TIME, "full_time_unknown"),
            example="专职",
        ),
        GROUP,
        Column(
            "is_leader",
            "组内职务",
            words("组内角色 是否组长 组内分工 小组职务 组长/组员"),
            choice_cleaner("is_leader", LEADER, "group_duty_unknown"),
            example="组员",
        ),
        Column(
            "from",
            "入组日期",
            words("入组时间 加入日期 起始日期 开始日期"),
            DayCleaner("from"),
            example="2026-01-05",
            width=14,
        ),
        Column(
            "active",
            "在任",
            ("是否在任",),
            choice_cleaner("active", IN_OFFICE, "active_unknown"),
            example="是",
            width=8,
        ),
    ]


def contract_columns() -> list[Column]:
    unit = Column(
        "unit",
        "承包单位",
        words("承包基层单位 联系单位 包保单位 挂点单位 所包单位 联系基层单位 单位 单位名称"),
        example="南沟采矿厂",
        width=18,
        fills_down=True,
    )
    group = Column("group", GROUP.title, GROUP.synonyms, GROUP.clean, True, GROUP.example, width=16, fills_down=True)
    return [group, unit, STARTS, ENDS]


def group_columns() -> list[Column]:
    name = Column(
        "group", "小组名称", (*GROUP.synonyms, "联系小组", "名称"), GROUP.clean, True, GROUP.example, width=16
    )
    unit = Column("unit", "所属单位", ("单位", "所属工会", "所在单位"), example="矿业公司", width=18, fills_down=True)
    return [
        name,
        unit,
        Column("from", "成立日期", ("起始日期", "成立时间"), DayCleaner("from"), width=14),
        Column("to", "撤销日期", ("撤销时间",), DayCleaner("to"), width=14),
    ]


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

    def write_contracts(self, rows: list[Row]) -> None:
        for row in rows:
            if row.status != ACCEPTED or row.effect == UNCHANGED:
                continue
            group = self.contracted(row) or self.new_group(row)
            starts, ends = day(row.values.get("from")) or self.today, day(row.values.get("to"))
            contract = Contract.objects.filter(group=group, unit_id=row.unit_id, ends_on__isnull=True).first()
            if contract is None:
                Contract.objects.create(group=group, unit_id=row.unit_id, starts_on=starts, ends_on=ends)
            else:
                contract.ends_on = ends
                contract.full_clean()
                contract.save(update_fields=["ends_on"])

    def compare_contracts(self, rows: list[Row]) -> None:
        refuse_outside(rows, self.scope)
        known: dict[tuple[int, int], tuple[Any, Any]] = {}
        terms: set[tuple[Any, ...]] = set()
        self.holders: dict[tuple[str | None, int | None], LiaisonGroup] = {}
        stored = Contract.objects.filter(unit__in=units_in(self.scope)).select_related("group")
        for contract in stored.order_by("starts_on", "pk"):
            name, place = contract.group.name, (contract.group_id, contract.unit_id)
            # Of several the open one, which has no end; else the last.
            if place not in known or known[place][1] is not None:
                known[place] = (contract.starts_on, contract.ends_on)
            if contract.group.closed_on is None:
                self.holders[name, contract.unit_id] = contract.group
            terms.add((name, contract.unit_id, contract.starts_on, contract.ends_on))
        seen: set[tuple[str | None, int | None]] = set()
        for row in rows:
            if row.status != ACCEPTED:
                continue
            place = (row.values.get("group"), row.unit_id)
            if (*place, day(row.values.get("from")), day(row.values.get("to"))) in terms:
                row.effect = UNCHANGED
                continue
            if not row.values.get("group"):
                row.worsen(ERROR, "group_missing")
            elif place in seen:
                row.worsen(NEEDS_CHOICE, "contract_twice")
            elif row.values.get("to") and row.values.get("from") and row.values["to"] < row.values["from"]:
                row.worsen(ERROR, "ends_before_start")
            seen.add(place)
            group = self.contracted(row)
            row.effect = self._contract_effect(row, known.get((group.pk, row.unit_id)) if group else None)
            if row.effect != UNCHANGED:
                self.refuse_group(row, group)
        self.units.settle_admitted(rows)

    @staticmethod
    def _contract_effect(row: Row, known: tuple[Any, Any] | None) -> str:
        if known is None:
            return NEW
        ends = day(row.values.get("to"))
        if known[1] is not None and (ends is None or ends == known[1]):
            started = day(row.values.get("from"))
            return UNCHANGED if ends == known[1] or (started and started < known[1]) else NEW
        row.changed = ["to"] if ends and ends != known[1] else []
        return CHANGED if row.changed else UNCHANGED


class CadreImporter(LiaisonImporter):
    kind = "cadres"
    title = _("工会干部")
    personal = True

    def columns(self) -> list[Column]:
        return cadre_columns()

    def exported(self, rows: models.QuerySet) -> models.QuerySet:
        self.units = unit_index(self.scope)
        current = Membership.objects.filter(ends_on__isnull=True).select_related("group")
        return rows.select_related("user").prefetch_related(Prefetch("memberships", current, to_attr="current"))

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
        outcome = judge.judge()
        rows = [row for row in outcome.rows if row.status != SKIPPED]
        self._compare(rows, choices)
        judge.settle(with_effects=bool(self.cadres))
        outcome.sheets = [table.about.sheet for table in tables]
        for number, table in enumerate(tables[1:], 1):
            self._judge_contracts(outcome, table, number, choices)
        return outcome

    def _judge_contracts(self, outcome: Outcome, table: Table, number: int, choices: Choices) -> None:
        second = Judge(table, contract_columns(), self.units, choices, key="group", number=number)
        found = second.judge()
        self.compare_contracts([row for row in found.rows if row.status != SKIPPED])
        second.settle(with_effects=False)
        outcome.rows += found.rows
        outcome.questions.update(found.questions)
        outcome.refused_columns += found.refused_columns

    def _compare(self, rows: list[Row], choices: Choices) -> None:
        refuse_outside(rows, self.scope)
        cadres = Cadre.objects.filter(unit__in=units_in(self.scope)).select_related("user")
        self.cadres = {cadre.pk: cadre for cadre in cadres}
        self.named: dict[str, list[Cadre]] = defaultdict(list)
        for cadre in self.cadres.values():
            self.named[cadre.user.name].append(cadre)
        standing = Membership.objects.filter(ends_on__isnull=True, cadre__in=cadres.order_by().values("pk"))
        self.open = {membership.cadre_id: membership for membership in standing.select_related("group")}
        for row in rows:
            if row.status == ERROR:
                continue
            cadre = self.cadres.get(choices.same.get(row.key)) or self._find(row)
            row.effect = NEW
            if cadre:
                row.match_id = cadre.pk
                row.changed = self._changes(row, cadre)
                row.effect = CHANGED if row.changed else UNCHANGED
            self._refuse(row, cadre)
        self.units.settle_admitted(rows)

    def _refuse(self, row: Row, cadre: Cadre | None) -> None:
        """What this importer must not do, though the line says nothing wrong."""
        joins = row.effect == NEW or {"group", "is_leader"} & set(row.changed)
        if self._is_own(row, cadre) and (joins or {"unit", "is_active"} & set(row.changed)):
            row.worsen(ERROR, "own_appointment")
        if joins and row.values.get("group"):
            membership = self.open.get(cadre.pk) if cadre else None
            if membership is not None:
                self.refuse_group(row, membership.group)
            self.refuse_group(row, self._group(row, membership))

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
        values, membership = row.values, self.open.get(cadre.pk)
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
            membership = self.open.get(cadre.pk)
            self._join(cadre, self._group(row, membership) or self.new_group(row), membership, row)

    def _join(self, cadre: Cadre, group: LiaisonGroup, membership: Membership | None, row: Row) -> None:
        on, leads = day(row.values.get("from")) or self.today, bool(row.values.get("is_leader"))
        if membership and membership.group_id == group.pk:
            if row.values.get("is_leader") is not None and membership.is_leader != leads:
                membership.is_leader = leads
                membership.save(update_fields=["is_leader"])
            return
        if membership:
            membership.ends_on = max(on, membership.starts_on)
            membership.save(update_fields=["ends_on"])
            on = membership.ends_on
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


class ContractImporter(LiaisonImporter):
    kind = "contracts"
    title = _("承包")
    key = "group"

    def columns(self) -> list[Column]:
        return contract_columns()

    def exported(self, rows: models.QuerySet) -> models.QuerySet:
        self.units = unit_index(self.scope)
        return rows.select_related("group")

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
        outcome = judge.judge()
        self.compare_contracts([row for row in outcome.rows if row.status != SKIPPED])
        return judge.settle(with_effects=True)

    def write(self, outcome: Outcome, choices: Choices) -> None:
        remember_spellings(choices, self.scope, self.by)
        self.write_contracts(outcome.rows)


class GroupImporter(LiaisonImporter):
    kind = "groups"
    title = _("联系工作小组")
    key = "group"

    def columns(self) -> list[Column]:
        return group_columns()

    def exported(self, rows: models.QuerySet) -> models.QuerySet:
        self.units = unit_index(self.scope)
        return rows

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
        outcome = judge.judge()
        refuse_outside(outcome.rows, self.scope)
        groups = LiaisonGroup.objects.filter(unit__in=units_in(self.scope))
        self.known = {(group.name, group.unit_id): group for group in groups}
        seen: set[tuple[str | None, int | None]] = set()
        for row in outcome.rows:
            place = (row.values.get("group"), row.unit_id)
            if row.status == ACCEPTED and place in seen:
                row.worsen(NEEDS_CHOICE, "duplicate_in_file")
            seen.add(place)
            group = self.known.get(place)
            row.effect = UNCHANGED if group else NEW
            closes = day(row.values.get("to"))
            if group and closes and closes != group.closed_on:
                row.match_id, row.effect, row.changed = group.pk, CHANGED, ["to"]
                if group.opened_on and closes < group.opened_on:
                    row.worsen(ERROR, "ends_before_start")
        self.units.settle_admitted(outcome.rows)
        return judge.settle(with_effects=True)

    def _any_unit(self):
        """A group may belong to the company itself: there is no unit too high for it."""
        index = self.units
        for unit in index.tops:
            if not unit.closed:
                index.names.add(unit.name, unit)
                index.shorts.add(unit.short_name, unit)
        return index

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


def new_username(name: str) -> str:
    """The pinyin of the name, with a number if it is taken."""
    stem = pinyin(name)[:100] or "ganbu"
    taken = set(User.objects.filter(username__startswith=stem).values_list("username", flat=True))
    number = 1
    while (candidate := stem if number == 1 else f"{stem}{number}") in taken:
        number += 1
    return candidate
