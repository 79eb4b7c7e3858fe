"""暂停计时: the clock of an issue stands still for a while, and its limits move by the working days of that while.

The limit of the first answer stays: a department can say how things stand at any time.
"""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lib.errors import Refused
from lib.formats import screen_date
from lib.once import known_copy
from lib.periods import local_date
from organization.calendars import working_calendar
from organization.models import User

from ..enums import DispatchState, Move
from ..models import Issue, Pause
from ..models.pause import PauseQuerySet
from ..workflow import ISSUE_STEPS, allows
from .discretion import refuse_naming
from .transitions import locked, move_issue, write_transition


class Paused(Refused):
    code = "paused"
    default_message = gettext_lazy("这个问题正在暂停计时，请先恢复计时。")


class NotPaused(Refused):
    code = "not_paused"
    default_message = gettext_lazy("这个问题没有暂停计时。")


@transaction.atomic
def pause_issue(
    issue: Issue,
    *,
    until: dt.date,
    reason: str,
    by: User,
    at: dt.datetime | None = None,
    key: uuid.UUID | None = None,
    fingerprint: str = "",
) -> Pause:
    """From today up to, and without, `until`; the limits of the issue and of its open dispatches move at once.

    Refused when one of them has passed: a pause does not make good what is late. Sent twice with one `key` it is one.
    """
    at = at or timezone.now()
    day = local_date(at)
    issue = locked(issue)
    if key and (known := known_copy(Pause, key=key, fingerprint=fingerprint, issue_id=issue.pk)):
        return known
    if not reason.strip():
        raise Refused(_("暂停计时须写明原因。"))
    refuse_naming(issue, reason)
    refuse_while_paused(issue, at)
    if issue.is_overdue(day) or issue.dispatches.overdue(day).exists():
        raise Refused(_("已经超期，不能再暂停计时。"), code="overdue")
    workdays = len(list(working_calendar().workdays(day, until)))
    if not workdays:
        raise Refused(_("恢复计时日期须在今天之后，中间至少有一个工作日。"), code="no_workday")
    enter_ends(issue.pauses.all(), at)
    pause = Pause.objects.create(
        key=key or uuid.uuid4(),
        fingerprint=fingerprint,
        issue=issue,
        reason=reason.strip(),
        starts_on=day,
        ends_on=until,
        paused_at=at,
        paused_by=by,
    )
    move_limits(issue, workdays)
    note = _("至 %(day)s：%(reason)s") % {"day": screen_date(until), "reason": pause.reason}
    move_issue(issue, Move.PAUSE, by=by, at=at, note=note, changed=["due_on"])
    return pause


@transaction.atomic
def resume_issue(issue: Issue, *, by: User, at: dt.datetime | None = None) -> None:
    """Earlier than planned: the working days that were not used up are taken back from the limits."""
    at = at or timezone.now()
    issue = locked(issue)
    pause = issue.pauses.running(local_date(at)).first()
    if pause is None:
        raise NotPaused
    cut_short(pause, issue, at)
    move_issue(issue, Move.RESUME, by=by, at=at, changed=["due_on"])


def end_pause(issue: Issue, *, at: dt.datetime) -> None:
    """With the end of the dispatches the pause is over as well. The issue is locked and has moved already."""
    pause = issue.pauses.running(local_date(at)).first()
    if pause is None:
        return
    cut_short(pause, issue, at)
    issue.save_if_current(["due_on"])
    write_transition(Move.RESUME, by=None, at=at, issue=issue, before=issue.state, after=issue.state)


def cut_short(pause: Pause, issue: Issue, at: dt.datetime) -> None:
    day = local_date(at)
    unused = len(list(working_calendar().workdays(day, pause.ends_on)))
    pause.ends_on, pause.resumed_at = day, at
    pause.save(update_fields=["ends_on", "resumed_at"])
    move_limits(issue, -unused)


def move_limits(issue: Issue, workdays: int) -> None:
    """That of the issue is for the caller to save; those of the dispatches that are not answered are saved here.

    An answer that waits for approval may come back, so its limit moves as well.
    """
    if not workdays:
        return
    calendar = working_calendar()
    issue.due_on = max(calendar.add_workdays(issue.due_on, workdays), issue.registered_on)
    unanswered = issue.dispatches.binding().exclude(state=DispatchState.ANSWERED)
    for dispatch in unanswered.select_for_update().order_by("pk"):
        dispatch.due_on = calendar.add_workdays(dispatch.due_on, workdays)
        dispatch.save_if_current(["due_on"])


def refuse_while_paused(issue: Issue, at: dt.datetime) -> None:
    """Limits that stand still are not set anew."""
    if issue.pauses.running(local_date(at)).exists():
        raise Paused


@transaction.atomic
def resume_where_over(now: dt.datetime) -> None:
    """Enters into the history that pauses have run out as planned; the limits have stood right all the time."""
    enter_ends(Pause.objects.all(), now)


def enter_ends(pauses: PauseQuerySet, now: dt.datetime) -> None:
    over = pauses.filter(resumed_at__isnull=True, ends_on__lte=local_date(now))
    for pause in over.select_for_update(of=("self",)).select_related("issue"):
        pause.resumed_at = now
        pause.save(update_fields=["resumed_at"])
        issue = pause.issue
        if allows(ISSUE_STEPS, Move.RESUME, issue.state):
            write_transition(Move.RESUME, by=None, at=now, issue=issue, before=issue.state, after=issue.state)
