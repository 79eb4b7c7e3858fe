from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from lib.errors import Refused
from lib.periods import today

from .models import Appointment, Unit, UnitFormerName, UnitPlacement, User
from .models.unit import path_step
from .roles import APPOINTED_ROLES, Role


@transaction.atomic
def open_unit(
    *,
    kind: str,
    name: str,
    code: str,
    parent: Unit | None = None,
    opened_on: dt.date | None = None,
    **rest,
) -> Unit:
    """Creates a unit in its place; `rest` are further fields of Unit."""
    unit = Unit(kind=kind, name=name, code=code, opened_on=opened_on, parent=parent, **rest)
    unit.full_clean(exclude=["parent"], validate_constraints=False)
    unit.validate_constraints()
    unit.save()
    place_unit(unit, parent=parent, on=opened_on or today())
    return unit


@transaction.atomic
def place_unit(unit: Unit, *, parent: Unit | None, on: dt.date) -> None:
    """Puts the unit under `parent` from `on`; the paths of everything below move with it.

    Facts keep the unit they were recorded with, so they move along in the figures (docs/structure.md);
    UnitPlacement keeps where the unit stood before.
    """
    # The paths of a subtree are rewritten as one: two moves at once would leave half of it behind.
    # They are read here, for a move of what is above may have changed them since.
    both = [pk for pk in (unit.pk, parent and parent.pk) if pk]
    paths = dict(Unit.objects.select_for_update().filter(pk__in=both).values_list("pk", "path"))
    old_path, above = paths[unit.pk], paths[parent.pk] if parent else ""
    if old_path and above.startswith(old_path):
        raise Refused(_("不能把单位移到它自己的下级单位之下。"))
    unit.parent = parent
    unit.path = above + path_step(unit.pk)
    if old_path:
        unit.validate_constraints()
    unit.save(update_fields=["parent", "path"])
    if old_path and old_path != unit.path:
        below = Unit.objects.filter(path__startswith=old_path).exclude(pk=unit.pk)
        below.update(path=Concat(Value(unit.path), Substr(F("path"), len(old_path) + 1)))
    placement = unit.placements.filter(ends_on__isnull=True).first()
    if placement and placement.parent_id == unit.parent_id:
        return
    if placement:
        placement.ends_on = max(on, placement.starts_on)
        placement.save(update_fields=["ends_on"])
    UnitPlacement.objects.create(unit=unit, parent=parent, starts_on=on)


@transaction.atomic
def rename_unit(unit: Unit, *, name: str, on: dt.date) -> None:
    """From `on` the unit bears `name`; the old name stays, so that old months print it and old rosters find it."""
    if name == unit.name:
        return
    # It may have borne the name before: each time is a row of its own; one without a day is this one.
    until_on = on - dt.timedelta(days=1)
    if not unit.former_names.filter(name=unit.name, until_on__isnull=True).update(until_on=until_on):
        UnitFormerName.objects.get_or_create(unit=unit, name=unit.name, until_on=until_on)
    unit.name = name
    unit.validate_constraints()
    unit.save(update_fields=["name"])


@transaction.atomic
def retire_unit(unit: Unit, *, on: dt.date, merged_into: Unit | None = None) -> None:
    if merged_into is not None and merged_into.closed_on is not None and merged_into.closed_on <= on:
        raise Refused(_("并入单位已停用，请另选。"))
    unit.closed_on = on
    unit.merged_into = merged_into
    unit.validate_constraints()
    unit.save(update_fields=["closed_on", "merged_into"])


@transaction.atomic
def appoint(
    user: User,
    *,
    role: Role,
    unit: Unit,
    starts_on: dt.date,
    ends_on: dt.date | None = None,
) -> Appointment:
    if role not in APPOINTED_ROLES:
        raise Refused(_("联络员和组长由联系工作小组产生，不能直接任职。"))
    appointment = Appointment(user=user, role=role, unit=unit, starts_on=starts_on, ends_on=ends_on)
    appointment.full_clean()
    appointment.save()
    return appointment
