"""The meeting that prepares itself: what there is to talk about, as counts that open their rows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from friends.models import Friendship
from issues.models import Feedback, Issue, Opinion
from liaison.models import Cadre
from liaison.norms import norms_for
from lib.periods import month_of
from organization.roles import Role

from .models import Meeting

if TYPE_CHECKING:
    from organization.actors import Actor


@dataclass(frozen=True)
class AgendaItem:
    label: str
    count: int
    unit: str
    url: str
    is_alarm: bool = False


@dataclass(frozen=True)
class Matters:
    """The rows behind the counts, as querysets."""

    overdue_issues: QuerySet[Issue]
    silent_friends: QuerySet[Friendship]
    new_opinions: QuerySet[Opinion]
    owed_feedback: QuerySet[Feedback]


def previous_meeting(meeting: Meeting) -> Meeting | None:
    """The last one that the same people held before it."""
    before = Meeting.objects.held().filter(held_on__lt=meeting.held_on).exclude(pk=meeting.pk)
    if meeting.group_id:
        return before.concerning(meeting.group_id).order_by("-held_on", "-pk").first()
    return before.filter(unit=meeting.unit_id, group__isnull=True).order_by("-held_on", "-pk").first()


def since(meeting: Meeting, previous: Meeting | None) -> dt.date:
    """From when on opinions are new: the day after the last meeting, without one the first of the month."""
    return previous.held_on + dt.timedelta(days=1) if previous else month_of(meeting.held_on).start


def matters(meeting: Meeting, day: dt.date, *, new_since: dt.date, actor: Actor | None = None) -> Matters:
    """What concerns those who meet; with an actor only what he may see, so that each count opens its rows."""
    issues, opinions = Issue.objects.all(), Opinion.objects.all()
    friendships, feedbacks = Friendship.objects.all(), Feedback.objects.all()
    if actor is not None:
        issues, opinions = Issue.objects.visible_to(actor), Opinion.objects.visible_to(actor)
        friendships, feedbacks = Friendship.objects.visible_to(actor), Feedback.objects.visible_to(actor)
    if actor is not None and actor.role != Role.OFFICE:
        # The lists of a cadre and of a leader are theirs already.
        pass
    elif meeting.group_id:
        issues, opinions = issues.filter(group=meeting.group_id), opinions.filter(group=meeting.group_id)
        feedbacks = feedbacks.filter(opinion__group=meeting.group_id)
        friendships = friendships.filter(cadre__in=Cadre.objects.in_group(meeting.group_id, day))
    else:
        path = meeting.unit.path
        issues, opinions = issues.filter(unit__path__startswith=path), opinions.filter(unit__path__startswith=path)
        feedbacks = feedbacks.filter(opinion__unit__path__startswith=path)
        friendships = friendships.filter(worker__unit__path__startswith=path)
    quiet_since = day - dt.timedelta(days=norms_for(meeting.unit).silence_days)
    return Matters(
        overdue_issues=issues.overdue(day),
        silent_friends=friendships.open_on(day).silent_since(quiet_since),
        new_opinions=opinions.filter(raised_on__gte=new_since, raised_on__lte=day),
        owed_feedback=feedbacks.owed(),
    )


def agenda_for(meeting: Meeting, day: dt.date, actor: Actor, previous: Meeting | None) -> list[AgendaItem]:
    new_since = since(meeting, previous)
    found = matters(meeting, day, new_since=new_since, actor=actor)
    silence = norms_for(meeting.unit).silence_days
    group: dict[str, object] = {}
    if actor.role == Role.OFFICE:
        group = {"group": meeting.group_id} if meeting.group_id else {"unit": meeting.unit.code}
    return [
        AgendaItem(
            _("超期未答复的问题"),
            found.overdue_issues.count(),
            _("件"),
            address("issues:issue_list", tab="open", overdue="on", **group),
            is_alarm=True,
        ),
        AgendaItem(
            _("%(days)d 天以上未联系的朋友") % {"days": silence},
            found.silent_friends.count(),
            _("位"),
            address("friends:friend_list", silent=silence, **group),
            is_alarm=True,
        ),
        AgendaItem(
            _("%(day)s 以来的新意见") % {"day": new_since.isoformat()},
            found.new_opinions.count(),
            _("条"),
            address("issues:opinion_list", tab="all", since=new_since.isoformat(), **group),
        ),
        AgendaItem(
            _("待反馈职工"),
            found.owed_feedback.count(),
            pgettext("量词", "人次"),
            address("issues:opinion_list", tab="owed", **group),
        ),
    ]


def address(url_name: str, **query) -> str:
    return f"{reverse(url_name)}?{urlencode(query)}"
