"""Which departments an issue should go to, by what happened to its like, else by the table of responsibilities."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from organization.enums import UnitKind
from organization.models import Unit

from ..enums import DispatchState
from ..models import Dispatch, Issue, Responsibility

#: How far back the like of an issue tells who handles it.
HISTORY = dt.timedelta(days=365)
#: What says that a department was the wrong one.
NOT_THEIRS = frozenset({DispatchState.RETURNED, DispatchState.WITHDRAWN})


@dataclass(frozen=True)
class Proposal:
    lead: Unit
    supporting: list[Unit]
    #: Why, in a sentence for the office.
    reason: str


@dataclass
class Practice:
    """Of one category: how often each department led and supported, the most frequent and latest first."""

    led: dict[int, int] = field(default_factory=dict)
    supported: dict[int, int] = field(default_factory=dict)


def departments_of(unit: Unit) -> QuerySet[Unit]:
    """Those that a matter of the unit may go to: all of the enterprise."""
    root = unit.paths_to_root()[0]
    return Unit.objects.filter(path__startswith=root).of_kind(UnitKind.DEPARTMENT).active()


def propose_departments(issues: Collection[Issue], *, reach: Unit) -> dict[int, Proposal]:
    """By the issue's pk; none where nothing is known. `reach` is the unit of the office that asks.

    In as many statements for many issues as for one.
    """
    categories = {issue.category_id for issue in issues}
    practices = practice_within(reach, categories)
    table = responsibilities(categories)
    refused = set(
        Dispatch.objects.filter(issue__in=issues, state=DispatchState.RETURNED).values_list("issue", "department")
    )
    roots = {issue.unit.paths_to_root()[0]: issue.unit for issue in issues}
    departments = {root: {unit.pk: unit for unit in departments_of(unit)} for root, unit in roots.items()}
    found = {}
    for issue in issues:
        here = departments[issue.unit.paths_to_root()[0]]
        fit = {pk: unit for pk, unit in here.items() if (issue.pk, pk) not in refused}
        practice = practices[issue.category_id]
        if proposal := by_practice(practice, fit) or by_table(table[issue.category_id], fit, issue):
            found[issue.pk] = proposal
    return found


def by_practice(practice: Practice, fit: dict[int, Unit]) -> Proposal | None:
    """The department that led most often; with it those that supported at least half as often."""
    lead = next((fit[pk] for pk in practice.led if pk in fit), None)
    if lead is None:
        return None
    times = practice.led[lead.pk]
    supporting = [fit[pk] for pk, n in practice.supported.items() if pk in fit and pk != lead.pk and 2 * n >= times]
    reason = ngettext(
        "近一年 %(count)d 件同类问题由%(department)s办理。",
        "近一年 %(count)d 件同类问题由%(department)s办理。",
        times,
    )
    return Proposal(lead, supporting, reason % {"count": times, "department": lead.label})


def by_table(rows: Iterable[Responsibility], fit: dict[int, Unit], issue: Issue) -> Proposal | None:
    theirs = [row for row in rows if row.department_id in fit]
    lead = next((fit[row.department_id] for row in theirs if row.is_lead), None)
    if lead is None:
        return None
    supporting = [fit[row.department_id] for row in theirs if not row.is_lead]
    words = {"category": issue.category, "department": lead.label}
    return Proposal(lead, supporting, _("按职责分工，%(category)s由%(department)s牵头。") % words)


def practice_within(reach: Unit, categories: Collection[int]) -> dict[int, Practice]:
    recent = Dispatch.objects.filter(
        issue__category__in=categories,
        issue__unit__path__startswith=reach.path,
        dispatched_at__gte=timezone.now() - HISTORY,
    ).exclude(state__in=NOT_THEIRS)
    counted = recent.order_by().values_list("issue__category", "is_lead", "department")
    counted = counted.annotate(times=Count("issue", distinct=True), last=Max("dispatched_at"))
    found: dict[int, Practice] = defaultdict(Practice)
    for category, is_lead, department, times, _last in counted.order_by("-times", "-last"):
        practice = found[category]
        (practice.led if is_lead else practice.supported)[department] = times
    return found


def responsibilities(categories: Collection[int]) -> dict[int, list[Responsibility]]:
    found: dict[int, list[Responsibility]] = defaultdict(list)
    for row in Responsibility.objects.filter(category__in=categories).order_by("pk"):
        found[row.category_id].append(row)
    return found
