"""Reminders by state: each reaches each member once, whatever slept, ran twice or was lost."""

import datetime as dt
import threading

import pytest
import time_machine
from django.db import connection

from lib.periods import SHANGHAI
from meetings import services
from meetings.enums import MeetingKind
from meetings.models import Meeting
from notices.models import Delivery, Notice
from notices.services import run_rules
from organization.models import WorkdayOverride
from tests import factories

HELD_ON = dt.date(2016, 8, 25)  # a Thursday


def moment(month: int, day: int, hour: int = 9, minute: int = 0) -> dt.datetime:
    return dt.datetime(2016, month, day, hour, minute, tzinfo=SHANGHAI)


#: The times of day at which something can change: before and at 08:00, before and at the meeting.
BEATS = (dt.time(7, 50), dt.time(8), dt.time(9), dt.time(13, 50), dt.time(14))


def run_between(start: dt.datetime, end: dt.datetime) -> None:
    """The scheduler as it beats from `start` until, and without, `end`."""
    day = start.date()
    while day <= end.date():
        for beat in BEATS:
            now = dt.datetime.combine(day, beat, tzinfo=SHANGHAI)
            if start <= now < end:
                with time_machine.travel(now, tick=False):
                    run_rules()
        day += dt.timedelta(days=1)


def told(rule: str) -> list[tuple[str, str]]:
    """Who was told on which day."""
    notices = Notice.objects.filter(rule=rule).order_by("recipient__name")
    return [(notice.recipient.name, notice.created_at.astimezone(SHANGHAI).date().isoformat()) for notice in notices]


def members_told_on(day: str) -> list[tuple[str, str]]:
    return [("同组", day), ("组长", day), ("范内", day)]


@pytest.fixture
def meeting(world) -> Meeting:
    with time_machine.travel(moment(8, 1), tick=False):
        return services.plan_meeting(
            by=world.office, unit=world.company, group=world.group, held_on=HELD_ON, starts_at=dt.time(14)
        )[0]


def test_each_member_is_reminded_a_week_and_a_day_before(meeting):
    run_between(moment(8, 15), moment(8, 27))
    assert told("meeting_in_a_week") == members_told_on("2016-08-18")
    assert told("meeting_tomorrow") == members_told_on("2016-08-24")


def test_reminder_says_when_and_what_there_is_and_names_nobody(world, meeting):
    factories.opinion(world.friend)
    run_between(moment(8, 18), moment(8, 18, 10))
    run_between(moment(8, 24), moment(8, 24, 10))
    week, day = Notice.objects.filter(recipient=world.insider.user, rule__startswith="meeting_").order_by("pk")
    assert week.text == "8月25日 14:00召开例会，请准备书面交流材料。"
    assert day.text == "8月25日 14:00召开例会：超期问题 0 件，久未联系的朋友 1 位，新意见 0 条。"
    assert {week.link, day.link} == {f"/meetings/{meeting.key}/"}


@pytest.mark.parametrize(
    ("asleep", "week", "day"),
    [
        # Down for an hour, three days or forty days over the day on which the reminders were due.
        ((moment(8, 18, 8), moment(8, 18, 9)), "2016-08-18", "2016-08-24"),
        ((moment(8, 17, 20), moment(8, 20, 20)), "2016-08-22", "2016-08-24"),
        ((moment(8, 22, 20), moment(8, 25, 13)), "2016-08-18", "2016-08-25"),
        # Over both: the week is no longer said once the last day has come, nothing when it is over.
        ((moment(8, 17, 20), moment(8, 24, 12)), None, "2016-08-24"),
        ((moment(8, 17, 20), moment(8, 25, 14)), None, None),
        ((moment(7, 20), moment(8, 29, 20)), None, None),
    ],
)
def test_reminders_after_the_scheduler_slept(meeting, asleep, week, day):
    run_between(moment(8, 15, 7), asleep[0])
    run_between(asleep[1], moment(8, 31))
    assert told("meeting_in_a_week") == (members_told_on(week) if week else [])
    assert told("meeting_tomorrow") == (members_told_on(day) if day else [])


