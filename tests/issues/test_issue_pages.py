"""问题: list, detail per role, dispatch, withdraw, close, reopen, and two people at once."""

import datetime as dt
import json
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from friends.enums import ContactChannel
from issues import services
from issues.enums import IssueState, Outcome
from issues.models import Issue
from lib.periods import today
from organization.roles import Role
from tests import factories
from tests.client import client_of
from tests.people import build_world

from .pages import rows_of, sheet_of

pytestmark = pytest.mark.django_db
URL = "/issues/"


@pytest.fixture
def world():
    return build_world()


def registered(world, worker=None, **fields) -> Issue:
    return factories.registered_issue(
        factories.opinion(worker or world.friend), by=world.office, office=world.company, **fields
    )


def dispatched(world, **fields) -> Issue:
    issue = registered(world, **fields)
    factories.dispatched_issue(issue, to=world.department, by=world.office)
    return Issue.objects.get(pk=issue.pk)


def answered(world, outcome=Outcome.SOLVED) -> Issue:
    return factories.answered_issue(dispatched(world).dispatches.get(), by=world.handler, outcome=outcome)


def test_issue_list_shows_each_role_its_scope(world):
    own, foreign = registered(world), registered(world, world.other_friend)
    seen = [
        (world.insider, None, [own]),
        (world.colleague, None, []),
        (world.leader_of_group, Role.GROUP_LEADER, [own]),
        (world.office, None, [foreign, own]),
        (world.leader, None, [foreign, own]),
        (world.other_office, None, []),
    ]
    for who, role, expected in seen:
        assert rows_of(client_of(who, role).get(URL, {"tab": "all"})) == expected
    assert client_of(world.handler).get(URL).status_code == 403


def test_issue_list_filters(world):
    plain, late = registered(world), dispatched(world, title="澡堂热水")
    done = answered(world)
    client = client_of(world.office)
    cases = [
        ({"tab": "open"}, [done, late, plain]),
        ({"tab": "office"}, [plain]),
        ({"tab": "in_hand"}, [late]),
        ({"tab": "owed"}, [done]),
        ({"tab": "answered"}, []),
        ({"tab": "all", "outcome": "solved"}, [done]),
        ({"tab": "all", "state": "registered"}, [plain]),
        ({"tab": "all", "department": world.department.code}, [done, late]),
        ({"tab": "all", "department": world.other_department.code}, []),
        ({"tab": "all", "overdue": "on"}, [late, plain]),
        ({"tab": "all", "unit": world.other_plant.code}, []),
        ({"tab": "all", "group": world.group.pk}, [done, late, plain]),
        ({"tab": "all", "q": "澡堂"}, [late]),
        ({"tab": "all", "q": "ztrs"}, [late]),
        ({"tab": "all", "q": "Reshui"}, [late]),
        ({"tab": "all", "q": plain.number}, [plain]),
        ({"tab": "all", "q": plain.number.replace("-", "").lower()}, [plain]),
        ({"tab": "all", "due_until": "2016-03-01"}, []),
    ]
    for asked, expected in cases:
        assert rows_of(client.get(URL, asked)) == expected, asked


def test_issue_list_finds_a_title_by_its_pinyin_after_it_was_reworded(world):
    issue = registered(world)
    services.reword_issue(issue, title="班车晚点", by=world.office, version=issue.version)
    client = client_of(world.office)
    assert rows_of(client.get(URL, {"tab": "all", "q": "bcwd"})) == [issue]


def test_issue_list_counts_voices_for_the_office_alone(world):
    registered(world)
    office, cadre = client_of(world.office), client_of(world.insider)
    assert "意见数" in office.get(URL).text
    assert "意见数" not in cadre.get(URL).text
    head, row = sheet_of(office.post(URL, {"export": "xlsx"}))
    assert row[head.index("意见数")] == 1
    assert "意见数" not in sheet_of(cadre.post(URL, {"export": "xlsx"}))[0]


def test_issue_list_of_a_leader_has_no_workbook_and_names_no_workshop(world):
    registered(world)
    client = client_of(world.leader)
    page = client.get(URL)
    assert client.post(URL, {"export": "xlsx"}).status_code == 403
    assert world.plant.name in page.text
    assert world.workshop.name not in page.text
    assert world.group.name not in page.text


