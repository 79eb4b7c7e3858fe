"""The people of a unit, as a table of units counts them by gender and age band."""

from __future__ import annotations

from collections import Counter, defaultdict

from django.db import models

from lib.tabular.cells import ERROR
from lib.tabular.columns import Column
from lib.tabular.outcome import Row
from lib.tabular.person_cells import number_cleaner

from ..enums import AgeBand, Gender
from ..models import Headcount, Unit

GENDERS = {"男": Gender.MALE, "女": Gender.FEMALE}
BANDS = {"35岁及以下": AgeBand.TO_35, "36–45岁": AgeBand.TO_45, "46–55岁": AgeBand.TO_55, "56岁及以上": AgeBand.FROM_56}
#: Field of the table → (gender, band).
COUNTS = {f"{gender}_{band}": (gender, band) for gender in Gender.values for band in AgeBand.values}


def headcount_columns() -> list[Column]:
    return [
        Column(
            f"{gender}_{band}",
            f"{word}{label}",
            (
                f"{word}{label.replace('–', '-')}",
                f"{word}{label.replace('–', '—')}",
                f"{word}{label.replace('–', '~')}",
            ),
            number_cleaner(f"{gender}_{band}"),
            width=10,
        )
        for word, gender in GENDERS.items()
        for label, band in BANDS.items()
    ]


def count_own_people(rows: list[Row]) -> None:
    """A table shows sums; what is stored is the people of each unit without those of the units below it."""
    below: dict[str, dict[str, int]] = {}
    for row in rows:
        sums = below.setdefault(row.values.get("parent_code") or "", dict.fromkeys(COUNTS, 0))
        for field in COUNTS:
            sums[field] += row.values.get(field) or 0
    for row in rows:
        sums = below.get(row.values.get("code") or "-", {})
        own = {f: (row.values[f] or 0) - sums.get(f, 0) for f in COUNTS if row.values.get(f) is not None}
        if any(count < 0 for count in own.values()):
            row.worsen(ERROR, "headcount_not_sum")
        row.values["headcount"] = own


def stored_people(units: models.QuerySet[Unit]) -> dict[int, dict[str, int]]:
    plain = Headcount.objects.filter(post="", shift="", employment="", people__gt=0, unit__in=units)
    stored: dict[int, dict[str, int]] = defaultdict(dict)
    for pk, gender, band, people in plain.values_list("unit_id", "gender", "age_band", "people"):
        stored[pk][f"{gender}_{band}"] = people
    return stored


def summed_people(units: models.QuerySet[Unit]) -> dict[int, Counter[str]]:
    """Of each unit its people with those of the units below it, as far as these are among them: so the import reads
    them."""
    counted = Headcount.objects.filter(post="", shift="", employment="", unit__in=units.order_by().values("pk"))
    parents = dict(units.order_by().values_list("pk", "parent_id"))
    summed: dict[int, Counter[str]] = defaultdict(Counter)
    for pk, gender, band, people in counted.values_list("unit_id", "gender", "age_band", "people"):
        above: int | None = pk
        while above in parents:
            summed[above][f"{gender}_{band}"] += people
            above = parents[above]
    return summed


def people_of(row: Row) -> dict[str, int]:
    men, women = (
        sum(row.values.get(f) or 0 for f, (gender, _band) in COUNTS.items() if gender == wanted)
        for wanted in Gender.values
    )
    return {"men": men, "women": women, "total": men + women}


def people_by_band(row: Row) -> dict[str, dict[str, int]]:
    labels = {band: label for label, band in BANDS.items()}
    return {
        side: {labels[band]: row.values.get(f"{gender}_{band}") or 0 for band in AgeBand.values}
        for side, gender in (("men", Gender.MALE), ("women", Gender.FEMALE))
    }


def store_people(unit: Unit, counts: dict[str, int]) -> None:
    unit.headcounts.filter(post="", shift="", employment="").delete()
    Headcount.objects.bulk_create(
        Headcount(unit=unit, gender=COUNTS[field][0], age_band=COUNTS[field][1], people=people)
        for field, people in counts.items()
        if people
    )
