"""What filters of lists offer, by who asks (lib.lists: `asker.actor`)."""

from __future__ import annotations

from django.db.models import QuerySet

from lib.lists import Asker
from organization.enums import UnitKind
from organization.models import Unit
from organization.roles import Role

from .models import Cadre, LiaisonGroup

#: Below a base unit a list is searched, not chosen from: an enterprise has dozens of workshops.
TOO_SMALL_TO_CHOOSE = (UnitKind.WORKSHOP, UnitKind.TEAM, UnitKind.DEPARTMENT)


def units(asker: Asker) -> QuerySet[Unit]:
    found = Unit.objects.visible_to(asker.actor).exclude(kind__in=TOO_SMALL_TO_CHOOSE)
    if asker.actor.role in (Role.OFFICE, Role.LEADER):
        found = found.within(asker.actor.unit)
    return found.order_by("path")


def groups(asker: Asker) -> QuerySet[LiaisonGroup]:
    return LiaisonGroup.objects.visible_to(asker.actor)


def cadres(asker: Asker) -> QuerySet[Cadre]:
    return Cadre.objects.visible_to(asker.actor).select_related("user")
