"""What went out to departments ends as a whole, and may go out again."""

import pytest

from issues import services
from issues.enums import DispatchState, IssueState, Move
from issues.models import Dispatch, Issue
from tests import factories
from tests.factories.issues import DAY, MARCH
from tests.people import build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return build_world()


def sent_to_both(world, issue: Issue | None = None, *, at=MARCH + DAY) -> tuple[Dispatch, Dispatch]:
    """(leading, supporting) dispatch of an issue."""
    issue = issue or factories.registered_issue(factories.opinion(world.friend), by=world.office, office=world.company)
    lead = services.dispatch_issue(
        issue, lead=world.department, supporting=[world.other_department], by=world.office, at=at
    )
    return lead, issue.dispatches.get(is_lead=False, dispatched_at=at)


def give_back(lead, world):
    services.return_dispatch(lead, reason="不属于本部门", by=world.handler, at=MARCH + DAY)


def take_back(lead, world):
    services.withdraw_dispatch(lead, reason="交办有误", by=world.office, at=MARCH + DAY)


def answer_and_reopen(lead, world):
    issue = factories.answered_issue(lead, by=world.handler)
    services.reopen_issue(issue, reason="又出现", by=world.office, at=MARCH + 3 * DAY)


ENDS = pytest.mark.parametrize("end", [give_back, take_back, answer_and_reopen])


@ENDS
def test_issue_goes_again_to_a_supporting_department_that_had_answered(world, end):
    lead, support = sent_to_both(world)
    services.answer_dispatch(support, by=world.other_handler, text="已配合办理。", at=MARCH + DAY)
    end(lead, world)
    issue = Issue.objects.get(pk=lead.issue_id)
    again, support_again = sent_to_both(world, issue, at=MARCH + 4 * DAY)
    assert set(issue.dispatches.binding()) == {again, support_again}


@ENDS
def test_supporting_department_that_had_answered_may_lead_the_second_time(world, end):
    lead, support = sent_to_both(world)
    services.answer_dispatch(support, by=world.other_handler, text="已配合办理。", at=MARCH + DAY)
    end(lead, world)
    issue = Issue.objects.get(pk=lead.issue_id)
    services.dispatch_issue(issue, lead=world.other_department, by=world.office, at=MARCH + 4 * DAY)
    support.refresh_from_db()
    assert support.state == DispatchState.REOPENED


@ENDS
def test_ended_dispatch_has_a_later_version(world, end):
    lead, support = sent_to_both(world)
    answered = Dispatch.objects.get(pk=lead.pk).version
    end(lead, world)
    support.refresh_from_db()
    assert support.version == answered + 1


def test_unanswered_supporting_dispatch_is_withdrawn_with_the_rest(world):
    lead, support = sent_to_both(world)
    give_back(lead, world)
    support.refresh_from_db()
    assert support.state == DispatchState.WITHDRAWN


def test_acceptance_and_return_by_a_supporting_department_stand_in_the_history(world):
    lead, support = sent_to_both(world)
    services.accept_dispatch(support, by=world.other_handler, at=MARCH + DAY)
    services.return_dispatch(support, reason="不涉及本部门", by=world.other_handler, at=MARCH + 2 * DAY)
    moves = lead.issue.transitions.filter(dispatch=support)
    assert list(moves.values_list("move", "by", "from_state", "to_state", "note")) == [
        (Move.ACCEPT, world.other_handler.pk, IssueState.DISPATCHED, IssueState.DISPATCHED, ""),
        (Move.RETURN, world.other_handler.pk, IssueState.DISPATCHED, IssueState.DISPATCHED, "不涉及本部门"),
    ]
