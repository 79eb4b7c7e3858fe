"""The figures of a period as of a day: the past can be counted again, and says the same."""

import datetime as dt

import pytest

from liaison.figure_scope import FigureScope
from lib.errors import Refused
from lib.periods import custom
from reports.figures import figures
from tests import factories
from tests.people import build_world

pytestmark = pytest.mark.django_db
YEAR = custom(dt.date(2016, 1, 1), dt.date(2017, 1, 1))
MARCH_END = dt.date(2016, 3, 31)


@pytest.fixture
def world():
    world = build_world()
    factories.registered_issue(factories.opinion(world.friend), by=world.office, office=world.company)
    return world


def test_figures_as_of_a_day_within_the_period_hold_what_had_happened_by_then(world):
    scope = FigureScope(world.company)
    then = figures(scope, YEAR, as_of=MARCH_END)
    later = factories.issues.MARCH.replace(month=5)
    second = factories.opinion(world.friend, log=factories.contact_log(world.insider, world.friend, at=later))
    factories.registered_issue(second, by=world.office, office=world.company, at=later)
    assert figures(scope, YEAR, as_of=MARCH_END) == then
    assert [figures(scope, YEAR)[key] - then[key] for key in ("contacts", "opinions", "issues")] == [1, 1, 1]


def test_figures_as_of_a_day_before_the_period_are_refused(world):
    with pytest.raises(Refused, match="截至日期不能早于统计期的第一天"):
        figures(FigureScope(world.company), YEAR, as_of=dt.date(2015, 12, 31))


def test_figures_count_the_groups_of_the_period_and_not_of_today(world):
    scope = FigureScope(world.company)
    before = figures(scope, YEAR)["groups"]
    world.group.closed_on = dt.date(2017, 6, 1)
    world.group.save()
    assert figures(scope, YEAR)["groups"] == before
