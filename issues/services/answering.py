"""What a department does with a dispatch: accept it, return it, answer it."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lib.errors import Refused
from lib.once import known_copy
from lib.periods import local_date
from organization.models import User
from records.services import Photo, store_photo

from ..enums import FOLLOW_UP_OUTCOMES, OPEN_DISPATCH_STATES, Approval, DispatchState, Move, Outcome
from ..models import Dispatch, Issue, Reply
from .approving import approve_reply, needs_approval, submit_reply
from .deciding import decide_issue, follow_up_issue
from .dispatching import end_dispatches
from .transitions import locked, move_issue, write_transition


class NotOpen(Refused):
    code = "dispatch_not_open"
    default_message = gettext_lazy("这件交办已经办结、退回或撤回，不能再办理。")


class OwnMerge(Refused):
    code = "own_merge"
    default_message = gettext_lazy("这个问题是您归并的，答复须由其他同志填写。")


def open_dispatch(dispatch: Dispatch) -> tuple[Issue, Dispatch]:
    """Issue and dispatch, both locked; refused when the department no longer owes anything on it."""
    return locked(dispatch.issue), still_open(dispatch)


def still_open(dispatch: Dispatch) -> Dispatch:
    dispatch = Dispatch.objects.select_for_update(of=("self",)).get(pk=dispatch.pk)
    if dispatch.state not in OPEN_DISPATCH_STATES:
        raise NotOpen
    return dispatch


def left_to_answer(issue: Issue, dispatch: Dispatch) -> Dispatch:
    """The leading department's dispatch of a partly solved issue, held: it is answered, and the rest is not."""
    rest = issue.dispatches.select_for_update(of=("self",)).filter(pk=dispatch.pk, is_lead=True)
    return rest.filter(state=DispatchState.ANSWERED).first() or still_open(dispatch)


@transaction.atomic
def accept_dispatch(dispatch: Dispatch, *, by: User, at: dt.datetime | None = None) -> None:
    at = at or timezone.now()
    issue, dispatch = open_dispatch(dispatch)
    if dispatch.state == DispatchState.ACCEPTED:
        return
    dispatch.state, dispatch.accepted_at = DispatchState.ACCEPTED, at
    dispatch.save_if_current(["state", "accepted_at"])
    if dispatch.is_lead:
        move_issue(issue, Move.ACCEPT, by=by, at=at, dispatch=dispatch)
    else:
        note_support(Move.ACCEPT, issue, dispatch, by=by, at=at)


def note_support(
    move: Move, issue: Issue, dispatch: Dispatch, *, by: User, at: dt.datetime | None, note: str = ""
) -> None:
    """A supporting department moves its own part alone: who did it and when is history, the issue stays as it is."""
    write_transition(
        move, by=by, at=at, note=note, issue=issue, dispatch=dispatch, before=issue.state, after=issue.state
    )


@transaction.atomic
def return_dispatch(dispatch: Dispatch, *, reason: str, by: User, at: dt.datetime | None = None) -> None:
    """The department says why the matter is not its own; a leading one hands the whole issue back to the office."""
    if not reason.strip():
        raise Refused(_("退回须写明原因。"))
    issue, dispatch = open_dispatch(dispatch)
    dispatch.state, dispatch.return_reason = DispatchState.RETURNED, reason.strip()
    dispatch.save_if_current(["state", "return_reason"])
    if dispatch.is_lead:
        move_issue(issue, Move.RETURN, by=by, at=at, note=reason, dispatch=dispatch)
        end_dispatches(issue, unanswered=DispatchState.WITHDRAWN, at=at)
    else:
        note_support(Move.RETURN, issue, dispatch, by=by, at=at, note=reason)


@transaction.atomic
def answer_dispatch(
    dispatch: Dispatch,
    *,
    by: User,
    text: str,
    outcome: str = "",
    at: dt.datetime | None = None,
    key: uuid.UUID | None = None,
    fingerprint: str = "",
    photos: Iterable[Photo] = (),
    approved_by: User | None = None,
    **details,
) -> Reply:
    """The department answers. `details` are further fields of Reply (evidence, left_to_do, reason, …).

    With an outcome the leading department decides the issue, and from then on every reporter is owed the answer.
    Without one it is an interim answer; a supporting department's answer never carries one. Once an issue is partly
    solved the leading department answers again for what is left. Sent twice with one
    `key` it is one reply; with other words (another `fingerprint`) lib.once.OtherWords is raised. Refused for the
    person who merged an opinion into the issue.

    What needs approval waits for it; `approved_by` is for who enters what was approved already (demo, import).
    """
    at = at or timezone.now()
    issue = locked(dispatch.issue)
    if key and (known := known_copy(Reply, key=key, fingerprint=fingerprint, dispatch_id=dispatch.pk)):
        return known
    dispatch = left_to_answer(issue, dispatch) if issue.outcome == Outcome.PARTLY else still_open(dispatch)
    if issue.merges.in_force().filter(merged_by=by).exists():
        raise OwnMerge
    if outcome and not dispatch.is_lead:
        raise Refused(_("办理结果由牵头部门填写，协办部门只填答复内容。"), code="lead_decides")
    if issue.outcome and dispatch.is_lead and outcome not in FOLLOW_UP_OUTCOMES:
        raise Refused(_("后续答复须写明是彻底解决还是部分解决；确实不能解决的，请工会办公室重新办理。"))
    reply = Reply(
        dispatch=dispatch,
        outcome=outcome,
        text=text,
        replied_at=at,
        replied_by=by,
        fingerprint=fingerprint,
        **details,
    )
    reply.approval = Approval.WAITING if needs_approval(issue, reply) else ""
    if key:
        reply.key = key
    reply.full_clean(exclude=["dispatch", "replied_by"])
    reply.save()
    reply.attachments.add(*(store_photo(photo, by=by) for photo in photos))
    dispatch.accepted_at = dispatch.accepted_at or at
    take_in(issue, dispatch, reply, by=by, at=at)
    dispatch.save_if_current(["state", "accepted_at"])
    if reply.approval and approved_by:
        approve_reply(issue, by=approved_by, seen=reply.key, at=at)
    return reply


def take_in(issue: Issue, dispatch: Dispatch, reply: Reply, *, by: User, at: dt.datetime) -> None:
    """What an answer that is saved does to the dispatch (not saved here) and to the issue."""
    if not dispatch.is_lead:
        dispatch.state = DispatchState.ANSWERED
        move_issue(issue, Move.SUPPORT, by=by, at=at, dispatch=dispatch)
        return
    issue.first_answered_on = issue.first_answered_on or local_date(at)
    if issue.outcome:
        follow_up_issue(issue, reply, by=by, at=at)
    elif reply.approval:
        submit_reply(issue, dispatch, by=by, at=at)
    elif reply.outcome:
        dispatch.state = DispatchState.ANSWERED
        decide_issue(issue, reply, Move.ANSWER, by=by, at=at)
    else:
        dispatch.state = DispatchState.ACCEPTED
        move_issue(issue, Move.INTERIM, by=by, at=at, dispatch=dispatch, changed=["first_answered_on"])
