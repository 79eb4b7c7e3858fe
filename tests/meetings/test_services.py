import datetime as dt
import uuid

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from lib.errors import Refused, Stale
from lib.periods import SHANGHAI
from meetings import services
from meetings.enums import MeetingKind, MeetingState
from meetings.forms import HeldForm
from meetings.models import Meeting
from meetings.notices import with_members
from tests import factories

DAY = dt.date(2016, 8, 25)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(dt.datetime(2016, 8, 10, 9, tzinfo=SHANGHAI), tick=False) as traveller:
        yield traveller


@pytest.fixture
def meeting(world) -> Meeting:
    return services.plan_meeting(by=world.office, unit=world.company, group=world.group, held_on=DAY)[0]


def test_meeting_sent_twice_is_planned_once(world):
    plan = {"by": world.office, "unit": world.company, "group": world.group, "held_on": DAY, "key": uuid.uuid4()}
    (meeting, is_new), (again, is_new_again) = services.plan_meeting(**plan), services.plan_meeting(**plan)
    assert (meeting, is_new, is_new_again) == (again, True, False)
    assert meeting.title == "8月信息交流例会"


def test_second_meeting_of_the_kind_on_one_day_is_refused(world, meeting):
    plan = {"by": world.office, "unit": world.company, "group": world.group, "held_on": DAY}
    with pytest.raises(services.AlreadyPlanned):
        services.plan_meeting(**plan)
    assert services.plan_meeting(**plan, kind=MeetingKind.THEMATIC)[1]


def test_second_editor_of_the_plan_is_told(meeting):
    other = Meeting.objects.get()
    services.change_meeting(meeting, version=1, place="三楼会议室")
    with pytest.raises(Stale):
        services.change_meeting(other, version=1, place="食堂")
    assert Meeting.objects.get().place == "三楼会议室"


def test_title_made_from_the_month_follows_the_day_and_a_chosen_one_does_not(meeting):
    services.change_meeting(meeting, version=1, title="8月信息交流例会", held_on=dt.date(2016, 9, 2))
    assert Meeting.objects.get().title == "9月信息交流例会"
    services.change_meeting(Meeting.objects.get(), version=2, kind=MeetingKind.THEMATIC)
    assert Meeting.objects.get().title == f"9月{MeetingKind.THEMATIC.label}"
    services.change_meeting(Meeting.objects.get(), version=3, title="防汛专题会", held_on=dt.date(2016, 10, 9))
    assert Meeting.objects.get().title == "防汛专题会"


def test_held_meeting_keeps_attendance_and_minutes_and_can_be_corrected(world, meeting, clock):
    clock.move_to(dt.datetime(2016, 8, 25, 17, tzinfo=SHANGHAI))
    services.hold_meeting(meeting, version=1, held_on=DAY, attendees=[world.insider], minutes="")
    services.hold_meeting(
        Meeting.objects.get(), version=2, held_on=DAY, attendees=[world.insider, world.colleague], minutes="议定三件事"
    )
    held = Meeting.objects.get()
    assert (held.state, held.minutes, held.attendees.count()) == (MeetingState.HELD, "议定三件事", 2)


def test_meeting_cannot_be_held_tomorrow_or_by_nobody(world, meeting):
    with pytest.raises(Refused, match="不能晚于今天"):
        services.hold_meeting(meeting, version=1, held_on=DAY, attendees=[world.insider], minutes="")
    with pytest.raises(Refused, match="参会人员"):
        services.hold_meeting(meeting, version=1, held_on=dt.date(2016, 8, 10), attendees=[], minutes="")


def test_cancelled_meeting_says_why_and_stays_cancelled(world, meeting):
    with pytest.raises(Refused, match="写明原因"):
        services.cancel_meeting(meeting, version=1, reason=" ")
    services.cancel_meeting(Meeting.objects.get(), version=1, reason="防汛值班")
    cancelled = Meeting.objects.get()
    assert (cancelled.state, cancelled.cancel_reason) == (MeetingState.CANCELLED, "防汛值班")
    for again in (
        lambda: services.change_meeting(cancelled, version=2, place="食堂"),
        lambda: services.cancel_meeting(cancelled, version=2, reason="再次"),
        lambda: services.hold_meeting(
            cancelled, version=2, held_on=dt.date(2016, 8, 10), attendees=[world.insider], minutes=""
        ),
    ):
        with pytest.raises(services.NotPlanned):
            again()


def test_change_refuses_what_is_no_plan(meeting):
    with pytest.raises(ValueError, match="state"):
        services.change_meeting(meeting, version=1, state=MeetingState.HELD)
    with pytest.raises(ValidationError):
        services.change_meeting(meeting, version=1, place="长" * 61)


def test_cadre_without_a_group_saw_the_meetings_of_every_union(world):
    lone = factories.cadre(factories.enterprise("北山机械公司"), holder=factories.user("无组"))
    services.plan_meeting(by=world.office, unit=world.company, group=None, held_on=DAY)
    assert not Meeting.objects.visible_to(world.actor(lone)).exists()


def test_meeting_of_all_groups_was_hidden_from_the_groups_of_units_below(world):
    below = factories.group(world.plant, name="采矿厂小组")
    member = factories.cadre(world.plant, holder=factories.user("厂里"))
    factories.membership(member, below)
    everybody = services.plan_meeting(by=world.office, unit=world.company, group=None, held_on=DAY)[0]
    elsewhere = services.plan_meeting(by=world.office, unit=world.other_plant, group=None, held_on=DAY)[0]
    assert list(Meeting.objects.visible_to(world.actor(member))) == [everybody]
    assert member in HeldForm(meeting=everybody).fields["attendees"].queryset
    assert member not in HeldForm(meeting=elsewhere).fields["attendees"].queryset
    assert {user for _meeting, users in with_members([everybody], DAY) for user in users} >= {member.user_id}


def test_plan_changed_onto_the_day_of_another_was_planned_twice(world, meeting):
    plan = {"by": world.office, "unit": world.company}
    other = services.plan_meeting(**plan, group=world.group, held_on=DAY + dt.timedelta(days=1))[0]
    with pytest.raises(services.AlreadyPlanned):
        services.change_meeting(other, version=1, held_on=DAY)
    for group in (world.group, None):
        once = {"unit": world.company, "group": group, "title": "例会", "held_on": dt.date(2016, 9, 1)}
        Meeting.objects.create(**once)
        with pytest.raises(IntegrityError), transaction.atomic():
            Meeting.objects.create(**once)
    services.cancel_meeting(meeting, version=1, reason="防汛值班")
    services.change_meeting(Meeting.objects.get(pk=other.pk), version=1, held_on=DAY)


def test_same_meeting_planned_at_once_was_an_error_of_the_server(world, monkeypatch, meeting):
    monkeypatch.setattr(services, "refuse_second", lambda meeting: None)
    with pytest.raises(services.AlreadyPlanned):
        services.plan_meeting(by=world.office, unit=world.company, group=world.group, held_on=DAY)
    other = services.plan_meeting(by=world.office, unit=world.company, group=None, held_on=DAY)[0]
    with pytest.raises(services.AlreadyPlanned):
        services.change_meeting(
            services.plan_meeting(by=world.office, unit=world.company, group=None, held_on=DAY + dt.timedelta(days=1))[
                0
            ],
            version=1,
            held_on=other.held_on,
        )
