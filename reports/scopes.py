"""Of whom a reader sees the month's report, by the role that is active."""

from __future__ import annotations

from django.db.models import QuerySet

from liaison.figure_scope import FigureScope
from liaison.models import LiaisonGroup
from organization.actors import Actor
from organization.enums import UnitKind
from organization.models import Unit
from organization.roles import Role


class NoGroup(Exception):
    """A cadre or leader who sits in no group has no report."""


#: What a leader does not look into: so few people that a figure points at them.
TOO_SMALL_FOR_LEADERS = (UnitKind.WORKSHOP, UnitKind.TEAM)


def readable_units(actor: Actor) -> QuerySet[Unit]:
    """Units whose report the reader may ask for: the office any below, a leader down to the base unit."""
    match actor.role:
        case Role.OFFICE:
            return Unit.objects.within(actor.unit)
        case Role.LEADER:
            return Unit.objects.within(actor.unit).exclude(kind__in=TOO_SMALL_FOR_LEADERS)
    return Unit.objects.none()


def report_scope(actor: Actor, unit: Unit | None = None) -> FigureScope:
    """The scope of the report; `unit` is one of the readable ones."""
    if actor.role in (Role.OFFICE, Role.LEADER):
        return FigureScope(unit or actor.unit)
    group = LiaisonGroup.objects.select_related("unit").filter(pk=actor.group_id).first()
    if group is None:
        raise NoGroup
    return FigureScope(group.unit, group=group)
