"""An import touches nobody outside its scope, and the leavers it proposes are of the units of the file."""

from friends.imports import IMPORTERS
from friends.models import Worker
from lib.tabular.preview import view
from lib.tabular.reading import read
from lib.tabular.roster import Choices
from organization.enums import UnitKind
from tests import factories
from tests.people import World

from .files import text
from .running import confirmed, numbered, rows_of, told

HEAD = ["工号", "姓名", "性别", "单位", "车间"]
CADRES = ["姓名", "手机号码", "单位", "职务", "联系小组", "组内职务", "入组日期", "在任"]


def test_an_import_for_one_plant_moved_a_worker_of_another(world: World):
    outside = numbered(world.other_friend, "B0001", "王小明")
    line = ["B0001", "王小明", "男", "南沟采矿厂", "采掘一车间"]
    outcome = confirmed("workers", HEAD, line, scope=world.plant)
    outside.refresh_from_db()
    assert outside.unit == world.other_workshop
    assert told(outcome) == [("error", ["employee_no_elsewhere"])]
    # The control: who manages both plants moves him.
    confirmed("workers", HEAD, line, scope=world.company)
    outside.refresh_from_db()
    assert outside.unit == world.workshop


def test_what_an_import_says_of_somebody_outside_named_him_and_his_unit(world: World):
    numbered(world.other_friend, "B0001", "王小明")
    importer = IMPORTERS["workers"](scope=world.plant)
    table = importer.take(read(text([HEAD, ["B0001", "李大力", "男", "南沟采矿厂", "采掘一车间"]], "utf-8-sig")))
    page = str(view(importer, table, importer.judge(table), Choices()))
    assert "此工号已在其他单位使用" in page
    assert "王小明" not in page
    assert "球团厂" not in page


def test_an_import_for_one_plant_asked_about_a_namesake_of_another_by_telephone(world: World):
    outside = world.other_friend
    outside.name, outside.phone = "王小明", "15400000077"
    outside.save()
    head, line = [*HEAD[1:], "手机号码"], ["王小明", "男", "南沟采矿厂", "采掘一车间", "15400000077"]
    outcome = confirmed("workers", head, line, scope=world.plant)
    assert [(row.status, row.effect, row.offers) for row in rows_of(outcome)] == [("accepted", "new", {})]


def test_leavers_of_a_plant_outside_the_scope_were_taken_off_work(world: World):
    numbered(world.other_friend, "B0001", "王小明")
    numbered(world.friend, "A0001", "李大力")
    others = [factories.worker(world.other_workshop) for _ in range(5)]
    lines = [
        ["A0001", "李大力", "男", "南沟采矿厂", "采掘一车间"],
        ["B0001", "王小明", "男", "南沟采矿厂", "采掘一车间"],
    ]
    outcome = confirmed("workers", HEAD, *lines, scope=world.plant, leavers=True, second=True)
    assert outcome.missing == []
    assert Worker.objects.filter(pk__in=[other.pk for other in others], is_active=True).count() == 5


def test_one_transferred_worker_made_the_whole_unit_he_left_missing(world: World):
    numbered(world.other_friend, "B0001", "王小明")
    numbered(world.friend, "A0001", "李大力")
    stays = [factories.worker(world.other_workshop) for _ in range(5)]
    leaves = factories.worker(world.workshop)
    lines = [
        ["A0001", "李大力", "男", "南沟采矿厂", "采掘一车间"],
        ["B0001", "王小明", "男", "南沟采矿厂", "采掘一车间"],
    ]
    outcome = confirmed("workers", HEAD, *lines, scope=world.company, leavers=True, second=True)
    assert outcome.missing == [leaves.pk]
    assert Worker.objects.filter(pk__in=[worker.pk for worker in stays], is_active=True).count() == 5
    leaves.refresh_from_db()
    assert not leaves.is_active


def test_a_file_without_units_was_an_internal_error(world: World):
    assert told(confirmed("workers", ["工号", "姓名"], ["A1", "李大力"], scope=world.plant)) == [
        ("error", ["unit_missing"])
    ]
    assert told(confirmed("cadres", ["姓名", "职务"], ["李大力", "干事"], scope=world.plant)) == [
        ("error", ["unit_missing"])
    ]


def test_a_number_of_one_enterprise_found_its_bearer_in_another(world: World):
    """Employee numbers are unique per enterprise: one file may hold both."""
    numbered(world.friend, "A0001", "李大力")
    far = world.other_office.appointments.get().unit
    plant = factories.unit(far, kind=UnitKind.BASE_UNIT, name="炼铁厂")
    shop = factories.unit(plant, kind=UnitKind.WORKSHOP, name="高炉车间")
    lines = [["A0002", "赵铁柱", "男", "南沟采矿厂", "采掘一车间"], ["A0001", "王小明", "男", "炼铁厂", "高炉车间"]]
    outcome = confirmed("workers", HEAD, *lines, scope=None)
    assert [(row.status, row.effect) for row in rows_of(outcome)] == [("accepted", "new")] * 2
    assert set(Worker.objects.filter(employee_no="A0001").values_list("name", "unit__name")) == {
        ("李大力", world.workshop.name),
        ("王小明", shop.name),
    }
