"""/issues/merge/ 归并台: what waits on the left, the issues on the right, and what belongs together is proposed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from lib.acting import act
from lib.htmx import see_other
from lib.pagination import COUNT_LIMIT
from organization.actors import Actor
from organization.guards import requires
from organization.roles import Verb

from .. import services
from ..forms.opinions import MergeForm
from ..lists.waiting import TABS, WAITING
from ..matching import Group, proposed_groups, similar_issues
from ..models import Issue, Merge, Opinion
from .merging import mergeable, picked_opinions
from .picking import picked_query

MOST_ISSUES = 20
#: Buttons of the form that lead to a page of their own, for the opinions that are ticked.
PAGES = {
    "new": "issues:issue_create",
    "search": "issues:opinion_merge",
    "aside": "issues:opinion_set_aside",
}
#: Groups on one page; each is some opinions long.
MOST_GROUPS = 20


@requires(Verb.MERGE)
@require_http_methods(["GET", "HEAD", "POST"])
def merge_desk(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return handle(request)
    listing = WAITING.open_for(request)
    context = {"tabs": TABS, **ledger(request.actor), **issues_beside(request)}
    if listing.filter.data["tab"] == "proposed":
        groups = groups_of(request.actor, listing.rows)
        context |= {"groups": groups[:MOST_GROUPS], "group_count": len(groups)}
    return listing.render(request, "issues/merge_desk.html", "issues/_merge_desk_opinions.html", context)


def groups_of(actor: Actor, waiting: QuerySet[Opinion]) -> list[Group]:
    """First what joined in with an opinion that has its issue already (＋1 附议): nothing is guessed there."""
    joined: dict[Issue, list[Opinion]] = defaultdict(list)
    seconded = Merge.objects.in_force().filter(issue__in=mergeable(actor)).select_related("issue")
    for opinion in waiting.filter(seconds__isnull=False).prefetch_related(Prefetch("seconds__merges", seconded)):
        for merge in opinion.seconds.merges.all()[:1]:
            joined[merge.issue].append(opinion)
    settled = [opinion.pk for opinions in joined.values() for opinion in opinions]
    first = [Group(opinions, issue, (str(_("附议")),)) for issue, opinions in joined.items()]
    return first + proposed_groups(actor, waiting.exclude(pk__in=settled))


def ledger(actor: Actor) -> dict[str, int]:
    """So many voices, so many matters, within sight: raw and merged side by side."""
    opinions, issues = Opinion.objects.visible_to(actor), Issue.objects.visible_to(actor).counting()
    counts = {"opinion_count": opinions, "issue_count": issues, "waiting_count": opinions.waiting()}
    return {name: rows.order_by()[:COUNT_LIMIT].count() for name, rows in counts.items()}


@requires(Verb.MERGE)
@require_safe
def merge_desk_issues(request: HttpRequest) -> HttpResponse:
    """Fragment: the right-hand side, for what is searched (`?issue_q=`) or like the opinions that are ticked."""
    return render(request, "issues/_merge_desk_issues.html", issues_beside(request))


def issues_beside(request: HttpRequest) -> dict:
    query = request.GET.get("issue_q", "").strip()[:60]
    issues = mergeable(request.actor)
    alike = [] if query else issues_like(request.actor, picked_opinions(request))
    others = (issues.found_by(query) if query else issues).exclude(pk__in=[issue.pk for issue, _why in alike])
    return {"issue_q": query, "alike": alike, "issues": counted(others)[:MOST_ISSUES]}


def counted(issues: QuerySet[Issue]) -> QuerySet[Issue]:
    return issues.with_list_relations().with_opinion_count()


def issues_like(actor: Actor, opinions: Collection[Opinion]) -> list[tuple[Issue, str]]:
    """The issues that any of the opinions is like, best first, and what they have in common."""
    best: dict[int, tuple[float, str]] = {}
    for opinion in opinions:
        found = similar_issues(actor, opinion.text, category=opinion.category, unit=opinion.unit)
        for issue, likeness in found:
            words = "、".join(likeness.shared)
            best[issue.pk] = max(best.get(issue.pk, (0.0, "")), (likeness.score, words))
    rows = counted(Issue.objects.visible_to(actor)).in_bulk(best)
    return [(rows[pk], words) for pk, (_score, words) in sorted(best.items(), key=lambda item: -item[1][0])]


def handle(request: HttpRequest) -> HttpResponse:
    """One form, several buttons: a new issue and setting aside have a page of their own, merging is done at once."""
    opinions = picked_opinions(request)
    here = request.get_full_path()
    if not opinions:
        messages.warning(request, _("请先勾选意见建议。"))
        return see_other(request, here)
    if page := next((PAGES[name] for name in PAGES if name in request.POST), ""):
        return see_other(request, f"{reverse(page)}?{picked_query(opinions)}")
    form = MergeForm(request.POST, issues=mergeable(request.actor))
    if not form.is_valid():
        messages.warning(request, _("请先选好要并入的问题。"))
        return see_other(request, here)
    issue = form.cleaned_data["issue"]
    undo = f"{reverse('issues:opinion_unmerge', args=[issue.key])}?{picked_query(opinions)}&desk=1"
    words = ngettext("%(count)d 条意见已并入 %(number)s。", "%(count)d 条意见已并入 %(number)s。", len(opinions))
    done = words % {"count": len(opinions), "number": issue.number}
    act(request, services.merge_opinions, issue, opinions=opinions, by=request.user, done=done, undo=undo)
    return see_other(request, here)
