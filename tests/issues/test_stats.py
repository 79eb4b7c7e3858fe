import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from issues import services, stats
from issues.enums import Outcome
from issues.models import Issue
from liaison.figure_scope import FigureScope
from lib.formats import Rate
from lib.periods import SHANGHAI, month, today
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
        factories.registered_issue(voice, by=world.office, office=world.company, although_merged=True)
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


def all_figures(scope: FigureScope, day: dt.date) -> dict:
    rates = ("response_rate", "closure_rate", "on_time_closure_rate", "feedback_rate", "satisfaction_rate")
    found = {name: getattr(stats, name)(scope, MARCH, as_of=day) for name in rates}
    return {**found, "issues": stats.issue_ledger(scope, MARCH, as_of=day)}


def test_figures_of_a_past_day_stay_when_the_issue_is_reopened_and_answered_anew(world, solved_on_the_20th):
    scope, due_on = FigureScope(world.company), solved_on_the_20th.due_on
    told = solved_on_the_20th.feedbacks.get()
    services.tell_reporter(told, by=world.insider.user, channel="phone", at=at(22), rating=4)
    days = [dt.date(2016, 3, day) for day in (17, 19, 20, 21, 22, 31)] + [due_on]
    before = {day: all_figures(scope, day) for day in days}
    whole = Rate(1, 1)
    assert {before[due_on][name] for name in ("closure_rate", "on_time_closure_rate", "feedback_rate")} == {whole}
    assert before[due_on]["satisfaction_rate"] == whole
    may = lambda day: dt.datetime(2016, 5, day, 9, tzinfo=SHANGHAI)  # noqa: E731
    issue = solved_on_the_20th
    services.reopen_issue(issue, by=world.office, reason="又出现", at=may(3))
    assert {day: all_figures(scope, day) for day in days} == before
    issue.refresh_from_db()
    services.reword_issue(issue, by=world.office, version=issue.version, grade="systemic", at=may(4))
    issue.refresh_from_db()
    again = services.dispatch_issue(issue, lead=world.department, by=world.office, due_on=may(20).date(), at=may(5))
    assert {day: all_figures(scope, day) for day in days} == before
    issue = factories.answered_issue(again, by=world.handler, outcome=Outcome.EXPLAINED, at=may(24))
    services.tell_reporter(issue.feedbacks.owed().get(), by=world.insider.user, channel="phone", at=may(25), rating=1)
    assert {day: all_figures(scope, day) for day in days} == before
    after = all_figures(scope, may(31).date())
    assert (after["closure_rate"], after["on_time_closure_rate"]) == (Rate(1, 1), Rate(0, 1))
    assert (after["feedback_rate"], after["satisfaction_rate"]) == (Rate(1, 1), Rate(0, 1))


def test_figures_as_of_yesterday_are_those_of_the_present_columns(world, solved_on_the_20th):
    """Reworded, reopened, sent out again: what the log says last is what the columns hold."""
    issue = solved_on_the_20th
    services.reopen_issue(issue, by=world.office, reason="又出现", at=at(25))
    issue.refresh_from_db()
    services.reword_issue(issue, by=world.office, version=issue.version, unit=world.other_plant, grade="systemic")
    then, now = (stats.issues_then(Issue.objects.all(), day).values(*stats.ISSUE_THEN).get() for day in (today(), None))
    with time_machine.travel(timezone.now() + dt.timedelta(days=1)):
        logged = stats.issues_then(Issue.objects.all(), today() - dt.timedelta(days=1)).values(*stats.ISSUE_THEN).get()
    assert then == now == logged


def test_ledger_as_of_a_day_in_the_period_leaves_out_what_came_later(world, solved_on_the_20th):
    scope = FigureScope(world.company)
    factories.registered_issue(factories.opinion(world.friend), by=world.office, office=world.company, at=at(28))
    day = dt.date(2016, 3, 24)
    opinions, issues = (ledger(scope, MARCH, as_of=day) for ledger in (stats.opinion_ledger, stats.issue_ledger))
    assert (opinions.adds_up, issues.adds_up, issues.issues) == (True, True, 1)


def test_rates_cost_one_query_each_at_any_length(world, solved_on_the_20th, django_assert_num_queries):
    factories.registered_issue(factories.opinion(world.friend), by=world.office, office=world.company)
    with django_assert_num_queries(6):
        all_figures(FigureScope(world.company), dt.date(2016, 12, 31))
