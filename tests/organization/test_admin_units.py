"""Units in Django admin: made, renamed, moved and retired, and what is refused on the way."""

import datetime as dt
import re

import pytest
from django.contrib.admin.models import LogEntry as AdminLogEntry
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from lib.periods import today
from organization.enums import UnitKind
from organization.models import Unit, User
from tests import factories
from tests.client import StrictClient, client_of
from tests.people import build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return build_world()


@pytest.fixture
def client(world):
    return client_of(world.roster_admin)


def step(unit: Unit, name: str) -> str:
    return reverse("admin:organization_unit_step", args=[unit.pk, name])


def test_unit_added_in_the_admin_stands_in_its_place(world, client):
    data = {"kind": UnitKind.WORKSHOP, "name": "破碎车间", "code": "PSCJ", "parent": world.plant.pk}
    response = client.post(reverse("admin:organization_unit_add"), data)
    assert response.status_code == 302, response.context["adminform"].form.errors
    unit = Unit.objects.get(code="PSCJ")
    assert unit.path.startswith(world.plant.path)
    assert unit.placements.count() == 1


def test_unit_without_parent_or_under_another_enterprise_is_refused(world, client):
    far = world.other_office.appointments.get().unit
    data = {"kind": UnitKind.WORKSHOP, "name": "破碎车间", "code": "PSCJ"}
    for parent in ("", far.pk):
        response = client.post(reverse("admin:organization_unit_add"), {**data, "parent": parent})
        assert "parent" in response.context["adminform"].form.errors
    assert not Unit.objects.filter(code="PSCJ").exists()


def test_unit_is_renamed_moved_and_retired_through_the_services(world, client):
    unit = world.workshop
    client.post(step(unit, "rename"), {"on": "2016-05-01", "name": "采掘综合车间"})
    client.post(step(unit, "move"), {"on": "2016-06-01", "parent": world.other_plant.pk})
    client.post(step(unit, "retire"), {"on": "2016-07-01", "merged_into": world.other_workshop.pk})
    unit.refresh_from_db()
    assert unit.name_on(dt.date(2016, 4, 1)) == "采掘一车间"
    assert unit.name == "采掘综合车间"
    assert unit.path.startswith(world.other_plant.path)
    assert (unit.closed_on, unit.merged_into) == (dt.date(2016, 7, 1), world.other_workshop)
    assert unit.placements.count() == 2


def test_unit_cannot_move_below_itself_and_the_page_says_so(world, client):
    response = client.post(step(world.plant, "move"), {"on": "2016-06-01", "parent": world.workshop.pk})
    assert response.status_code == 200
    assert "parent" in response.context["form"].errors


def test_unit_added_with_the_name_of_a_sibling_was_a_server_error(world, client):
    data = {"kind": UnitKind.BASE_UNIT, "name": world.plant.name, "code": "ZZ1", "parent": world.company.pk}
    response = client.post(reverse("admin:organization_unit_add"), data)
    assert "同一上级单位下已有同名单位。" in str(response.context["adminform"].form.errors)
    assert not Unit.objects.filter(code="ZZ1").exists()


def test_day_of_founding_may_be_long_ago_and_not_years_ahead(world, client):
    data = {"kind": UnitKind.BASE_UNIT, "name": "烧结厂", "code": "SJC", "parent": world.company.pk}
    for day in ("1899-12-31", "9999-01-01"):
        response = client.post(reverse("admin:organization_unit_add"), {**data, "opened_on": day})
        assert "opened_on" in response.context["adminform"].form.errors
    client.post(reverse("admin:organization_unit_add"), {**data, "opened_on": "1919-09-01"})
    assert Unit.objects.get(code="SJC").opened_on == dt.date(1919, 9, 1)


def stored(unit: Unit) -> tuple:
    return Unit.objects.filter(pk=unit.pk).values().get(), unit.former_names.count(), unit.placements.count()


