"""问题: the list and one issue with everything its reader may see."""

from __future__ import annotations

import uuid

from django.db.models import Count, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from lib.pagination import COUNT_LIMIT
from lib.periods import today
from organization.actors import Actor
from organization.guards import requires
from organization.roles import Role, Verb
from records.downloads import send_list

from .. import services
from ..enums import ExtensionState, FeedbackState, IssueState, Move, Outcome
from ..lists.issues import ISSUES, OFFICE_TABS, in_tab, tabs_for, unit_shown
from ..models import Dispatch, Feedback, Issue, Merge, Opinion, Pause, Reply, RuleChange, Transition
from ..permissions import (
    can_chase,
    can_move_issue,
    can_recheck,
    can_reword,
    can_unmerge,
    can_void,
    opinion_count_shown,
    sees_people,
)
from ..workflow import ISSUE_STEPS, allows
from .history import issue_history
from .replies import approval_of


@requires(Verb.READ_ISSUES)
@require_http_methods(["GET", "HEAD", "POST"])
def issue_list(request: HttpRequest) -> HttpResponse:
    listing = ISSUES.open_for(request)
    if request.method == "POST":
        return send_list(request, listing)
    context = {"tabs": tabs_for(request.actor), "counts": waiting_counts(request.actor)}
    if request.actor.role == Role.OFFICE:
        # The ledger in one line: so many matters, out of so many voices.
        merged = Merge.objects.in_force().filter(issue__in=listing.rows.order_by())
        context["opinion_count"] = merged.values("opinion").distinct()[:COUNT_LIMIT].count()
    return listing.render(request, "issues/issue_list.html", "issues/_issue_rows.html", context)


def waiting_counts(actor: Actor) -> dict[str, int]:
    """What waits for the office itself, on the tabs that hold it."""
    if actor.role != Role.OFFICE:
        return {}
    issues = Issue.objects.visible_to(actor)
    held = {tab: in_tab(issues, tab).order_by().values("pk") for tab in OFFICE_TABS}
    return issues.aggregate(**{tab: Count("pk", filter=Q(pk__in=keys)) for tab, keys in held.items()})


@requires(Verb.READ_ISSUES)
@require_safe
def issue_detail(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    actor = request.actor
    issues = Issue.objects.visible_to(actor).with_opinion_count().select_related("unit__parent__parent", "category")
    issue = get_object_or_404(issues.select_related("group"), key=key)
    dispatches = dispatches_shown(actor, issue)
    context = {
        "issue": issue,
        "unit": issue.unit.label if sees_people(actor) else unit_shown(issue),
        "is_overdue": issue.is_overdue(today()),
        "opinion_count": opinion_count_shown(actor, issue.opinion_count),
        "dispatches": dispatches,
        "approval": approval_of(actor, issue, [reply for dispatch in dispatches for reply in dispatch.replies.all()]),
        "sees_people": sees_people(actor),
        "pause": pause_shown(issue),
        "referrals": issue.referrals.select_related("to_unit"),
        "voided": voided(issue) if sees_people(actor) else None,
        "history": issue_history(issue, with_people=sees_people(actor)),
        "rule_changes": RuleChange.objects.visible_to(actor).standing().filter(issues=issue),
        "may_record_rule": actor.may(Verb.RECORD_RULES) and issue.state != IssueState.VOID,
        "may_nominate": actor.may(Verb.NOMINATE) and issue.outcome in (Outcome.SOLVED, Outcome.PARTLY),
        **voices(actor, issue),
        **buttons(actor, issue),
    }
    return render(request, "issues/issue_detail.html", context)


def dispatches_shown(actor: Actor, issue: Issue) -> list[Dispatch]:
    """Each with what was answered, urged and asked for, and whether this reader may urge the department."""
    dispatches = issue.dispatches.select_related("department", "supervision")
    # What is not approved is between the department and the office.
    replies = Reply.objects.all() if actor.role == Role.OFFICE else Reply.objects.in_force()
    replies = Prefetch("replies", replies.select_related("clause").prefetch_related("attachments"))
    found = list(dispatches.prefetch_related(replies, "urgings", "extensions"))
    for dispatch in found:
        dispatch.may_chase = can_chase(actor, dispatch)
        dispatch.is_asking = any(extension.state == ExtensionState.ASKED for extension in dispatch.extensions.all())
    return found


def pause_shown(issue: Issue) -> Pause | None:
    """The one that runs, while a department has the issue."""
    return issue.pauses.running(today()).first() if allows(ISSUE_STEPS, Move.RESUME, issue.state) else None


def voided(issue: Issue) -> Transition | None:
    """Who declared it void, when and why."""
    if issue.state != IssueState.VOID:
        return None
    return issue.transitions.of_issues().filter(move=Move.VOID).select_related("by").last()


def voices(actor: Actor, issue: Issue) -> dict:
    """Opinions and feedback, for those who may read them; nothing is asked of the tables for anybody else."""
    if not sees_people(actor):
        return {}
    opinions = Opinion.objects.visible_to(actor).filter(merges__issue=issue, merges__undone_at__isnull=True)
    feedbacks = Feedback.objects.visible_to(actor).in_force().filter(issue=issue).select_related("told_by")
    by_opinion = {feedback.opinion_id: feedback for feedback in feedbacks}
    rows = [
        (opinion, by_opinion.get(opinion.pk))
        for opinion in opinions.select_related("worker", "unit", "cadre__user").order_by("raised_on", "pk")
    ]
    owed = [feedback for feedback in by_opinion.values() if feedback.state == FeedbackState.OWED]
    return {"opinions": rows, "owed": owed}


def buttons(actor: Actor, issue: Issue) -> dict:
    may_close = can_move_issue(actor, issue, Move.CLOSE)
    return {
        "may_dispatch": can_move_issue(actor, issue, Move.DISPATCH),
        "may_withdraw": can_move_issue(actor, issue, Move.WITHDRAW),
        "may_close": may_close,
        "obstacles": services.obstacles_to_closing(issue) if may_close else [],
        "may_print": actor.may(Verb.DISPATCH),
        "may_pause": can_move_issue(actor, issue, Move.PAUSE),
        "may_reopen": can_move_issue(actor, issue, Move.REOPEN),
        "may_reword": can_reword(actor, issue),
        "may_void": can_void(actor, issue),
        "may_refer": actor.may(Verb.DISPATCH) and can_move_issue(actor, issue, Move.REFER),
        "may_recheck": can_recheck(actor, issue, on=today()),
        "may_unmerge": can_unmerge(actor, issue) and issue.opinion_count > 1,
    }
