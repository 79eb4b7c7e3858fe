"""Two matters under one number, or one matter under two: the office splits and joins issues."""

from __future__ import annotations

import uuid
from functools import partial
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lib.acting import act, posted
from lib.errors import Refused
from lib.htmx import see_other
from lib.once import save_once
from organization.guards import requires
from organization.roles import Verb

from .. import services
from ..enums import Move
from ..forms.issues import IssueForm
from ..forms.opinions import MergeForm
from ..models import Issue, Opinion
from .desk import as_typed, not_now, office_issue
from .merging import MOST_FOUND, due_of, mergeable, picked_opinions


@requires(Verb.MERGE)
@require_http_methods(["GET", "HEAD", "POST"])
def issue_split(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Which opinions go, and what the new issue says."""
    issue = office_issue(request, key)
    if request.method != "POST" and (answer := not_now(request, issue, Move.UNMERGE)):
        return answer
    opinions = list(issue.opinions().with_list_relations().order_by("raised_on", "pk"))
    going = picked_opinions(request)
    first = {**as_typed(issue), "title": "", "wording": "", "key": uuid.uuid4()}
    form = IssueForm(posted(request), actor=request.actor, opinions=opinions, initial=first)
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                fresh = split(request, form, issue, going)
            except Refused as refusal:
                status = form.refuse(refusal)
            else:
                return see_other(request, fresh.get_absolute_url())
    context = {"form": form, "issue": issue, "opinions": opinions, "going": going, "due": due_of(request, form)}
    return render(request, "issues/issue_split.html", context, status=status)


def split(request: HttpRequest, form: IssueForm, issue: Issue, going: list[Opinion]) -> Issue:
    facts = {**form.facts, "office": issue.office, "by": request.user}
    facts.pop("although_merged", None)
    create = partial(services.split_issue, issue, opinions=going, **facts)
    fingerprint = form.fingerprint(request.user, issue, going)
    fresh, is_new = save_once(Issue, create, key=form.cleaned_data["key"] or uuid.uuid4(), fingerprint=fingerprint)
    if is_new:
        undo = f"{reverse('issues:issue_rejoin', args=[fresh.key])}?into={issue.key}"
        done = _("已从 %(old)s 拆分出 %(new)s。") % {"old": issue.number, "new": fresh.number}
        messages.success(request, done, extra_tags=f"undo:{undo}")
    return fresh


@requires(Verb.MERGE)
@require_http_methods(["GET", "HEAD", "POST"])
def issue_join(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """并入其他问题: the search finds the other issue, a click moves every opinion over."""
    issue = office_issue(request, key)
    if request.method != "POST" and (answer := not_now(request, issue, Move.VOID)):
        return answer
    query = request.GET.get("q", "").strip()[:60]
    others = mergeable(request.actor).exclude(pk=issue.pk)
    form = MergeForm(posted(request), issues=others)
    if request.method == "POST" and form.is_valid() and joined(request, issue, form.cleaned_data["issue"]):
        return see_other(request, form.cleaned_data["issue"].get_absolute_url())
    found = others.found_by(query) if query else others
    context = {"form": form, "issue": issue, "query": query}
    context["issues"] = found.with_list_relations().with_opinion_count()[:MOST_FOUND]
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "issues/issue_join.html", context, status=status)


@requires(Verb.MERGE)
@require_POST
def issue_rejoin(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Undoes a split: everything goes back into the issue that is named (`?into=`)."""
    issue = office_issue(request, key)
    form = MergeForm({"issue": request.GET.get("into", "")}, issues=mergeable(request.actor))
    if not form.is_valid():
        messages.error(request, _("原来的问题已不能再归并，没有撤销。"))
        return see_other(request, issue.get_absolute_url())
    into = form.cleaned_data["issue"]
    return see_other(request, (into if joined(request, issue, into) else issue).get_absolute_url())


def joined(request: HttpRequest, issue: Issue, into: Issue) -> bool:
    done = _("%(old)s 的意见已全部并入 %(new)s，原编号作废。") % {"old": issue.number, "new": into.number}
    return act(request, services.join_issues, issue, into=into, by=request.user, done=done)
