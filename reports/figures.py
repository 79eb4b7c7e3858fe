"""Every figure of a unit and period, by its English key: the one list that page, workbook and command print."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.utils.translation import gettext as _

from friends import stats as friends
from friends.enums import WorkKind
from issues import stats as issues
from issues.enums import RatedBy
from liaison.figure_scope import FigureScope
from liaison.models import LiaisonGroup
from lib.errors import Refused
from lib.formats import Rate
from lib.periods import Period, custom, today
from meetings import stats as meetings
from organization.enums import UnitKind
from organization.models import Unit

Figures = dict[str, int | Rate]


class DoesNotAddUp(Refused):
    """An identity of the ledger fails; nothing is printed until the rows named are mended."""

    code = "does_not_add_up"


def figures(scope: FigureScope, period: Period, *, as_of: dt.date | None = None) -> Figures:
    """All figures; outcomes as of the end of `as_of`, by default as they are now.

    On a day within the period, the period is what had passed of it. Raises Refused for a day before the period, and
    DoesNotAddUp, with the rows that break it, when an identity fails.
    """
    if as_of and as_of < period.start:
        raise Refused(_("截至日期不能早于统计期的第一天。"))
    if as_of and as_of < period.last_day:
        period = custom(period.start, as_of + dt.timedelta(days=1))
    day = as_of or today()
    found: Figures = {}
    for part in (structure_figures, contact_figures, ledger_figures, rate_figures):
        found.update(part(scope, period, as_of, day))
    return found


def structure_figures(scope: FigureScope, period: Period, as_of: dt.date | None, day: dt.date) -> Figures:
    last = period.last_day
    units = Unit.objects.within(scope.unit).of_kind(UnitKind.BASE_UNIT).active(last)
    groups = LiaisonGroup.objects.filter(unit__path__startswith=scope.unit.path).active(last)
    coverage = friends.workshop_coverage(scope, period)
    return {
        "groups": 1 if scope.group else groups.count(),
        "base_units": units.count(),
        "workshops_covered": coverage.n,
        "workshops": coverage.of,
        "standing_friends": friends.standing_friends(scope, period),
        "cumulative_friends": friends.cumulative_friends(scope, period),
        "silent_friends": friends.silent_friends(scope, period),
        "meetings": meetings.meetings_held(scope, period),
    }


def contact_figures(scope: FigureScope, period: Period, as_of: dt.date | None, day: dt.date) -> Figures:
    kinds = friends.work_kinds(scope, period)
    return {
        "contacts": friends.contacts(scope, period),
        "person_contacts": friends.person_contacts(scope, period),
        "people_reached": friends.people_reached(scope, period),
        "frontline_days": friends.frontline_days(scope, period),
        "briefings": kinds[WorkKind.BRIEFING],
        "visits": kinds[WorkKind.VISITING],
        "rights_cases": kinds[WorkKind.RIGHTS],
        "friendship_contacts": kinds[WorkKind.FRIENDSHIP],
        "problem_contacts": kinds[WorkKind.SOLVING],
    }


def ledger_figures(scope: FigureScope, period: Period, as_of: dt.date | None, day: dt.date) -> Figures:
    opinions = issues.opinion_ledger(scope, period, as_of=as_of)
    ledger = issues.issue_ledger(scope, period, as_of=as_of)
    if broken := issues.misfits(scope, period):
        raise DoesNotAddUp(_("账目不平，下列意见的归并记录有误：%(rows)s") % {"rows": "、".join(broken)})
    if not (opinions.adds_up and ledger.adds_up):
        raise DoesNotAddUp(_("账目不平：意见去向或问题结果之和与总数不符，请联系管理员核对。"))
    return {
        "opinions": opinions.opinions,
        "opinions_merged": opinions.merged,
        "opinions_waiting": opinions.waiting,
        "opinions_set_aside": opinions.set_aside,
        "issues": ledger.issues,
        "solved": ledger.solved,
        "partly_solved": ledger.partly_solved,
        "in_hand": ledger.in_hand,
        "explained": ledger.explained,
        "real_problems": ledger.real_problems,
        "real_problems_published": ledger.real_problems_published,
        "struck_off": ledger.struck_off,
    }


def rate_figures(scope: FigureScope, period: Period, as_of: dt.date | None, day: dt.date) -> Figures:
    rates: dict[str, Callable[..., Rate]] = {
        "response_rate": issues.response_rate,
        "closure_rate": issues.closure_rate,
        "on_time_closure_rate": issues.on_time_closure_rate,
        "feedback_rate": issues.feedback_rate,
        "satisfaction_rate": issues.satisfaction_rate,
    }
    found: Figures = {key: of(scope, period, as_of=day) for key, of in rates.items()}
    for whose in RatedBy:
        found[f"satisfaction_rate_by_{whose}"] = issues.satisfaction_rate(scope, period, as_of=day, rated_by=whose)
    return found
