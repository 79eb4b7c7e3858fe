"""The issue ledger of a month: each issue once, with its reporters masked or counted. For the union alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from issues.enums import SATISFIED_RATINGS, FeedbackState, IssueState, ReporterKind
from issues.lists.issues import base_unit, lead_department, supporting_departments
from issues.models import Feedback, Issue, Merge, Opinion
from issues.stats import issues_in
from liaison.figure_scope import FigureScope
from lib.formats import mask_name, mask_phone, screen_date
from lib.periods import Period, local_date
from organization.models import Unit

from .monthly import named_on

CHUNK = 500


def ledger_issues(scope: FigureScope, period: Period):
    """Registered in the period, oldest first, with everything that a line shows."""
    merges = Merge.objects.in_force().select_related("opinion__worker", "opinion__cadre__user")
    rows = issues_in(scope, period).select_related("category", "unit__parent__parent")
    rows = rows.prefetch_related(
        "dispatches__department", "dispatches__replies", "feedbacks", Prefetch("merges", merges)
    )
    return rows.order_by("registered_on", "number")


def ledger_rows(scope: FigureScope, period: Period) -> Iterator[tuple[Issue, dict[str, Any]]]:
    names = former_names(scope, period)
    for issue in ledger_issues(scope, period).iterator(chunk_size=CHUNK):
        yield issue, ledger_row(issue, scope, names)


def former_names(scope: FigureScope, period: Period) -> dict[int, str]:
    """Unit id → the name it bore at the end of the period, where it has another one today."""
    renamed = Unit.objects.within(scope.unit).filter(former_names__until_on__gte=period.last_day).distinct()
    return dict(named_on(renamed, period.last_day).values_list("pk", "former_name"))


def ledger_row(issue: Issue, scope: FigureScope, names: dict[int, str]) -> dict[str, Any]:
    opinions = [merge.opinion for merge in issue.merges.all()]
    feedbacks = list(issue.feedbacks.all())
    unit = base_unit(issue)
    name, phone = reporter(opinions, scope)
    return {
        "number": issue.number,
        "registered_on": issue.registered_on,
        "source": "、".join(dict.fromkeys(str(opinion.get_source_display()) for opinion in opinions)),
        "unit": names.get(unit.pk) or unit.label,
        "reporter": name,
        "phone": phone,
        "category": issue.category.name,
        "wording": issue.wording or issue.title,
        "opinions": len(opinions),
        "lead": lead_department(issue),
        "support": supporting_departments(issue),
        "dispatched_on": dispatched_on(issue),
        "due_on": issue.due_on,
        "progress": progress(issue),
        "outcome": outcome(issue),
        "answered_on": issue.outcome_on,
        "told_on": told_on(feedbacks),
        "rating": rating(feedbacks),
        "cadres": "、".join(dict.fromkeys(opinion.cadre.user.name for opinion in opinions if opinion.cadre)),
        "remark": remark(issue),
    }


def reporter(opinions: list[Opinion], scope: FigureScope) -> tuple[str, str]:
    """Name and phone, masked; of several their number. A group's ledger does not show who spoke in another group."""
    if len(opinions) != 1:
        return (_("%(count)d 人") % {"count": len(opinions)} if opinions else "", "")
    opinion = opinions[0]
    if opinion.reporter_kind != ReporterKind.WORKER or opinion.worker is None:
        return str(opinion.get_reporter_kind_display()), ""
    if scope.group and opinion.group_id != scope.group.pk:
        return _("%(count)d 人") % {"count": 1}, ""
    return mask_name(opinion.worker.name), mask_phone(opinion.worker.phone or "")


def dispatched_on(issue: Issue):
    moments = [dispatch.dispatched_at for dispatch in issue.dispatches.all() if dispatch.is_lead]
    return local_date(min(moments)) if moments else None


def progress(issue: Issue) -> str:
    """What the department in charge wrote: its deciding reply, else the latest, else the state."""
    replies = [reply for dispatch in issue.dispatches.all() if dispatch.is_lead for reply in dispatch.replies.all()]
    deciding = [reply for reply in replies if reply.outcome and reply.outcome == issue.outcome]
    if not (deciding or replies):
        return str(issue.get_state_display())
    latest = max(deciding or replies, key=lambda reply: (reply.replied_at, reply.pk))
    left = _("尚未解决：%(text)s") % {"text": latest.left_to_do} if latest.left_to_do else ""
    return "\n".join(filter(None, (latest.text, left)))


def outcome(issue: Issue) -> str:
    found = str(issue.get_outcome_display()) if issue.outcome else _("正在解决")
    return found + _("（已销号）") if issue.state == IssueState.CLOSED else found


def told_on(feedbacks: list[Feedback]):
    """The day on which the last reporter was told; as long as some are not, how many."""
    owed = sum(feedback.state == FeedbackState.OWED for feedback in feedbacks)
    if owed:
        return _("待反馈 %(count)d 人") % {"count": owed}
    return max((feedback.told_on for feedback in feedbacks if feedback.told_on), default=None)


def rating(feedbacks: list[Feedback]) -> str:
    rated = [feedback for feedback in feedbacks if feedback.rating]
    if len(rated) == 1:
        return str(rated[0].get_rating_display())
    satisfied = sum(feedback.rating in SATISFIED_RATINGS for feedback in rated)
    return _("满意 %(satisfied)d/%(rated)d") % {"satisfied": satisfied, "rated": len(rated)} if rated else ""


def remark(issue: Issue) -> str:
    if issue.recheck_on:
        return _("%(day)s 复核") % {"day": screen_date(issue.recheck_on)}
    if issue.follow_up_on:
        return _("%(day)s 前继续办理") % {"day": screen_date(issue.follow_up_on)}
    return ""
