"""Who hears of dispatches and of answers owed: counts and links, once each, never who or what."""

import datetime as dt

import pytest
import time_machine

from issues import services
from issues.models import Dispatch
from lib.periods import SHANGHAI
from notices.models import Notice
from notices.services import run_rules
from tests import factories
from tests.people import build_world

pytestmark = pytest.mark.django_db


def morning(day: int, month: int = 3) -> dt.datetime:
    return dt.datetime(2016, month, day, 9, tzinfo=SHANGHAI)


def told(rule: str) -> list[tuple[str, str, str]]:
    notices = Notice.objects.filter(rule=rule).order_by("pk")
    return [(notice.recipient.username, notice.text, notice.link) for notice in notices]


@pytest.fixture
def world():
    return build_world()


@pytest.fixture
def dispatch(world) -> Dispatch:
    """Dispatched on 17 March 2016, a Thursday; due on 6 April."""
    issue = factories.registered_issue(factories.opinion(world.friend), by=world.office, office=world.company)
    return factories.dispatched_issue(issue, to=world.department, by=world.office)


def test_handlers_of_the_department_hear_once_of_a_new_dispatch(world, dispatch):
    run_rules(morning(18))
    run_rules(morning(21))
    link = f"/dept/{dispatch.key}/"
    assert told("dispatch_sent") == [(world.handler.username, "收到 1 件新交办，请接收办理。", link)]


def test_accepted_dispatch_is_no_longer_announced(world, dispatch):
    services.accept_dispatch(dispatch, by=world.handler, at=morning(17))
    run_rules(morning(18))
    assert told("dispatch_sent") == []


def test_handlers_hear_each_working_day_what_is_due_soon_and_then_overdue(world, dispatch):
    due_on = dispatch.due_on
    assert due_on == dt.date(2016, 4, 7)
    for day in (31, 32, 33, 36, 37, 38, 39):
        run_rules(morning(1) + dt.timedelta(days=day - 1))
    # Friday 1 April is three working days before, with the festival of 4 April off.
    soon = [notice.dedup_key.split(":")[1] for notice in Notice.objects.filter(rule="dispatch_due_soon")]
    assert sorted(soon) == ["2016-04-01", "2016-04-05", "2016-04-06", "2016-04-07"]
    run_rules(morning(8, 4))
    assert told("dispatch_overdue") == [(world.handler.username, "1 件交办已超期，请尽快答复。", "/dept/?tab=overdue")]
    assert told("dispatch_overdue_at_office") == [
        (world.office.username, "1 件交办部门超期未答复，请催办。", "/issues/?tab=open&overdue=on")
    ]


def test_office_hears_once_of_a_returned_dispatch_until_it_goes_out_again(world, dispatch):
    services.return_dispatch(dispatch, reason="不属于本部门", by=world.handler, at=morning(18))
    run_rules(morning(21))
    run_rules(morning(22))
    link = f"/issues/{dispatch.issue.key}/"
    assert told("dispatch_returned") == [(world.office.username, "1 件交办被退回，请重新交办。", link)]


def test_office_hears_that_a_supporting_department_returned_the_matter(world):
    issue = factories.registered_issue(factories.opinion(world.friend), by=world.office, office=world.company)
    services.dispatch_issue(
        issue, lead=world.department, supporting=[world.other_department], by=world.office, at=morning(17)
    )
    support = issue.dispatches.get(is_lead=False)
    services.return_dispatch(support, reason="不涉及本部门", by=world.other_handler, at=morning(18))
    run_rules(morning(21))
    run_rules(morning(22))
    said = (world.office.username, "1 个协办部门退回了交办，请查看原因。", f"/issues/{issue.key}/")
    assert told("dispatch_returned") == [said]


def test_cadre_hears_at_most_once_a_working_day_how_many_answers_he_owes(world, dispatch):
    with time_machine.travel(morning(21), tick=False):
        factories.answered_issue(dispatch, by=world.handler, at=morning(19))
        for day in (21, 21, 22, 26):  # the 26th is a Saturday
            run_rules(morning(day))
    owed = ("还有 1 位职工等待您反馈办理结果。", "/callbacks/")
    assert told("feedback_owed") == [(world.insider.user.username, *owed)] * 2


@pytest.mark.parametrize("gone", ["cadre", "account", "anonymous"])
def test_nobody_was_reminded_of_an_answer_whose_cadre_is_gone(world, gone):
    if gone == "anonymous":
        opinion = services.raise_opinion(
            by=world.office,
            text="澡堂水不热",
            category=factories.category(),
            at=morning(16),
            unit=world.plant,
            source="letter",
            reporter_kind="anonymous",
        )
    else:
        opinion = factories.opinion(world.friend)
    issue = factories.registered_issue(opinion, by=world.office, office=world.company)
    sent = factories.dispatched_issue(issue, to=world.department, by=world.office)
    factories.answered_issue(sent, by=world.handler, at=morning(19))
    leaver = world.insider if gone == "cadre" else world.insider.user
    leaver.is_active = gone == "anonymous"
    leaver.save()
    for day in (21, 21, 22, 26):
        with time_machine.travel(morning(day), tick=False):
            run_rules(morning(day))
    said = "有 1 条意见没有在岗的联络员，办理结果请由办公室反馈。"
    assert told("feedback_owed_at_office") == [(world.office.username, said, "/callbacks/")] * 2
    assert told("feedback_owed") == []


def test_notices_name_nobody_and_nothing(world, dispatch):
    services.return_dispatch(dispatch, reason="不属于本部门", by=world.handler, at=morning(18))
    run_rules(morning(21))
    said = " ".join(f"{notice.text} {notice.link}" for notice in Notice.objects.all())
    for secret in (world.friend.name, world.workshop.name, world.insider.user.name, dispatch.wording, dispatch.title):
        assert secret not in said


def test_rules_cost_the_same_queries_for_one_dispatch_and_for_three(world, dispatch, django_assert_num_queries):
    for _ in range(2):
        issue = factories.registered_issue(factories.opinion(world.friend), by=world.office, office=world.company)
        factories.dispatched_issue(issue, to=world.department, by=world.office)
    run_rules(morning(18))
    with django_assert_num_queries(33):
        run_rules(morning(18))
