"""销号 and reopening."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lib.errors import Refused
from lib.periods import local_date, today
from organization.models import User

from ..enums import DispatchState, Move
from ..models import Issue
from .dispatching import end_dispatches
from .feedback import supersede_feedback
from .merging import refuse_own_answer
from .transitions import locked, move_issue


class NotReadyToClose(Refused):
    code = "not_ready_to_close"


def obstacles_to_closing(issue: Issue, *, on: dt.date | None = None) -> list[str]:
    """Why the issue cannot be struck off yet, in sentences for the user; empty when it can.

    What is left of a partly solved one stays with it, in the reply and with a day (`follow_up_on`): not beyond that.
    """
    found = []
    if issue.follow_up_on and issue.follow_up_on <= (on or today()):
        found.append(_("部分解决的后续办理日期已到，须先由责任部门作后续答复。"))
    if issue.referrals.waiting().exists():
        found.append(_("上报的问题还没有得到答复。"))
    if owed := issue.feedbacks.owed().count():
        found.append(
            ngettext(
                "还有 %(count)d 位反映人没有得到反馈。",
                "还有 %(count)d 位反映人没有得到反馈。",
                owed,
            )
            % {"count": owed}
        )
    if disputed := issue.feedbacks.disputed().count():
        found.append(
            ngettext(
                "还有 %(count)d 位反映人表示没有解决，须先重新办理，或核实后维持答复。",
                "还有 %(count)d 位反映人表示没有解决，须先重新办理，或核实后维持答复。",
                disputed,
            )
            % {"count": disputed}
        )
    if silent := issue.dispatches.open().filter(is_lead=False).count():
        found.append(
            ngettext(
                "还有 %(count)d 个协办部门没有答复。",
                "还有 %(count)d 个协办部门没有答复。",
                silent,
            )
            % {"count": silent}
        )
    return found


@transaction.atomic
def close_issue(issue: Issue, *, by: User, at: dt.datetime | None = None, note: str = "") -> None:
    """Strikes the issue off: outcome there, every reporter told, by someone other than the person who answered."""
    at = at or timezone.now()
    issue = locked(issue)
    refuse_own_answer(issue, by)
    if obstacles := obstacles_to_closing(issue, on=local_date(at)):
        raise NotReadyToClose(_("暂不能销号：%(reasons)s") % {"reasons": "".join(obstacles)})
    issue.closed_on = local_date(at)
    move_issue(issue, Move.CLOSE, by=by, at=at, note=note, changed=["closed_on"])


class AlreadyReopened(Refused):
    code = "already_reopened"
    default_message = gettext_lazy("职工反映“没有解决”已重新办理过一次，是否再次办理由工会办公室决定。")


def reopened_by_worker(issue: Issue) -> bool:
    return issue.transitions.of_issues().filter(move=Move.REOPEN, by__isnull=True).exists()


@transaction.atomic
def reopen_issue(issue: Issue, *, by: User | None, reason: str, at: dt.datetime | None = None) -> None:
    """The matter is taken up again; the former outcome stays in transitions, replies and the ended feedback round.

    `by` is None where a worker without an account said that it is not solved. That reopens an issue once; when it
    comes again AlreadyReopened is raised, for the office to decide.
    """
    if not reason.strip():
        raise Refused(_("重新办理须写明原因。"))
    at = at or timezone.now()
    issue = locked(issue)
    if by is None and reopened_by_worker(issue):
        raise AlreadyReopened
    issue.handling += 1
    issue.outcome = ""
    issue.outcome_on = issue.closed_on = issue.recheck_on = issue.follow_up_on = None
    move_issue(
        issue,
        Move.REOPEN,
        by=by,
        at=at,
        note=reason,
        changed=["handling", "outcome", "outcome_on", "closed_on", "recheck_on", "follow_up_on"],
    )
    end_dispatches(issue, unanswered=DispatchState.REOPENED, at=at)
    supersede_feedback(issue, on=local_date(at))
