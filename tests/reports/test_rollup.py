import datetime as dt

import pytest
from django.db.models import Sum

from issues import services as issues
from liaison.figure_scope import FigureScope
from lib.periods import SHANGHAI, custom
from records.models import StaleMonth
from reports import services
from reports.figures import figures
from reports.models import Reconciliation, Rollup
from reports.recount import SUMS
from tests import factories
from tests.people import build_world

pytestmark = pytest.mark.django_db
YEAR = custom(dt.date(2016, 1, 1), dt.date(2017, 1, 1))


@pytest.fixture
def world():
    """With two opinions, one of them merged into a solved issue."""
    world = build_world()
    issue = factories.registered_issue(factories.opinion(world.friend), by=world.office, office=world.company)
    dispatch = factories.dispatched_issue(issue, to=world.department, by=world.office)
    world.issue = factories.answered_issue(dispatch, by=world.handler)
    factories.opinion(world.other_friend)
    services.drain_stale_months()
    return world


def stored() -> dict[str, int]:
    return Rollup.objects.aggregate(**{name: Sum(name, default=0) for name in SUMS})


def test_rollup_sums_are_the_figures_counted_from_the_facts(world):
    counted = figures(FigureScope(world.company), YEAR)
    assert stored() == {name: counted[name] for name in SUMS}
    assert stored()["opinions"] == 2


def test_rollup_follows_an_issue_that_is_reopened(world):
    issues.reopen_issue(world.issue, by=world.office, reason="又出现", at=dt.datetime(2016, 5, 1, tzinfo=SHANGHAI))
    assert services.drain_stale_months() > 0
    assert (stored()["solved"], stored()["in_hand"]) == (0, 1)
    assert not StaleMonth.objects.exists()


def test_rollup_follows_an_issue_to_the_group_with_most_voices(world):
    issue = factories.registered_issue(factories.opinion(world.friend), by=world.office, office=world.company)
    services.drain_stale_months()
    others = [factories.opinion(world.other_friend) for _ in range(2)]
    issues.merge_opinions(issue, opinions=others, by=world.office)
    services.drain_stale_months()
    by_group = Rollup.objects.filter(issues__gt=0).order_by("group").values_list("group", "issues")
    assert list(by_group) == [(world.group.pk, 1), (world.other_group.pk, 1)]
    assert services.reconcile(dt.date(2016, 9, 1)).differences == 0


def test_rollup_loses_an_issue_that_is_voided(world):
    issue = factories.registered_issue(factories.opinion(world.friend), by=world.office, office=world.company)
    services.drain_stale_months()
    issues.void_issue(issue, by=world.office, reason="重复登记")
    services.drain_stale_months()
    assert (stored()["issues"], stored()["in_hand"], stored()["opinions_waiting"]) == (1, 0, 2)
    assert services.reconcile(dt.date(2016, 9, 1)).differences == 0


def test_rollup_drained_twice_is_the_same(world):
    before = list(Rollup.objects.order_by("unit", "cadre", "category").values_list(*SUMS))
    StaleMonth.objects.mark({world.workshop, world.other_workshop}, dt.date(2016, 3, 20))
    services.drain_stale_months()
    assert list(Rollup.objects.order_by("unit", "cadre", "category").values_list(*SUMS)) == before


def test_reconcile_reports_and_mends_a_sum_that_was_tampered_with(world):
    Rollup.objects.filter(contacts__gt=0, unit=world.workshop).update(contacts=9)
    report = services.reconcile(dt.date(2016, 9, 1))
    assert report.differences == 1
    assert report.detail == [["2016-03-01", world.workshop.pk, "contacts", 9, 1]]
    assert services.reconcile(dt.date(2016, 9, 2)).differences == 0


def test_reconcile_is_due_once_a_day_from_one_o_clock(world):
    midnight = dt.datetime(2016, 9, 1, 0, 30, tzinfo=SHANGHAI)
    assert services.reconcile_if_due(midnight) is None
    assert services.reconcile_if_due(midnight.replace(hour=9)) is not None
    assert services.reconcile_if_due(midnight.replace(hour=10)) is None
    assert Reconciliation.objects.count() == 1


def test_reconcile_began_with_the_first_month_again_whenever_its_time_was_up(world, monkeypatch):
    for month in (3, 4, 5):
        factories.contact_log(world.insider, world.friend, at=dt.datetime(2016, month, 15, 12, tzinfo=SHANGHAI))
    services.drain_stale_months()
    monkeypatch.setattr(services, "SLICE_SECONDS", 0)
    night = dt.datetime(2016, 9, 1, 1, tzinfo=SHANGHAI)
    first = services.reconcile_if_due(night)
    assert (first.months, first.next_month, first.finished_at) == (1, dt.date(2016, 4, 1), None)
    Rollup.objects.filter(month=dt.date(2016, 4, 1), contacts=1).update(contacts=7)
    second = services.reconcile_if_due(night.replace(day=2, hour=0))
    assert (second.pk, second.months, second.differences, second.finished_at) == (first.pk, 2, 1, None)
    third = services.reconcile_if_due(night)
    assert third.months == 3 and third.finished_at is not None
    assert [entry[0] for entry in Reconciliation.objects.get().detail] == ["2016-04-01"]
    assert services.reconcile_if_due(night) is None
