"""Contacts of a month against the norms, per cadre and group. Sums come from the roll-up, the rest from the facts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, F, IntegerField, Q, Value

from friends import stats
from friends.enums import FACE_TO_FACE_CHANNELS
from liaison.figure_scope import FigureScope
from liaison.models import Cadre, LiaisonGroup, Membership
from liaison.norms import Band, EffectiveNorms
from lib.periods import Period

from .rollups import Cell

#: (group id, cadre id)
Seat = tuple[int | None, int | None]


@dataclass
class Contacts:
    """One row: a cadre, a group, or all. `band` is the norm of standing friends, `days_due` that of frontline days."""

    standing: int = 0
    silent: int = 0
    contacts: int = 0
    person_contacts: int = 0
    year_person_contacts: int = 0
    people_reached: int = 0
    frontline_days: int = 0
    band: Band = field(default_factory=lambda: Band(0, 0))
    days_due: int = 0

    @property
    def standing_mark(self) -> str:
        """low, high, or nothing when it lies within the band."""
        if self.band.holds(self.standing):
            return ""
        return "low" if self.standing < self.band.low else "high"

    @property
    def days_mark(self) -> str:
        return "low" if self.frontline_days < self.days_due else ""

    @property
    def is_empty(self) -> bool:
        return not (self.standing or self.contacts or self.person_contacts or self.year_person_contacts)


@dataclass
class CadreRow:
    cadre: Cadre
    figures: Contacts


@dataclass
class GroupRow:
    """A group with its cadres; `group` is None for cadres that belong to none."""

    group: LiaisonGroup | None
    figures: Contacts
    cadres: list[CadreRow] = field(default_factory=list)


@dataclass
class ContactTable:
    groups: list[GroupRow]
    total: Contacts


def contact_table(scope: FigureScope, period: Period, found: Iterable[Cell], norms: EffectiveNorms) -> ContactTable:
    rows: dict[Seat, Contacts] = defaultdict(Contacts)
    for cell in found:
        if cell.cadre_id and any(cell.year[name] for name in ("contacts", "person_contacts")):
            row = rows[cell.group_id, cell.cadre_id]
            row.contacts += cell.month["contacts"]
            row.person_contacts += cell.month["person_contacts"]
            row.year_person_contacts += cell.year["person_contacts"]
    seats = Seats(scope, period, {cadre_id for _group_id, cadre_id in rows})
    for cadre_id, standing, silent in friends_by_cadre(scope, period):
        row = rows[seats.group_now(cadre_id), cadre_id]
        row.standing, row.silent = standing, silent
    reached = {}
    for seat, people, days in people_and_days(scope, period):
        reached[seat] = people
        if seat[1]:
            rows[seat].frontline_days = days
    for seat in seats.current:
        rows.setdefault(seat, Contacts())
    return assembled(rows, reached, seats, norms)


def assembled(
    rows: dict[Seat, Contacts], reached: dict[Seat, int], seats: Seats, norms: EffectiveNorms
) -> ContactTable:
    seats.learn(rows)
    groups: dict[int | None, GroupRow] = {}
    for (group_id, cadre_id), row in sorted(rows.items(), key=seats.order):
        owner = groups.setdefault(group_id, GroupRow(seats.groups.get(group_id), Contacts()))
        is_here = (group_id, cadre_id) in seats.current
        row.people_reached = reached.get((group_id, cadre_id), 0)
        # Who has left owes nothing any more; his contacts stay where he had them.
        row.band, row.days_due = (norms.friends, norms.frontline_days) if is_here else (Band(0, row.standing), 0)
        owner.cadres.append(CadreRow(seats.cadres[cadre_id], row))
    for group_id, owner in groups.items():
        owner.figures = summed(row.figures for row in owner.cadres)
        owner.figures.people_reached = reached.get((group_id, None), 0)
    total = summed(owner.figures for owner in groups.values())
    total.people_reached = reached.get(EVERYBODY, 0)
    return ContactTable(list(groups.values()), total)


def summed(rows: Iterable[Contacts]) -> Contacts:
    """Everything but the people reached, who are counted anew at each level."""
    total = Contacts()
    for row in rows:
        for name in (
            "standing",
            "silent",
            "contacts",
            "person_contacts",
            "year_person_contacts",
            "frontline_days",
            "days_due",
        ):
            setattr(total, name, getattr(total, name) + getattr(row, name))
        total.band = Band(total.band.low + row.band.low, total.band.high + row.band.high)
    return total


#: The seat under which the people reached by all are counted.
EVERYBODY: Seat = (0, 0)


def people_and_days(scope: FigureScope, period: Period) -> Iterable[tuple[Seat, int, int]]:
    """Distinct workers per (group, cadre), per (group, None) and of all; for a cadre with the days of face-to-face
    contacts, which add up: a cadre is in one group a day. One statement, as each level is counted anew."""
    rows = stats.participations_in(scope, period).order_by()
    group, cadre, zero = F("log__group_id"), F("log__cadre_id"), Value(0)
    face_to_face = Q(log__channel__in=FACE_TO_FACE_CHANNELS)
    people, days = Count("worker", distinct=True), Count("log__happened_on", filter=face_to_face, distinct=True)
    names = ("group", "cadre", "people", "days")
    nobody = Value(None, output_field=IntegerField())
    levels = [
        rows.values(group=zero, cadre=zero).annotate(people=people, days=zero),
        rows.values(group=group, cadre=nobody).annotate(people=people, days=zero),
        rows.values(group=group, cadre=cadre).annotate(people=people, days=days),
    ]
    first, *others = (level.values_list(*names) for level in levels)
    for group_id, cadre_id, found, spent in first.union(*others, all=True):
        yield (group_id, cadre_id), found, spent


def friends_by_cadre(scope: FigureScope, period: Period) -> Iterable[tuple[int, int, int]]:
    """(cadre id, standing friends, silent ones) on the last day."""
    rows = stats.standing(scope, period.last_day).order_by().annotate(heard=stats.heard_in(period))
    counts = {"friends": Count("pk"), "silent": Count("pk", filter=Q(heard=False))}
    return rows.values("cadre_id").annotate(**counts).values_list("cadre_id", "friends", "silent")


class Seats:
    """Who sits in which group on the last day of the period, with the names that the rows need."""

    def __init__(self, scope: FigureScope, period: Period, met: set[int | None]) -> None:
        members = Membership.objects.open_on(period.last_day).select_related("group", "cadre__user")
        if scope.group:
            members = members.filter(group=scope.group)
        else:
            # Below the unit that keeps the groups: those who have friends or contacts here.
            here = Q(group__unit__path__startswith=scope.unit.path)
            befriended = stats.standing(scope, period.last_day).values("cadre")
            members = members.filter(here | Q(cadre__in=befriended) | Q(cadre__in=met))
        self.members = list(members)
        self.current = {(member.group_id, member.cadre_id) for member in self.members}
        self.groups = {member.group_id: member.group for member in self.members}
        self.cadres = {member.cadre_id: member.cadre for member in self.members}
        self.leaders = {member.cadre_id for member in self.members if member.is_leader}
        self._group_of = {member.cadre_id: member.group_id for member in self.members}

    def group_now(self, cadre_id: int) -> int | None:
        return self._group_of.get(cadre_id)

    def learn(self, rows: Iterable[Seat]) -> None:
        """Also the names of those who have left since."""
        seats = list(rows)
        left = {cadre_id for _group_id, cadre_id in seats} - self.cadres.keys()
        closed = {group_id for group_id, _cadre_id in seats if group_id} - self.groups.keys()
        if left:
            self.cadres |= Cadre.objects.select_related("user").in_bulk(left)
        if closed:
            self.groups |= LiaisonGroup.objects.in_bulk(closed)

    def order(self, item: tuple[Seat, Contacts]) -> tuple:
        """By group, its leader first; cadres without a group last."""
        (group_id, cadre_id), _row = item
        return (group_id is None, group_id or 0, cadre_id not in self.leaders, cadre_id or 0)
