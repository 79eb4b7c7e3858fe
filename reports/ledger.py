"""The issue ledger of a month: each issue once, with its reporters masked or counted. For the union alone.

It says what could be said at the end of a day: an answer given later, or a reporter told later, is not in it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from issues.enums import (
    DISPATCHABLE_STATES,
    ENDED_DISPATCH_STATES,
    SATISFIED_RATINGS,
    FeedbackState,
    IssueState,
    Outcome,
    ReporterKind,
)
from issues.lists.issues import base_unit
from issues.models import Dispatch, Feedback, Issue, Merge, Opinion, Reply
from issues.stats import is_present, issues_in, issues_then
from liaison.figure_scope import FigureScope
from lib.formats import mask_name, mask_phone, screen_date
from lib.periods import Period, day_bounds, local_date
from organization.models import Unit

from .monthly import named_on

CHUNK = 500


def ledger_issues(scope: FigureScope, period: Period, day: dt.date) -> QuerySet[Issue]:
    """Registered in the period, oldest first, with everything that a line shows as of the day."""
    _begin, end = day_bounds(day)
    merges = Merge.objects.filter(Q(undone_at__isnull=True) | Q(undone_at__gte=end), merged_at__lt=end)
    feedbacks = Feedback.objects.filter(Q(superseded_on__isnull=True) | Q(superseded_on__gt=day), owed_since__lte=day)
    dispatches = Dispatch.objects.filter(dispatched_at__lt=end).select_related("department")
    rows = issues_then(issues_in(scope, period), day).select_related("category", "unit__parent__parent")
    rows = rows.prefetch_related(
        Prefetch("dispatches", dispatches),
        Prefetch("dispatches__replies", Reply.objects.in_force_before(end)),
        Prefetch("feedbacks", feedbacks),
        Prefetch("merges", merges.select_related("opinion__worker", "opinion__cadre__user")),
    )
    return rows.order_by("registered_on", "number")


def ledger_rows(scope: FigureScope, period: Period, day: dt.date) -> Iterator[tuple[Issue, dict[str, Any]]]:
    names = former_names(scope, period)
    for issue in ledger_issues(scope, period, day).iterator(chunk_size=CHUNK):
        yield issue, ledger_row(issue, scope, names, day)


def former_names(scope: FigureScope, period: Period) -> dict[int, str]:
    """Unit id → the name it bore at the end of the period, where it has another one today."""
    renamed = Unit.objects.within(scope.unit).filter(former_names__until_on__gte=period.last_day).distinct()
    return dict(named_on(renamed, period.last_day).values_list("pk", "former_name"))


def ledger_row(issue: Issue, scope: FigureScope, names: dict[int, str], day: dt.date) -> dict[str, Any]:
    opinions = [merge.opinion for merge in issue.merges.all()]
    feedbacks = list(issue.feedbacks.all())
    unit = base_unit(issue)
    name, phone = reporter(opinions, scope)
    held_by = departments(issue, day)
    reply = last_reply(issue)
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
        "lead": "、".join(dispatch.department.label for dispatch in held_by if dispatch.is_lead),
        "support": "、".join(dispatch.department.label for dispatch in held_by if not dispatch.is_lead),
        "dispatched_on": dispatched_on(issue),
        "due_on": issue.due_then,
        "progress": progress(issue, reply),
        "outcome": outcome(issue),
        "answered_on": issue.outcome_on_then,
        "told_on": told_on(feedbacks, day),
        "rating": rating(feedbacks, day),
        "cadres": "、".join(dict.fromkeys(opinion.cadre.user.name for opinion in opinions if opinion.cadre)),
        "remark": remark(issue, reply),
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


def departments(issue: Issue, day: dt.date) -> list[Dispatch]:
    """Those that had the issue on the day: of the last dispatch to a lead, unless it had come back by then."""
    leads = [dispatch.dispatched_at for dispatch in issue.dispatches.all() if dispatch.is_lead]
    if issue.state_then in DISPATCHABLE_STATES or not leads:
        return []
    found = [dispatch for dispatch in issue.dispatches.all() if dispatch.dispatched_at >= max(leads)]
    if is_present(day):
        return [dispatch for dispatch in found if dispatch.state not in ENDED_DISPATCH_STATES]
    return found


def last_reply(issue: Issue) -> Reply | None:
    """Of the department in charge: the reply that decided the outcome, else the latest."""
    replies = [reply for dispatch in issue.dispatches.all() if dispatch.is_lead for reply in dispatch.replies.all()]
    deciding = [reply for reply in replies if reply.outcome and reply.outcome == issue.outcome_then]
    return max(deciding or replies, key=lambda reply: (reply.replied_at, reply.pk), default=None)


def progress(issue: Issue, reply: Reply | None) -> str:
    """What the department in charge wrote, else the state."""
    if reply is None:
        return str(IssueState(issue.state_then).label)
    left = _("尚未解决：%(text)s") % {"text": reply.left_to_do} if reply.left_to_do else ""
    return "\n".join(filter(None, (reply.text, left)))


def outcome(issue: Issue) -> str:
    found = str(Outcome(issue.outcome_then).label) if issue.outcome_then else _("正在解决")
    return found + _("（已销号）") if issue.state_then == IssueState.CLOSED else found


def told_on(feedbacks: list[Feedback], day: dt.date):
    """The day on which the last reporter was told; as long as some were not, how many."""
    owed = sum(feedback.state == FeedbackState.OWED or feedback.told_on > day for feedback in feedbacks)
    if owed:
        return _("待反馈 %(count)d 人") % {"count": owed}
    return max((feedback.told_on for feedback in feedbacks), default=None)


def rating(feedbacks: list[Feedback], day: dt.date) -> str:
    rated = [feedback for feedback in feedbacks if feedback.rating and feedback.rated_on <= day]
    if len(rated) == 1:
        return str(rated[0].get_rating_display())
    satisfied = sum(feedback.rating in SATISFIED_RATINGS for feedback in rated)
    return _("满意 %(satisfied)d/%(rated)d") % {"satisfied": satisfied, "rated": len(rated)} if rated else ""


def remark(issue: Issue, reply: Reply | None) -> str:
    """The day on which the matter comes back."""
    if reply is None or not issue.outcome_then:
        return ""
    if reply.recheck_on:
        return _("%(day)s 复核") % {"day": screen_date(reply.recheck_on)}
    if reply.follow_up_on:
        return _("%(day)s 前继续办理") % {"day": screen_date(reply.follow_up_on)}
    return ""
