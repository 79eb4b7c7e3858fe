"""What the importers of every app share: the units of their scope, what spellings mean there, and days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from lib.tabular.cells import ACCEPTED, ERROR, SKIPPED
from lib.tabular.outcome import Outcome, Row
from lib.tabular.places import BASE, DEPARTMENT, TEAM, TOP, WORKSHOP, UnitIndex, UnitRow
from lib.tabular.roster import Choices, Judge

from ..enums import UnitKind
from ..models import Unit, UnitAlias, UnitFormerName, User

LEVELS = {
    UnitKind.FEDERATION: TOP,
    UnitKind.DISTRICT: TOP,
    UnitKind.STREET: TOP,
    UnitKind.ENTERPRISE: TOP,
    UnitKind.BASE_UNIT: BASE,
    UnitKind.WORKSHOP: WORKSHOP,
    UnitKind.TEAM: TEAM,
    UnitKind.DEPARTMENT: DEPARTMENT,
}


def units_in(scope: Unit | None):
    return Unit.objects.all() if scope is None else Unit.objects.within(scope)


def units_known(scope: Unit | None):
    """The units of the scope and those above it, whose names may be read but where nothing is put."""
    units = units_in(scope)
    return units if scope is None else units | Unit.objects.filter(path__in=scope.paths_to_root())


def unit_index(scope: Unit | None, confirmed: dict[str, int] | None = None) -> UnitIndex:
    """All units of the scope, the names above it, and the spellings confirmed before or just now."""
    units = units_known(scope)
    former: dict[int, list[str]] = {}
    for unit_id, name in UnitFormerName.objects.filter(unit__in=units).values_list("unit_id", "name"):
        former.setdefault(unit_id, []).append(name)
    rows = [
        UnitRow(
            id=pk,
            name=name,
            level=LEVELS[kind],
            parent_id=parent,
            code=code,
            short_name=short,
            former_names=tuple(former.get(pk, ())),
            closed=closed is not None,
            merged_into_id=merged,
        )
        for pk, name, kind, parent, code, short, closed, merged in units.values_list(
            "pk", "name", "kind", "parent_id", "code", "short_name", "closed_on", "merged_into_id"
        )
    ]
    aliases = UnitAlias.objects.filter(unit__in=units)
    if scope is not None:
        aliases = aliases.filter(root__path__in=scope.paths_to_root())
    known = dict(aliases.values_list("spelling", "unit_id"))
    return UnitIndex(rows, {**known, **(confirmed or {})})


def remember_spellings(choices: Choices, scope: Unit | None, by: User | None) -> None:
    """What was chosen once for a spelling holds for every later file."""
    units = Unit.objects.in_bulk(set(choices.units.values()))
    roots = {path: Unit.objects.get(path=path) for path in {u.paths_to_root()[0] for u in units.values()}}
    for spelling, pk in choices.units.items():
        if (unit := units.get(pk)) and len(spelling) <= 120:
            root = scope if scope is not None and unit.path.startswith(scope.path) else roots[unit.paths_to_root()[0]]
            UnitAlias.objects.update_or_create(
                root=root, spelling=spelling, defaults={"unit": unit, "confirmed_by": by}
            )


def refuse_outside(rows: Sequence[Row], scope: Unit | None) -> None:
    """What belongs to no unit, or to one above the scope, is not taken."""
    inside = None if scope is None else set(units_in(scope).values_list("pk", flat=True))
    for row in rows:
        place = row.workshop_id or row.unit_id
        if place is None and row.status == ACCEPTED:
            row.worsen(ERROR, "unit_missing")
        elif place is not None and inside is not None and place not in inside and row.status != SKIPPED:
            row.worsen(ERROR, "unit_unknown")


def settled(judge: Judge, *, with_effects: bool) -> Outcome:
    """As the judge settles it; without a unit no row of these importers can be written."""
    outcome = judge.settle(with_effects=with_effects)
    for row in outcome.accepted():
        # In a file without that column nobody has asked for the unit of a row that is taken.
        if row.unit_id is None:
            judge.withdraw(row, "unit_missing")
    return outcome


def lock_trees(scope: Unit | None) -> None:
    """One import at a time in a tree: the second then sees what the first has written."""
    roots = Unit.objects.filter(parent__isnull=True)
    if scope is not None:
        roots = roots.filter(path=scope.paths_to_root()[0])
    list(roots.order_by("pk").select_for_update().values_list("pk"))


def day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
