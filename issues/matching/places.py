"""Where a matter belongs: a workshop is too small a place, and nothing is shared between enterprises."""

from __future__ import annotations

from organization.enums import UnitKind
from organization.models import Unit
from organization.models.unit import PATH_STEP

from .reading import Place

_SMALL = (UnitKind.WORKSHOP, UnitKind.TEAM)


class Places:
    """Of all units below one path, read once."""

    def __init__(self, path: str) -> None:
        rows = Unit.objects.filter(path__startswith=path, kind__in=[*_SMALL, UnitKind.ENTERPRISE])
        kinds = dict(rows.values_list("path", "kind"))
        self._small = {path for path, kind in kinds.items() if kind in _SMALL}
        self._companies = {path for path, kind in kinds.items() if kind == UnitKind.ENTERPRISE}
        self._known: dict[str, Place] = {}

    def of(self, path: str) -> Place:
        if path not in self._known:
            self._known[path] = Place(self._base(path), self._company(path))
        return self._known[path]

    def _base(self, path: str) -> str:
        while path in self._small and len(path) > PATH_STEP:
            path = path[:-PATH_STEP]
        return path

    def _company(self, path: str) -> str:
        """The nearest enterprise above; without one the root, which is the house itself."""
        ends = range(len(path), 0, -PATH_STEP)
        return next((path[:end] for end in ends if path[:end] in self._companies), path[:PATH_STEP])
