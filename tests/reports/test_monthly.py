"""The month's figures: equal to those of each app, adding up, never stale; what differs is not printed."""

import datetime as dt

import pytest

from friends import stats as friends
from issues import services as desk
from issues import stats as issues
from issues.enums import Outcome
from liaison.figure_scope import FigureScope
from liaison.models import Norms
from liaison.norms import Band
from lib.errors import Refused
from lib.periods import month, today
from organization.models import UnitFormerName
from records.models import StaleMonth
from reports import services
from reports.figures import DoesNotAddUp
from reports.ledger import ledger_rows
from reports.models import Rollup
from reports.monthly import monthly_report, published_line, settled_report
from tests import factories
from tests.factories.workers import NOON
from tests.people import build_world

pytestmark = pytest.mark.django_db
MARCH, APRIL = month(2016, 3), month(2016, 4)


@pytest.fixture
def world():
    """A solved issue in one plant, a waiting opinion in the other, both of March 2016."""
    world = build_world()
    issue = factories.registered_issue(factories.opinion(world.friend), by=world.office, office=world.company)
    dispatch = factories.dispatched_issue(issue, to=world.department, by=world.office)
    world.issue = factories.answered_issue(dispatch, by=world.handler)
    factories.closed_issue(world.issue, told_by=world.insider.user, closed_by=world.office)
    factories.opinion(world.other_friend)
    services.drain_stale_months()
    return world


def labels(rows):
    return {row.label: (row.month.opinions, row.month.issues) for row in rows}


def test_monthly_report_splits_by_unit_and_by_group(world):
    report = monthly_report(FigureScope(world.company), MARCH)
    assert labels(report.units) == {world.plant.name: (1, 1), world.other_plant.name: (1, 0)}
    assert labels(report.groups) == {world.group.name: (1, 1), world.other_group.name: (1, 0)}
    assert (report.total.month.opinions, report.total.month.issues, report.total.month.solved) == (2, 1, 1)


def test_monthly_report_rates_are_those_of_the_statistics(world):
    factories.registered_issue(
        factories.opinion(world.other_friend), by=world.office, office=world.company, title="班车增加一趟"
    )
    for scope in (FigureScope(world.company), FigureScope(world.plant), FigureScope(world.company, world.other_group)):
        report = monthly_report(scope, MARCH)
        for day in (dt.date(2016, 3, 31), dt.date(2016, 12, 31)):
            report = monthly_report(scope, MARCH, day=day)
            for key in ("response_rate", "closure_rate", "on_time_closure_rate", "feedback_rate", "satisfaction_rate"):
                assert getattr(report.total.month, key) == getattr(issues, key)(scope, MARCH, as_of=day), (key, day)


def test_monthly_report_as_of_a_past_day_is_what_it_was_on_that_day(world):
    """What is answered, reopened or told since changes the month as it stands, and not as it stood."""
    scope, day = FigureScope(world.company), dt.date(2016, 4, 5)
    then = monthly_report(scope, MARCH, day=day)
    ledger = [row for _issue, row in ledger_rows(scope, MARCH, day)]
    told = world.issue.feedbacks.get().told_on
    assert (then.total.month.solved, ledger[0]["outcome"], ledger[0]["told_on"]) == (1, "彻底解决（已销号）", told)
    desk.reopen_issue(world.issue, by=world.office, reason="又出现")
    due = today() + dt.timedelta(days=10)
    desk.dispatch_issue(world.issue, lead=world.other_department, due_on=due, by=world.office)
    again = monthly_report(scope, MARCH, day=day)
    assert (again.total.spans, [row.spans for row in again.units]) == (
        then.total.spans,
        [row.spans for row in then.units],
    )
    assert [row for _issue, row in ledger_rows(scope, MARCH, day)] == ledger
    assert monthly_report(scope, MARCH).total.month.solved == 0


def test_monthly_report_as_of_a_day_within_the_month_is_refused(world):
    with pytest.raises(Refused, match="截至日期不能早于当月最后一天"):
        monthly_report(FigureScope(world.company), MARCH, day=dt.date(2016, 3, 18))


def test_monthly_report_contacts_are_those_of_the_statistics(world):
    second = factories.worker(world.workshop)
    factories.befriended(second, world.colleague)
    factories.contact_log(world.insider, world.friend, second, at=NOON.replace(day=21))
    factories.contact_log(world.insider, world.friend, at=NOON.replace(day=21, hour=15), channel="phone")
    table = monthly_report(FigureScope(world.company), MARCH).contacts
    rows = [(FigureScope(world.company), table.total)]
    rows += [(FigureScope(world.company, row.group), row.figures) for row in table.groups]
    rows += [
        (FigureScope(world.company, row.group, line.cadre), line.figures) for row in table.groups for line in row.cadres
    ]
    assert len(rows) == 7
    for scope, figures in rows:
        assert figures.standing == friends.standing_friends(scope, MARCH)
        assert figures.silent == friends.silent_friends(scope, MARCH)
        assert figures.contacts == friends.contacts(scope, MARCH)
        assert figures.person_contacts == friends.person_contacts(scope, MARCH)
        assert figures.people_reached == friends.people_reached(scope, MARCH)
        assert figures.frontline_days == friends.frontline_days(scope, MARCH)


