"""Units from a table: within the scope, in few statements, and none of the accepted rows is dropped."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from friends.imports import IMPORTERS
from lib.tabular.reading import read
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
