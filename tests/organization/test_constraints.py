"""What the tables of organization and liaison refuse, with the sentence that says why."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from liaison.models import Contract, Membership, Norms
from organization.models import Appointment, Unit
from organization.roles import Role
from organization.services import appoint, open_unit, rename_unit
from tests import factories
from tests.people import build_world

pytestmark = pytest.mark.django_db
JANUARY, MARCH, MAY = (dt.date(2016, month, 1) for month in (1, 3, 5))


@pytest.fixture
def world():
    return build_world()


def rows(world) -> list:
    """One of each, held from January until May."""
    return [
        Membership(cadre=factories.cadre(world.company), group=world.group, starts_on=JANUARY, ends_on=MAY),
        Contract(group=world.group, unit=world.other_plant, starts_on=JANUARY, ends_on=MAY),
        Appointment(user=factories.user(), role=Role.OFFICE, unit=world.company, starts_on=JANUARY, ends_on=MAY),
    ]


@pytest.mark.parametrize("number", range(3))
@pytest.mark.parametrize(
    ("starts_on", "ends_on", "is_free"),
    [
        (MARCH, None, False),
        (MARCH, dt.date(2016, 4, 1), False),
        (dt.date(2015, 1, 1), MARCH, False),
        (dt.date(2015, 1, 1), JANUARY, True),
        (MAY, None, True),
        (MARCH, MARCH, True),
    ],
)
def test_two_memberships_contracts_or_appointments_held_on_one_day(world, number, starts_on, ends_on, is_free):
    row = rows(world)[number]
    row.full_clean()
    row.save()
    row.full_clean()
    row.pk, row.starts_on, row.ends_on = None, starts_on, ends_on
    if is_free:
        row.full_clean()
    else:
        with pytest.raises(ValidationError, match="核对起止日期"):
            row.full_clean()


def test_open_row_beside_an_open_one_is_refused_in_one_sentence(world):
    again = Membership(cadre=world.insider, group=world.other_group, starts_on=MARCH)
    with pytest.raises(ValidationError) as refusal:
        again.full_clean()
    assert refusal.value.messages == ["此人已在一个小组中，请先办理离组。"]


def test_appointment_over_an_ended_one_went_through_the_service(world):
    holder = factories.user()
    appoint(holder, role=Role.OFFICE, unit=world.plant, starts_on=JANUARY, ends_on=MAY)
    with pytest.raises(ValidationError, match="核对起止日期"):
        appoint(holder, role=Role.OFFICE, unit=world.plant, starts_on=MARCH)


def test_unit_was_merged_into_itself(world):
    world.plant.merged_into = world.plant
    world.plant.closed_on = MAY
    with pytest.raises(ValidationError, match="并入单位不能是本单位"):
        world.plant.validate_constraints()


def test_two_enterprises_of_one_name_were_founded(world):
    with pytest.raises(ValidationError, match="已有同名的最上级单位"):
        factories.enterprise(world.company.name)
    with pytest.raises(IntegrityError), transaction.atomic():
        Unit.objects.create(name=world.company.name, kind="enterprise", code="TWICE")
    below = open_unit(kind="base_unit", name=world.company.name, code="BELOW", parent=world.company)
    assert below.parent == world.company


def test_norm_with_its_lower_limit_above_the_upper_one_was_kept(world):
    with pytest.raises(ValidationError, match="每人联系朋友的下限不能大于上限"):
        Norms(unit=world.plant, friends_min=15, friends_max=10).full_clean()
    with pytest.raises(ValidationError, match="限时办理时限（工作日）须在 1 以上"):
        Norms(unit=world.plant, short_term_workdays=0).full_clean()
    Norms(unit=world.plant, friends_min=10, meetings_max=2, frontline_days=0).full_clean()


def test_name_borne_twice_lost_its_first_time(world):
    unit = world.workshop
    first = unit.name
    for name, month in (("采掘综合车间", 3), (first, 5), ("采掘中心", 7)):
        rename_unit(unit, name=name, on=dt.date(2016, month, 1))
    names = [unit.name_on(dt.date(2016, month, 15)) for month in (2, 4, 6, 8)]
    assert names == [first, "采掘综合车间", first, "采掘中心"]
