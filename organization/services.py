from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lib.errors import Refused
from lib.periods import day_label, today

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
    UnitPlacement keeps where the unit stood before, so a day within its past is refused. A place that began today, or
    is to begin, has none yet: it is corrected.
    """
    # The paths of a subtree are rewritten as one: two moves at once would leave half of it behind.
    # They are read here, for a move of what is above may have changed them since.
    both = [pk for pk in (unit.pk, parent and parent.pk) if pk]
    paths = dict(Unit.objects.select_for_update().filter(pk__in=both).values_list("pk", "path"))
    old_path, above = paths[unit.pk], paths[parent.pk] if parent else ""
    if old_path and above.startswith(old_path):
        raise Refused(_("不能把单位移到它自己的下级单位之下。"))
    placement = unit.placements.filter(ends_on__isnull=True).first()
    moves = placement is not None and placement.parent_id != (parent and parent.pk)
    if moves and on != today():
        _refuse_before_opening(unit, on)
        if on <= placement.starts_on:
            raise Refused(
                _("现在的隶属关系从%(day)s开始，生效日期应晚于这一天。") % {"day": day_label(placement.starts_on)}
            )
    unit.parent = parent
    unit.path = above + path_step(unit.pk)
    if old_path:
        unit.validate_constraints()
    unit.save(update_fields=["parent", "path"])
    if old_path and old_path != unit.path:
        below = Unit.objects.filter(path__startswith=old_path).exclude(pk=unit.pk)
        below.update(path=Concat(Value(unit.path), Substr(F("path"), len(old_path) + 1)))
    if placement and not moves:
        return
    if placement and on <= placement.starts_on:
        placement.parent = parent
        placement.save(update_fields=["parent"])
        return
    if placement:
        placement.ends_on = on
        placement.save(update_fields=["ends_on"])
    UnitPlacement.objects.create(unit=unit, parent=parent, starts_on=on)


@transaction.atomic
def rename_unit(unit: Unit, *, name: str, on: dt.date) -> None:
    """From `on` the unit bears `name`; the old name stays, so that old months print it and old rosters find it."""
    if name == unit.name:
        return
    if on != today():
        _refuse_before_opening(unit, on)
    until_on = on - dt.timedelta(days=1)
    last = unit.former_names.filter(until_on__isnull=False).order_by("until_on").last()
    if last and until_on < last.until_on:
        raise Refused(
            _("曾用名“%(name)s”使用至%(day)s，生效日期应晚于这一天。")
            % {"name": last.name, "day": day_label(last.until_on)}
        )
    undated = unit.former_names.filter(name=unit.name, until_on__isnull=True)
    if (last and until_on == last.until_on) or (unit.opened_on and on <= unit.opened_on):
        # Borne for no day, it is corrected: old rosters find it, and no month prints it.
        if not undated.exists():
            UnitFormerName.objects.create(unit=unit, name=unit.name)
    # It may have borne the name before: each time is a row of its own; one without a day is this one.
    elif not undated.update(until_on=until_on):
        UnitFormerName.objects.get_or_create(unit=unit, name=unit.name, until_on=until_on)
    unit.name = name
    unit.validate_constraints()
    unit.save(update_fields=["name"])


@transaction.atomic
def retire_unit(unit: Unit, *, on: dt.date, merged_into: Unit | None = None) -> None:
    if merged_into is not None and merged_into.closed_on is not None and merged_into.closed_on <= on:
        raise Refused(_("并入单位已停用，请另选。"))
    if unit.closed_on is None and (below := unit.in_use_below().count()):
        raise Refused(
            ngettext(
                "还有 %(count)d 个下级单位在用，请先停用或调整下级单位。",
                "还有 %(count)d 个下级单位在用，请先停用或调整下级单位。",
                below,
            )
            % {"count": below}
        )
    unit.closed_on = on
    unit.merged_into = merged_into
    unit.validate_constraints()
    unit.save(update_fields=["closed_on", "merged_into"])


def _refuse_before_opening(unit: Unit, on: dt.date) -> None:
    if unit.opened_on and on < unit.opened_on:
        raise Refused(_("单位设立于%(day)s，生效日期不能早于这一天。") % {"day": day_label(unit.opened_on)})


@transaction.atomic
def appoint(
    user: User,
    *,
    role: Role,
    unit: Unit,
    starts_on: dt.date,
    ends_on: dt.date | None = None,
    is_head: bool = False,
) -> Appointment:
    if role not in APPOINTED_ROLES:
        raise Refused(_("联络员和组长由联系工作小组产生，不能直接任职。"))
    appointment = Appointment(user=user, role=role, unit=unit, starts_on=starts_on, ends_on=ends_on, is_head=is_head)
    appointment.full_clean()
    appointment.save()
    return appointment
