import datetime as dt

import pytest

from issues import services, stats
from issues.enums import Outcome
from liaison.figure_scope import FigureScope
from lib.formats import Rate
from lib.periods import SHANGHAI, month
from reports.figures import figures
from tests import factories
from tests.people import build_world

pytestmark = pytest.mark.django_db
MARCH = month(2016, 3)


def at(day: int, hour: int = 9) -> dt.datetime:
    return dt.datetime(2016, 3, day, hour, tzinfo=SHANGHAI)


@pytest.fixture
def world():
    return build_world()


@pytest.fixture
def solved_on_the_20th(world):
    issue = factories.registered_issue(
        factories.opinion(world.friend), by=world.office, office=world.company, at=at(16)
    )
    dispatch = factories.dispatched_issue(issue, to=world.department, by=world.office, at=at(17))
    return factories.answered_issue(dispatch, by=world.handler, at=at(20))


def test_issue_ledger_as_of_a_day_shows_the_state_of_that_day(world, solved_on_the_20th):
    scope = FigureScope(world.company)
    before = stats.issue_ledger(scope, MARCH, as_of=dt.date(2016, 3, 19))
    after = stats.issue_ledger(scope, MARCH, as_of=dt.date(2016, 3, 20))
    assert (before.issues, before.in_hand, before.solved) == (1, 1, 0)
    assert (after.issues, after.in_hand, after.solved) == (1, 0, 1)


def test_issue_ledger_as_of_today_equals_the_present_columns(world, solved_on_the_20th):
    scope = FigureScope(world.company)
    services.reopen_issue(solved_on_the_20th, by=world.office, reason="再次出现", at=at(25))
    assert stats.issue_ledger(scope, MARCH) == stats.issue_ledger(scope, MARCH, as_of=dt.date(2016, 4, 1))
    assert stats.issue_ledger(scope, MARCH, as_of=dt.date(2016, 3, 24)).solved == 1


def test_opinion_merged_into_two_issues_counts_once(world):
    voice = factories.opinion(world.friend)
    for _n in range(2):
        factories.registered_issue(voice, by=world.office, office=world.company)
    ledger = stats.opinion_ledger(FigureScope(world.company), MARCH)
    assert (ledger.opinions, ledger.merged, ledger.waiting, ledger.set_aside) == (1, 1, 0, 0)


def test_figures_of_units_sum_to_their_parent(world):
    factories.opinion(world.friend)
    factories.opinion(world.other_friend)
    whole = stats.opinion_ledger(FigureScope(world.company), MARCH).opinions
    parts = [stats.opinion_ledger(FigureScope(unit), MARCH).opinions for unit in (world.plant, world.other_plant)]
    assert (whole, sum(parts)) == (2, 2)


def test_figures_of_a_group_leave_out_the_other_group(world):
    factories.opinion(world.friend)
    factories.opinion(world.other_friend)
    found = figures(FigureScope(world.company, group=world.group), MARCH)
    assert (found["opinions"], found["contacts"], found["standing_friends"], found["groups"]) == (1, 1, 1, 1)


def test_feedback_rate_counts_opinions_whose_worker_was_told(world, solved_on_the_20th):
    scope = FigureScope(world.company)
    assert stats.feedback_rate(scope, MARCH, as_of=dt.date(2016, 3, 31)) == Rate(0, 1)
    services.tell_reporter(
        solved_on_the_20th.feedbacks.get(), by=world.insider.user, channel="phone", at=at(22), rating=3
    )
    assert stats.feedback_rate(scope, MARCH, as_of=dt.date(2016, 3, 31)) == Rate(1, 1)
    assert stats.feedback_rate(scope, MARCH, as_of=dt.date(2016, 3, 21)) == Rate(0, 1)
    assert stats.satisfaction_rate(scope, MARCH, as_of=dt.date(2016, 3, 31), rated_by="cadre") == Rate(1, 1)
    assert stats.satisfaction_rate(scope, MARCH, as_of=dt.date(2016, 3, 31), rated_by="worker") == Rate(0, 0)


def test_closure_rate_is_over_issues_that_were_due(world, solved_on_the_20th):
    scope = FigureScope(world.company)
    assert stats.closure_rate(scope, MARCH, as_of=dt.date(2016, 3, 31)) == Rate(0, 0)
    assert stats.closure_rate(scope, MARCH, as_of=solved_on_the_20th.due_on) == Rate(1, 1)
    assert stats.on_time_closure_rate(scope, MARCH, as_of=solved_on_the_20th.due_on) == Rate(1, 1)
    assert stats.response_rate(scope, MARCH, as_of=dt.date(2016, 3, 31)) == Rate(1, 1)


def test_rate_of_partly_solved_is_a_real_problem(world):
    issue = factories.registered_issue(factories.opinion(world.friend), by=world.office, office=world.company)
    dispatch = factories.dispatched_issue(issue, to=world.department, by=world.office)
    factories.answered_issue(dispatch, by=world.handler, outcome=Outcome.PARTLY)
    ledger = stats.issue_ledger(FigureScope(world.company), MARCH)
    assert (ledger.partly_solved, ledger.real_problems, ledger.real_problems_published) == (1, 1, 1)