def test_step_of_a_unit_that_the_rules_refuse_was_a_server_error(world, client):
    factories.unit(world.other_plant, name=world.workshop.name)
    sibling = factories.unit(world.plant, name="破碎车间")
    asked = [
        (world.workshop, "move", {"on": "2016-06-01", "parent": world.other_plant.pk}, "已有同名单位"),
        (sibling, "retire", {"on": "2000-06-01"}, "停用日期不能早于设立日期"),
        (sibling, "rename", {"on": "2016-06-01", "name": world.workshop.name}, "已有同名单位"),
        (sibling, "rename", {"on": "0001-01-01", "name": "破碎二车间"}, "2000年1月1日"),
    ]
    for unit, name, data, sentence in asked:
        before = stored(unit)
        response = client.post(step(unit, name), data)
        assert sentence in str(response.context["form"].errors), (name, data)
        assert response.context["form"]["on"].value() == data["on"]
        assert stored(unit) == before


def test_step_of_a_unit_dated_into_its_written_past_emptied_that_past(world, client):
    """The move of a unit of 2016 dated 2014 left the place where it had really stood as a range of no days."""
    unit = factories.unit(world.plant, name="破碎车间", kind=UnitKind.WORKSHOP)
    below = {"parent": world.other_plant.pk}
    client.post(step(unit, "rename"), {"on": "2016-05-01", "name": "破碎中心"})
    asked = [
        ("move", {"on": "2014-05-01", **below}, "单位设立于2016年1月1日，生效日期不能早于这一天。"),
        ("move", {"on": "2016-01-01", **below}, "现在的隶属关系从2016年1月1日开始，生效日期应晚于这一天。"),
        ("rename", {"on": "2015-12-31", "name": "粉碎中心"}, "单位设立于2016年1月1日，生效日期不能早于这一天。"),
        (
            "rename",
            {"on": "2016-04-30", "name": "粉碎站"},
            "曾用名“破碎车间”使用至2016年4月30日，生效日期应晚于这一天。",
        ),
    ]
    before = stored(unit)
    for name, data, sentence in asked:
        response = client.post(step(unit, name), data)
        assert response.context["form"].non_field_errors() == [sentence], (name, data)
        assert stored(unit) == before
    assert client.post(step(unit, "move"), {"on": "2016-01-02", **below}).status_code == 302
    assert list(unit.placements.values_list("parent", "starts_on", "ends_on")) == [
        (world.plant.pk, dt.date(2016, 1, 1), dt.date(2016, 1, 2)),
        (world.other_plant.pk, dt.date(2016, 1, 2), None),
    ]


def test_mistake_of_today_is_corrected_and_leaves_no_range_without_days(world, client):
    unit, day = world.workshop, today()
    for parent in (world.company, world.other_plant):
        assert client.post(step(unit, "move"), {"on": day, "parent": parent.pk}).status_code == 302
    assert list(unit.placements.values_list("parent", "starts_on", "ends_on")) == [
        (world.plant.pk, dt.date(2016, 1, 1), day),
        (world.other_plant.pk, day, None),
    ]
    first, yesterday = unit.name, day - dt.timedelta(days=1)
    for name in ("采掘综合车问", "采掘综合车间"):
        assert client.post(step(unit, "rename"), {"on": day, "name": name}).status_code == 302
    unit.refresh_from_db()
    assert set(unit.former_names.values_list("name", "until_on")) == {(first, yesterday), ("采掘综合车问", None)}
    assert (unit.name_on(yesterday), unit.name_on(day)) == (first, "采掘综合车间")


def test_unit_that_is_to_open_is_named_and_placed_anew_before_its_day(world, client):
    unit = factories.unit(world.plant, name="新车间")
    opens_on = today() + dt.timedelta(days=30)
    Unit.objects.filter(pk=unit.pk).update(opened_on=opens_on)
    unit.placements.update(starts_on=opens_on)
    assert client.post(step(unit, "rename"), {"on": today(), "name": "选矿车间"}).status_code == 302
    assert client.post(step(unit, "move"), {"on": today(), "parent": world.other_plant.pk}).status_code == 302
    unit.refresh_from_db()
    assert (unit.name, unit.parent) == ("选矿车间", world.other_plant)
    assert unit.placements.get().starts_on == opens_on
    assert unit.name_on(today()) == "选矿车间"


