"""Readings of many rows at once: kept ones, and those of the texts that nobody has read yet."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Callable, Sequence
from typing import NamedTuple

from django.db.models import QuerySet

from organization.models import Unit

from ..models import Category, Gist, Issue, Opinion
from .gists import read_all, text_of_issue, unpacked
from .places import Places
from .reading import Place, Reading
from .vocabulary import thesaurus

#: Unpacked gists that a process holds, and how many are asked for at once.
MOST_HELD, CHUNK = 60_000, 5_000
_held: dict[uuid.UUID, Reading] = {}


class Row(NamedTuple):
    """Who speaks (the number of an opinion or an issue), and what is known of it."""

    pk: int
    gist: int | None
    stamp: uuid.UUID | None
    category: str
    path: str


class Reader:
    def __init__(self, places: Places) -> None:
        self._places = places
        self._thesaurus = thesaurus()

    def read(self, text: str, *, category: Category | None, unit: Unit | None) -> Reading:
        (reading,) = read_all([text], self._thesaurus)
        place = self._places.of(unit.path) if unit else Place()
        return dataclasses.replace(reading, category=category.name if category else "", place=place)

    def of_opinions(self, opinions: QuerySet[Opinion]) -> tuple[list[int], list[Reading]]:
        """In the order of the rows, with their numbers."""
        rows = opinions.values_list("pk", "gist__pk", "gist__stamp", "category__name", "unit__path")
        return self._of([Row(*row) for row in rows], texts_of_opinions)

    def of_issues(self, issues: QuerySet[Issue]) -> tuple[list[int], list[Reading]]:
        rows = issues.values_list("pk", "gist__pk", "gist__stamp", "category__name", "unit__path")
        return self._of([Row(*row) for row in rows], texts_of_issues)

    def _of(
        self, rows: Sequence[Row], texts_of: Callable[[list[int]], dict[int, str]]
    ) -> tuple[list[int], list[Reading]]:
        known = held(rows)
        texts = texts_of([row.pk for row in rows if row.stamp not in known])
        fresh = dict(zip(texts, read_all(list(texts.values()), self._thesaurus), strict=True))
        readings = [
            dataclasses.replace(
                known[row.stamp] if row.stamp in known else fresh[row.pk],
                category=row.category,
                place=self._places.of(row.path),
            )
            for row in rows
        ]
        return [row.pk for row in rows], readings


def held(rows: Sequence[Row]) -> dict[uuid.UUID | None, Reading]:
    """Unpacks what this process has not met yet; a gist that goes meanwhile is not among them."""
    known = {row.stamp: _held[row.stamp] for row in rows if row.stamp in _held}
    missing = [row.gist for row in rows if row.gist and row.stamp not in known]
    if len(_held) + len(missing) > MOST_HELD:
        _held.clear()
    for start in range(0, len(missing), CHUNK):
        found = Gist.objects.filter(pk__in=missing[start : start + CHUNK]).values_list("stamp", "said")
        fresh = {stamp: unpacked(said) for stamp, said in found.iterator()}
        _held.update(fresh)
        known.update(fresh)
    return known


def texts_of_opinions(pks: list[int]) -> dict[int, str]:
    return dict(Opinion.objects.filter(pk__in=pks).values_list("pk", "text")) if pks else {}


def texts_of_issues(pks: list[int]) -> dict[int, str]:
    rows = Issue.objects.filter(pk__in=pks).values_list("pk", "title", "wording") if pks else ()
    return {pk: text_of_issue(title, wording) for pk, title, wording in rows}
