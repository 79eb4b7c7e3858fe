"""Rows that were chosen in a list."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from ..models import Issue

#: More are not chosen by hand; it keeps addresses short enough for every proxy.
MOST_PICKED = 100
#: What a search offers; who wants another one types more of its title.
MOST_FOUND = 20


def picked(request: HttpRequest, rows: QuerySet) -> list:
    """The rows chosen in a list (`?picked=key`, or from the form); a key that is not in `rows` is 404."""
    asked = list(dict.fromkeys([*request.POST.getlist("picked"), *request.GET.getlist("picked")]))
    try:
        keys = {uuid.UUID(key) for key in asked}
    except ValueError:
        raise Http404 from None
    if len(keys) > MOST_PICKED:
        raise Http404
    found = list(rows.filter(key__in=keys))
    if len(found) != len(keys):
        raise Http404
    return found


def picked_query(rows: list) -> str:
    return "&".join(f"picked={row.key}" for row in rows)


def picked_some(request: HttpRequest, rows: QuerySet) -> list:
    """The same, with a word to who sent the form without choosing."""
    found = picked(request, rows)
    if not found:
        messages.warning(request, _("请先勾选问题。"))
    return found


def pick_issues(
    request: HttpRequest, *, title: str, back: str, then: str = "", without: QuerySet[Issue] | None = None
) -> HttpResponse:
    """The page that finds issues by search. The boxes ticked go by GET to `then`, or are posted to this address."""
    query = request.GET.get("q", "").strip()[:60]
    issues = Issue.objects.visible_to(request.actor).counting().select_related("unit")
    if without is not None:
        issues = issues.exclude(pk__in=without.order_by().values("pk"))
    found = issues.found_by(query) if query else issues
    context = {"title": title, "back": back, "then": then, "query": query, "issues": found[:MOST_FOUND]}
    return render(request, "issues/issue_pick.html", context)