def test_step_of_a_day_to_come_was_taken_at_once(world, client):
    unit, tomorrow = world.workshop, today() + dt.timedelta(days=1)
    before = stored(unit)
    for name, data in (("rename", {"name": "甲车间"}), ("move", {"parent": world.other_plant.pk}), ("retire", {})):
        response = client.post(step(unit, name), {"on": tomorrow, **data})
        assert response.context["form"].errors["on"] == ["不能晚于今天，请到当天再办理。"]
        assert stored(unit) == before
    assert client.post(step(unit, "retire"), {"on": today()}).status_code == 302


def test_unit_was_retired_above_units_in_use(world, client):
    factories.unit(world.workshop, kind=UnitKind.TEAM)
    response = client.post(step(world.plant, "retire"), {"on": "2016-07-01"})
    assert response.context["form"].non_field_errors() == ["还有 2 个下级单位在用，请先停用或调整下级单位。"]
    for unit in reversed(Unit.objects.within(world.plant).order_by("path")):
        assert client.post(step(unit, "retire"), {"on": "2016-07-01"}).status_code == 302
    assert not Unit.objects.within(world.plant).active().exists()


def test_workshops_of_one_name_stood_in_the_lists_of_a_step_without_their_plants(world, client):
    for plant in (world.plant, world.other_plant):
        workshop = factories.unit(plant, name="维检车间", kind=UnitKind.WORKSHOP)
        factories.unit(workshop, name="甲班", kind=UnitKind.TEAM)
    with CaptureQueriesContext(connection) as few:
        page = client.get(step(world.department, "move")).content.decode()
    labels = re.findall(r'<option value="\d+">([^<]+)</option>', page)
    assert {"青石岭矿业公司", "球团厂", "南沟采矿厂 / 维检车间", "球团厂 / 维检车间 / 甲班"} <= set(labels)
    assert len(labels) == len(set(labels))
    setup = StrictClient()
    setup.force_login(User.objects.create_superuser("setup", name="初始"))
    assert "青石岭矿业公司 / 球团厂 / 维检车间" in setup.get(step(world.department, "retire")).content.decode()
    for _n in range(5):
        factories.unit(world.plant)
    with CaptureQueriesContext(connection) as many:
        client.get(step(world.department, "move"))
    assert len(many) == len(few)


def test_page_of_a_refused_step_bore_the_refused_name(world, client):
    sibling = factories.unit(world.plant, name="破碎车间")
    response = client.post(step(sibling, "rename"), {"on": "2016-06-01", "name": world.workshop.name})
    assert response.context["title"] == "更名：破碎车间"


def test_history_of_a_unit_tells_the_day_and_what_was_before(world, client):
    unit = world.workshop
    client.post(step(unit, "rename"), {"on": "2016-05-01", "name": "采掘综合车间"})
    client.post(step(unit, "move"), {"on": "2016-06-01", "parent": world.other_plant.pk})
    client.post(step(unit, "retire"), {"on": "2016-07-01", "merged_into": world.other_workshop.pk})
    client.post(step(world.other_workshop, "retire"), {"on": "2016-08-01"})
    entries = AdminLogEntry.objects.order_by("pk")
    assert [entry.get_change_message() for entry in entries] == [
        "更名，2016年5月1日起：采掘一车间 → 采掘综合车间",
        "调整隶属关系，2016年6月1日起：南沟采矿厂 → 球团厂",
        "停用或并入，2016年7月1日起：采掘综合车间 → 造球车间",
        "停用或并入，2016年8月1日起",
    ]


def test_unit_in_use_cannot_be_deleted_and_an_unused_one_can(world, client):
    unused = factories.unit(world.plant)
    for unit, expected in ((world.plant, 403), (world.workshop, 403), (unused, 302)):
        response = client.post(reverse("admin:organization_unit_delete", args=[unit.pk]), {"post": "yes"})
        assert response.status_code == expected
    assert not Unit.objects.filter(pk=unused.pk).exists()
