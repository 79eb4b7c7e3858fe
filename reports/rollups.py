"""Reads the roll-up: sums of the months of a year, never stale and without writing anything.

What is marked as stale is counted from the facts instead. The cost follows the units and months asked for, not the
history.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import Substr

from liaison.figure_scope import FigureScope
from lib.periods import Period
from organization.models.unit import PATH_STEP
from records.models import StaleMonth

from .models import Rollup
from .recount import SUMS, recount

#: Month → unit id → path of what must be summed again.
Stale = dict[dt.date, dict[int, str]]


@dataclass
class Cell:
    """What the roll-up holds of one place, group and cadre, for the month and for the year to date."""

    place: str
    group_id: int | None
    cadre_id: int | None
    month: dict[str, int]
    year: dict[str, int]


def cells(scope: FigureScope, period: Period, *, has_stale: bool = True) -> list[Cell]:
    """By the unit itself and each unit right below it, group and cadre; `period` is the month."""
    months = months_of(period)
    stale = stale_units(scope, months) if has_stale else {}
    this = Q(month=months[-1])
    sums = {f"year_{name}": Sum(name) for name in SUMS}
    sums |= {f"month_{name}": Sum(name, filter=this, default=0) for name in SUMS}
    rows = fresh_rows(scope, months, stale).order_by()
    grouped = rows.values("group_id", "cadre_id", place=place_of(scope, "unit__path")).annotate(**sums)
    found = [
        Cell(
            row["place"],
            row["group_id"],
            row["cadre_id"],
            {name: row[f"month_{name}"] for name in SUMS},
            {name: row[f"year_{name}"] for name in SUMS},
        )
        for row in grouped
    ]
    return [*found, *cells_of_stale(scope, stale, months[-1])]


@dataclass(frozen=True)
class SoFar:
    """Sums of the year to date, of its last month, and of the month before that."""

    year: dict[str, int]
    month: dict[str, int]
    before: dict[str, int]


def sums_so_far(scope: FigureScope, period: Period) -> SoFar:
    """`period` is the month up to and with which the year is summed; one row of the roll-up's table gives it all."""
    year = months_of(period)
    spans = {"year": year, "month": year[-1:], "before": [first_day(period.previous())]}
    months = sorted({*year, *spans["before"]})
    stale = stale_units(scope, months)
    asked = {
        f"{span}_{name}": Sum(name, filter=Q(month__in=chosen), default=0)
        for span, chosen in spans.items()
        for name in SUMS
    }
    row = fresh_rows(scope, months, stale).aggregate(**asked)
    found = {span: {name: row[f"{span}_{name}"] for name in SUMS} for span in spans}
    for month, units in stale.items():
        for span in (span for span, chosen in spans.items() if month in chosen):
            for counted in recounted(scope, month, units):
                for name in SUMS:
                    found[span][name] += getattr(counted, name)
    return SoFar(**found)


def place_of(scope: FigureScope, path: str):
    """The unit itself, or the unit right below it in which the row lies."""
    return Substr(path, 1, len(scope.unit.path) + PATH_STEP)


def first_day(period: Period) -> dt.date:
    """How a month is named in Rollup and StaleMonth."""
    return dt.date(period.year, period.number, 1)


def months_of(period: Period) -> list[dt.date]:
    """The months of the year to date."""
    return [first_day(month) for month in period.year_to_date().months()]


def fresh_rows(scope: FigureScope, months: list[dt.date], stale: Stale) -> QuerySet[Rollup]:
    rows = scope.facts(Rollup.objects.filter(month__gte=months[0], month__lte=months[-1]))
    for month, units in stale.items():
        rows = rows.exclude(month=month, unit__in=units)
    return rows


def stale_marks(scope: FigureScope, months: list[dt.date]) -> QuerySet[StaleMonth]:
    within = {"unit__path__startswith": scope.unit.path}
    return StaleMonth.objects.filter(**within, month__gte=months[0], month__lte=months[-1])


def stale_units(scope: FigureScope, months: list[dt.date]) -> Stale:
    found: Stale = defaultdict(dict)
    marks = stale_marks(scope, months)
    for month, unit_id, path in marks.values_list("month", "unit", "unit__path").distinct():
        found[month][unit_id] = path
    return found


def cells_of_stale(scope: FigureScope, stale: Stale, this: dt.date) -> Iterator[Cell]:
    width = len(scope.unit.path) + PATH_STEP
    for month, units in stale.items():
        for row in recounted(scope, month, units):
            sums = {name: getattr(row, name) for name in SUMS}
            in_month = sums if month == this else dict.fromkeys(SUMS, 0)
            yield Cell(units[row.unit_id][:width], row.group_id, row.cadre_id, in_month, sums)


def recounted(scope: FigureScope, month: dt.date, units: dict[int, str]) -> Iterator[Rollup]:
    """What the roll-up would hold of these units, counted from the facts."""
    return (row for row in recount(month, units) if not scope.group or row.group_id == scope.group.pk)
