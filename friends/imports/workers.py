"""Workers from a table, compared with those who are there and written in bulk."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Sequence
from typing import Any

from auditlog.models import LogEntry
from django.db import models
from django.utils.translation import gettext_lazy as _

from lib.encryption import blind_index, encrypt
from lib.names import search_text_of
from lib.tabular.bulk import insert_rows, reserve_ids, update_rows, write_trail
from lib.tabular.columns import Column, words
from lib.tabular.existing import Existing, Person, compare_with
from lib.tabular.importer import Importer
from lib.tabular.outcome import CHANGED, NEW, SECOND_CONFIRMATION, Outcome, Row
from lib.tabular.people import worker_columns
from lib.tabular.person_cells import choice_cleaner, line_cleaner
from lib.tabular.places import UnitIndex
from lib.tabular.roster import Choices, Judge
from lib.tabular.sheets import Table
from organization.enums import Gender, UnitKind
from organization.imports.rosters import lock_trees, refuse_outside, remember_spellings, settled, unit_index, units_in
from organization.models import Unit

from ..enums import Employment
from ..models import Worker

GENDERS = {"男": Gender.MALE, "女": Gender.FEMALE}
GENDER_WORDS = {value: word for word, value in GENDERS.items()}
EMPLOYMENTS = {
    "正式职工": Employment.REGULAR,
    "劳务派遣": Employment.DISPATCHED,
    "劳务外包": Employment.OUTSOURCED,
    "返聘": Employment.REHIRED,
    "快递员": Employment.COURIER,
    "外卖配送员": Employment.RIDER,
    "网约车司机": Employment.RIDE_HAILING,
    "货车司机": Employment.TRUCK_DRIVER,
    "其他新就业形态": Employment.OTHER_NEW_FORM,
}
EMPLOYMENT_WORDS = {value: word for word, value in EMPLOYMENTS.items()}
AT_WORK = {"是": True, "在岗": True, "否": False, "离岗": False}
#: What is compared beside unit and workshop.
COMPARED = (
    "name",
    "gender",
    "birth_year",
    "post",
    "shift",
    "employment",
    "phone",
    "phone_2",
    "member",
    "strengths",
)
#: What is read of those who are there; from the name on it is what is compared.
READ = (
    "pk",
    "employee_no",
    "unit_id",
    "is_active",
    "name_key",
    "name",
    "gender",
    "birth_year",
    "post",
    "shift",
    "employment",
    "phone_index",
    "phone_2_index",
    "is_union_member",
    "strengths",
)
UPDATED_AT_ONCE = 2_000
#: Database columns of a worker in the order in which they are written.
WRITTEN = (
    "enterprise_id",
    "unit_id",
    "employee_no",
    "name",
    "name_key",
    "search",
    "gender",
    "birth_year",
    "post",
    "shift",
    "employment",
    "phone",
    "phone_index",
    "phone_2",
    "phone_2_index",
    "is_union_member",
    "strengths",
    "is_active",
)


def roster_columns(today) -> list[Column]:
    return [
        *worker_columns(today),
        Column("shift", "班组", words("班次 班组名称 所在班组 倒班 轮班"), line_cleaner("shift", 20), example="甲班"),
        Column("strengths", "特长", words("爱好特长 特长爱好 爱好 个人特长"), line_cleaner("strengths", 100)),
        Column(
            "active", "在岗", ("是否在岗",), choice_cleaner("active", AT_WORK, "active_unknown"), example="是", width=8
        ),
    ]


def enterprises_of(units: UnitIndex) -> dict[int, int]:
    """For every unit the one at whose level employee numbers are unique: the nearest enterprise, else the top."""
    kinds = dict(Unit.objects.filter(pk__in=units.by_id).values_list("pk", "kind"))
    found: dict[int, int] = {}
    for pk, row in units.by_id.items():
        top, current = pk, row
        while current is not None:
            top = current.id
            if kinds.get(current.id) == UnitKind.ENTERPRISE:
                break
            current = units.by_id.get(current.parent_id)
        found[pk] = top
    return found


def admit_workplaces(units: UnitIndex, scope: Unit | None) -> None:
    """The company itself and what is closed may stand in a file for those workers who are there."""
    unusual = [row.id for row in units.by_id.values() if row.closed or row in units.tops]
    there = Worker.objects.filter(unit__in=units_in(scope).filter(pk__in=unusual))
    units.admit(there.order_by().values_list("unit_id", flat=True).distinct())


class WorkerImporter(Importer):
    kind = "workers"
    title = _("职工")
    personal = True

    def columns(self) -> list[Column]:
        return roster_columns(self.today)

    def lock(self) -> None:
        lock_trees(self.scope)

    def exported(self, rows: models.QuerySet) -> models.QuerySet:
        self.units = unit_index(self.scope)
        return rows

    def cells(self, row: Worker) -> dict[str, Any]:
        return {
            "employee_no": row.employee_no,
            "name": row.name,
            "gender": GENDER_WORDS.get(row.gender),
            "birth": row.birth_year,
            **self.units.place_cells(row.unit_id),
            "post": row.post,
            "employment": EMPLOYMENT_WORDS.get(row.employment),
            "phone": row.phone,
            "phone_2": row.phone_2,
            "member": row.is_union_member,
            "shift": row.shift,
            "strengths": row.strengths,
            "active": row.is_active,
        }

    def judge_rows(self, tables: Sequence[Table], choices: Choices) -> Outcome:
        self.units = unit_index(self.scope, choices.units)
        admit_workplaces(self.units, self.scope)
        self.enterprises = enterprises_of(self.units)
        judge = Judge(tables[0], self.columns(), self.units, choices)
        outcome = judge.judge()
        refuse_outside(outcome.rows, self.scope)
        self.existing = self._existing(outcome.rows)
        compare_with(outcome, self.existing, choices.same)
        self.units.settle_admitted(outcome.rows)
        return settled(judge, with_effects=bool(self.existing.people))

    def _existing(self, listed: Sequence[Row]) -> Existing:
        """Whom the file may be about: those of the scope. Of all others of the enterprise only numbers count."""
        enterprises = {self.enterprises[row.unit_id] for row in listed if row.unit_id}
        everybody = Worker.objects.filter(enterprise__in=enterprises)
        inside = units_in(self.scope)
        # A row whose unit is not clear yet belongs to the enterprise of all others.
        only = next(iter(enterprises)) if len(enterprises) == 1 else None

        def register(unit: int | None) -> int | None:
            return self.enterprises.get(unit, only)

        numbers = {(register(row.unit_id), row.values.get("employee_no")) for row in listed}
        beyond = everybody.none() if self.scope is None else everybody.exclude(unit__in=inside)
        beyond = beyond.exclude(employee_no="").values_list("enterprise_id", "employee_no")
        taken = frozenset(numbers.intersection(beyond.iterator()))
        rows = everybody.filter(unit__in=inside).exclude(name_key="").values_list(*READ)
        people = []
        # Posts and shifts are the same for many, the name and its key nearly always: each text is kept once.
        texts: dict[str, str] = {}
        # Row by row: a list of all of them would need as much room again.
        for pk, number, unit, active, key, name, gender, year, post, shift, employment, *rest in rows.iterator():
            place = self.units.by_id.get(unit)
            base = self.units.base_of(place) if place else None
            shop = place.id if place and base and place.id != base.id else None
            post, shift = texts.setdefault(post, post), texts.setdefault(shift, shift)
            values = (name, GENDER_WORDS.get(gender), year, post, shift, EMPLOYMENT_WORDS.get(employment), *rest)
            name_key = name if key == name else key
            people.append(Person(pk, number or None, name_key, base.id if base else None, shop, values, active))
        return Existing(people, COMPARED, blind_index, register, taken)

    def write(self, outcome: Outcome, choices: Choices) -> None:
        remember_spellings(choices, self.scope, self.by)
        accepted = outcome.accepted()
        self._insert([row for row in accepted if row.effect == NEW])
        self._update([row for row in accepted if row.effect == CHANGED])
        if choices.leavers and outcome.missing and (choices.second or outcome.outcome != SECOND_CONFIRMATION):
            self._mine().filter(pk__in=outcome.missing).update(is_active=False)
            write_trail(Worker, LogEntry.Action.UPDATE, ((pk, ["is_active"]) for pk in outcome.missing), self.by)

    def _mine(self) -> models.QuerySet[Worker]:
        """The second fence: whatever the judging made of a file, nobody outside the scope is touched."""
        return Worker.objects.filter(unit__in=units_in(self.scope))

    def _insert(self, rows: list[Row]) -> None:
        ids = reserve_ids(Worker, len(rows))
        columns = ("id", "key", "last_contact_on", *WRITTEN)
        insert_rows(
            Worker,
            columns,
            ((pk, uuid.uuid4().hex, None, *self._stored(row)) for pk, row in zip(ids, rows, strict=True)),
        )
        write_trail(Worker, LogEntry.Action.CREATE, ((pk, ()) for pk in ids), self.by)

    def _stored(self, row: Row) -> tuple[Any, ...]:
        values = row.values
        phone, phone_2 = values.get("phone") or "", values.get("phone_2") or ""
        return (
            self.enterprises[row.unit_id],
            row.workshop_id or row.unit_id,
            values.get("employee_no") or "",
            values["name"],
            values["name_key"],
            search_text_of(values["name_key"]),
            GENDERS.get(values.get("gender"), ""),
            values.get("birth_year"),
            values.get("post") or "",
            values.get("shift") or "",
            EMPLOYMENTS.get(values.get("employment"), ""),
            encrypt(phone),
            blind_index(phone),
            encrypt(phone_2),
            blind_index(phone_2),
            values.get("member"),
            values.get("strengths") or "",
            values.get("active") is not False,
        )

    def _update(self, rows: list[Row]) -> None:
        """Only what the file says changes; what it leaves blank stays."""
        for start in range(0, len(rows), UPDATED_AT_ONCE):
            some = rows[start : start + UPDATED_AT_ONCE]
            workers = self._mine().in_bulk([row.match_id for row in some])
            for row in some:
                worker, values = workers[row.match_id], row.values
                for field in row.changed:
                    self._put(worker, field, row, values)
                worker.employee_no = worker.employee_no or values.get("employee_no") or ""
                worker.is_active = values.get("active") is not False
                worker.derive()
            stored = [(*(self._value(worker, name) for name in WRITTEN), pk) for pk, worker in workers.items()]
            update_rows(Worker, WRITTEN, stored)
        write_trail(Worker, LogEntry.Action.UPDATE, ((row.match_id, row.changed) for row in rows), self.by)

    def _put(self, worker: Worker, field: str, row: Row, values: dict[str, Any]) -> None:
        if field in ("unit", "workshop"):
            worker.unit_id = row.workshop_id or row.unit_id
            worker.enterprise_id = self.enterprises[row.unit_id]
        elif field == "gender":
            worker.gender = GENDERS[values["gender"]]
        elif field == "employment":
            worker.employment = EMPLOYMENTS.get(values["employment"], "")
        elif field == "member":
            worker.is_union_member = values["member"]
        elif field != "is_active":
            setattr(worker, field, values[field])

    @staticmethod
    def _value(worker: Worker, name: str) -> Any:
        value = getattr(worker, name)
        return encrypt(value) if name in ("phone", "phone_2") else value

    def person_label(self, pk: int) -> str:
        person = self.existing.by_id[pk]
        name = person.values[COMPARED.index("name")]
        return " · ".join(
            filter(None, [name, self.unit_label(person.workshop_id or person.unit_id), person.employee_no])
        )

    def facts(self, outcome: Outcome) -> dict[str, Any]:
        accepted = outcome.accepted()
        shown = [row for row in accepted if row.effect == CHANGED]
        counts = {
            **outcome.effects(),
            "moved_unit": sum("unit" in row.changed for row in shown),
            "phone_changed": sum("phone" in row.changed for row in shown),
            "post_changed": sum("post" in row.changed for row in shown),
            "missing": len(outcome.missing),
        }
        numbers = (self.existing.by_id[pk].employee_no for pk in outcome.missing)
        return {
            "counts": counts,
            "present": outcome.present,
            "missing": len(outcome.missing),
            "missing_employee_nos": sorted(filter(None, numbers)),
            "women": sum(row.values.get("gender") == "女" for row in accepted),
            "by_unit": dict(Counter(row.values["unit"] for row in accepted)),
            "workshops_covered": len({(row.unit_id, row.workshop_id) for row in accepted if row.workshop_id}),
        }
