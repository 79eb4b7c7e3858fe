"""Two matters under one number, or one matter under two: split and join, each of which undoes the other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lib.errors import Refused
from organization.models import User

from ..models import Issue, Opinion
from .merging import merge_opinions, register_issue, unmerge_opinion, void_issue
from .transitions import locked


@transaction.atomic
def split_issue(
    issue: Issue, *, opinions: Collection[Opinion], by: User, at: dt.datetime | None = None, **facts
) -> Issue:
    """Some opinions of the issue become one of their own; at least one stays. `facts` as in register_issue."""
    at = at or timezone.now()
    issue = locked(issue)
    chosen = {opinion.pk for opinion in opinions}
    merges = list(issue.merges.in_force().order_by("opinion_id"))
    going = [merge for merge in merges if merge.opinion_id in chosen]
    if len(going) < len(chosen):
        raise Refused(_("选中的意见有的已不在这个问题里，请刷新页面后重选。"), code="not_merged_here")
    if len(going) == len(merges):
        raise Refused(_("拆分后原问题至少要留一条意见；全部转走请用“并入其他问题”。"), code="nothing_left")
    fresh = register_issue(opinions=opinions, by=by, at=at, although_merged=True, **facts)
    for merge in going:
        unmerge_opinion(merge, by=by, at=at)
    return fresh


@transaction.atomic
def join_issues(issue: Issue, *, into: Issue, by: User, at: dt.datetime | None = None) -> None:
    """Both speak of one matter: all opinions go over, and the emptied issue is void (see void_issue)."""
    if issue.pk == into.pk:
        raise Refused(_("不能并入问题本身。"), code="same_issue")
    at = at or timezone.now()
    # In one order for everybody, so that two who join them crosswise cannot wait for each other.
    for pk in sorted((issue.pk, into.pk)):
        Issue.objects.select_for_update(of=("self",)).get(pk=pk)
    merge_opinions(into, opinions=list(issue.opinions()), by=by, at=at)
    void_issue(issue, by=by, at=at, reason=_("并入 %(number)s") % {"number": into.number})
