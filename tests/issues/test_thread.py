"""The one thread through the house: a visit, its opinions, an issue, a department, an answer, each reporter told."""

import datetime as dt

import pytest
from django.urls import reverse

from friends.enums import ContactChannel
from issues import services
from issues.enums import IssueState, Move, OpinionState, Outcome
from issues.models import Feedback, Issue, Opinion, Transition
from issues.models.transition import HistoryIsFixed
from liaison.models import Norms
from lib.errors import Refused
from lib.periods import SHANGHAI
from organization.roles import Role
from tests import factories
from tests.client import client_of
from tests.people import build_world

from .pages import rows_of

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
    both = factories.appointment(Role.OFFICE, world.company).user
    issue = factories.answered_issue(dispatch, by=both)
    with pytest.raises(Refused, match="其他同志"):
        factories.closed_issue(issue, told_by=world.insider.user, closed_by=both)


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


def test_nobody_is_asked_to_tell_the_answer_of_an_issue_that_was_reopened(world):
    dispatch = factories.dispatched_issue(issue_of_two(world), to=world.department, by=world.office)
    issue = factories.answered_issue(dispatch, by=world.handler)
    stale = issue.feedbacks.first()
    services.tell_reporter(issue.feedbacks.last(), by=world.insider.user, channel=ContactChannel.PHONE, at=AT, rating=4)
    services.reopen_issue(issue, by=world.office, reason="又出现", at=AT + dt.timedelta(days=1))
    assert not Feedback.objects.visible_to(world.actor(world.office)).in_force().exists()
    office = client_of(world.office)
    assert office.get(stale.get_absolute_url()).status_code == 404
    assert not rows_of(office.get(reverse("issues:feedback_list"), {"tab": "all"}))
    page = office.get(issue.get_absolute_url())
    assert not page.context["owed"] and all(feedback is None for _opinion, feedback in page.context["opinions"])
    assert not office.get(stale.opinion.get_absolute_url()).context["feedbacks"]
    assert not Opinion.objects.owed_an_answer().exists()
    assert Feedback.objects.filter(issue=issue, rating=4).count() == 1
    issue.refresh_from_db()
    again = factories.dispatched_issue(issue, to=world.department, by=world.office, at=AT + dt.timedelta(days=2))
    issue = factories.answered_issue(again, by=world.handler, at=AT + dt.timedelta(days=3))
    assert (Feedback.objects.owed().count(), Feedback.objects.count()) == (2, 4)
    assert not Issue.objects.told_to_all().exists()
    with pytest.raises(Refused, match="已经登记过了"):
        services.tell_reporter(stale, by=world.insider.user, channel=ContactChannel.PHONE, at=AT)
    factories.closed_issue(issue, told_by=world.insider.user, closed_by=world.office, at=AT + dt.timedelta(days=4))
    assert list(Issue.objects.told_to_all()) == [issue]


def test_what_happened_is_never_changed_and_never_deleted(world):
    issue_of_two(world)
    move = Transition.objects.first()
    for change in (
        move.save,
        move.delete,
        Transition.objects.all().delete,
        lambda: Transition.objects.update(note="x"),
    ):
        with pytest.raises(HistoryIsFixed):
            change()


def test_rewording_is_history_and_moves_both_limits_but_not_while_a_department_works(world):
    issue = issue_of_two(world)
    before = (issue.due_on, issue.first_answer_due_on)
    Norms.objects.create(unit=world.other_plant, first_answer_workdays=9)
    services.reword_issue(issue, by=world.office, version=issue.version, title="工作餐", unit=issue.unit)
    issue.refresh_from_db()
    assert (issue.due_on, issue.first_answer_due_on) == before
    services.reword_issue(issue, by=world.office, version=issue.version, unit=world.other_plant, grade="systemic")
    issue.refresh_from_db()
    assert issue.due_on > before[0]
    assert issue.first_answer_due_on > before[1]
    assert list(issue.transitions.filter(move=Move.REWORD).values_list("by", flat=True)) == [world.office.pk] * 2
    factories.dispatched_issue(issue, to=world.department, by=world.office)
    issue.refresh_from_db()
    with pytest.raises(Refused, match="不能修改"):
        services.reword_issue(issue, by=world.office, version=issue.version, title="另一件事")


def test_unmerged_opinion_waits_again_and_the_last_one_stays(world):
    issue = issue_of_two(world)
    first, second = issue.merges.all()
    services.unmerge_opinion(first, by=world.office)
    first.opinion.refresh_from_db()
    assert first.opinion.state == OpinionState.WAITING
    with pytest.raises(Refused, match="最后一条意见"):
        services.unmerge_opinion(second, by=world.office)
