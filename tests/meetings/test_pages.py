import datetime as dt
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.db import connection
from django.urls import reverse

from liaison.models import Norms
from lib.periods import SHANGHAI
from meetings import services
from meetings.enums import MeetingState
from meetings.models import Meeting
from organization.roles import Role
from records.models import Download
from tests import factories
from tests.client import client_of

LIST = reverse("meetings:meeting_list")
NEW = reverse("meetings:meeting_create")
DAY = dt.date(2016, 8, 25)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(dt.datetime(2016, 8, 26, 9, tzinfo=SHANGHAI), tick=False) as traveller:
        yield traveller


@pytest.fixture
def meeting(world) -> Meeting:
    return planned(world)


def planned(world, *, group="own", held_on: dt.date = DAY, **fields) -> Meeting:
    group = {"own": world.group, "other": world.other_group, "all": None}[group]
    return services.plan_meeting(by=world.office, unit=world.company, group=group, held_on=held_on, **fields)[0]


def url(step: str, meeting: Meeting) -> str:
    return reverse(f"meetings:meeting_{step}", args=[meeting.key])


def plan(**changes) -> dict:
    form = {
        "key": str(uuid.uuid4()),
        "kind": "exchange",
        "held_on": "2016-09-22",
        "starts_at": "14:00",
        "place": "三楼",
    }
    return {**form, **changes}


def rows(client, **query) -> list[Meeting]:
    return list(client.get(LIST, query).context["page"])


def leader(world):
    return client_of(world.leader_of_group, Role.GROUP_LEADER)


def test_meeting_list_shows_each_role_its_scope(world):
    own, other, everybody = planned(world), planned(world, group="other"), planned(world, group="all")
    assert rows(client_of(world.insider)) == [everybody, own]
    assert rows(client_of(world.stranger)) == [everybody, other]
    assert rows(leader(world)) == [everybody, own]
    assert rows(client_of(world.office)) == [everybody, other, own]
    assert rows(client_of(world.other_office)) == []
    for who in (world.handler, world.leader, world.roster_admin, world.auditor):
        assert client_of(who).get(LIST).status_code == 403


def test_meeting_list_is_narrowed_by_state_group_kind_period_and_words(world):
    first = planned(world, place="三楼会议室")
    second = planned(world, group="other", held_on=dt.date(2016, 9, 22), kind="thematic")
    services.cancel_meeting(second, version=1, reason="防汛值班")
    client = client_of(world.office)
    assert rows(client, tab="planned") == rows(client, q="三楼") == rows(client, group=world.group.pk) == [first]
    assert (
        rows(client, tab="cancelled") == rows(client, kind="thematic") == rows(client, since="2016-09-01") == [second]
    )
    assert rows(client, until="2016-08-31") == [first]
    assert rows(client, order="held_on") == [first, second]
    assert rows(client, kind="party") == []
    assert "<html" not in client.get(LIST, headers={"HX-Request": "true"}).text


def test_meeting_list_leaves_as_a_workbook_and_is_registered(world, meeting):
    response = client_of(world.office).post(LIST)
    assert response.headers["Content-Type"].endswith("spreadsheetml.sheet")
    assert (Download.objects.get().kind, Download.objects.get().rows) == ("meetings.meetings", 1)


@pytest.mark.parametrize("number", [1, 3])
def test_meeting_list_costs_the_same_queries_at_any_length(world, django_assert_num_queries, number):
    for n in range(number):
        planned(world, held_on=DAY + dt.timedelta(days=n))
    client = client_of(world.office)
    with django_assert_num_queries(10):
        client.get(LIST)


def test_leader_plans_for_his_group_and_the_office_for_any(world):
    leader(world).post(NEW, plan(group=world.other_group.pk))
    office = client_of(world.office)
    office.post(NEW, plan(group=world.other_group.pk))
    office.post(NEW, plan())
    assert list(Meeting.objects.order_by("pk").values_list("group", flat=True)) == [
        world.group.pk,
        world.other_group.pk,
        None,
    ]
    first = Meeting.objects.order_by("pk").first()
    assert (first.title, first.starts_at, first.place) == ("9月信息交流例会", dt.time(14), "三楼")
    assert client_of(world.insider).get(NEW).status_code == 403


