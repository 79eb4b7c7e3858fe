"""The ladder of what is late: handler, head, office, leader, each once per dispatch, limit and rung."""

import datetime as dt

import pytest
import time_machine

from issues import services
from issues.enums import Move, Rung
from issues.models import Dispatch, Escalation
from liaison.models import Norms
from lib.periods import SHANGHAI
from notices.models import Notice
from notices.services import run_rules
from organization.roles import Role
from tests import factories
from tests.client import client_of
from tests.people import build_world

pytestmark = pytest.mark.django_db


def on(day: int, month: int = 4) -> dt.datetime:
    return dt.datetime(2016, month, day, 9, tzinfo=SHANGHAI)


@pytest.fixture
def world():
    with time_machine.travel(on(8), tick=False):
        yield build_world()


@pytest.fixture
def head(world):
    return factories.appointment(Role.HANDLER, world.department, is_head=True).user


def dispatched(world) -> Dispatch:
    """Due on Thursday, 7 April 2016."""
    issue = factories.registered_issue(factories.opinion(world.friend), by=world.office, office=world.company)
    return factories.dispatched_issue(issue, to=world.department, by=world.office)


def rungs(dispatch: Dispatch) -> list[tuple[str, dt.date]]:
    return list(dispatch.escalations.order_by("pk").values_list("rung", "reached_on"))


def told() -> list[tuple[str, str, str]]:
    notices = Notice.objects.filter(rule="dispatch_escalated").order_by("pk")
    return [(notice.recipient.username, notice.text, notice.link) for notice in notices]


def test_late_dispatch_climbs_the_ladder_rung_by_rung(world, head):
    dispatch = dispatched(world)
    # 9 and 10 April are a weekend; nobody works on them and nothing is entered.
    for day in range(7, 24):
        services.climb_ladder(on(day))
        services.climb_ladder(on(day))
        run_rules(on(day))
        run_rules(on(day))
    assert rungs(dispatch) == [
        (Rung.HANDLER, dt.date(2016, 4, 8)),
        (Rung.HEAD, dt.date(2016, 4, 12)),
        (Rung.OFFICE, dt.date(2016, 4, 14)),
        (Rung.LEADER, dt.date(2016, 4, 21)),
    ]
    moves = dispatch.transitions.filter(move=Move.ESCALATE)
    assert list(moves.values_list("by", "note")) == [
        (None, "提醒到承办人"),
        (None, "提醒到部门负责人"),
        (None, "提醒到工会办公室"),
        (None, "提醒到领导"),
    ]
    assert told() == [
        (head.username, "本部门 1 件交办超期未答复，请督促办理。", dispatch.get_absolute_url()),
        (world.office.username, "1 件交办超期多日，部门仍未答复，请催办或督办。", dispatch.issue.get_absolute_url()),
        (world.leader.username, "1 件交办长期超期未答复，请过问。", "/issues/?tab=open&overdue=on"),
    ]
    with time_machine.travel(on(22), tick=False):
        assert dispatch.title in client_of(world.leader).get("/issues/?tab=open&overdue=on").text


def test_after_days_of_sleep_only_the_highest_rung_is_told(world, head):
    first, second = dispatched(world), dispatched(world)
    services.climb_ladder(on(22))
    assert [rung for rung, _day in rungs(first)] == list(Rung)
    run_rules(on(22))
    assert told() == [(world.leader.username, "2 件交办长期超期未答复，请过问。", "/issues/?tab=open&overdue=on")]
    # Answered, nobody is told any more, and nothing is entered.
    factories.answered_issue(second, by=world.handler, at=on(22))
    services.climb_ladder(on(25))
    assert Escalation.objects.count() == 8


def test_new_limit_starts_the_ladder_anew(world):
    dispatch = dispatched(world)
    services.climb_ladder(on(8))
    services.supervise_dispatch(
        dispatch, requirement="限期办结", due_on=dt.date(2016, 4, 12), by=world.office, at=on(8)
    )
    services.climb_ladder(on(12))
    assert dispatch.escalations.count() == 1
    services.climb_ladder(on(13))
    assert list(dispatch.escalations.order_by("pk").values_list("rung", "due_on")) == [
        (Rung.HANDLER, dt.date(2016, 4, 7)),
        (Rung.HANDLER, dt.date(2016, 4, 12)),
    ]


def test_working_days_of_the_rungs_are_norms_of_the_unit(world, django_assert_num_queries):
    Norms.objects.create(unit=world.company, escalate_head_workdays=2)
    Norms.objects.create(unit=world.plant, escalate_office_workdays=2)
    dispatch = dispatched(world)
    services.climb_ladder(on(11))
    assert [rung for rung, _day in rungs(dispatch)] == [Rung.HANDLER, Rung.HEAD, Rung.OFFICE]
    for _ in range(2):
        services.climb_ladder(on(11))
    dispatched(world)
    services.climb_ladder(on(11))
    # Calendar, pauses that ran out (in a transaction), late dispatches, what is entered, norms.
    with django_assert_num_queries(7):
        assert services.climb_ladder(on(11)) == 0
