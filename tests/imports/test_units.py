"""Units from a table: within the scope, in few statements, and none of the accepted rows is dropped."""

import datetime as dt
import io

from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook

from friends.imports import IMPORTERS
from lib.tabular.reading import read
from lib.tabular.roster import Choices
from organization.enums import UnitKind
from organization.imports.units import KIND_NAMES
from organization.models import Unit
from tests import factories
from tests.people import World

from .files import text
from .running import confirmed, told

UNITS = ["单位编码", "上级编码", "单位名称", "类别"]


def test_a_table_of_units_read_all_enterprises_and_each_unit_by_itself(world: World):
    factories.unit(factories.enterprise("乙公司"), name="乙厂", code="YC01")
    head = [*UNITS, "曾用名", "男35岁及以下"]
    lines = [[f"NG{n:02d}", world.plant.code, f"新车间{n}", "车间", f"旧车间{n}", 5] for n in range(1, 31)]
    confirmed("units", head, *lines, scope=world.plant)
    importer = IMPORTERS["units"](scope=world.plant)
    tables = importer.take(read(text([head, *lines], "utf-8-sig")))
    with CaptureQueriesContext(connection) as queries:
        outcome = importer.judge(tables)
    assert outcome.effects()["unchanged"] == 30
    assert len(queries) <= 5
    assert "YC01" not in importer.known
    taken = confirmed("units", UNITS, ["YC01", world.plant.code, "抢来的", "车间"], scope=world.plant)
    assert told(taken) == [("error", ["unit_code_elsewhere"])]


def test_units_below_a_row_that_is_left_out_were_accepted_and_dropped(world: World):
    lines = [
        ["NG01", world.plant.code, "新车间", "车间"],
        ["NG0101", "NG01", "甲班", "班组"],
        ["NG02", "NG0101", "乙班", "班组"],
    ]
    outcome = confirmed("units", UNITS, *lines, scope=world.company, leave={"0-2"})
    assert told(outcome) == [("error", ["unit_parent_unknown"])] * 2
    assert [row.raw["单位名称"] for row in outcome.returned()] == ["甲班", "乙班"]
    assert not Unit.objects.filter(code__startswith="NG").exists()
    confirmed("units", UNITS, *lines, scope=world.company)
    assert Unit.objects.get(code="NG02").parent.parent.code == "NG01"


ALL = ["单位编码", "上级编码", "单位名称", "类别", "设立日期", "停用日期", "并入单位"]


def cells(*, code: str, parent: str, name: str, kind: str, opened: str = "", closed: str = "", into: str = "") -> list:
    return [code, parent, name, kind, opened, closed, into]


def line(unit: Unit, **changes) -> list:
    as_is = {"code": unit.code, "parent": unit.parent.code, "name": unit.name, "kind": KIND_NAMES[unit.kind]}
    return cells(**{**as_is, **changes})


def new(parent: Unit, name: str, **changes) -> list:
    return cells(**{"code": "NG01", "parent": parent.code, "name": name, "kind": "车间", **changes})


def units_of(world: World, *lines: list) -> list[tuple[str, list[str]]]:
    """Whatever the preview has accepted is written, and nothing else."""
    importer = IMPORTERS["units"](scope=world.company)
    shown = told(importer.judge(importer.take(read(text([ALL, *lines], "utf-8-sig")))))
    assert told(confirmed("units", ALL, *lines, scope=world.company)) == shown
    return shown


def test_unit_named_as_a_stored_sibling_was_accepted_and_blew_up_at_the_confirmation(world: World):
    sibling = factories.unit(world.plant, name="破碎车间", kind=UnitKind.WORKSHOP)
    factories.unit(world.other_plant, name="破碎车间", kind=UnitKind.WORKSHOP)
    twice = [("error", ["unit_name_twice"])]
    assert units_of(world, new(world.plant, "破碎车间")) == twice
    assert units_of(world, line(sibling, name=world.workshop.name)) == twice
    assert units_of(world, line(sibling, parent=world.other_plant.code)) == twice
    swapped = [line(sibling, name=world.workshop.name), line(world.workshop, name=sibling.name)]
    assert units_of(world, *swapped) == twice * 2


def test_unit_that_closes_in_the_file_leaves_its_name_to_a_new_one(world: World):
    closed = line(world.workshop, closed="2016-06-01", into="NG01")
    assert units_of(world, new(world.plant, world.workshop.name), closed) == [
        ("accepted", ["new"]),
        ("accepted", ["changed"]),
    ]
    assert Unit.objects.get(pk=world.workshop.pk).merged_into.code == "NG01"


