"""Counts the sums of one month from the facts: what the roll-up stores, and the reconciliation compares with."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection

from django.db.models import Count, Q, QuerySet

from friends.enums import WorkKind
from friends.models import ContactLog
from issues.enums import IN_HAND_STATES, IssueState, OpinionState, Outcome
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
_STATE_SUMS = {
    "opinions_merged": OpinionState.MERGED,
    "opinions_waiting": OpinionState.WAITING,
    "opinions_set_aside": OpinionState.SET_ASIDE,
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
    states = {name: Count("pk", filter=Q(state=state)) for name, state in _STATE_SUMS.items()}
    opinions = Opinion.objects.for_period(period).filter(of_units).order_by()
    return opinions.values(*CELL).annotate(opinions=Count("pk"), **states)


def _issues(period: Period, of_units: Q) -> QuerySet:
    issues = Issue.objects.for_period(period).filter(of_units).order_by()
    return issues.values("unit_id", "group_id", "category_id").annotate(
        issues=Count("pk"),
        solved=Count("pk", filter=Q(outcome=Outcome.SOLVED)),
        partly_solved=Count("pk", filter=Q(outcome=Outcome.PARTLY)),
        explained=Count("pk", filter=Q(outcome=Outcome.EXPLAINED)),
        in_hand=Count("pk", filter=Q(state__in=IN_HAND_STATES)),
        struck_off=Count("pk", filter=Q(state=IssueState.CLOSED)),
    )


#: One query per family of facts: columns of CELL and SUMS, those that it has.
FAMILIES = (_contacts, _person_contacts, _opinions, _issues)
