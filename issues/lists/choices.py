"""What the filters of this app offer, by who asks."""

from __future__ import annotations

from django import forms
from django.db.models import QuerySet

from liaison.choices import cadres, groups, units
from lib.lists import Asker
from organization.enums import UnitKind
from organization.models import Unit

from ..models import Category

__all__ = ["OnlyWhenTicked", "cadres", "categories", "departments", "groups", "units", "within"]


class OnlyWhenTicked(forms.CheckboxInput):
    """A box in a filter form: an address without it does not ask for "no"."""

    def value_from_datadict(self, data, files, name) -> bool | None:
        return True if data.get(name) else None


def departments(asker: Asker) -> QuerySet[Unit]:
    return Unit.objects.visible_to(asker.actor).of_kind(UnitKind.DEPARTMENT).active()


def categories(asker: Asker) -> QuerySet[Category]:
    return Category.objects.all()


def within(queryset: QuerySet, name: str, unit: Unit | None) -> QuerySet:
    """Filter method: the unit and everything below it."""
    return queryset.filter(unit__path__startswith=unit.path) if unit else queryset