def test_form_sent_twice_plans_once(world):
    client, form = leader(world), plan()
    assert client.post(NEW, form).headers["Location"] == client.post(NEW, form).headers["Location"]
    assert Meeting.objects.count() == 1


def test_the_second_plan_under_one_key_was_lost_in_silence(world):
    client, form = leader(world), plan()
    client.post(NEW, form)
    response = client.post(NEW, {**form, "held_on": "2016-09-29", "focus": "班车"})
    assert (response.status_code, Meeting.objects.count()) == (409, 1)
    kept = response.context["form"]
    assert (kept["focus"].value(), kept["held_on"].value()) == ("班车", "2016-09-29")
    key = kept["key"].value()
    assert client.post(NEW, {**form, "held_on": "2016-09-29", "focus": "班车", "key": key}).status_code == 303
    assert Meeting.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_four_copies_of_a_plan_at_the_same_moment_are_one_meeting(world):
    form, together = plan(), threading.Barrier(4)

    def send(client) -> int:
        together.wait()
        try:
            return client.post(NEW, form).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        assert set(threads.map(send, [leader(world) for _ in range(4)])) == {303}
    assert Meeting.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"held_on": ""}, "请填写日期"),
        ({"held_on": "0001-01-01"}, "请检查年份"),
        ({"held_on": "昨天"}, "日期不对"),
        ({"starts_at": "25:00"}, "时间不对"),
        ({"kind": "party"}, "可选范围"),
        ({"place": "长" * 61}, "60"),
    ],
)
def test_plan_that_cannot_be_says_how_to_mend_it_and_keeps_what_was_typed(world, changes, words):
    response = leader(world).post(NEW, plan(focus="讨论班车", **changes))
    assert words in response.text
    assert "讨论班车" in response.text
    assert not Meeting.objects.exists()


def test_meeting_on_a_day_off_is_planned_and_pointed_out(world):
    page = leader(world).post(NEW, plan(held_on="2016-09-24"), follow=True).text
    assert "2016-09-24 是休息日" in page


def test_meeting_prepares_itself_from_the_facts(world, clock):
    last = planned(world, held_on=dt.date(2016, 8, 1))
    services.hold_meeting(last, version=1, held_on=last.held_on, attendees=[world.insider], minutes="")
    issue = factories.registered_issue(factories.opinion(world.friend), by=world.office, office=world.company)
    dispatch = factories.dispatched_issue(issue, to=world.department, by=world.office)
    log = factories.contact_log(world.insider, world.friend, at=dt.datetime(2016, 8, 20, 9, tzinfo=SHANGHAI))
    factories.opinion(world.friend, log=log)
    clock.move_to(dt.datetime(2016, 9, 30, 9, tzinfo=SHANGHAI))
    meeting = planned(world, held_on=dt.date(2016, 10, 12))
    page = leader(world).get(url("detail", meeting))
    counts = {item.label: item.count for item in page.context["agenda"]}
    assert counts == {
        "超期未答复的问题": 1,
        "30 天以上未联系的朋友": 1,
        "2016-08-02 以来的新意见": 1,
        "待反馈职工": 0,
    }
    factories.answered_issue(dispatch, by=world.handler, at=dt.datetime(2016, 9, 30, 8, tzinfo=SHANGHAI))
    items = client_of(world.office).get(url("detail", meeting)).context["agenda"]
    assert [item.count for item in items] == [0, 1, 1, 1]


def test_each_count_of_the_agenda_opens_its_rows(world, clock):
    test_meeting_prepares_itself_from_the_facts(world, clock)
    meeting = Meeting.objects.planned().get()
    for client in (leader(world), client_of(world.office), client_of(world.insider)):
        for item in client.get(url("detail", meeting)).context["agenda"]:
            assert len(list(client.get(item.url).context["page"])) == item.count, item.label


def test_meeting_page_is_for_those_who_meet(world, meeting):
    for who, status in ((world.insider, 200), (world.office, 200), (world.stranger, 404), (world.other_office, 404)):
        assert client_of(who).get(url("detail", meeting)).status_code == status


