"""Readings of rows."""

from __future__ import annotations

from collections.abc import Sequence

from organization.models import Unit

from ..models import Category, Issue, Opinion
from .places import Places
from .reading import Place, Reading, read
from .thesaurus import shipped


class Reader:
    def __init__(self, places: Places) -> None:
        self._places = places
        self._thesaurus = shipped()

    def read(self, text: str, *, category: Category | None, unit: Unit | None) -> Reading:
        place = self._places.of(unit) if unit else Place()
        return read(text, self._thesaurus, category=category.name if category else "", place=place)

    def of_opinions(self, opinions: Sequence[Opinion]) -> list[Reading]:
        return [self.read(o.text, category=o.category, unit=o.unit) for o in opinions]

    def of_issues(self, issues: Sequence[Issue]) -> list[Reading]:
        return [self.read(f"{i.title}\n{i.wording}", category=i.category, unit=i.unit) for i in issues]