@pytest.mark.parametrize("count", [1, 3])
def test_issue_list_queries_do_not_grow_with_rows(world, count, django_assert_num_queries):
    for _ in range(count):
        answered(world)
    client = client_of(world.office)
    # Session, user, roles (2), counts of tabs, voices, rows, dispatches, their departments.
    with django_assert_num_queries(9):
        assert len(rows_of(client.get(URL, {"tab": "all"}, headers={"HX-Request": "true"}))) == count
    # Besides: choices of the filters (4), counts in the menu (4).
    with django_assert_num_queries(17):
        client.get(URL, {"tab": "all"})


@pytest.mark.parametrize("count", [1, 3])
def test_issue_detail_queries_do_not_grow_with_voices(world, count, django_assert_num_queries):
    opinions = [factories.opinion(world.friend, text=f"第{n}次") for n in range(count)]
    issue = factories.registered_issue(*opinions, by=world.office, office=world.company)
    dispatch = factories.dispatched_issue(issue, to=world.department, by=world.office)
    factories.answered_issue(dispatch, by=world.handler)
    client = client_of(world.office)
    # Session, user, roles (2), issue, dispatches with replies, photos, urgings and extensions (5), opinions, feedback,
    # obstacles (4), rules changed, referrals, history, menu (4).
    with django_assert_num_queries(23):
        client.get(issue.get_absolute_url())


def test_issue_detail_shows_opinions_to_those_who_may_read_them(world):
    issue = answered(world)
    url = issue.get_absolute_url()
    for who, role in ((world.insider, None), (world.leader_of_group, Role.GROUP_LEADER), (world.office, None)):
        page = client_of(who, role).get(url)
        assert "希望晚班能吃上热饭" in page.text
        assert world.friend.name in page.text
    page = client_of(world.leader).get(url)
    assert "保温餐车" in page.text
    for telling in (
        "希望晚班能吃上热饭",
        world.friend.name,
        world.insider.user.name,
        world.office.name,
        world.group.name,
    ):
        assert telling not in page.text
    assert client_of(world.colleague).get(url).status_code == 404
    assert client_of(world.handler).get(url).status_code == 403


@pytest.mark.parametrize(("voices", "shown"), [(4, None), (5, 5)])
def test_issue_detail_of_a_leader_hides_a_small_number_of_voices(world, voices, shown):
    opinions = [factories.opinion(world.friend, text=f"第{n}次") for n in range(voices)]
    issue = factories.registered_issue(*opinions, by=world.office, office=world.company)
    assert client_of(world.leader).get(issue.get_absolute_url()).context["opinion_count"] == shown
    assert client_of(world.office).get(issue.get_absolute_url()).context["opinion_count"] == voices


def test_issue_dispatch_goes_to_lead_and_supporting_departments(world):
    issue = registered(world)
    client = client_of(world.office)
    url = reverse("issues:issue_dispatch", args=[issue.key])
    due = today() + dt.timedelta(days=20)
    data = {"lead": world.department.code, "supporting": [world.other_department.code], "due_on": due.isoformat()}
    assert client.post(url, {**data, "supporting": [world.department.code]}).context["form"].errors
    assert client.post(url, {**data, "due_on": "2016-01-01"}).context["form"].errors
    client.post(url, data)
    sent = {(d.department, d.is_lead, d.due_on) for d in issue.dispatches.all()}
    assert sent == {(world.department, True, due), (world.other_department, False, due)}


def test_issue_dispatch_by_two_people_tells_the_second(world):
    issue = registered(world)
    data = {"lead": world.department.code, "due_on": (today() + dt.timedelta(days=9)).isoformat()}
    url = reverse("issues:issue_dispatch", args=[issue.key])
    client_of(world.office).post(url, data)
    response = client_of(world.office).post(url, data, follow=True)
    assert f"交办给{world.department.label}，现在的状态是“待接收”，不能再交办" in response.text
    assert world.office.name in response.text.split("toast", 1)[1]
    assert issue.dispatches.count() == 1


def test_issue_dispatch_without_wording_keeps_the_form_and_says_so(world):
    issue = registered(world, wording="")
    data = {"lead": world.department.code, "due_on": (today() + dt.timedelta(days=9)).isoformat()}
    response = client_of(world.office).post(reverse("issues:issue_dispatch", args=[issue.key]), data)
    assert "请先写好交办内容" in response.text


def test_dispatch_is_refused_while_the_wording_names_a_reporter_who_joined_later(world):
    issue = registered(world, wording="请关注欧 阳 明反映的问题")
    factories.dispatched_issue(issue, to=world.department, by=world.office)
    services.withdraw_dispatch(issue.dispatches.get(), by=world.office, reason="重写")
    joined = factories.worker(world.workshop, name="欧阳明")
    factories.befriended(joined, world.insider)
    services.merge_opinions(issue, opinions=[factories.opinion(joined)], by=world.office)
    with pytest.raises(services.NamesReporter):
        factories.dispatched_issue(issue, to=world.department, by=world.office)


