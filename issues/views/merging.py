"""The office turns opinions into issues: new issue, existing issue, set aside, and back."""

from __future__ import annotations

import datetime as dt
import uuid
from functools import partial
from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liaison.enums import Grade
from lib.acting import act, posted
from lib.errors import Refused
from lib.formats import screen_date
from lib.htmx import see_other
from lib.once import save_once
from lib.periods import today
from organization.actors import Actor
from organization.guards import requires
from organization.models import Unit
from organization.roles import Verb

from .. import services
from ..forms.issues import IssueForm, first_guess
from ..forms.opinions import MergeForm, SetAsideForm
from ..models import Category, Issue, Opinion
from .picking import picked, picked_query

MOST_FOUND = 20


def picked_opinions(request: HttpRequest) -> list[Opinion]:
    return picked(request, Opinion.objects.visible_to(request.actor).with_list_relations())


def nothing_picked(request: HttpRequest) -> HttpResponse:
    messages.warning(request, _("请先勾选意见建议。"))
    return see_other(request, reverse("issues:opinion_list"))


@requires(Verb.MERGE)
@require_http_methods(["GET", "HEAD", "POST"])
def issue_create(request: HttpRequest) -> HttpResponse:
    """归并为新问题."""
    opinions = picked_opinions(request)
    if not opinions:
        return nothing_picked(request)
    initial = {**first_guess(opinions), "key": uuid.uuid4()}
    merged_into = sorted({merge.issue.number for opinion in opinions for merge in opinion.merges.all()})
    form = IssueForm(posted(request), actor=request.actor, opinions=opinions, merged_into=merged_into, initial=initial)
    status = HTTPStatus.OK
    if request.method == "POST" and form.is_valid():
        try:
            issue = register(request, form, opinions)
        except Refused as refusal:
            status = form.refuse(refusal)
        else:
            return see_other(request, issue.get_absolute_url())
    context = {"form": form, "opinions": opinions, "merged_into": merged_into, "due": due_of(request, form)}
    return render(request, "issues/issue_form.html", context, status=status)


def register(request: HttpRequest, form: IssueForm, opinions: list[Opinion]) -> Issue:
    key = form.cleaned_data["key"] or uuid.uuid4()
    fingerprint = form.fingerprint(request.user, opinions)
    create = partial(
        services.register_issue, office=request.actor.unit, opinions=opinions, by=request.user, **form.facts
    )
    issue, is_new = save_once(Issue, create, key=key, fingerprint=fingerprint)
    if not is_new:
        return issue
    messages.success(
        request,
        ngettext(
            "已把 %(count)d 条意见归并为 %(number)s。",
            "已把 %(count)d 条意见归并为 %(number)s。",
            len(opinions),
        )
        % {"count": len(opinions), "number": issue.number},
        extra_tags="saved:issue",
    )
    return issue


@requires(Verb.DISPATCH)
@require_safe
def issue_due(request: HttpRequest) -> HttpResponse:
    """Fragment: the limit that unit, category and grade give an issue (`?issue=`), or one registered today."""
    asked = {name: request.GET.get(name, "") for name in ("unit", "category", "grade")}
    due = limit(request.actor, registered_on(request), **asked)
    return render(request, "issues/_issue_due.html", {"due": due})


def registered_on(request: HttpRequest) -> dt.date:
    if not (asked := request.GET.get("issue")):
        return today()
    try:
        key = uuid.UUID(asked)
    except ValueError as no_key:
        raise Http404 from no_key
    return get_object_or_404(Issue.objects.visible_to(request.actor), key=key).registered_on


def due_of(request: HttpRequest, form: IssueForm, issue: Issue | None = None) -> str:
    """The same for a form as it stands; one that shows an issue unchanged shows its limit."""
    if issue and not form.is_bound:
        return screen_date(issue.due_on)
    typed = {name: str(form[name].value() or "") for name in ("unit", "category", "grade")}
    return limit(request.actor, issue.registered_on if issue else today(), **typed)


def limit(actor: Actor, day: dt.date, *, unit: str, category: str, grade: str) -> str:
    """Of an issue registered on the day. Empty while the choice is not complete."""
    if not (category.isascii() and category.isdigit() and len(category) < 10 and grade in Grade.values):
        return ""
    place = Unit.objects.within(actor.unit).filter(code=unit).first()
    kind = Category.objects.filter(pk=category).first()
    if not (place and kind):
        return ""
    return screen_date(services.due_date_for(place, category=kind, grade=Grade(grade), registered_on=day))


@requires(Verb.MERGE)
@require_http_methods(["GET", "HEAD", "POST"])
def opinion_merge(request: HttpRequest) -> HttpResponse:
    """并入已有问题: the search finds it, a click merges."""
    opinions = picked_opinions(request)
    if not opinions:
        return nothing_picked(request)
    query = request.GET.get("q", "").strip()[:60]
    issues = mergeable(request.actor)
    form = MergeForm(posted(request), issues=issues)
    if request.method == "POST" and form.is_valid():
        issue = form.cleaned_data["issue"]
        fresh = [o for o in opinions if issue.pk not in {merge.issue_id for merge in o.merges.all()}]
        undo = f"{reverse('issues:opinion_unmerge', args=[issue.key])}?{picked_query(fresh)}" if fresh else ""
        done = _("已并入 %(number)s。") % {"number": issue.number}
        if act(request, services.merge_opinions, issue, opinions=opinions, by=request.user, done=done, undo=undo):
            return see_other(request, issue.get_absolute_url())
    found = issues.found_by(query) if query else issues
    found = found.with_list_relations().with_opinion_count()[:MOST_FOUND]
    context = {"form": form, "opinions": opinions, "issues": found, "query": query}
    return render(request, "issues/opinion_merge.html", context)


def mergeable(actor: Actor):
    return Issue.objects.visible_to(actor).open()


@requires(Verb.MERGE)
@require_POST
def opinion_unmerge(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Takes the picked opinions out of the issue again."""
    issue = get_object_or_404(Issue.objects.visible_to(request.actor), key=key)
    opinions = picked_opinions(request)
    act(request, services.unmerge_opinions, issue, opinions=opinions, by=request.user, done=_("归并已撤销。"))
    return see_other(request, reverse("issues:merge_desk") if "desk" in request.GET else issue.get_absolute_url())


def back(opinions: list[Opinion]) -> str:
    return opinions[0].get_absolute_url() if len(opinions) == 1 else reverse("issues:merge_desk")


@requires(Verb.MERGE)
@require_http_methods(["GET", "HEAD", "POST"])
def opinion_set_aside(request: HttpRequest) -> HttpResponse:
    opinions = picked_opinions(request)
    if not opinions:
        return nothing_picked(request)
    form = SetAsideForm(posted(request))
    if request.method == "POST" and form.is_valid():
        undo = f"{reverse('issues:opinion_take_up')}?{picked_query(opinions)}"
        reason = form.cleaned_data["reason"]
        if act(
            request,
            services.set_aside_opinions,
            opinions,
            reason=reason,
            by=request.user,
            done=_("已登记为不予受理。"),
            undo=undo,
        ):
            return see_other(request, back(opinions))
    return render(request, "issues/opinion_set_aside.html", {"form": form, "opinions": opinions})


@requires(Verb.MERGE)
@require_POST
def opinion_take_up(request: HttpRequest) -> HttpResponse:
    opinions = picked_opinions(request)
    if not opinions:
        return nothing_picked(request)
    act(request, services.take_up_opinions_again, opinions, by=request.user, done=_("已重新受理，回到待归并。"))
    return see_other(request, back(opinions))
