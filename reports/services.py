"""Keeps the roll-up equal to the facts: sums again what is stale, and each night compares everything."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections import defaultdict
from collections.abc import Iterator

from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone

from friends.models import ContactLog
from issues.models import Issue, Opinion
from lib.periods import custom, today
from organization.models import Unit
from records.models import StaleMonth

from .models import Reconciliation, Rollup
from .recount import CELL, SUMS, recount

log = logging.getLogger(__name__)

#: Stale rows taken in one go, and differences listed by a reconciliation.
BATCH = 2000
LISTED = 100
#: After this a nightly reconciliation leaves the worker to others and the next call goes on: far below a task's limit.
SLICE_SECONDS = 60


def drain_stale_months() -> int:
    """Sums again every (unit, month) that is marked; returns how many. Safe to run twice and at once."""
    done = 0
    while marked := list(StaleMonth.objects.order_by("pk").values_list("unit_id", "month")[:BATCH]):
        stale: dict[dt.date, set[int]] = defaultdict(set)
        for unit_id, first in marked:
            stale[first].add(unit_id)
        for first, units in stale.items():
            roll_up(first, units)
            done += len(units)
    return done


@transaction.atomic
def roll_up(first: dt.date, units: set[int]) -> None:
    """Replaces the rows of a month of these units by what the facts say now, and clears their marks."""
    # The units' rows order two roll-ups of the same cells. No-key: facts that refer to the units are not held up.
    list(Unit.objects.select_for_update(no_key=True).filter(pk__in=units).order_by("pk").values_list("pk"))
    # Marks are read before the facts: one that comes later stays, and its fact is counted next time.
    marks = list(StaleMonth.objects.filter(unit__in=units, month=first).values_list("pk", flat=True))
    Rollup.objects.filter(month=first, unit__in=units).delete()
    Rollup.objects.bulk_create(recount(first, units), batch_size=500)
    StaleMonth.objects.filter(pk__in=marks).delete()


def reconcile_if_due(now: dt.datetime | None = None) -> Reconciliation | None:
    """Once a day from 01:00 on; asked often, so that a night slept through is made up for in the morning.

    One that is not through goes on first, whatever the day.
    """
    moment = timezone.localtime(now or timezone.now())
    begun = Reconciliation.objects.filter(finished_at__isnull=True).order_by("on").first()
    if begun is not None:
        return reconcile(begun.on, seconds=SLICE_SECONDS)
    if moment.hour < 1 or Reconciliation.objects.filter(on=moment.date()).exists():
        return None
    return reconcile(moment.date(), seconds=SLICE_SECONDS)


def reconcile(on: dt.date | None = None, *, seconds: float = float("inf")) -> Reconciliation:
    """Recounts all months from the facts, mends what differs, and keeps a record of every difference.

    After `seconds`, and one month at least, it stops between two months; called again it goes on there.
    """
    drain_stale_months()
    report, is_new = Reconciliation.objects.get_or_create(on=on or today())
    if not is_new and report.finished_at is not None:
        report.months, report.differences, report.detail = 0, 0, []
        report.next_month = report.finished_at = None
    end = time.monotonic() + seconds
    begun_at = report.months
    for first in months_with_facts():
        if report.next_month and first < report.next_month:
            continue
        if report.months > begun_at and time.monotonic() >= end:
            return report
        compare_month(report, first)
    report.finished_at = timezone.now()
    report.save()
    if report.differences:
        log.error("The roll-up differed from the facts in %d places; see Reconciliation.", report.differences)
    return report


@transaction.atomic
def compare_month(report: Reconciliation, first: dt.date) -> None:
    """One month, and where to go on: both or neither, also when the worker is killed."""
    found = differences(first)
    report.months += 1
    report.differences += len(found)
    report.detail += [[first.isoformat(), *entry] for entry in found[: LISTED - len(report.detail)]]
    report.next_month = (first + dt.timedelta(days=32)).replace(day=1)
    if found:
        roll_up(first, {unit_id for unit_id, *_rest in found})
    report.save()


def differences(first: dt.date) -> list[tuple[int, str, int, int]]:
    """(unit id, figure, stored, counted) wherever the roll-up of a month is not what the facts say.

    A unit that is marked as stale is left out: its difference is known and on its way.
    """
    stale = set(StaleMonth.objects.filter(month=first).values_list("unit_id", flat=True))
    stored = {_cell(row): row for row in Rollup.objects.filter(month=first)}
    counted = {_cell(row): row for row in recount(first)}
    found = []
    for cell in sorted(stored.keys() | counted.keys(), key=str):
        if cell[0] in stale:
            continue
        for name in SUMS:
            before, now = (getattr(rows.get(cell), name, 0) for rows in (stored, counted))
            if before != now:
                found.append((cell[0], name, before, now))
    return found


def _cell(row: Rollup) -> tuple:
    return tuple(getattr(row, name) for name in CELL)


def months_with_facts() -> Iterator[dt.date]:
    """The first days of all months from the earliest fact or sum to the latest."""
    ends = []
    for model, field in (
        (ContactLog, "happened_on"),
        (Opinion, "raised_on"),
        (Issue, "registered_on"),
        (Rollup, "month"),
    ):
        ends += model.objects.aggregate(first=Min(field), last=Max(field)).values()
    days = [day for day in ends if day]
    if days:
        for period in custom(min(days), max(days) + dt.timedelta(days=1)).months():
            yield dt.date(period.year, period.number, 1)