def test_issue_withdraw_close_and_reopen_need_their_reasons(world):
    issue = dispatched(world)
    client = client_of(world.office)
    withdraw = reverse("issues:issue_withdraw", args=[issue.key])
    assert client.post(withdraw, {"reason": ""}).context["form"].errors
    client.post(withdraw, {"reason": "交办有误"})
    issue.refresh_from_db()
    assert issue.state == IssueState.RETURNED
    done = answered(world)
    close, reopen = (reverse(f"issues:issue_{move}", args=[done.key]) for move in ("close", "reopen"))
    assert "还有 1 位反映人没有得到反馈" in client.post(close, follow=True).text
    services.tell_reporter(done.feedbacks.get(), by=world.insider.user, channel="phone")
    client.post(close)
    done.refresh_from_db()
    assert done.state == IssueState.CLOSED
    assert "不能再销号" in client.post(close, follow=True).text
    client.post(reopen, {"reason": "又出现同样情况"})
    done.refresh_from_db()
    assert done.state == IssueState.REOPENED


def test_issue_update_by_two_people_shows_original_mine_and_theirs_and_loses_none(world):
    issue = registered(world)
    first = issue.title
    url = reverse("issues:issue_update", args=[issue.key])
    client = client_of(world.office)
    initial = client.get(url).context["form"].initial
    mine = initial | {"first": json.dumps(initial["first"]), "title": "我的题目"}
    services.reword_issue(issue, by=world.office, version=issue.version, title="对方的题目")
    conflict = client.post(url, mine)
    assert conflict.status_code == 409
    assert [row[1:] for row in conflict.context["theirs"]["rows"]] == [(first, "我的题目", "对方的题目")]
    client.post(url, {**mine, **conflict.context["theirs"]["again"]})
    issue.refresh_from_db()
    assert issue.title == "我的题目"


def test_issue_update_of_a_dispatched_issue_is_refused(world):
    issue = dispatched(world)
    response = client_of(world.office).get(reverse("issues:issue_update", args=[issue.key]), follow=True)
    assert "请先撤回交办" in response.text


@pytest.mark.parametrize("name", ["update", "dispatch", "withdraw", "close", "reopen"])
def test_what_the_office_does_is_403_for_others_and_404_beside(world, name):
    url = reverse(f"issues:issue_{name}", args=[registered(world).key])
    assert client_of(world.other_office).get(url).status_code == 404
    for who in (world.insider, world.leader, world.handler):
        assert client_of(who).get(url).status_code == 403


def test_issue_list_waits_for_closing_only_when_everybody_was_told(world):
    issue = answered(world)
    client = client_of(world.office)
    for feedback in issue.feedbacks.all():
        services.tell_reporter(feedback, by=world.insider.user, channel=ContactChannel.PHONE, at=timezone.now())
    assert rows_of(client.get(URL, {"tab": "owed"})) == []
    assert rows_of(client.get(URL, {"tab": "answered"})) == [issue]


def test_issue_list_told_a_leader_by_its_order_which_issues_share_a_workshop(world):
    registered(world)
    assert "unit__path" in client_of(world.office).get(URL).text
    client = client_of(world.leader)
    assert "unit__path" not in client.get(URL).text
    assert rows_of(client.get(URL, {"order": "unit__path"})) == []
    client.cookies[f"order_{world.leader.pk}"] = "unit__path"
    assert client.get(URL).context["filter"].data["order"] == "-registered_on"


@pytest.mark.parametrize("day", ["9999-12-31", "1999-12-31", "0001-01-01"])
def test_days_that_cannot_be_meant_are_refused(world, day):
    letter = {"text": "澡堂水不热", "category": factories.category().pk, "source": "letter", "unit": world.plant.code}
    letter |= {"key": str(uuid.uuid4()), "raised_on": day}
    page = client_of(world.office).post(reverse("issues:opinion_create") + "?kind=anonymous", letter)
    assert page.status_code == 422
    assert "澡堂水不热" in page.text
    issue = registered(world)
    sent = {"key": str(uuid.uuid4()), "lead": world.department.code, "due_on": day}
    page = client_of(world.office).post(reverse("issues:issue_dispatch", args=[issue.key]), sent)
    assert "due_on" in page.context["form"].errors
