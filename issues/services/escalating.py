"""超期逐级提醒: what is late climbs from the handler to his head, to the office, to the leader."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from liaison.models import Norms
from liaison.norms import EffectiveNorms, inherited
from lib.periods import local_date
from organization.calendars import working_calendar
from organization.models import Unit

from ..enums import OPEN_DISPATCH_STATES, Move, Rung
from ..models import Dispatch, Escalation
from .pausing import resume_where_over
from .transitions import locked, write_transition


def climb_ladder(now: dt.datetime | None = None) -> int:
    """Enters the rungs that late dispatches have reached by now; returns how many. Safe to run twice.

    On working days alone. After days of sleep all rungs passed meanwhile are entered; who is told is for the notices.
    """
    now = now or timezone.now()
    day, calendar = local_date(now), working_calendar()
    resume_where_over(now)
    if not calendar.is_workday(day):
        return 0
    late = list(Dispatch.objects.overdue(day).select_related("issue__unit").order_by("pk"))
    entered = defaultdict(set)
    for pk, due_on, rung in Escalation.objects.filter(dispatch__in=late).values_list("dispatch", "due_on", "rung"):
        entered[pk, due_on].add(rung)
    norms = norms_of({dispatch.issue.unit for dispatch in late})
    count = 0
    for dispatch in late:
        workdays = calendar.workdays_between(dispatch.due_on, day)
        reached = [rung for rung in Rung if workdays >= norms[dispatch.issue.unit_id].escalation_workdays(rung)]
        if missing := [rung for rung in reached if rung not in entered[dispatch.pk, dispatch.due_on]]:
            count += enter(dispatch, missing, now)
    return count


@transaction.atomic
def enter(dispatch: Dispatch, rungs: list[Rung], now: dt.datetime) -> int:
    """Looks again under the lock: the department may have answered, or another worker been here, in between."""
    issue = locked(dispatch.issue)
    if not issue.dispatches.filter(pk=dispatch.pk, due_on=dispatch.due_on, state__in=OPEN_DISPATCH_STATES).exists():
        return 0
    count = 0
    for rung in rungs:
        _escalation, is_new = Escalation.objects.get_or_create(
            dispatch=dispatch, rung=rung, due_on=dispatch.due_on, defaults={"reached_on": local_date(now)}
        )
        if is_new:
            state = issue.state
            write_transition(
                Move.ESCALATE,
                by=None,
                at=now,
                note=_("提醒到%(rung)s") % {"rung": rung.label},
                issue=issue,
                dispatch=dispatch,
                before=state,
                after=state,
            )
            count += 1
    return count


def norms_of(units: set[Unit]) -> dict[int, EffectiveNorms]:
    """By the unit's pk, for many units in one statement."""
    rows = {norms.unit.path: norms for norms in Norms.objects.select_related("unit")}
    return {unit.pk: inherited(rows[path] for path in unit.paths_to_root() if path in rows) for unit in units}
