"""What takes effect only when somebody else has approved it: explanations, and the answer of a second handling."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lib.errors import Refused
from organization.models import User

from ..enums import Approval, DispatchState, Move, Outcome
from ..models import Dispatch, Issue, Reply
from .deciding import decide_issue
from .transitions import locked, move_issue


class NothingToApprove(Refused):
    code = "nothing_to_approve"
    default_message = gettext_lazy("这份答复已由其他同志审批或退回，请刷新页面查看最新情况。")


def needs_approval(issue: Issue, reply: Reply) -> bool:
    """An explanation, and what decides an issue that is handled again; the one place of this rule.

    A further answer about what is left carries on an outcome that is in force already.
    """
    decides = reply.outcome and not issue.outcome
    return reply.outcome == Outcome.EXPLAINED or bool(decides and issue.handling > 1)


def obstacle_to_approving(issue: Issue, reply: Reply, user: User) -> str:
    """Why he may not approve it, in a sentence for him; empty when he may.

    An explanation: anybody but its author. In a second handling nobody who answered or approved before, either.
    """
    if reply.replied_by_id == user.pk:
        return _("答复是您填写的，须由其他同志审批。")
    if issue.handling == 1:
        return ""
    earlier = Reply.objects.filter(dispatch__issue=issue).exclude(pk=reply.pk)
    if earlier.filter(Q(replied_by=user) | Q(approved_by=user)).exists():
        return _("您答复或审批过这个问题，第二次办理的答复须由没有经手过的同志审批。")
    return ""


def submit_reply(issue: Issue, dispatch: Dispatch, *, by: User, at: dt.datetime) -> None:
    """The answer waits; the issue stays in hand and nobody is owed it yet. Both are locked."""
    dispatch.state = DispatchState.IN_APPROVAL
    move_issue(issue, Move.SUBMIT, by=by, at=at, dispatch=dispatch, changed=["first_answered_on"])


@transaction.atomic
def approve_reply(issue: Issue, *, by: User, seen: uuid.UUID, at: dt.datetime | None = None) -> None:
    """The answer takes effect: it is the outcome from now on, and each reporter is owed it.

    `seen` is the reply that was read: another one may wait by now. The outcome's day stays the day of the answer, so
    that the department's clock does not run on while its answer waits.
    """
    at = at or timezone.now()
    issue, reply = waiting_reply(issue, seen)
    if obstacle := obstacle_to_approving(issue, reply, by):
        raise Refused(obstacle, code="own_approval")
    reply.approval, reply.approved_by, reply.approved_at = Approval.APPROVED, by, at
    reply.save(update_fields=["approval", "approved_by", "approved_at"])
    decide_issue(issue, reply, Move.APPROVE, by=by, at=at)
    reply.dispatch.state = DispatchState.ANSWERED
    reply.dispatch.save_if_current(["state"])


@transaction.atomic
def send_back_reply(issue: Issue, *, by: User, seen: uuid.UUID, reason: str, at: dt.datetime | None = None) -> None:
    """The department writes it anew; what it wrote is kept, with the reason."""
    if not reason.strip():
        raise Refused(_("退回修改须写明原因。"))
    issue, reply = waiting_reply(issue, seen)
    reply.approval, reply.send_back_reason = Approval.SENT_BACK, reason.strip()
    reply.save(update_fields=["approval", "send_back_reason"])
    reply.dispatch.state = DispatchState.ACCEPTED
    reply.dispatch.save_if_current(["state"])
    move_issue(issue, Move.SEND_BACK, by=by, at=at, note=reason.strip(), dispatch=reply.dispatch)


def waiting_reply(issue: Issue, seen: uuid.UUID) -> tuple[Issue, Reply]:
    """Both held; raises NothingToApprove when the reply that was read waits no more."""
    issue = locked(issue)
    waiting = Reply.objects.waiting().select_related("dispatch").select_for_update(of=("self",))
    reply = waiting.filter(dispatch__issue=issue, key=seen).first()
    if reply is None:
        raise NothingToApprove
    return issue, reply
