"""Of whom a figure is: a unit with everything below it and, within it, perhaps one group or one cadre."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet

from organization.models import Unit

from .models import Cadre, LiaisonGroup, Membership


@dataclass(frozen=True)
class FigureScope:
    unit: Unit
    group: LiaisonGroup | None = None
    cadre: Cadre | None = None

    def facts(self, queryset: QuerySet) -> QuerySet:
        """Facts that carry unit, group and cadre of their time: contact logs, opinions; issues without a cadre."""
        queryset = queryset.filter(unit__path__startswith=self.unit.path)
        if self.group:
            queryset = queryset.filter(group=self.group)
        if self.cadre:
            queryset = queryset.filter(cadre=self.cadre)
        return queryset

    def held_by_cadres(self, queryset: QuerySet, *, on: dt.date) -> QuerySet:
        """Facts that carry unit and cadre only (friendships): the group is the cadre's on the day."""
        queryset = queryset.filter(unit__path__startswith=self.unit.path)
        if self.group:
            members = Membership.objects.open_on(on).filter(group=self.group).values("cadre")
            queryset = queryset.filter(cadre__in=members)
        if self.cadre:
            queryset = queryset.filter(cadre=self.cadre)
        return queryset
