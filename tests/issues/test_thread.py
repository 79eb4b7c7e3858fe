"""The one thread through the house: a visit, its opinions, an issue, a department, an answer, each reporter told."""

import datetime as dt

import pytest

from friends.enums import ContactChannel
from issues import services
from issues.enums import IssueState, Move, OpinionState, Outcome
from issues.models import Issue, Transition
from lib.errors import Refused
from lib.periods import SHANGHAI
from tests import factories
from tests.people import build_world

pytestmark = pytest.mark.django_db
AT = dt.datetime(2016, 3, 20, 10, tzinfo=SHANGHAI)


@pytest.fixture
def world():
    return build_world()


def issue_of_two(world) -> Issue:
    second = factories.worker(world.workshop)
    factories.befriended(second, world.colleague)
    voices = [factories.opinion(world.friend), factories.opinion(second, text="夜班饭菜是凉的")]
    return factories.registered_issue(*voices, by=world.office, office=world.company)


def test_thread_of_two_opinions_ends_struck_off(world):
    issue = issue_of_two(world)
    assert issue.number == f"{world.company.code}-2016-001"
    dispatch = factories.dispatched_issue(issue, to=world.department, by=world.office)
    assert dispatch.matter_unit == world.plant
    services.accept_dispatch(dispatch, by=world.handler, at=AT)
    issue = factories.answered_issue(dispatch, by=world.handler, at=AT)
    assert (issue.state, issue.outcome) == (IssueState.ANSWERED, Outcome.SOLVED)
    assert issue.feedbacks.owed().count() == 2
    issue = factories.closed_issue(issue, told_by=world.insider.user, closed_by=world.office, at=AT)
    assert issue.state == IssueState.CLOSED
    moves = list(Transition.objects.of_issues().filter(issue=issue).values_list("move", flat=True))
    assert moves == [Move.REGISTER, Move.DISPATCH, Move.ACCEPT, Move.ANSWER, Move.CLOSE]


def test_close_is_refused_while_one_reporter_is_owed_an_answer(world):
    dispatch = factories.dispatched_issue(issue_of_two(world), to=world.department, by=world.office)
    issue = factories.answered_issue(dispatch, by=world.handler)
    services.tell_reporter(issue.feedbacks.first(), by=world.insider.user, channel=ContactChannel.PHONE, at=AT)
    with pytest.raises(Refused, match="还有 1 位反映人"):
        services.close_issue(issue, by=world.office)


def test_close_is_refused_for_the_person_who_answered(world):
    dispatch = factories.dispatched_issue(issue_of_two(world), to=world.department, by=world.office)
    issue = factories.answered_issue(dispatch, by=world.office)
    with pytest.raises(Refused, match="其他同志"):
        factories.closed_issue(issue, told_by=world.insider.user, closed_by=world.office)


def test_visit_sent_twice_is_one_log_and_one_opinion_each(world):
    second = factories.worker(world.workshop)
    factories.befriended(second, world.insider)
    card = services.intake.OpinionCard(
        text="希望增加一趟班车", category=factories.category("通勤停车"), workers=[world.friend, second]
    )
    visit = {
        "by": world.insider.user,
        "cadre": world.insider,
        "workers": [world.friend, second],
        "happened_at": AT,
        "channel": ContactChannel.PHONE,
        "key": card.key,
        "cards": [card],
    }
    log, is_new = services.record_visit(**visit)
    again, is_new_again = services.record_visit(**visit)
    assert (log, is_new, is_new_again) == (again, True, False)
    assert log.opinions.count() == 2
    assert set(log.opinions.values_list("batch", flat=True)) == {card.key}
    world.friend.refresh_from_db()
    assert world.friend.last_contact_on == AT.date()


def test_reopened_issue_owes_the_new_answer_to_everybody_again(world):
    dispatch = factories.dispatched_issue(issue_of_two(world), to=world.department, by=world.office)
    issue = factories.answered_issue(dispatch, by=world.handler)
    issue = factories.closed_issue(issue, told_by=world.insider.user, closed_by=world.office, at=AT)
    services.reopen_issue(issue, by=world.office, reason="职工反映又出现同样情况", at=AT + dt.timedelta(days=9))
    issue.refresh_from_db()
    assert (issue.state, issue.outcome) == (IssueState.REOPENED, "")
    later = AT + dt.timedelta(days=10)
    dispatch = factories.dispatched_issue(issue, to=world.department, by=world.office, at=later)
    issue = factories.answered_issue(dispatch, by=world.handler, outcome=Outcome.EXPLAINED, at=later)
    assert issue.feedbacks.owed().count() == 2


def test_unmerged_opinion_waits_again_and_the_last_one_stays(world):
    issue = issue_of_two(world)
    first, second = issue.merges.all()
    services.unmerge_opinion(first, by=world.office)
    first.opinion.refresh_from_db()
    assert first.opinion.state == OpinionState.WAITING
    with pytest.raises(Refused, match="最后一条意见"):
        services.unmerge_opinion(second, by=world.office)