def test_unit_closed_before_it_was_opened_was_accepted_and_blew_up_at_the_confirmation(world: World):
    wrong = [("error", ["unit_closed_before_opened"])]
    assert units_of(world, new(world.plant, "破碎车间", opened="2016-05-01", closed="2016-04-01")) == wrong
    assert units_of(world, line(world.workshop, closed="2015-04-01")) == wrong


def test_unit_merged_into_itself_or_a_closed_one_was_accepted_and_blew_up_at_the_confirmation(world: World):
    gone = factories.unit(world.plant, name="老车间", closed_on=dt.date(2016, 3, 1))
    into = {"closed": "2016-06-01"}
    assert units_of(world, line(world.workshop, **into, into=world.workshop.code)) == [
        ("error", ["merged_into_itself"])
    ]
    assert units_of(world, line(world.workshop, **into, into=gone.code)) == [("error", ["merged_into_closed"])]
    earlier = line(world.workshop, closed="2016-02-01", into=gone.code)
    assert units_of(world, earlier) == [("accepted", ["changed"])]
    assert Unit.objects.get(pk=world.workshop.pk).merged_into == gone


def test_unit_moved_below_itself_was_accepted_and_refused_at_the_confirmation(world: World):
    assert units_of(world, line(world.plant, parent=world.workshop.code)) == [("error", ["unit_parent_circle"])]


def test_what_the_rules_refuse_only_at_the_confirmation_goes_back_and_the_rest_is_written(world: World):
    """The row that would have freed the name is left out; and two units that change places wait for one another."""
    lines = [
        line(world.workshop, closed="2016-06-01"),
        new(world.plant, world.workshop.name),
        new(world.plant, "破碎车间", code="NG02"),
        cells(code="NG0101", parent="NG01", name="甲班", kind="班组"),
    ]
    outcome = confirmed("units", ALL, *lines, scope=world.company, leave={"0-2"})
    assert told(outcome) == [
        ("error", ["unit_refused"]),
        ("accepted", ["new"]),
        ("error", ["unit_parent_unknown"]),
    ]
    assert [row.raw["单位名称"] for row in outcome.returned()] == [world.workshop.name, "甲班"]
    assert set(Unit.objects.filter(code__startswith="NG").values_list("code", flat=True)) == {"NG02"}
    turned = [line(world.plant, parent=world.workshop.code), line(world.workshop, parent=world.company.code)]
    outcome = confirmed("units", ALL, *turned, scope=world.company)
    assert told(outcome) == [("error", ["unit_refused"]), ("accepted", ["changed"])]


def test_new_unit_below_one_whose_parent_moves_in_the_same_file_stood_under_the_old_path(world: World):
    lines = [
        line(world.plant, parent=world.other_plant.code),
        new(world.workshop, "甲班", kind="班组"),
    ]
    assert units_of(world, *lines) == [("accepted", ["changed"]), ("accepted", ["new"])]
    team = Unit.objects.get(code="NG01")
    assert team.path.startswith(Unit.objects.get(pk=world.workshop.pk).path)
    assert team.path.startswith(world.other_plant.path)


def test_unit_closed_by_a_table_closes_after_what_is_below_it(world: World):
    closed = {"closed": "2016-06-01"}
    assert units_of(world, line(world.plant, **closed)) == [("error", ["units_below_in_use"])]
    together = [line(world.plant, **closed), line(world.workshop, **closed)]
    assert units_of(world, *together) == [("accepted", ["changed"])] * 2
    assert not Unit.objects.within(world.plant).active().exists()
    moved = [line(world.other_plant, **closed), line(world.other_workshop, parent=world.company.code)]
    assert units_of(world, *moved) == [("accepted", ["changed"])] * 2
    assert Unit.objects.get(pk=world.other_plant.pk).closed_on == dt.date(2016, 6, 1)


def test_unit_above_one_whose_closing_is_left_out_stays_in_use(world: World):
    together = [line(world.plant, closed="2016-06-01"), line(world.workshop, closed="2016-06-01")]
    outcome = confirmed("units", ALL, *together, scope=world.company, leave={"0-3"})
    assert told(outcome)[0] == ("error", ["unit_refused"])
    assert Unit.objects.get(pk=world.plant.pk).closed_on is None


def test_hidden_unit_that_was_taken_was_dropped(world: World):
    book = Workbook()
    for row in (UNITS, ["NG01", world.plant.code, "破碎车间", "车间"]):
        book.active.append(row)
    book.active.row_dimensions[2].hidden = True
    book.save(content := io.BytesIO())
    importer = IMPORTERS["units"](scope=world.company)
    outcome = importer.confirm(importer.take(read(content.getvalue())), Choices(take={"0-2"}))
    assert told(outcome) == [("accepted", ["new"])]
    assert Unit.objects.filter(code="NG01").exists()
