"""What the clerk takes after a choice is checked like what needed none."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone
from openpyxl import Workbook

from friends.imports import IMPORTERS
from liaison.models import Contract, LiaisonGroup, Membership
from lib.tabular.outcome import Outcome
from lib.tabular.reading import read
from lib.tabular.roster import Choices
from organization.models import Unit
from tests import factories
from tests.people import World

from .files import saved
from .running import confirmed, rows_of, told

CADRES = ["姓名", "手机号码", "单位", "职务", "联系小组", "组内职务", "入组日期"]
CONTRACTS = ["联系小组", "承包单位", "起始日期", "截止日期"]
GROUPS = ["小组名称", "所属单位", "成立日期", "撤销日期"]
SECOND = ("error", ["contract_overlaps_in_file"])


def hidden(kind: str, head: list[str], line: list[Any], *, scope: Unit) -> Outcome:
    """The import of a file whose only row is hidden, and which the clerk takes all the same."""
    book = Workbook()
    book.active.append(head)
    book.active.append(line)
    book.active.row_dimensions[2].hidden = True
    importer = IMPORTERS[kind](scope=scope)
    return importer.confirm(importer.take(read(saved(book))), Choices(take={"0-2"}))


def days(world: World) -> list[tuple[str, str]]:
    found = Contract.objects.filter(unit=world.plant).order_by("starts_on").values_list("starts_on", "ends_on")
    return [(str(starts), str(ends or "")) for starts, ends in found]


@pytest.mark.parametrize(
    ("starts", "ends", "second"),
    [
        ("2020-06-01", "2022-01-01", SECOND),
        ("2021-01-01", "2022-01-01", ("accepted", ["new"])),
    ],
)
def test_two_taken_contracts_of_a_file_overlapped_each_other(world: World, starts, ends, second):
    lines = [[world.other_group.name, "南沟采矿厂", "2020-01-01", "2021-01-01"]]
    lines.append([world.other_group.name, "南沟采矿厂", starts, ends])
    outcome = confirmed("contracts", CONTRACTS, *lines, scope=world.company, take={"0-3"})
    assert told(outcome) == [("accepted", ["new"]), second]
    for contract in world.other_group.contracts.all():
        contract.full_clean()


def test_two_open_contracts_of_a_file_were_an_internal_error(world: World):
    lines = [[world.other_group.name, "南沟采矿厂", start, ""] for start in ("2020-01-01", "2020-06-01")]
    outcome = confirmed("contracts", CONTRACTS, *lines, scope=world.company, take={"0-3"})
    assert told(outcome) == [("accepted", ["new"]), SECOND]
    again = confirmed("contracts", CONTRACTS, *lines[:1], scope=world.company)
    assert told(again) == [("accepted", ["unchanged"])]


def test_the_second_contract_can_be_taken_in_place_of_the_first(world: World):
    lines = [[world.other_group.name, "南沟采矿厂", start, ""] for start in ("2020-01-01", "2020-06-01")]
    confirmed("contracts", CONTRACTS, *lines, scope=world.company, leave={"0-2"}, take={"0-3"})
    assert world.other_group.contracts.get(unit=world.plant).starts_on == dt.date(2020, 6, 1)


@pytest.mark.parametrize(
    ("starts", "ends", "told_as"),
    [
        # Of the contract that is there, which began on 2016-01-01: the same, its end, and what contradicts it.
        ("2016-01-01", "", ("accepted", ["unchanged"])),
        ("2016-01-01", "2017-01-01", ("accepted", ["changed"])),
        ("2015-01-01", "2014-06-01", ("error", ["hidden_row", "ends_before_start"])),
        ("2017-01-01", "2016-06-01", ("error", ["hidden_row", "ends_before_start"])),
    ],
)
def test_a_contract_that_was_taken_was_not_compared(world: World, starts, ends, told_as):
    world.group.contracts.update(starts_on=dt.date(2016, 1, 1))
    line = [world.group.name, "南沟采矿厂", starts, ends]
    assert told(hidden("contracts", CONTRACTS, line, scope=world.company)) == [told_as]
    assert days(world) == [("2016-01-01", ends if told_as[1] == ["changed"] else "")]


def test_a_contract_that_was_taken_overlapped_an_ended_one(world: World):
    world.group.contracts.update(starts_on=dt.date(2018, 1, 1))
    Contract.objects.create(
        group=world.group, unit=world.plant, starts_on=dt.date(2015, 1, 1), ends_on=dt.date(2016, 1, 1)
    )
    line = [world.group.name, "南沟采矿厂", "2015-06-01", "2017-01-01"]
    assert told(hidden("contracts", CONTRACTS, line, scope=world.company)) == [
        ("error", ["hidden_row", "contract_overlaps"])
    ]


def test_a_contract_that_was_taken_made_a_contract_of_the_company_s_group(world: World):
    world.group.contracts.update(starts_on=dt.date(2016, 1, 1))
    line = [world.group.name, "南沟采矿厂", "2015-01-01", "2015-06-01"]
    outcome = hidden("contracts", CONTRACTS, line, scope=world.plant)
    assert told(outcome) == [("error", ["hidden_row", "group_elsewhere"])]
    assert days(world) == [("2016-01-01", "")]


def test_a_contract_that_was_taken_for_a_closed_group_was_an_internal_error(world: World):
    world.other_group.contracts.all().delete()
    LiaisonGroup.objects.filter(pk=world.other_group.pk).update(closed_on=dt.date(2016, 2, 1))
    line = [world.other_group.name, "球团厂", "2016-03-01", ""]
    outcome = hidden("contracts", CONTRACTS, line, scope=world.company)
    assert told(outcome) == [("error", ["hidden_row", "group_closed"])]


def test_days_that_were_filled_in_were_not_compared(world: World):
    line = [world.other_group.name, "南沟采矿厂", "2020-06-15", "2020年6月"]
    outcome = confirmed("contracts", CONTRACTS, line, scope=world.company, fill={"0-2"})
    assert told(outcome) == [("error", ["date_incomplete", "ends_before_start"])]


@pytest.mark.parametrize(("kind", "column"), [("contracts", "联系小组"), ("groups", "小组名称"), ("cadres", "姓名")])
def test_a_row_that_was_taken_from_a_file_without_units_was_an_internal_error(world: World, kind, column):
    outcome = hidden(kind, [column, "起始日期"], ["新来的", "2020-01-01"], scope=world.company)
    assert told(outcome) == [("error", ["unit_missing"])]


def test_a_group_that_stands_twice_in_a_file_was_an_internal_error(world: World):
    lines = [["新组", "南沟采矿厂", "", ""]] * 2
    assert told(confirmed("groups", GROUPS, *lines, scope=world.company)) == [
        ("accepted", ["new"]),
        ("needs_choice", ["group_twice"]),
    ]
    LiaisonGroup.objects.filter(name="新组").delete()
    outcome = confirmed("groups", GROUPS, *lines, scope=world.company, take={"0-3"})
    assert told(outcome) == [("accepted", ["new"]), ("error", ["group_twice"])]
    assert LiaisonGroup.objects.filter(name="新组").count() == 1
    confirmed("groups", GROUPS, *[["别组", "南沟采矿厂", "", ""]] * 2, scope=world.company, leave={"0-2"}, take={"0-3"})
    assert LiaisonGroup.objects.filter(name="别组").count() == 1


def test_a_new_group_was_dissolved_before_it_was_founded(world: World):
    line = ["新组", "南沟采矿厂", "2026-05-01", "2020-01-01"]
    assert told(confirmed("groups", GROUPS, line, scope=world.company)) == [("error", ["ends_before_start"])]
    assert told(hidden("groups", GROUPS, line, scope=world.company)) == [("error", ["hidden_row", "ends_before_start"])]
    assert not LiaisonGroup.objects.filter(name="新组").exists()


def test_a_cadre_file_with_a_day_to_come_was_an_error_the_second_time(world: World):
    moving = factories.cadre(world.plant, holder=factories.user("厂里人"))
    factories.membership(moving, world.group)
    soon = str(timezone.localdate() + dt.timedelta(days=20))
    lines = [
        ["新干部", "13800138001", "南沟采矿厂", "干事", world.group.name, "组长", soon],
        ["厂里人", "", "南沟采矿厂", "", world.other_group.name, "组员", soon],
    ]
    confirmed("cadres", CADRES, *lines, scope=world.company)
    before = list(Membership.objects.order_by("pk").values())
    again = confirmed("cadres", CADRES, *lines, scope=world.company)
    assert [(row.status, row.effect) for row in rows_of(again)] == [("accepted", "unchanged")] * 2
    assert list(Membership.objects.order_by("pk").values()) == before
    # Another duty in the group that he will belong to is a change of that membership.
    lines[1][5] = "组长"
    confirmed("cadres", CADRES, *lines, scope=world.company)
    assert moving.memberships.get(group=world.other_group).is_leader
    assert not moving.memberships.get(group=world.group).is_leader


def test_a_membership_that_began_before_the_standing_one_was_moved_in_silence(world: World):
    cadre = factories.cadre(world.plant, holder=factories.user("厂里人"))
    standing = factories.membership(cadre, world.group)
    Membership.objects.filter(pk=standing.pk).update(starts_on=dt.date(2016, 1, 4))
    line = ["厂里人", "", "南沟采矿厂", "", world.other_group.name, "", "2015-04-01"]
    outcome = confirmed("cadres", CADRES, line, scope=world.company)
    assert told(outcome) == [("error", ["membership_before_standing"])]
    standing = cadre.memberships.get()
    assert (standing.starts_on, standing.ends_on) == (dt.date(2016, 1, 4), None)


def test_a_membership_that_ends_was_prolonged_to_the_day_of_the_next(world: World):
    today = timezone.localdate()
    cadre = factories.cadre(world.plant, holder=factories.user("厂里人"))
    standing = factories.membership(cadre, world.group)
    leaves, joins = today + dt.timedelta(days=10), today + dt.timedelta(days=20)
    Membership.objects.filter(pk=standing.pk).update(ends_on=leaves)
    line = ["厂里人", "", "南沟采矿厂", "", world.other_group.name, "", str(joins)]
    assert told(confirmed("cadres", CADRES, line, scope=world.company)) == [("accepted", ["changed"])]
    standing.refresh_from_db()
    assert standing.ends_on == leaves
    assert cadre.memberships.get(group=world.other_group).starts_on == joins


def test_taken_worker_of_a_file_without_units_was_an_internal_error(world: World):
    outcome = hidden("workers", ["工号", "姓名", "手机号码"], ["N1", "段石松", "15400000001"], scope=world.company)
    assert told(outcome) == [("error", ["unit_missing"])]