def test_person_contacts_go_where_their_contact_goes_and_add_up(world):
    """A talk with friends of two units belongs to the company with all who took part, to neither unit in part."""
    elsewhere = factories.befriended(factories.worker(world.other_workshop), world.insider).worker
    before = monthly_report(FigureScope(world.workshop), MARCH).contacts.total.person_contacts
    factories.contact_log(world.insider, world.friend, elsewhere, at=NOON.replace(day=22))
    for unit in (world.workshop, world.other_workshop, world.company):
        scope = FigureScope(unit)
        assert monthly_report(scope, MARCH).contacts.total.person_contacts == friends.person_contacts(scope, MARCH)
    assert monthly_report(FigureScope(world.workshop), MARCH).contacts.total.person_contacts == before


def test_monthly_report_marks_who_is_below_the_norm(world):
    table = monthly_report(FigureScope(world.company), MARCH).contacts
    (insider,) = [line for row in table.groups for line in row.cadres if line.cadre == world.insider]
    assert (insider.figures.standing_mark, insider.figures.days_mark) == ("low", "")
    (idle,) = [line for row in table.groups for line in row.cadres if line.cadre == world.colleague]
    assert (idle.figures.contacts, idle.figures.days_mark) == (0, "low")


def test_months_sum_to_the_year_to_date(world):
    factories.opinion(world.friend, log=factories.contact_log(world.insider, world.friend, at=NOON.replace(month=4)))
    march, april = (monthly_report(FigureScope(world.company), period) for period in (MARCH, APRIL))
    assert march.total.month + april.total.month == april.total.year
    assert (march.total.year.opinions, april.total.year.opinions) == (2, 3)


def test_units_sum_to_their_parent_at_every_level(world):
    factories.opinion(factories.befriended(factories.worker(world.plant), world.colleague).worker)
    for unit in (world.company, world.plant):
        report = monthly_report(FigureScope(unit), MARCH)
        for rows in (report.units, report.groups):
            assert sum((row.year for row in rows), type(report.total.year)()) == report.total.year
    assert labels(report.units) == {world.workshop.name: (1, 1), "本级": (1, 0)}


def test_a_fact_that_is_not_summed_yet_is_counted_and_nothing_is_written(world):
    factories.opinion(world.friend)
    marks, sums = StaleMonth.objects.count(), list(Rollup.objects.order_by("pk").values_list())
    assert marks
    assert monthly_report(FigureScope(world.company), MARCH).total.month.opinions == 3
    assert (StaleMonth.objects.count(), list(Rollup.objects.order_by("pk").values_list())) == (marks, sums)


def test_a_sum_that_was_tampered_with_is_refused_by_name(world):
    rows = Rollup.objects.filter(unit=world.workshop, opinions=1)
    assert rows.update(opinions=5, opinions_merged=5) == 1
    with pytest.raises(DoesNotAddUp, match=f"{world.plant.name}（{world.group.name}）"):
        monthly_report(FigureScope(world.company), MARCH)


def test_a_sum_that_was_tampered_with_is_mended_before_a_file_is_made(world):
    Rollup.objects.filter(unit=world.workshop, opinions=1).update(opinions=5, opinions_merged=5)
    assert settled_report(FigureScope(world.company), MARCH).total.month.opinions == 2
    assert monthly_report(FigureScope(world.company), MARCH).total.month.opinions == 2


def test_a_month_without_facts_is_empty(world):
    report = monthly_report(FigureScope(world.company), month(2015, 12))
    assert report.is_empty
    assert {row.label for row in report.units} == set()


def test_an_old_month_prints_the_names_of_that_time(world):
    UnitFormerName.objects.create(unit=world.plant, name="南沟铁矿", until_on=dt.date(2016, 3, 31))
    assert "南沟铁矿" in labels(monthly_report(FigureScope(world.company), MARCH).units)
    assert monthly_report(FigureScope(world.plant), MARCH).unit_name == "南沟铁矿"
    assert world.plant.name in labels(monthly_report(FigureScope(world.company), APRIL).units)


def test_published_line_joins_partly_solved_and_in_hand(world):
    partly = factories.registered_issue(
        factories.opinion(world.friend), by=world.office, office=world.company, title="宿舍供暖"
    )
    factories.answered_issue(
        factories.dispatched_issue(partly, to=world.department, by=world.office),
        by=world.handler,
        outcome=Outcome.PARTLY,
    )
    factories.registered_issue(factories.opinion(world.friend), by=world.office, office=world.company, title="班车")
    line = published_line(monthly_report(FigureScope(world.company), MARCH).total, "month")
    assert line == ("征集意见建议 4 条，汇总合并为 3 项，其中彻底解决 1 项，部分解决和正在解决 2 项，解释答复 0 项")


def test_norms_are_those_of_the_nearest_unit_above(world):
    Norms.objects.create(unit=world.company, friends_min=2, friends_max=4, frontline_days=3)
    Norms.objects.create(unit=world.plant, friends_max=6)
    norms = monthly_report(FigureScope(world.plant), MARCH).norms
    assert (norms.friends, norms.frontline_days) == (Band(2, 6), 3)


@pytest.mark.parametrize("rows", [1, 3])
def test_monthly_report_costs_the_same_queries_at_any_length(world, django_assert_num_queries, rows):
    for _n in range(rows - 1):
        person = factories.befriended(factories.worker(world.other_workshop), world.stranger).worker
        factories.opinion(person)
    services.drain_stale_months()
    with django_assert_num_queries(7):
        monthly_report(FigureScope(world.company), MARCH)