def test_reminder_that_falls_on_a_day_off_comes_on_the_working_day_before(world):
    with time_machine.travel(moment(9, 1), tick=False):
        # The Monday after the national holiday week: nobody is told from 1 to 7 October.
        WorkdayOverride.objects.create(day=dt.date(2016, 10, 8), is_workday=False)
        WorkdayOverride.objects.create(day=dt.date(2016, 10, 9), is_workday=False)
        services.plan_meeting(by=world.office, unit=world.company, group=world.group, held_on=dt.date(2016, 10, 10))
    run_between(moment(9, 26), moment(10, 11))
    assert told("meeting_tomorrow") == members_told_on("2016-09-30")
    assert told("meeting_in_a_week") == []


def test_moved_meeting_is_announced_anew_and_the_old_day_forgotten(meeting):
    run_between(moment(8, 18), moment(8, 18, 10))
    services.change_meeting(Meeting.objects.get(), version=1, held_on=dt.date(2016, 8, 30))
    run_between(moment(8, 19), moment(9, 1))
    # The week before the new day is 23 August.
    assert [day for _name, day in told("meeting_in_a_week")].count("2016-08-23") == 3
    assert told("meeting_tomorrow") == members_told_on("2016-08-29")


def test_cancelled_meeting_is_not_announced_but_called_off(meeting):
    run_between(moment(8, 18), moment(8, 18, 10))
    services.cancel_meeting(Meeting.objects.get(), version=1, reason="防汛值班")
    run_between(moment(8, 19), moment(8, 31))
    assert told("meeting_tomorrow") == []
    assert told("meeting_cancelled") == members_told_on("2016-08-19")


def test_meeting_of_all_groups_reaches_the_members_of_each(world):
    with time_machine.travel(moment(8, 1), tick=False):
        services.plan_meeting(by=world.office, unit=world.company, group=None, held_on=HELD_ON)
    run_between(moment(8, 18), moment(8, 18, 10))
    assert [name for name, _day in told("meeting_in_a_week")] == ["同组", "外组", "组长", "范内"]


def test_leader_hears_once_that_no_meeting_is_planned_by_the_fifth_working_day(world):
    # August 2016 begins on a Monday: the fifth working day is Friday the 5th. The second group has no leader.
    run_between(moment(8, 1), moment(9, 1))
    assert told("meeting_not_planned") == [("组长", "2016-08-05")]
    assert Notice.objects.get(rule="meeting_not_planned").text == "8月还没有安排例会，请尽快排定。"


def test_leader_hears_nothing_when_a_meeting_is_planned_or_was_held(world, meeting):
    run_between(moment(8, 1), moment(9, 1))
    assert told("meeting_not_planned") == []


def test_thematic_meeting_is_not_the_monthly_one(world):
    with time_machine.travel(moment(8, 1), tick=False):
        services.plan_meeting(
            by=world.office, unit=world.company, group=world.group, held_on=HELD_ON, kind=MeetingKind.THEMATIC
        )
    run_between(moment(8, 5), moment(8, 5, 10))
    assert told("meeting_not_planned") == [("组长", "2016-08-05")]


@pytest.mark.parametrize(
    ("asleep", "expected"),
    [
        ((moment(8, 5, 8), moment(8, 5, 9)), ["2016-08-05", "2016-09-07"]),
        ((moment(8, 4, 20), moment(8, 7, 20)), ["2016-08-08", "2016-09-07"]),
        # Over the whole of August: nobody is told of a month that is over.
        ((moment(7, 29), moment(9, 6, 20)), ["2016-09-07"]),
    ],
)
def test_missing_meeting_is_said_once_a_month_after_the_scheduler_slept(world, asleep, expected):
    run_between(moment(8, 1), asleep[0])
    run_between(asleep[1], moment(9, 12))
    assert sorted(day for _name, day in told("meeting_not_planned")) == expected


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_over_the_day_remind_each_member_once(world, meeting):
    for user in (world.insider.user, world.colleague.user, world.leader_of_group.user):
        user.email = f"{user.username}@example.cn"
        user.save(update_fields=["email"])
    start = threading.Barrier(3)

    def beat() -> None:
        try:
            start.wait()
            for _ in range(3):
                run_rules(moment(8, 18))
        finally:
            connection.close()

    threads = [threading.Thread(target=beat) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    reminders = Notice.objects.filter(rule="meeting_in_a_week")
    assert reminders.count() == reminders.values("recipient").distinct().count() == 3
    assert Delivery.objects.filter(notice__in=reminders).count() == 3
