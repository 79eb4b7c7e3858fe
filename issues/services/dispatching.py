"""The office sends an issue to departments, with a limit on the working-day clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from liaison.enums import Grade
from liaison.norms import norms_for
from lib.errors import Refused
from lib.periods import local_date
from organization.calendars import working_calendar
from organization.models import Unit, User
from records.models import Attachment

from ..attachments import photos_of
from ..enums import DispatchState, Move
from ..models import Category, Dispatch, Issue
from ..workflow import ISSUE_STEPS, require
from .discretion import matter_unit_of, refuse_telling, spend_consents
from .pausing import end_pause
from .transitions import locked, move_issue


def due_date_for(unit: Unit, *, category: Category, grade: Grade, registered_on: dt.date) -> dt.date:
    """The limit for an outcome: the category's own, else the grade's in the norms of the unit."""
    workdays = category.limit_workdays or norms_for(unit).limit(Grade(grade))
    return working_calendar().add_workdays(registered_on, workdays)


def first_answer_due_for(unit: Unit, *, registered_on: dt.date) -> dt.date:
    return working_calendar().add_workdays(registered_on, norms_for(unit).first_answer_workdays)


@transaction.atomic
def dispatch_issue(
    issue: Issue,
    *,
    lead: Unit,
    by: User,
    due_on: dt.date | None = None,
    supporting: Collection[Unit] = (),
    at: dt.datetime | None = None,
    note: str = "",
    photos: Collection[Attachment] = (),
) -> Dispatch:
    """Sends the issue to a leading department, and to supporting ones; returns the leading dispatch.

    What the departments read is the wording as it stands now, and nothing of the opinions. Refused while a hit of the
    wording is unsettled. `photos` of the opinions and their contacts go along; by default none do.
    """
    at = at or timezone.now()
    issue = locked(issue)
    require(ISSUE_STEPS, Move.DISPATCH, state=issue.state, label=str(issue.get_state_display()))
    if not issue.wording.strip():
        raise Refused(_("请先写好交办内容，再交办给责任部门。"), code="no_wording")
    refuse_telling(issue)
    due_on = due_on or issue.due_on
    if due_on < local_date(at):
        raise Refused(_("办理时限不能早于交办日期。"), code="due_in_past")
    if photos and set(photos) - set(photos_of(issue)):
        raise Refused(_("所选照片不属于这个问题，请重新选择。"), code="foreign_photo")
    if lead in supporting:
        raise Refused(_("牵头部门不必再列为协办部门。"), code="lead_supports")
    told = matter_unit_of(issue.unit)
    dispatches = [
        Dispatch.objects.create(
            issue=issue,
            department=department,
            is_lead=department == lead,
            title=issue.title,
            wording=issue.wording,
            matter_unit=told,
            due_on=due_on,
            dispatched_at=at,
            dispatched_by=by,
        )
        for department in [lead, *supporting]
    ]
    for dispatch in dispatches:
        dispatch.attachments.add(*photos)
    spend_consents(issue, dispatches[0])
    issue.due_on = max(due_on, issue.registered_on)
    move_issue(
        issue,
        Move.DISPATCH,
        by=by,
        at=at,
        note=note,
        dispatch=dispatches[0],
        changed=["due_on"],
    )
    return dispatches[0]


@transaction.atomic
def withdraw_dispatch(dispatch: Dispatch, *, by: User, reason: str, at: dt.datetime | None = None) -> None:
    """The office takes the issue back from the departments that have not answered."""
    issue = locked(dispatch.issue)
    if not reason.strip():
        raise Refused(_("撤回交办须写明原因。"))
    if issue.dispatches.in_approval().exists():
        raise Refused(_("责任部门的答复正在待审批，请先审批或退回修改。"), code="in_approval")
    move_issue(issue, Move.WITHDRAW, by=by, at=at, note=reason, dispatch=dispatch)
    end_dispatches(issue, unanswered=DispatchState.WITHDRAWN, at=at)


def end_dispatches(issue: Issue, *, unanswered: DispatchState, at: dt.datetime | None) -> None:
    """Nothing that went out binds a department any longer, and each may be given the issue anew.

    What a department answered stays on its desk as done. The issue is locked.
    """
    issue.dispatches.open().update(state=unanswered, version=F("version") + 1)
    issue.dispatches.binding().update(state=DispatchState.REOPENED, version=F("version") + 1)
    end_pause(issue, at=at or timezone.now())
