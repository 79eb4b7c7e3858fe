"""Units with their workforce from a table."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from lib.errors import Refused
from lib.tabular.birth import DayCleaner
from lib.tabular.cells import ERROR, SKIPPED, compact
from lib.tabular.columns import Column, words
from lib.tabular.importer import Importer
from lib.tabular.outcome import CHANGED, NEW, UNCHANGED, Outcome, Row
from lib.tabular.person_cells import choice_cleaner, line_cleaner
from lib.tabular.places import TOP, UnitIndex
from lib.tabular.roster import Choices, Judge
from lib.tabular.sheets import Table

from ..enums import UnitKind
from ..models import Unit, UnitFormerName
from ..models.unit import FOUNDED_FROM
from ..services import open_unit, place_unit, rename_unit, retire_unit
from .headcounts import (
    count_own_people,
    headcount_columns,
    people_by_band,
    people_of,
    store_people,
    stored_people,
    summed_people,
)
from .rosters import LEVELS, day, lock_trees, units_in

KIND_WORDS = {
    "总工会": UnitKind.FEDERATION,
    "区级工会": UnitKind.DISTRICT,
    "区总工会": UnitKind.DISTRICT,
    "区县": UnitKind.DISTRICT,
    "街道(乡镇)工会": UnitKind.STREET,
    "街道": UnitKind.STREET,
    "乡镇": UnitKind.STREET,
    "街道工会": UnitKind.STREET,
    "企业": UnitKind.ENTERPRISE,
    "公司": UnitKind.ENTERPRISE,
    "集团": UnitKind.ENTERPRISE,
    "基层单位": UnitKind.BASE_UNIT,
    "二级单位": UnitKind.BASE_UNIT,
    "厂矿": UnitKind.BASE_UNIT,
    "分会": UnitKind.BASE_UNIT,
    "车间": UnitKind.WORKSHOP,
    "工区": UnitKind.WORKSHOP,
    "段": UnitKind.WORKSHOP,
    "站": UnitKind.WORKSHOP,
    "队": UnitKind.WORKSHOP,
    "班组": UnitKind.TEAM,
    "职能部门": UnitKind.DEPARTMENT,
    "部门": UnitKind.DEPARTMENT,
    "机关": UnitKind.DEPARTMENT,
    "科室": UnitKind.DEPARTMENT,
    "处室": UnitKind.DEPARTMENT,
}
KIND_NAMES = {kind: word for word, kind in reversed(KIND_WORDS.items())}


def unit_columns() -> list[Column]:
    return [
        Column("code", "单位编码", words("编码 单位代码 机构编码 组织编码"), line_cleaner("code", 32), True, "KY0101"),
        Column(
            "parent_code",
            "上级编码",
            words("上级单位编码 上级代码 上级单位代码 父级编码"),
            line_cleaner("parent_code", 32),
            example="KY01",
        ),
        Column(
            "name",
            "单位名称",
            words("名称 单位 单位全称 机构名称"),
            line_cleaner("name", 80),
            True,
            "采掘一车间",
            width=18,
        ),
        Column("short_name", "简称", ("单位简称",), line_cleaner("short_name", 40)),
        Column("former_name", "曾用名", ("原名称", "原名"), line_cleaner("former_name", 80)),
        Column(
            "kind",
            "类别",
            words("单位类别 类型 单位类型 级别 层级"),
            choice_cleaner("kind", KIND_WORDS, "unit_kind_unknown"),
            True,
            "车间",
        ),
        *headcount_columns(),
        Column("opened_on", "设立日期", ("成立日期", "启用日期"), DayCleaner("opened_on", first_year=FOUNDED_FROM)),
        Column("closed_on", "停用日期", ("撤销日期", "关闭日期", "停用时间"), DayCleaner("closed_on")),
        Column("merged_into", "并入单位", ("合并到", "并入"), line_cleaner("merged_into", 80)),
    ]


class UnitImporter(Importer):
    kind = "units"
    title = _("单位")

    def columns(self) -> list[Column]:
        return unit_columns()

    def lock(self) -> None:
        lock_trees(self.scope)

    def judge_rows(self, tables: Sequence[Table], choices: Choices) -> Outcome:
        self.judged_by = judge = Judge(tables[0], self.columns(), UnitIndex([]), choices)
        outcome = judge.judge()
        rows = [row for row in outcome.rows if row.status != SKIPPED]
        self._load(rows)
        count_own_people(rows)
        self._check(rows)
        for row in rows:
            if row.status != ERROR:
                self._compare(row)
        judge.settle(with_effects=bool(self.known))
        self._withdraw_orphans(judge, outcome)
        return outcome

    def _load(self, rows: list[Row]) -> None:
        """The units of the scope with what is told of them; of all others only which codes of the file they bear."""
        inside = units_in(self.scope)
        self.known = {unit.code: unit for unit in inside.select_related("parent", "merged_into")}
        unknown = {code for row in rows if (code := row.values.get("code"))} - self.known.keys()
        self.elsewhere: set[str] = set()
        if self.scope is not None:
            self.elsewhere = set(Unit.objects.filter(code__in=unknown).values_list("code", flat=True))
        self.former: dict[int, set[str]] = defaultdict(set)
        for pk, name in UnitFormerName.objects.filter(unit__in=inside).values_list("unit_id", "name"):
            self.former[pk].add(name)
        self.stored = stored_people(inside)

    def _withdraw_orphans(self, judge: Judge, outcome: Outcome) -> None:
        """Without its row of the file, left out or wrong, a new unit has nothing to hang on."""
        while True:
            accepted = outcome.accepted()
            there = self.known.keys() | {row.values["code"] for row in accepted}
            orphans = [row for row in accepted if (row.values.get("parent_code") or row.values["code"]) not in there]
            for row in orphans:
                judge.withdraw(row, "unit_parent_unknown")
            if not orphans:
                return

    def _check(self, rows: list[Row]) -> None:
        self.in_file: dict[str, Row] = {}
        names = self._names_kept(rows)
        for row in rows:
            if row.status == ERROR:
                continue
            self._check_cells(row)
            code = row.values.get("code")
            if code in self.in_file:
                row.worsen(ERROR, "unit_code_twice")
            place = (self._parent_code(row), row.values.get("name"))
            is_open = not self._closed_on(row)
            if is_open and names.get(place, code) != code:
                row.worsen(ERROR, "unit_name_twice")
            if row.status != ERROR:
                self.in_file[code] = row
                names.update({place: code} if is_open else {})
        for row in self.in_file.values():
            self._check_parent(row)
            self._check_closing(row)
        self._check_units_below()

    @staticmethod
    def _check_cells(row: Row) -> None:
        for field, word in (
            ("name", "unit_name_missing"),
            ("code", "unit_code_missing"),
            ("kind", "unit_kind_unknown"),
        ):
            if not row.values.get(field):
                row.worsen(ERROR, word)

    def _names_kept(self, rows: list[Row]) -> dict[tuple[str | None, str], str]:
        """Parent and name → code of the units that are there: a unit that closes leaves its name to another, one that
        is renamed or moved only for the next file."""
        closing = {row.values.get("code") for row in rows if row.status != ERROR and row.values.get("closed_on")}
        return {
            (unit.parent.code if unit.parent else None, unit.name): code
            for code, unit in self.known.items()
            if unit.closed_on is None and code not in closing
        }

    def _parent_code(self, row: Row) -> str | None:
        """An empty cell leaves a unit where it is."""
        unit = self.known.get(row.values.get("code"))
        return row.values.get("parent_code") or (unit.parent.code if unit and unit.parent else None)

    def _closed_on(self, row: Row) -> dt.date | None:
        unit = self.known.get(row.values.get("code"))
        return day(row.values.get("closed_on")) or (unit.closed_on if unit else None)

    def _check_parent(self, row: Row) -> None:
        """The chain of parents leads to a unit that is there, or to a new root, within the scope, and never back."""
        seen, code = set(), row.values["code"]
        if code in self.elsewhere:
            row.worsen(ERROR, "unit_code_elsewhere")
            return
        while code not in seen:
            seen.add(code)
            line, unit = self.in_file.get(code), self.known.get(code)
            told = line.values.get("parent_code") if line else None
            is_stray = line and not told and self.scope is not None and code != self.scope.code
            if is_stray or (line is None and unit is None):
                row.worsen(ERROR, "unit_parent_unknown")
                return
            above = told or (unit.parent.code if unit and unit.parent else None)
            if above is None or (not told and above not in self.known):
                return
            code = above
        row.worsen(ERROR, "unit_parent_circle")

    def _check_closing(self, row: Row) -> None:
        code, values = row.values["code"], row.values
        unit, closed_on = self.known.get(code), day(values.get("closed_on"))
        heir = self._heir(values["merged_into"]) if values.get("merged_into") else code
        if heir is None and not closed_on:
            row.worsen(ERROR, "merged_into_unknown")
        if not closed_on or (unit and unit.closed_on == closed_on):
            return
        opened_on = unit.opened_on if unit else day(values.get("opened_on"))
        if opened_on and closed_on < opened_on:
            row.worsen(ERROR, "unit_closed_before_opened")
        if values.get("merged_into") and heir == code:
            row.worsen(ERROR, "merged_into_itself")
        elif heir not in (None, code) and (ended_on := self._ended_on(heir)) and ended_on <= closed_on:
            row.worsen(ERROR, "merged_into_closed")

    def _check_units_below(self) -> None:
        """A unit closes after everything that will stand below it."""
        after = {code: row for code, row in self.in_file.items() if row.status != ERROR}
        above = {code: unit.parent.code for code, unit in self.known.items() if unit.parent}
        above |= {code: told for code, row in after.items() if (told := row.values.get("parent_code"))}
        open_codes = {code for code, unit in self.known.items() if unit.closed_on is None}
        closing = {code for code, row in after.items() if code in open_codes and row.values.get("closed_on")}
        for code in open_codes - closing:
            seen = {code}
            while (code := above.get(code)) is not None and code not in seen:
                seen.add(code)
                if code in closing:
                    after[code].worsen(ERROR, "units_below_in_use")

    def _ended_on(self, code: str) -> dt.date | None:
        return self._closed_on(self.in_file[code]) if code in self.in_file else self.known[code].closed_on

    def _heir(self, name: str) -> str | None:
        """The code of the unit that took over, by code or by name."""
        if name in self.in_file or name in self.known:
            return name
        found = [code for code, row in self.in_file.items() if compact(row.values["name"]) == compact(name)]
        found = found or [code for code, unit in self.known.items() if compact(unit.name) == compact(name)]
        return found[0] if found else None

    def _compare(self, row: Row) -> None:
        unit = self.known.get(row.values["code"])
        if unit is None:
            row.effect = NEW
            return
        row.match_id = unit.pk
        values = row.values
        told = {
            "name": (unit.name, values["name"]),
            "short_name": (unit.short_name, values.get("short_name")),
            "kind": (unit.kind, values["kind"]),
            "parent_code": (unit.parent.code if unit.parent else None, values.get("parent_code")),
            "closed_on": (unit.closed_on and unit.closed_on.isoformat(), values.get("closed_on")),
        }
        row.changed = [field for field, (old, new) in told.items() if new and new != old]
        former = values.get("former_name")
        if former and former not in self.former[unit.pk]:
            row.changed.append("former_name")
        if values["headcount"] and self.stored[unit.pk] != {f: n for f, n in values["headcount"].items() if n}:
            row.changed.append("headcount")
        row.effect = CHANGED if row.changed else UNCHANGED

    def exported(self, rows: models.QuerySet) -> models.QuerySet:
        self.people = summed_people(rows)
        return rows.select_related("parent", "merged_into").prefetch_related("former_names")

    def cells(self, row: Unit) -> dict[str, Any]:
        former = [name.name for name in row.former_names.all()]
        # What is above the scope is nobody's to name.
        is_top = row.parent is None or (self.scope is not None and row.pk == self.scope.pk)
        return {
            "code": row.code,
            "parent_code": "" if is_top else row.parent.code,
            "name": row.name,
            "short_name": row.short_name,
            "former_name": former[-1] if former else "",
            "kind": KIND_NAMES[row.kind],
            **{field: count for field, count in self.people.get(row.pk, {}).items() if count},
            "opened_on": row.opened_on,
            "closed_on": row.closed_on,
            "merged_into": row.merged_into.code if row.merged_into else "",
        }

    def write(self, outcome: Outcome, choices: Choices) -> None:
        units = dict(self.known)
        # A unit that closes leaves its name to another, and what it is merged into may be new. It closes after what is
        # below it, and waits for what moves away from there.
        closing = [row for row in outcome.accepted() if "closed_on" in row.changed]
        closing.sort(key=lambda row: len(units[row.values["code"]].path), reverse=True)
        late = []
        for row in closing:
            if units[row.values["code"]].in_use_below().exists():
                late.append(row)
            else:
                self._attempt(row, units, self._close)
        waiting = [row for row in outcome.accepted() if row.effect in (NEW, CHANGED)]
        while waiting:
            ready = [r for r in waiting if not r.values.get("parent_code") or r.values["parent_code"] in units]
            for row in ready:
                self._attempt(row, units, self._write)
            for row in () if ready else waiting:
                self.judged_by.withdraw(row, "unit_parent_unknown")
            done = {row.row for row in ready or waiting}
            waiting = [row for row in waiting if row.row not in done]
        for row in late:
            if row.status != ERROR:
                units[row.values["code"]].refresh_from_db(fields=["path"])
                self._attempt(row, units, self._close)
        for row in outcome.accepted():
            if row.values.get("merged_into") and (row.effect == NEW or "closed_on" in row.changed):
                self._attempt(row, units, self._merge)

    def _attempt(self, row: Row, units: dict[str, Unit], step: Callable[[Row, dict[str, Unit]], Unit]) -> None:
        """What the rules refuse all the same, as two rows that wait for one another's name, goes back."""
        code = row.values["code"]
        try:
            with transaction.atomic():
                units[code] = step(row, units)
        except (Refused, ValidationError):
            self.judged_by.withdraw(row, "unit_refused")
            if code in units:
                units[code].refresh_from_db()

    def _close(self, row: Row, units: dict[str, Unit]) -> Unit:
        unit = units[row.values["code"]]
        retire_unit(unit, on=day(row.values["closed_on"]))
        return unit

    def _merge(self, row: Row, units: dict[str, Unit]) -> Unit:
        unit, heir = units[row.values["code"]], units.get(self._heir(row.values["merged_into"]))
        if heir is not None and row.values.get("closed_on"):
            retire_unit(unit, on=day(row.values["closed_on"]), merged_into=heir)
        return unit

    def _write(self, row: Row, units: dict[str, Unit]) -> Unit:
        values = row.values
        parent = units.get(values.get("parent_code"))
        unit = units.get(values["code"])
        if unit is None:
            unit = open_unit(
                kind=values["kind"],
                name=values["name"],
                code=values["code"],
                parent=parent,
                opened_on=day(values.get("opened_on")),
                closed_on=day(values.get("closed_on")),
                short_name=values.get("short_name") or "",
            )
        else:
            self._change(unit, row, parent)
        if values.get("former_name") and not unit.former_names.filter(name=values["former_name"]).exists():
            UnitFormerName.objects.create(unit=unit, name=values["former_name"])
        if values["headcount"]:
            store_people(unit, values["headcount"])
        return unit

    def _change(self, unit: Unit, row: Row, parent: Unit | None) -> None:
        if "name" in row.changed:
            rename_unit(unit, name=row.values["name"], on=self.today)
        plain = [field for field in ("short_name", "kind") if field in row.changed]
        for field in plain:
            setattr(unit, field, row.values[field])
        if plain:
            unit.save(update_fields=plain)
        if "parent_code" in row.changed:
            place_unit(unit, parent=parent, on=self.today)

    def facts(self, outcome: Outcome) -> dict[str, Any]:
        rows = [row for row in outcome.rows if row.status != SKIPPED and row.values.get("kind")]
        open_rows = [row for row in rows if not row.values.get("closed_on")]
        count = {kind: sum(row.values["kind"] == kind for row in open_rows) for kind in UnitKind.values}
        tops = [row for row in open_rows if LEVELS[row.values["kind"]] == TOP]
        return {
            "units": count[UnitKind.BASE_UNIT],
            "workshops": count[UnitKind.WORKSHOP],
            "departments": count[UnitKind.DEPARTMENT],
            "closed_units": len(rows) - len(open_rows),
            "company": people_of(tops[0]) if tops else {},
            "company_by_band": people_by_band(tops[0]) if tops else {},
            "by_unit": {r.values["name"]: people_of(r) for r in open_rows if r.values["kind"] == UnitKind.BASE_UNIT},
        }
