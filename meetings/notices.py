"""Who is reminded of a meeting, and of one that nobody has planned."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice

from django.urls import reverse
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from liaison.models import LiaisonGroup, Membership
from liaison.norms import norms_for
from lib.periods import month_of
from notices.rules import Due, Occasion, Rule

from .agenda import matters, previous_meeting, since
from .enums import MeetingKind, MeetingState
from .models import Meeting

IN_A_WEEK = 7
TOMORROW = 1
#: The furthest day ahead that a reminder can be due for: a week, moved before the longest run of days off.
LOOK_AHEAD = dt.timedelta(days=IN_A_WEEK + 14)


def in_a_week(occasion: Occasion) -> Iterator[Due]:
    """From seven days before, until the reminder of the last day is due."""
    for meeting, members in with_members(coming(occasion), occasion.day):
        from_week = occasion.remind_from(meeting.held_on, days=IN_A_WEEK)
        from_last = occasion.remind_from(meeting.held_on, days=TOMORROW)
        if from_week <= occasion.day < from_last:
            text = format_lazy(_("{when}召开例会，请准备书面交流材料。"), when=when(meeting))
            yield from to_each(meeting, members, text)


def tomorrow(occasion: Occasion) -> Iterator[Due]:
    """From the day before, until it begins; with what there is to talk about."""
    for meeting, members in with_members(coming(occasion), occasion.day):
        if occasion.remind_from(meeting.held_on, days=TOMORROW) <= occasion.day:
            yield from to_each(meeting, members, text_with_agenda(meeting, occasion.day))


def cancelled(occasion: Occasion) -> Iterator[Due]:
    """Whoever was, or could have been, reminded of it hears that it does not take place."""
    near = Meeting.objects.filter(state=MeetingState.CANCELLED, held_on__gte=occasion.day)
    near = near.filter(held_on__lte=occasion.day + LOOK_AHEAD).select_related("unit", "group")
    for meeting, members in with_members(near, occasion.day):
        if not meeting.is_over(occasion.now) and occasion.remind_from(meeting.held_on, days=IN_A_WEEK) <= occasion.day:
            yield from to_each(meeting, members, format_lazy(_("原定{when}的例会已取消。"), when=when(meeting)))


def not_planned(occasion: Occasion) -> Iterator[Due]:
    """The n-th working day of the month has come and the group has no meeting this month: its leader is told once."""
    month = month_of(occasion.day)
    meetings = Meeting.objects.filter(kind=MeetingKind.EXCHANGE).exclude(state=MeetingState.CANCELLED)
    meetings = meetings.for_period(month)
    planned = set(meetings.values_list("group", "unit__path"))
    groups_with, paths_with = {group for group, _path in planned}, {path for group, path in planned if group is None}
    missing = [
        group
        for group in LiaisonGroup.objects.active().select_related("unit")
        if group.pk not in groups_with and paths_with.isdisjoint(group.unit.paths_to_root())
    ]
    if not missing:
        return
    leaders = leaders_of(missing, occasion.day)
    limits: dict[int, int] = {}
    for group in missing:
        if group.unit_id not in limits:
            limits[group.unit_id] = norms_for(group.unit).plan_meeting_by_workday
        workdays = occasion.calendar.workdays(month.start, month.end)
        last_day = next(islice(workdays, limits[group.unit_id] - 1, None), month.last_day)
        if occasion.day < last_day:
            continue
        text = format_lazy(_("{month}月还没有安排例会，请尽快排定。"), month=month.number)
        for user_id in leaders[group.pk]:
            yield Due(user_id, month.code, f"group-{group.pk}", text, reverse("meetings:meeting_create"))


def coming(occasion: Occasion) -> list[Meeting]:
    meetings = Meeting.objects.planned().filter(held_on__gte=occasion.day, held_on__lte=occasion.day + LOOK_AHEAD)
    return [meeting for meeting in meetings.select_related("unit", "group") if not meeting.is_over(occasion.now)]


def with_members(meetings: Iterable[Meeting], day: dt.date) -> Iterator[tuple[Meeting, set[int]]]:
    """Each meeting with the accounts of those who belong to the group, or to the groups, that day."""
    meetings = list(meetings)
    if not meetings:
        return
    of_group: dict[int, set[int]] = defaultdict(set)
    of_unit: dict[str, set[int]] = defaultdict(set)
    members = Membership.objects.open_on(day).filter(cadre__is_active=True, group__closed_on__isnull=True)
    for group_id, path, user_id in members.values_list("group", "group__unit__path", "cadre__user"):
        of_group[group_id].add(user_id)
        of_unit[path].add(user_id)
    for meeting in meetings:
        if meeting.group_id:
            yield meeting, of_group[meeting.group_id]
        else:
            within = (users for path, users in of_unit.items() if path.startswith(meeting.unit.path))
            yield meeting, set().union(*within)


def leaders_of(groups: Iterable[LiaisonGroup], day: dt.date) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    leading = Membership.objects.open_on(day).filter(group__in=groups, is_leader=True, cadre__is_active=True)
    for group_id, user_id in leading.values_list("group", "cadre__user"):
        found[group_id].append(user_id)
    return found


def to_each(meeting: Meeting, members: Iterable[int], text) -> Iterator[Due]:
    """The period is the day of the meeting: on a new day everybody is told anew."""
    for user_id in sorted(members):
        yield Due(user_id, meeting.held_on.isoformat(), f"meeting-{meeting.pk}", text, meeting.get_absolute_url())


def when(meeting: Meeting):
    """8月31日 14:00, or without a time of day."""
    day = format_lazy(_("{month}月{day}日"), month=meeting.held_on.month, day=meeting.held_on.day)
    return (
        format_lazy("{day} {clock}", day=day, clock=meeting.starts_at.strftime("%H:%M")) if meeting.starts_at else day
    )


def text_with_agenda(meeting: Meeting, day: dt.date):
    """Counted only when somebody is really told, and once for all who meet: the rule is asked every few minutes."""

    @cache
    def counts() -> dict[str, int]:
        found = matters(meeting, day, new_since=since(meeting, previous_meeting(meeting)))
        return {
            "issues": found.overdue_issues.count(),
            "friends": found.silent_friends.count(),
            "opinions": found.new_opinions.count(),
        }

    def words() -> str:
        text = gettext("{when}召开例会：超期问题 {issues} 件，久未联系的朋友 {friends} 位，新意见 {opinions} 条。")
        return text.format(when=when(meeting), **counts())

    return lazy(words, str)()


MEMBERS = _("小组成员")
RULES = (
    Rule("meeting_in_a_week", _("例会 7 天前提醒"), MEMBERS, in_a_week),
    Rule("meeting_tomorrow", _("例会 1 天前提醒"), MEMBERS, tomorrow),
    Rule("meeting_cancelled", _("例会取消"), MEMBERS, cancelled),
    Rule("meeting_not_planned", _("本月仍未安排例会"), _("组长"), not_planned),
)