def test_change_shows_a_second_editor_that_he_is_late(world, meeting):
    client = leader(world)
    form = plan(version=1, held_on="2016-08-30")
    assert client.post(url("change", meeting), form).status_code == 303
    response = client.post(url("change", meeting), {**form, "place": "食堂"})
    assert "刚被别人改过" in response.text
    meeting.refresh_from_db()
    assert (meeting.held_on, meeting.place, meeting.version) == (dt.date(2016, 8, 30), "三楼", 2)


def test_held_meeting_is_taken_down_with_those_who_came(world, meeting):
    client = leader(world)
    assert "请登记会议情况" in client.get(url("detail", meeting)).text
    form = client.get(url("hold", meeting)).context["form"]
    assert len(form.fields["attendees"].queryset) == len(form.initial["attendees"]) == 3
    sent = {"version": 1, "held_on": "2016-08-25", "attendees": [world.insider.pk], "minutes": "议定：先办班车"}
    page = client.post(url("hold", meeting), sent, follow=True).text
    assert "议定：先办班车" in page
    assert "到会 1 人" in page
    assert Meeting.objects.get().state == MeetingState.HELD
    assert "不能再改安排" in client.post(url("cancel", meeting), {"version": 2, "reason": "错了"}).text


def test_stranger_is_not_taken_down_as_present(world, meeting):
    sent = {"version": 1, "held_on": "2016-08-25", "attendees": [world.stranger.pk], "minutes": ""}
    assert leader(world).post(url("hold", meeting), sent).status_code == 200
    page = leader(world).post(url("hold", meeting), {**sent, "attendees": ["9" * 30]})
    assert "请从列表中选择参会人员。" in page.text
    assert Meeting.objects.get().state == MeetingState.PLANNED


def test_cancel_asks_why(world, meeting):
    client = leader(world)
    assert "请写明取消原因" in client.post(url("cancel", meeting), {"version": 1, "reason": " "}).text
    client.post(url("cancel", meeting), {"version": 1, "reason": "防汛值班"})
    assert Meeting.objects.values_list("state", "cancel_reason").get() == (MeetingState.CANCELLED, "防汛值班")
    assert "防汛值班" in client.get(url("detail", meeting)).text


@pytest.mark.parametrize("step", ["change", "hold", "cancel"])
def test_managing_is_for_the_leader_of_the_group_and_the_office(world, step):
    own, everybody = planned(world), planned(world, group="all")
    assert leader(world).get(url(step, own)).status_code == 200
    assert client_of(world.office).get(url(step, own)).status_code == 200
    assert leader(world).get(url(step, everybody)).status_code == 403
    assert client_of(world.insider).get(url(step, own)).status_code == 403
    assert client_of(world.other_office).get(url(step, own)).status_code == 404


def test_agenda_of_a_leader_counted_other_issues_and_days_than_its_links_opened(world, clock):
    Norms.objects.create(unit=world.company, silence_days=45)
    late = factories.worker(world.workshop)
    factories.befriended(late, world.insider)
    factories.contact_log(world.insider, late, at=dt.datetime(2016, 7, 17, 12, tzinfo=SHANGHAI))
    shared = factories.registered_issue(
        factories.opinion(world.other_friend), factories.opinion(world.friend), by=world.office, office=world.company
    )
    factories.dispatched_issue(shared, to=world.department, by=world.office)
    meeting, everybody = (
        planned(world, held_on=dt.date(2016, 9, 8)),
        planned(world, group="all", held_on=dt.date(2016, 9, 9)),
    )
    for which in (meeting, everybody):
        for client in (leader(world), client_of(world.office), client_of(world.insider)):
            agenda = client.get(url("detail", which)).context["agenda"]
            assert [item.count for item in agenda][1] >= 1
            for item in agenda:
                assert len(list(client.get(item.url).context["page"])) == item.count, item.label
    assert leader(world).get(url("detail", meeting)).context["agenda"][0].count == 1


def test_list_of_meetings_answered_a_method_that_it_does_not_know(world):
    client = leader(world)
    for address in (LIST, "/friends/", "/visits/"):
        assert client.put(address).status_code == 405
