"""Cadres with their groups and contracts from a table: 工会干部 and 小组承包 may be two sheets of one file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

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
from organization.imports import day, lock_trees, remember_spellings, unit_index, units_in
from organization.models import Unit, User

from .models import Cadre, Contract, LiaisonGroup, Membership

FULL_TIME = {"专职": True, "是": True, "兼职": False, "否": False}
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
    return [name, unit, Column("from", "成立日期", ("起始日期", "成立时间"), DayCleaner("from"), width=14)]


class LiaisonImporter(Importer):
    """What the three kinds share: the scope, its units, its groups and cadres."""

    def lock(self) -> None:
        lock_trees(self.scope)

    def load(self, choices: Choices) -> None:
        self.units = unit_index(self.scope, choices.units)
        groups = LiaisonGroup.objects.filter(unit__in=units_in(self.scope), closed_on__isnull=True)
        self.groups: dict[str, LiaisonGroup] = {group.name: group for group in groups.order_by("-pk")}
        self.new_groups: set[str] = set()

    def home(self, unit_id: int | None) -> Unit:
        """The union that a new group belongs to: the scope, or the top of the tree."""
        if self.scope is not None:
            return self.scope
        if unit_id is None:
            raise Refused(_("请写明小组所属的单位。"))
        return Unit.objects.get(path=Unit.objects.get(pk=unit_id).paths_to_root()[0])

    def group_for(self, row: Row) -> LiaisonGroup | None:
        name = row.values.get("group")
        if name and name not in self.groups:
            self.groups[name] = LiaisonGroup.objects.create(
                unit=self.home(row.unit_id), name=name, opened_on=day(row.values.get("from"))
            )
        return self.groups.get(name)

    def write_contracts(self, rows: list[Row]) -> None:
        for row in rows:
            if row.status != ACCEPTED or row.effect == UNCHANGED:
                continue
            group = self.group_for(row)
            starts, ends = day(row.values.get("from")) or self.today, day(row.values.get("to"))
            contract = Contract.objects.filter(group=group, unit_id=row.unit_id, ends_on__isnull=True).first()
            if contract is None:
                Contract.objects.create(group=group, unit_id=row.unit_id, starts_on=starts, ends_on=ends)
            else:
                contract.ends_on = ends
                contract.full_clean()
                contract.save(update_fields=["ends_on"])

    def compare_contracts(self, rows: list[Row]) -> None:
        known = {
            (name, unit): (starts, ends)
            for name, unit, starts, ends in Contract.objects.filter(unit__in=units_in(self.scope)).values_list(
                "group__name", "unit_id", "starts_on", "ends_on"
            )
        }
        seen: set[tuple[str | None, int | None]] = set()
        for row in rows:
            if row.status != ACCEPTED:
                continue
            place = (row.values.get("group"), row.unit_id)
            if not row.values.get("group"):
                row.worsen(ERROR, "group_missing")
            elif place in seen:
                row.worsen(NEEDS_CHOICE, "contract_twice")
            elif row.values.get("to") and row.values.get("from") and row.values["to"] < row.values["from"]:
                row.worsen(ERROR, "ends_before_start")
            seen.add(place)
            row.effect = self._contract_effect(row, known.get(place))

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

    def columns(self) -> list[Column]:
        return cadre_columns()

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
        cadres = Cadre.objects.filter(unit__in=units_in(self.scope)).select_related("user")
        self.cadres = {cadre.pk: cadre for cadre in cadres}
        self.open = {m.cadre_id: m for m in Membership.objects.filter(ends_on__isnull=True).select_related("group")}
        for row in rows:
            if row.status == ERROR:
                continue
            cadre = self.cadres.get(choices.same.get(row.key)) or self._find(row)
            row.effect = NEW
            if cadre:
                row.match_id = cadre.pk
                row.changed = self._changes(row, cadre)
                row.effect = CHANGED if row.changed else UNCHANGED

    def _find(self, row: Row) -> Cadre | None:
        """By name with telephone, or by name in the unit where the file gives no telephone; never by the name alone."""
        named = [c for c in self.cadres.values() if c.user.name == row.values["name"]]
        phone = row.values.get("phone")
        same = [c for c in named if phone and c.user.phone == phone]
        if len(same) == 1:
            return same[0]
        here = [c for c in named if c.unit_id == row.unit_id]
        if here and (not phone or not here[0].user.phone) and len(here) == 1:
            return here[0]
        if here:
            row.worsen(NEEDS_CHOICE, "same_name_same_unit")
            row.offers["same"] = tuple(str(c.pk) for c in here)
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
        return found if cadre.is_active else [*found, "is_active"]

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
        cadre.unit_id, cadre.is_active = row.unit_id, True
        cadre.duty = values.get("duty") or cadre.duty
        cadre.is_full_time = cadre.is_full_time if values.get("full_time") is None else values["full_time"]
        cadre.save()
        if group := self.group_for(row):
            self._join(cadre, group, row)

    def _join(self, cadre: Cadre, group: LiaisonGroup, row: Row) -> None:
        on, leads = day(row.values.get("from")) or self.today, bool(row.values.get("is_leader"))
        membership = self.open.get(cadre.pk)
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

    def judge_rows(self, tables: Sequence[Table], choices: Choices) -> Outcome:
        self.load(choices)
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

    def judge_rows(self, tables: Sequence[Table], choices: Choices) -> Outcome:
        self.load(choices)
        judge = Judge(tables[0], group_columns(), self._any_unit(), choices, key="group")
        outcome = judge.judge()
        seen: set[str] = set()
        for row in outcome.rows:
            name = row.values.get("group")
            if row.status == ACCEPTED and name in seen:
                row.worsen(NEEDS_CHOICE, "duplicate_in_file")
            seen.add(name)
            row.effect = UNCHANGED if name in self.groups else NEW
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
                    unit_id=row.unit_id, name=row.values["group"], opened_on=day(row.values.get("from"))
                )


def new_username(name: str) -> str:
    """The pinyin of the name, with a number if it is taken."""
    stem = pinyin(name)[:100] or "ganbu"
    taken = set(User.objects.filter(username__startswith=stem).values_list("username", flat=True))
    number = 1
    while (candidate := stem if number == 1 else f"{stem}{number}") in taken:
        number += 1
    return candidate
