"""Figures of contacts and friends. Each docstring is the definition that reports print."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef

from liaison.figure_scope import FigureScope
from lib.formats import Rate
from lib.periods import Period
from organization.enums import UnitKind
from organization.models import Unit
from organization.models.unit import PATH_STEP

from .enums import FACE_TO_FACE_CHANNELS, WorkKind
from .models import ContactLog, Friendship, Participation


def logs_in(scope: FigureScope, period: Period):
    return scope.facts(ContactLog.objects.for_period(period))


def participations_in(scope: FigureScope, period: Period):
    return Participation.objects.filter(log__in=logs_in(scope, period))


def contacts(scope: FigureScope, period: Period) -> int:
    """联系次数：统计期内的联系记录数；一次与五位朋友交谈计 1 次。"""
    return logs_in(scope, period).count()


def person_contacts(scope: FigureScope, period: Period) -> int:
    """联系人次：统计期内各次联系的参加人数之和；一次与五位朋友交谈计 5 人次。"""
    return participations_in(scope, period).count()


def people_reached(scope: FigureScope, period: Period) -> int:
    """联系人数：统计期内联系过的职工人数，同一人只计 1 次。"""
    return participations_in(scope, period).values("worker").distinct().count()


def standing(scope: FigureScope, day: dt.date):
    return scope.held_by_cadres(Friendship.objects.open_on(day), on=day)


def standing_friends(scope: FigureScope, period: Period) -> int:
    """在册朋友：统计期最后一天仍在联系的朋友人数。"""
    return standing(scope, period.last_day).count()


def cumulative_friends(scope: FigureScope, period: Period) -> int:
    """累计联系：截至统计期最后一天，建立过联系关系的职工人数，同一人只计 1 次。"""
    day = period.last_day
    begun = scope.held_by_cadres(Friendship.objects.filter(starts_on__lte=day), on=day)
    return begun.values("worker").distinct().count()


def silent_friends(scope: FigureScope, period: Period) -> int:
    """未联系：统计期最后一天在册、但统计期内没有一次联系的朋友人数。"""
    return standing(scope, period.last_day).filter(~heard_in(period)).count()


def heard_in(period: Period) -> Exists:
    """Of a friendship: there was a contact with the worker in the period, whoever had it."""
    logs = {"log__happened_on__gte": period.start, "log__happened_on__lt": period.end}
    return Exists(Participation.objects.filter(worker=OuterRef("worker"), **logs))


def workshop_coverage(scope: FigureScope, period: Period) -> Rate:
    """覆盖车间：统计期最后一天有在册朋友的车间数 ÷ 在用的车间数。"""
    day = period.last_day
    workshops = Unit.objects.within(scope.unit).of_kind(UnitKind.WORKSHOP).active(day)
    # A friend in a team counts for the workshop above it: every prefix of the path of his unit is covered.
    paths = standing(scope, day).values_list("unit__path", flat=True).distinct()
    covered = {path[:end] for path in paths for end in range(PATH_STEP, len(path) + 1, PATH_STEP)}
    known = set(workshops.values_list("path", flat=True))
    return Rate(len(known & covered), len(known))


def work_kinds(scope: FigureScope, period: Period) -> dict[str, int]:
    """五种工作：按工作类型统计的联系次数（宣讲、走访、维权、交友、解难）。"""
    logs = logs_in(scope, period).order_by()
    return {kind.value: logs.filter(work_kind=kind).count() for kind in WorkKind}


def frontline_days(scope: FigureScope, period: Period) -> int:
    """在一起天数：各联络员有面对面联系的天数之和，同一人一天只计 1 天。"""
    face_to_face = logs_in(scope, period).filter(channel__in=FACE_TO_FACE_CHANNELS)
    return face_to_face.order_by().values("cadre", "happened_on").distinct().count()
