"""What a worker reads on his slip: how far his matter is, in his words, and the answer; nothing else of the file."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..enums import IN_HAND_STATES, IssueState, OpinionState
from ..models import Feedback, Issue, Opinion, Reply

WORDS = {
    IssueState.REGISTERED: gettext_lazy("工会已受理，正在确定由哪个部门承办。"),
    IssueState.DISPATCHED: gettext_lazy("已交给承办部门，等待接收。"),
    IssueState.IN_HAND: gettext_lazy("承办部门正在办理。"),
    IssueState.RETURNED: gettext_lazy("正在重新确定由哪个部门承办。"),
    IssueState.ANSWERED: gettext_lazy("已有答复，请看下面。"),
    IssueState.CLOSED: gettext_lazy("已经办结。"),
    IssueState.REOPENED: gettext_lazy("正在重新办理。"),
    IssueState.VOID: gettext_lazy("工会正在重新整理，请过几天再来看。"),
}


@dataclass(frozen=True)
class Matter:
    """One issue that the opinion was merged into. `due_on` is the promised day, while there is no answer."""

    name: str
    status: str
    department: str
    due_on: dt.date | None
    issue: Issue
    answer: Reply | None
    feedback: Feedback | None

    @property
    def is_with_office(self) -> bool:
        return self.feedback is not None and self.feedback.is_disputed


def matters_of(opinion: Opinion) -> list[Matter]:
    issues = Issue.objects.filter(merges__opinion=opinion, merges__undone_at__isnull=True)
    in_order = issues.select_related("category").order_by("merges__merged_at", "pk")
    feedbacks = {feedback.issue_id: feedback for feedback in opinion.feedbacks.in_force()}
    return [matter_of(issue, feedbacks.get(issue.pk)) for issue in in_order]


def matter_of(issue: Issue, feedback: Feedback | None) -> Matter:
    lead = issue.dispatches.binding().filter(is_lead=True).select_related("department").first()
    return Matter(
        name=issue.category.name,
        status=str(WORDS[IssueState(issue.state)]),
        department=lead.department.label if lead else "",
        due_on=issue.due_on if issue.state in IN_HAND_STATES else None,
        issue=issue,
        answer=Reply.objects.filter(dispatch__issue=issue).deciding().first() if issue.outcome else None,
        feedback=feedback,
    )


def status_of(opinion: Opinion) -> str:
    """While it belongs to no issue."""
    if opinion.state == OpinionState.SET_ASIDE:
        return _("工会没有作为问题办理。原因：%(reason)s") % {"reason": opinion.set_aside_reason}
    return _("工会已收到，正在整理。")
