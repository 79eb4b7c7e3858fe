"""Reads the roll-up: sums over months and units, split by what a table asks for.

The cost follows the units and months asked for, not the history.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import QuerySet, Sum

from lib.periods import Period
from organization.models import Unit

from .models import Rollup
from .recount import SUMS

Sums = dict[str, int]


def rows_of(unit: Unit, period: Period) -> QuerySet[Rollup]:
    """The cells of the unit and everything below it in the months of the period, which must be whole months."""
    months = [dt.date(month.year, month.number, 1) for month in period.months()]
    return Rollup.objects.filter(unit__path__startswith=unit.path, month__gte=months[0], month__lte=months[-1])


def sums(rows: QuerySet[Rollup]) -> Sums:
    return rows.aggregate(**{name: Sum(name, default=0) for name in SUMS})


def sums_by(rows: QuerySet[Rollup], column: str) -> dict[int | None, Sums]:
    """Sums per group, cadre or category: `column` is its id column; None holds what belongs to none."""
    grouped = rows.order_by().values(column).annotate(**{name: Sum(name) for name in SUMS})
    return {row.pop(column): row for row in grouped}


def sums_by_unit(rows: QuerySet[Rollup], units: Iterable[Unit]) -> dict[int, Sums]:
    """Sums of each of the units with everything below it; the units must not contain each other."""
    found = {unit.pk: dict.fromkeys(SUMS, 0) for unit in units}
    by_path = {unit.path: unit.pk for unit in units}
    grouped = rows.order_by().values("unit__path").annotate(**{name: Sum(name) for name in SUMS})
    for row in grouped:
        path = row.pop("unit__path")
        owner = next((pk for prefix, pk in by_path.items() if path.startswith(prefix)), None)
        if owner is not None:
            for name, value in row.items():
                found[owner][name] += value
    return found
