"""The monthly workbook as a file that the worker makes."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lib.errors import Refused
from lib.periods import Kind, Period, parse
from organization.roles import Verb
from records.enums import OPEN_EXPORT_STATES
from records.exports import Made, Progress, register_export
from records.models import Export
from records.services import request_export

from .monthly import settled_report
from .scopes import NoGroup, readable_units, report_scope
from .workbook import write_monthly_workbook
from .workbook.book import ROLES, workbook_name

if TYPE_CHECKING:
    from organization.actors import Actor
    from organization.models import Unit

MONTHLY = "reports.monthly"


class NotYours(Refused):
    code = "not_yours"
    default_message = gettext_lazy("您现在的角色不能导出这个单位的月报。")


def may_make_workbook(actor: Actor) -> bool:
    """It holds the ledger with its reporters, masked: for the office and group leaders alone."""
    return actor.may(Verb.EXPORT) and actor.role in ROLES


def request_monthly(actor: Actor, unit: Unit, period: Period, day: dt.date | None = None) -> Export:
    """Asks the worker for the workbook; while one of the same month, unit and day waits or is made, that one."""
    if not may_make_workbook(actor):
        raise NotYours
    parameters = {"month": period.code, "unit": unit.code} | ({"as_of": day.isoformat()} if day else {})
    waiting = Export.objects.visible_to(actor).filter(kind=MONTHLY, state__in=OPEN_EXPORT_STATES, parameters=parameters)
    return waiting.first() or request_export(actor, MONTHLY, parameters, purpose=_("办公室月报"))


def make_monthly(export: Export, progress: Progress) -> Made:
    """The right and the scope are looked at again: both may have changed since it was asked for."""
    actor = progress.actor
    if not may_make_workbook(actor):
        raise NotYours
    period = month_from(export.parameters.get("month", ""))
    unit = readable_units(actor).filter(code=export.parameters.get("unit")).first()
    try:
        scope = report_scope(actor, unit)
    except NoGroup as nobody:
        raise NotYours from nobody
    if scope.unit.code != export.parameters.get("unit"):
        raise NotYours
    as_of = export.parameters.get("as_of")
    report = settled_report(scope, period, day=dt.date.fromisoformat(as_of) if as_of else None)
    made_by = f"{actor.user.name}（{actor.label}）"
    rows = write_monthly_workbook(progress.path, report, made_by=made_by, progress=progress)
    return Made(workbook_name(report), rows)


def month_from(text: str) -> Period:
    """Of the form 2016-08; else Refused."""
    try:
        period = parse(text)
    except ValueError:
        period = None
    if period is None or period.kind is not Kind.MONTH:
        raise Refused(_("月份请写成 2016-08 的样子。"), code="month")
    return period


def register() -> None:
    register_export(MONTHLY, gettext_lazy("办公室月报"), make_monthly)
