"""Friendships from a table: who keeps in touch with whom, and from when to when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from auditlog.models import LogEntry
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from liaison.models import Cadre
from lib.encryption import blind_index
from lib.tabular.birth import DayCleaner
from lib.tabular.bulk import write_trail
from lib.tabular.cells import ACCEPTED, ERROR, NEEDS_CHOICE, SKIPPED
from lib.tabular.columns import Column, words
from lib.tabular.importer import Importer
from lib.tabular.outcome import CHANGED, NEW, UNCHANGED, Outcome, Row
from lib.tabular.people import EMPLOYEE_NO, NAME, PHONE, UNIT, WORKSHOP
from lib.tabular.person_cells import choice_cleaner, line_cleaner
from lib.tabular.roster import Choices, Judge
from lib.tabular.sheets import Table
from organization.imports.rosters import day, lock_trees, remember_spellings, unit_index, units_in

from ..enums import EndReason
from ..models import Friendship, Worker
from .workers import admit_workplaces

REASONS = {
    "轮换": EndReason.ROTATED,
    "调离": EndReason.LEFT,
    "离职": EndReason.LEFT,
    "调离或离职": EndReason.LEFT,
    "退休": EndReason.RETIRED,
    "联系不上": EndReason.UNREACHABLE,
    "本人意愿": EndReason.OWN_WISH,
    "移交": EndReason.HANDED_OVER,
    "移交其他联络员": EndReason.HANDED_OVER,
}
REASON_WORDS = {reason: word for word, reason in REASONS.items()}
#: Words of rows that may mean something else than was read.
UNREAD = {"date_incomplete", "reason_unknown", "hidden_row"}


def friendship_columns() -> list[Column]:
    return [
        EMPLOYEE_NO,
        NAME,
        UNIT,
        WORKSHOP,
        PHONE,
        Column(
            "cadre",
            "联络员",
            words("联系人干部 联系干部 工会干部 责任干部 包联干部 联络员姓名 结对干部 帮联干部"),
            line_cleaner("cadre", 60),
            True,
            "萧山豹",
        ),
        Column(
            "from",
            "建立日期",
            words("起始日期 开始日期 结对日期 联系起始 建立联系日期"),
            DayCleaner("from"),
            example="2026-01-05",
            width=14,
        ),
        Column("to", "结束日期", ("截止日期", "终止日期", "退出日期"), DayCleaner("to"), width=14),
        Column(
            "reason", "调整原因", ("结束原因", "退出原因", "原因"), choice_cleaner("reason", REASONS, "reason_unknown")
        ),
    ]


class FriendshipImporter(Importer):
    """History stays: another cadre is asked about, then the old friendship ends and a new one begins."""

    kind = "friendships"
    title = _("联系关系")
    personal = True
    is_writing = False

    def columns(self) -> list[Column]:
        # 联络员 is somebody else here than the worker that the line is about.
        name = Column(
            "name", NAME.title, tuple(s for s in NAME.synonyms if s != "联络员"), NAME.clean, True, NAME.example
        )
        return [name if column.name == "name" else column for column in friendship_columns()]

    def lock(self) -> None:
        lock_trees(self.scope)
        self.is_writing = True

    def exported(self, rows: models.QuerySet) -> models.QuerySet:
        self.units = unit_index(self.scope)
        return rows.select_related("worker", "cadre__user")

    def cells(self, row: Friendship) -> dict[str, Any]:
        return {
            "employee_no": row.worker.employee_no,
            "name": row.worker.name,
            **self.units.place_cells(row.worker.unit_id),
            "phone": row.worker.phone,
            "cadre": row.cadre.user.name,
            "from": row.starts_on,
            "to": row.ends_on,
            "reason": REASON_WORDS.get(row.end_reason),
        }

    def judge_rows(self, tables: Sequence[Table], choices: Choices) -> Outcome:
        self.units = unit_index(self.scope, choices.units)
        admit_workplaces(self.units, self.scope)
        judge = Judge(tables[0], self.columns(), self.units, choices)
        outcome = judge.judge()
        self._load(outcome)
        for row in outcome.rows:
            if row.status not in (SKIPPED, ERROR):
                self._judge(row, choices)
        judge.settle(with_effects=True)
        for row in outcome.rows:
            # The history of a worker is several lines about him, and none of them does anything.
            if row.status == NEEDS_CHOICE and row.effect == UNCHANGED and not UNREAD.intersection(row.why):
                row.status, row.why = ACCEPTED, [UNCHANGED]
        return outcome

    def _load(self, outcome: Outcome) -> None:
        rows = [row for row in outcome.rows if row.status not in (SKIPPED, ERROR)]
        keys = {row.values["name_key"] for row in rows}
        numbers = {row.values.get("employee_no") for row in rows} - {None}
        here = Worker.objects.filter(unit__in=units_in(self.scope))
        found = here.filter(Q(name_key__in=keys) | Q(employee_no__in=numbers)).select_related("unit")
        if self.is_writing:
            # Before their friendships are read: nobody else may begin or end one of them meanwhile.
            found = found.select_for_update(of=("self",)).order_by("pk")
        self.workers = {worker.pk: worker for worker in found}
        self.by_name: dict[str, list[Worker]] = defaultdict(list)
        self.by_number: dict[str, list[Worker]] = defaultdict(list)
        for worker in self.workers.values():
            self.by_name[worker.name_key].append(worker)
            self.by_number[worker.employee_no].append(worker)
        self.open = {f.worker_id: f for f in Friendship.objects.filter(worker__in=self.workers, ends_on__isnull=True)}
        self.past: dict[int, list[tuple[Any, Any, int]]] = {}
        past = Friendship.objects.filter(worker__in=self.workers, ends_on__isnull=False)
        for worker, starts, ends, cadre in past.values_list("worker_id", "starts_on", "ends_on", "cadre_id"):
            self.past.setdefault(worker, []).append((starts, ends, cadre))
        # Of those who left, or are of another unit, only what they had with these workers is known.
        mine = Q(unit__in=units_in(self.scope), is_active=True)
        known = Friendship.objects.filter(worker__in=self.workers).values("cadre")
        self.mine = set(Cadre.objects.filter(mine).values_list("pk", flat=True))
        self.cadres: dict[str, list[Cadre]] = {}
        for cadre in Cadre.objects.filter(mine | Q(pk__in=known)).select_related("user"):
            self.cadres.setdefault(cadre.user.name, []).append(cadre)

    def _judge(self, row: Row, choices: Choices) -> None:
        worker = self.workers.get(choices.same.get(row.key)) or self._worker(row)
        named = self.cadres.get(row.values.get("cadre") or "", [])
        starts, ends = day(row.values.get("from")), day(row.values.get("to"))
        if worker and any(self._is_known(worker, cadre.pk, starts, ends) for cadre in named):
            row.match_id, row.effect = worker.pk, UNCHANGED
            return
        cadres = [cadre for cadre in named if cadre.pk in self.mine]
        if len(cadres) != 1:
            row.worsen(ERROR, "cadre_ambiguous" if cadres else "cadre_unknown")
        if starts and ends and ends < starts:
            row.worsen(ERROR, "ends_before_start")
        if worker is not None and not worker.is_active:
            row.worsen(ERROR, "worker_unknown")
        if worker is None or row.status == ERROR:
            return
        row.match_id = worker.pk
        row.values["cadre_id"] = cadres[0].pk
        self._effect(row, worker, cadres[0].pk, starts or self.today, ends)

    def _is_known(self, worker: Worker, cadre: int, starts, ends) -> bool:
        """Whether the row says what stands there already."""
        current = self.open.get(worker.pk)
        if ends is None and current and current.cadre_id == cadre:
            return True
        return (starts, ends, cadre) in self.past.get(worker.pk, ())

    def _effect(self, row: Row, worker: Worker, cadre: int, starts, ends) -> None:
        current = self.open.get(worker.pk)
        if current and ends and ends <= current.starts_on:
            current = None  # the row is about a time before it
        if current and current.cadre_id == cadre:
            row.effect, row.changed = CHANGED, ["to"]
        elif current:
            row.effect, row.changed = CHANGED, ["cadre"]
            row.worsen(NEEDS_CHOICE, "friendship_other_cadre")
        elif any(a < (ends or self.today) and b > starts for a, b, _cadre in self.past.get(worker.pk, ())):
            row.worsen(ERROR, "friendship_overlaps")
        else:
            row.effect = NEW

    def _worker(self, row: Row) -> Worker | None:
        values = row.values
        number, phone = values.get("employee_no"), values.get("phone")
        named = self.by_name.get(values["name_key"], [])
        if number:
            same = self.by_number.get(number, [])
            if same and same[0].name_key != values["name_key"]:
                row.worsen(ERROR, "employee_no_other_name")
            if same:
                return same[0]
        if phone:
            index = blind_index(phone)
            same = [w for w in named if index in (w.phone_index, w.phone_2_index)]
            if len(same) == 1:
                return same[0]
        place = row.workshop_id or row.unit_id
        here = [w for w in named if place and place in (w.unit_id, w.unit.parent_id)]
        # Who left is meant only where nobody of that name is at work.
        here = [w for w in here if w.is_active] or here
        if not here:
            row.worsen(ERROR, "worker_unknown")
            return None
        row.offer("same", (str(w.pk) for w in here))
        if len(here) == 1 and row.workshop_id == here[0].unit_id:
            return here[0]
        row.worsen(NEEDS_CHOICE, "same_name_same_unit")
        return None

    def person_label(self, pk: int) -> str:
        worker = self.workers[pk]
        return " · ".join(filter(None, [worker.name, self.unit_label(worker.unit_id), worker.employee_no]))

    def write(self, outcome: Outcome, choices: Choices) -> None:
        remember_spellings(choices, self.scope, self.by)
        rows = [row for row in outcome.accepted() if row.match_id and row.effect in (NEW, CHANGED)]
        begun = []
        for row in rows:
            worker, starts, ends = (
                self.workers[row.match_id],
                day(row.values.get("from")) or self.today,
                day(row.values.get("to")),
            )
            current = self.open.get(worker.pk)
            if row.changed == ["to"]:
                self._end(current, ends, row.values.get("reason") or EndReason.ROTATED)
                continue
            if row.changed == ["cadre"]:
                starts = max(starts, current.starts_on)
                self._end(current, starts, EndReason.HANDED_OVER)
            reason = (row.values.get("reason") or EndReason.ROTATED) if ends else ""
            begun.append(
                Friendship(
                    worker=worker,
                    cadre_id=row.values["cadre_id"],
                    unit_id=worker.unit_id,
                    starts_on=starts,
                    ends_on=ends,
                    end_reason=reason,
                )
            )
        Friendship.objects.bulk_create(begun)
        write_trail(Friendship, LogEntry.Action.CREATE, ((f.pk, ()) for f in begun), self.by)

    @staticmethod
    def _end(friendship: Friendship, on, reason: str) -> None:
        friendship.ends_on, friendship.end_reason = max(on, friendship.starts_on), reason
        friendship.save(update_fields=["ends_on", "end_reason"])
