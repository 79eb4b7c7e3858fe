"""The workbook of a list: its cells keep what they are, and its filters are named."""

import datetime as dt
from io import BytesIO

import pytest
from openpyxl import load_workbook

from issues.lists.issues import ISSUES
from issues.lists.opinions import OPINIONS
from meetings.lists import MEETINGS
from organization.roles import Role
from records.downloads import write_list
from tests import factories
from tests.people import World, build_world


@pytest.fixture
def world(db: None) -> World:
    return build_world()


def book_of(spec, actor, data: dict[str, str] | None = None):
    target = BytesIO()
    write_list(spec.open(actor, data or {}), target, limit=10)
    return load_workbook(target)


@pytest.mark.parametrize("spec", [ISSUES, OPINIONS, MEETINGS], ids=lambda spec: spec.name)
def test_filters_of_a_list_with_tabs_name_the_tab(world: World, spec):
    book = book_of(spec, world.actor(world.office, Role.OFFICE), {"tab": "all"})
    said = {row[0].value: row[1].value for row in book["填表说明"].iter_rows()}["筛选条件"]
    assert "invalid name" not in said
    assert "范围：" in said


def test_counts_and_days_of_a_list_are_numbers_and_dates(world: World):
    issue = factories.registered_issue(
        factories.opinion(world.friend), factories.opinion(world.friend), by=world.office, office=world.company
    )
    sheet = book_of(ISSUES, world.actor(world.office, Role.OFFICE), {"tab": "all"}).worksheets[0]
    cells = dict(zip([cell.value for cell in sheet[1]], sheet[2], strict=True))
    assert (cells["意见数"].value, cells["意见数"].data_type) == (2, "n")
    assert cells["登记日期"].value == dt.datetime.combine(issue.registered_on, dt.time())
    assert cells["登记日期"].number_format == "yyyy-mm-dd"
    assert (cells["编号"].value, cells["编号"].data_type) == (issue.number, "s")
