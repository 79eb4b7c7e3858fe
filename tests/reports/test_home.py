import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from friends.enums import ContactChannel
from issues.services import tell_reporter
from lib.formats import Rate
from lib.periods import SHANGHAI, month_of, today
from organization.roles import Role
from reports import home, page
from tests import factories
from tests.client import client_of
from tests.people import build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return build_world()


def counts(desk: home.Desk) -> dict[str, int]:
    return {todo.label: todo.count for todo in desk.todos}


def test_home_of_a_cadre_counts_his_own_silent_friends(world):
    desk = home.desk_for(world.actor(world.insider, Role.CADRE), today())
    assert counts(desk) == {"待反馈的答复": 0, "30 天以上没联系的朋友": 1, "约好今天或之前联系的朋友": 0}
    assert [friendship.worker for friendship in desk.longest_silent] == [world.friend]


@time_machine.travel(dt.datetime(2016, 8, 20, 9, tzinfo=SHANGHAI), tick=False)
def test_home_of_a_cadre_after_a_visit_that_promised_another_today(world):
    yesterday = timezone.now() - dt.timedelta(days=1)
    factories.contact_log(world.insider, world.friend, at=yesterday, next_contact_on=today())
    desk = home.desk_for(world.actor(world.insider, Role.CADRE), today())
    assert counts(desk) == {"待反馈的答复": 0, "30 天以上没联系的朋友": 0, "约好今天或之前联系的朋友": 1}
    assert [(bar.value, bar.is_outside) for bar in desk.progress] == [(1, True), (1, False), (1, False)]


def test_home_of_a_group_leader_counts_the_group_alone(world):
    desk = home.desk_for(world.actor(world.leader_of_group, Role.GROUP_LEADER), today())
    assert counts(desk)["30 天以上没联系的朋友"] == 1
    assert [friendship.worker for friendship in desk.longest_silent] == [world.friend]


def test_home_of_the_office_leads_from_opinion_to_strike_off(world):
    waiting = factories.opinion(world.other_friend)
    issue = factories.registered_issue(factories.opinion(world.friend), by=world.office, office=world.company)
    office = world.actor(world.office)
    assert waiting.state == "waiting"
    assert counts(home.desk_for(office, today())) == {
        "超期未办结的问题": 1,
        "待归并的意见建议": 1,
        "待审批的答复": 0,
        "到期待复核的解释答复": 0,
        "到期待跟进的部分解决": 0,
        "待交办的问题": 1,
        "待反馈的答复": 0,
        "反馈完毕、待销号的问题": 0,
        "30 天以上没联系的朋友": 2,
    }
    dispatch = factories.dispatched_issue(issue, to=world.department, by=world.office)
    issue = factories.answered_issue(dispatch, by=world.handler)
    assert counts(home.desk_for(office, today()))["待反馈的答复"] == 1
    at = factories.issues.MARCH + dt.timedelta(days=5)
    tell_reporter(issue.feedbacks.get(), by=world.insider.user, channel=ContactChannel.PHONE, at=at)
    assert counts(home.desk_for(office, today()))["反馈完毕、待销号的问题"] == 1


@pytest.mark.parametrize("who", ["insider", "leader_of_group", "office", "leader", "roster_admin", "auditor"])
def test_home_page_of_each_role(world, who):
    page = client_of(getattr(world, who)).get("/")
    assert page.status_code == 200
    assert "您好" in page.content.decode()


def test_home_of_a_department_is_its_desk(world):
    assert client_of(world.handler).get("/").url == "/dept/"


@time_machine.travel(factories.issues.MARCH + dt.timedelta(days=40), tick=False)
def test_home_of_the_leader_has_the_rates_and_the_months_of_the_month_page(world, settings):
    settings.FIGURE_THRESHOLD = 2
    for person in (world.friend, world.other_friend):
        issue = factories.registered_issue(factories.opinion(person), by=world.office, office=world.company)
        dispatch = factories.dispatched_issue(issue, to=world.department, by=world.office)
        factories.answered_issue(dispatch, by=world.handler)
    log = factories.contact_log(world.insider, world.friend, at=timezone.now())
    factories.opinion(world.friend, log=log)
    actor = world.actor(world.leader)
    overview = home.year_so_far(actor, today())
    report = page.report_for(actor, month_of(today()), None)
    assert [(rate.label, rate.definition, rate.share) for rate in overview.rates] == page.year_rates(report)
    assert {rate.label: rate.share for rate in overview.rates}["反馈率"] == Rate(0, 2)
    assert {line.label: line.before for line in overview.months}["征集意见建议"] == 2
    # One voice this month is one too few to be shown, and the year would give it away.
    assert {line.label: line.month for line in overview.months}["征集意见建议"] == "＊"
    assert overview.figures[0].value == "＊"
    settings.FIGURE_THRESHOLD = 5
    rates = {rate.label: rate.share for rate in home.year_so_far(actor, today()).rates}
    assert (rates["反馈率"], rates["回复率"] is None) == (None, False)


@pytest.mark.parametrize(
    ("who", "role", "queries"),
    [("insider", Role.CADRE, 14), ("office", Role.OFFICE, 17), ("leader", Role.LEADER, 10)],
)
@pytest.mark.parametrize("friends", [1, 3])
def test_home_page_queries(world, django_assert_num_queries, who, role, queries, friends):
    for _n in range(friends - 1):
        factories.befriended(factories.worker(world.workshop), world.insider)
    client = client_of(getattr(world, who), role)
    with django_assert_num_queries(queries):
        client.get("/")
