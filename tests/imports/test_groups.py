"""Groups are found where they are, not by their name alone; and nobody puts himself into one."""

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from liaison.models import Cadre, Contract, LiaisonGroup, Membership
from organization.models import Unit
from tests import factories
from tests.people import World

from .running import confirmed, rows_of, told

CADRES = ["姓名", "手机号码", "单位", "职务", "联系小组", "组内职务", "入组日期", "在任"]
CONTRACTS = ["联系小组", "承包单位", "起始日期", "截止日期"]


@pytest.fixture
def beside(world: World) -> Unit:
    """A base unit of a second enterprise, which has a group of the same name as the first."""
    company = factories.enterprise("乙公司")
    factories.group(company, name=world.group.name)
    return factories.unit(company, name="乙厂")


def test_a_cadre_joined_the_group_of_that_name_in_another_enterprise(world: World, beside: Unit):
    line = ["新干部", "", "乙厂", "干事", world.group.name, "组长", "2016-01-05", ""]
    for scope in (None, beside.parent):
        Membership.objects.filter(cadre__user__name="新干部").delete()
        Cadre.objects.filter(user__name="新干部").delete()
        confirmed("cadres", CADRES, line, scope=scope)
        assert Membership.objects.get(cadre__user__name="新干部").group.unit == beside.parent


def test_a_group_was_not_made_because_another_enterprise_has_one_of_that_name(world: World, beside: Unit):
    LiaisonGroup.objects.filter(unit=beside.parent).delete()
    confirmed("cadres", CADRES, ["新干部", "", "乙厂", "干事", world.group.name, "", "", ""], scope=None)
    assert Membership.objects.get(cadre__user__name="新干部").group.unit == beside.parent
    confirmed("groups", ["小组名称", "所属单位"], ["第九组", "乙厂"], ["第九组", "球团厂"], scope=None)
    assert set(LiaisonGroup.objects.filter(name="第九组").values_list("unit__name", flat=True)) == {"乙厂", "球团厂"}


def test_the_nearest_group_of_that_name_is_meant(world: World):
    nearest = factories.group(world.plant, name=world.group.name)
    confirmed("cadres", CADRES, ["新干部", "", "南沟采矿厂", "干事", world.group.name, "", "", ""], scope=world.company)
    assert Membership.objects.get(cadre__user__name="新干部").group == nearest


def test_contracts_of_a_group_were_mixed_with_those_of_its_namesake(world: World, beside: Unit):
    ours = world.group.contracts.get()
    confirmed("contracts", CONTRACTS, [world.group.name, "乙厂", "2016-01-05", ""], scope=None)
    assert Contract.objects.get(unit=beside).group.unit == beside.parent
    outcome = confirmed("contracts", CONTRACTS, [world.group.name, "南沟采矿厂", "", "2016-09-01"], scope=None)
    assert [row.effect for row in rows_of(outcome)] == ["changed"]
    ours.refresh_from_db()
    assert ours.ends_on == dt.date(2016, 9, 1)
    assert Contract.objects.get(unit=beside).ends_on is None


def test_an_ended_contract_hid_the_open_one(world: World):
    now = world.group.contracts.get()
    ended = Contract(group=world.group, unit=world.plant, starts_on=dt.date(2014, 1, 1), ends_on=dt.date(2015, 1, 1))
    ended.save()
    outcome = confirmed("contracts", CONTRACTS, [world.group.name, "南沟采矿厂", "", "2016-09-01"], scope=world.company)
    assert [(row.effect, row.changed) for row in rows_of(outcome)] == [("changed", ["to"])]
    now.refresh_from_db()
    assert now.ends_on == dt.date(2016, 9, 1)


@time_machine.travel(dt.datetime(2016, 9, 15, 4, tzinfo=dt.UTC))
@pytest.mark.parametrize(
    ("starts", "ends", "told_as"),
    [
        # Before the contract that is there, up to its first day, and into it.
        ("2014-01-01", "2016-01-01", ("accepted", ["new"])),
        ("2014-01-01", "2016-02-01", ("accepted", ["changed"])),
        ("", "2015-06-01", ("error", ["ends_before_start"])),
        # It ends next month: a line without a first day is about this one, and what comes after is another.
        ("", "", ("accepted", ["unchanged"])),
        ("2016-10-01", "", ("accepted", ["new"])),
    ],
)
def test_contracts_of_a_file_never_overlap(world: World, starts, ends, told_as):
    there = world.group.contracts.get()
    there.starts_on, there.ends_on = dt.date(2016, 1, 1), dt.date(2016, 10, 1)
    there.save()
    line = [world.group.name, "南沟采矿厂", starts, ends]
    assert told(confirmed("contracts", CONTRACTS, line, scope=world.company)) == [told_as]
    for contract in world.group.contracts.all():
        contract.full_clean()


