"""Counts the sums of one month from the facts: what the roll-up stores, and the reconciliation compares with."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection

from django.db.models import Count, Q, QuerySet

from friends.enums import WorkKind
from friends.models import ContactLog
from issues import stats
from issues.models import Issue, Opinion
from lib.periods import Period, month

from .models import Rollup

#: What a row of the roll-up is about; the rest of its columns are sums.
CELL = ("unit_id", "group_id", "cadre_id", "category_id")
SUMS = (
    "contacts",
    "person_contacts",
    "briefings",
    "visits",
    "rights_cases",
    "friendship_contacts",
    "problem_contacts",
    "opinions",
    "opinions_merged",
    "opinions_waiting",
    "opinions_set_aside",
    "issues",
    "solved",
    "partly_solved",
    "in_hand",
    "explained",
    "struck_off",
)
_KIND_SUMS = {
    "briefings": WorkKind.BRIEFING,
    "visits": WorkKind.VISITING,
    "rights_cases": WorkKind.RIGHTS,
    "friendship_contacts": WorkKind.FRIENDSHIP,
    "problem_contacts": WorkKind.SOLVING,
}


def period_of(first: dt.date) -> Period:
    """The (statistical) month that `first`, its first calendar day, names in Rollup and StaleMonth."""
    return month(first.year, first.month)


def recount(first: dt.date, units: Collection[int] | None = None) -> list[Rollup]:
    """The rows of a month as the facts have it now, unsaved; of the given units (ids) or of all."""
    period = period_of(first)
    cells: dict[tuple, dict[str, int]] = defaultdict(lambda: dict.fromkeys(SUMS, 0))
    for counted in FAMILIES:
        for row in counted(period, Q() if units is None else Q(unit_id__in=units)):
            cell = tuple(row.pop(name, None) for name in CELL)
            for name, value in row.items():
                cells[cell][name] += value
    return [Rollup(month=first, **dict(zip(CELL, cell, strict=True)), **sums) for cell, sums in cells.items()]


def _contacts(period: Period, of_units: Q) -> QuerySet:
    kinds = {name: Count("pk", filter=Q(work_kind=kind)) for name, kind in _KIND_SUMS.items()}
    logs = ContactLog.objects.for_period(period).filter(of_units).order_by()
    return logs.values("unit_id", "group_id", "cadre_id").annotate(contacts=Count("pk"), **kinds)


def _person_contacts(period: Period, of_units: Q) -> QuerySet:
    """Under the unit, group and cadre of the contact, so that they add up wherever contacts do."""
    logs = ContactLog.objects.for_period(period).filter(of_units).order_by()
    return logs.values("unit_id", "group_id", "cadre_id").annotate(person_contacts=Count("participations"))


def _opinions(period: Period, of_units: Q) -> QuerySet:
    opinions = stats.opinions_then(Opinion.objects.for_period(period).filter(of_units), None)
    return opinions.order_by().values(*CELL).annotate(**_counts(stats.OPINION_COUNTS))


def _issues(period: Period, of_units: Q) -> QuerySet:
    issues = stats.issues_then(Issue.objects.for_period(period).filter(of_units), None)
    return issues.order_by().values("unit_id", "group_id", "category_id").annotate(**_counts(stats.ISSUE_COUNTS))


def _counts(conditions: dict[str, Q]) -> dict[str, Count]:
    """Each figure by its definition in issues.stats."""
    return {name: Count("pk", filter=condition) for name, condition in conditions.items()}


#: One query per family of facts: columns of CELL and SUMS, those that it has.
FAMILIES = (_contacts, _person_contacts, _opinions, _issues)