def test_a_contract_that_covers_an_ended_one_is_refused(world: World):
    there = world.group.contracts.get()
    for starts, ends in ((2013, 2014), (2015, 2016)):
        Contract.objects.create(
            group=world.group, unit=world.plant, starts_on=dt.date(starts, 1, 1), ends_on=dt.date(ends, 1, 1)
        )
    there.delete()
    line = [world.group.name, "南沟采矿厂", "2012-01-01", "2015-01-01"]
    assert told(confirmed("contracts", CONTRACTS, line, scope=world.company)) == [("error", ["contract_overlaps"])]


def test_a_cadre_who_leaves_at_the_month_s_end_was_put_into_two_groups(world: World):
    today = timezone.localdate()
    cadre = factories.cadre(world.plant, holder=factories.user("厂里人"))
    leaving = factories.membership(cadre, world.group)
    leaving.ends_on = today + dt.timedelta(days=10)
    leaving.save()
    line = ["厂里人", "", "南沟采矿厂", "", world.other_group.name, "", "", ""]
    assert told(confirmed("cadres", CADRES, line, scope=world.company)) == [("accepted", ["changed"])]
    leaving.refresh_from_db()
    joined = cadre.memberships.get(group=world.other_group)
    assert leaving.ends_on == joined.starts_on == today
    joined.delete()
    leaving.delete()
    later = factories.membership(cadre, world.group)
    later.starts_on = today + dt.timedelta(days=10)
    later.save()
    assert told(confirmed("cadres", CADRES, line, scope=world.company)) == [("error", ["membership_overlaps"])]


def test_an_import_for_one_plant_changed_groups_of_the_company(world: World):
    cadre = factories.cadre(world.plant, holder=factories.user("厂里人"))
    line = ["厂里人", "", "南沟采矿厂", "", world.group.name, "组长", "2016-01-05", ""]
    assert told(confirmed("cadres", CADRES, line, scope=world.plant)) == [("error", ["group_elsewhere"])]
    contract = [world.group.name, "南沟采矿厂", "", "2016-09-01"]
    assert told(confirmed("contracts", CONTRACTS, contract, scope=world.plant)) == [("error", ["group_elsewhere"])]
    group = ["第九组", world.company.name]
    assert told(confirmed("groups", ["小组名称", "所属单位"], group, scope=world.plant)) == [
        ("error", ["unit_unknown"])
    ]
    assert not cadre.memberships.exists()
    assert not world.group.contracts.filter(ends_on__isnull=False).exists()
    assert LiaisonGroup.objects.count() == 2


def test_a_row_for_a_closed_group_was_an_internal_error(world: World):
    world.other_group.contracts.all().delete()
    world.other_group.memberships.all().delete()
    LiaisonGroup.objects.filter(pk=world.other_group.pk).update(closed_on=dt.date(2016, 2, 1))
    line = ["新干部", "", "球团厂", "干事", world.other_group.name, "", "", ""]
    assert told(confirmed("cadres", CADRES, line, scope=world.company)) == [("error", ["group_closed"])]


def test_a_roster_admin_made_himself_leader_of_a_group_by_a_roster(world: World):
    me = world.roster_admin
    cadre = factories.cadre(world.company, holder=me)
    line = [me.name, "", "南沟采矿厂", "", world.group.name, "组长", "2016-01-05", ""]
    factories.membership(cadre, world.other_group)
    outcome = confirmed("cadres", CADRES, line, scope=world.company, by=me, same={"0-2": cadre.pk}, take={"0-2"})
    assert told(outcome) == [("error", ["own_appointment"])]
    membership = cadre.memberships.get()
    assert (membership.group, membership.is_leader) == (world.other_group, False)
    # The control: somebody else may.
    confirmed("cadres", CADRES, line, scope=world.company, by=world.office, same={"0-2": cadre.pk}, take={"0-2"})
    assert cadre.memberships.get(ends_on__isnull=True).is_leader


def test_a_roster_admin_made_a_second_account_of_his_own_a_cadre(world: World):
    me = world.roster_admin
    me.phone = "15400000055"
    me.save()
    line = [me.name, me.phone, "南沟采矿厂", "干事", "", "", "", ""]
    assert told(confirmed("cadres", CADRES, line, scope=world.company, by=me)) == [("error", ["own_appointment"])]
    assert not Cadre.objects.filter(user__name=me.name).exists()
