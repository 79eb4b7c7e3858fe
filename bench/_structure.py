"""Who is who: units, accounts, groups and cadres of a synthetic house, and where each worker stands."""

from __future__ import annotations

import datetime as dt
from array import array
from dataclasses import dataclass, field

from liaison.enums import TopicKind
from liaison.models import Cadre, Contract, LiaisonGroup, Membership, Phase, Topic
from lib.names import text_search
from organization.enums import UnitKind
from organization.models import Appointment, Unit, UnitPlacement, User
from organization.models.unit import path_step
from organization.roles import Role

from ._copy import NULL, Loader
from ._shape import BASE_UNITS, CIRCLE, DEPARTMENTS, WORKSHOPS, Shape, slice_of
from ._words import full_name

MODELS = [Unit, UnitPlacement, User, Appointment, LiaisonGroup, Cadre, Membership, Contract, Phase, Topic]
QUARTER_DAYS = 91
TOPICS = 3


@dataclass
class Enterprise:
    unit: int
    code: str
    bases: list[int] = field(default_factory=list)
    departments: list[int] = field(default_factory=list)
    #: Accounts of the departments' handlers, in their order.
    handlers: list[int] = field(default_factory=list)
    office: int = 0
    #: The first topic of each quarter; TOPICS of them follow each other.
    topics: list[int] = field(default_factory=list)


@dataclass
class House:
    """What the generators of facts need to know of the structure. Accounts of cadres have the cadre's id."""

    enterprises: list[Enterprise] = field(default_factory=list)
    parent: dict[int, int] = field(default_factory=dict)
    #: By worker, from 0.
    unit_of: array = field(default_factory=lambda: array("i"))
    enterprise_of: array = field(default_factory=lambda: array("i"))
    #: By cadre, from 0: enterprise, group's id, first of his workers.
    cadres: list[tuple[int, int, int]] = field(default_factory=list)
    #: Group's id → unit and cadres' ids.
    groups: dict[int, tuple[int, list[int]]] = field(default_factory=dict)

    def base_of(self, unit: int) -> int:
        """The base unit of a workshop; a base unit or an enterprise is its own."""
        parent = self.parent[unit]
        return parent if parent in self.parent and self.parent[parent] != 1 else unit

    def common(self, units: set[int]) -> int:
        """The lowest unit that holds all of these workshops."""
        if len(units) == 1:
            return next(iter(units))
        above = {self.parent[unit] for unit in units}
        return next(iter(above)) if len(above) == 1 else self.parent[next(iter(above))]


def load_structure(shape: Shape, load: Loader) -> House:
    house = House()
    units = Units(load, house, str(shape.first_day - dt.timedelta(days=400)))
    root = units.add(UnitKind.FEDERATION, "云岭市总工会", "YL", None)
    for number in range(shape.enterprises):
        add_enterprise(shape, units, house, root, number)
    add_people(shape, load, house, root)
    add_topics(shape, load, house)
    return house


class Units:
    """Adds units with their path and their place in the chart; ids are given in order."""

    def __init__(self, load: Loader, house: House, opened: str) -> None:
        self.rows = load.table(Unit, "id", "kind", "name", "code", "parent_id", "path", "search", "opened_on")
        self.placements = load.table(UnitPlacement, "unit_id", "parent_id", "starts_on")
        self.house, self.opened = house, opened
        self.paths: dict[int, str] = {}

    def add(self, kind: str, name: str, code: str, parent: int | None) -> int:
        pk = len(self.paths) + 1
        self.paths[pk] = (self.paths[parent] if parent else "") + path_step(pk)
        if parent:
            self.house.parent[pk] = parent
        above = str(parent) if parent else NULL
        # As Unit.save has it: name and short name with a blank between.
        self.rows.add(str(pk), kind, name, code, above, self.paths[pk], text_search(f"{name} "), self.opened)
        self.placements.add(str(pk), above, self.opened)
        return pk


def add_enterprise(shape: Shape, units: Units, house: House, root: int, number: int) -> None:
    code = f"QY{number + 1:03d}"
    found = Enterprise(units.add(UnitKind.ENTERPRISE, f"第{number + 1}矿业公司", code, root), code)
    house.enterprises.append(found)
    for department in range(DEPARTMENTS):
        name = f"职能{department + 1}部"
        found.departments.append(units.add(UnitKind.DEPARTMENT, name, f"{code}B{department + 1:02d}", found.unit))
    workers = shape.workers_of(number)
    bases = max(2, min(BASE_UNITS, len(workers) // 20))
    for base in range(bases):
        prefix = f"{code}J{base + 1:02d}"
        found.bases.append(units.add(UnitKind.BASE_UNIT, f"第{base + 1}厂", prefix, found.unit))
        shops = [
            units.add(UnitKind.WORKSHOP, f"{shop + 1}号车间", f"{prefix}C{shop + 1}", found.bases[-1])
            for shop in range(WORKSHOPS)
        ]
        people = slice_of(len(workers), bases, base)
        house.unit_of.extend(shops[place % WORKSHOPS] for place in range(len(people)))
    house.enterprise_of.extend([number] * len(workers))


class Accounts:
    def __init__(self, load: Loader, since: str) -> None:
        given = ("id", "username", "password", "name", "email", "date_joined", "is_active")
        self.rows = load.table(User, *given)
        self.appointments = load.table(Appointment, "user_id", "role", "unit_id", "starts_on")
        self.since = since
        self.last = 0

    def add(self, username: str) -> int:
        self.last += 1
        # An unusable password: nobody signs in to these accounts but the measurement itself.
        self.rows.add(str(self.last), username, "!", full_name(self.last * 31), "", f"{self.since} 08:00+08", "t")
        return self.last

    def appoint(self, role: Role, unit: int, username: str) -> int:
        account = self.add(username)
        self.appointments.add(str(account), role, str(unit), self.since)
        return account


def add_people(shape: Shape, load: Loader, house: House, root: int) -> None:
    since = str(shape.first_day - dt.timedelta(days=30))
    accounts = Accounts(load, since)
    add_cadres(shape, load, house, accounts, since)
    for enterprise in house.enterprises:
        enterprise.office = accounts.appoint(Role.OFFICE, enterprise.unit, f"{enterprise.code}-office")
        for department in enterprise.departments:
            account = accounts.appoint(Role.HANDLER, department, f"{enterprise.code}-handler-{department}")
            enterprise.handlers.append(account)
    for role in (Role.OFFICE, Role.LEADER, Role.ROSTER_ADMIN, Role.AUDITOR):
        accounts.appoint(role, root, f"root-{role}")


def add_cadres(shape: Shape, load: Loader, house: House, accounts: Accounts, since: str) -> None:
    cadres = load.table(Cadre, "id", "user_id", "unit_id", "duty", "is_full_time")
    groups = load.table(LiaisonGroup, "id", "unit_id", "name", "opened_on")
    members = load.table(Membership, "cadre_id", "group_id", "is_leader", "starts_on")
    contracts = load.table(Contract, "group_id", "unit_id", "starts_on")
    for number, enterprise in enumerate(house.enterprises):
        size, first = shape.group_size(number), shape.workers_of(number).start
        contracted: set[tuple[int, int]] = set()
        for place in range(shape.cadres_of(number)):
            if place % size == 0:
                group = len(house.groups) + 1
                house.groups[group] = (enterprise.unit, [])
                groups.add(str(group), str(enterprise.unit), f"第{place // size + 1}联系工作小组", since)
            cadre = accounts.add(f"{enterprise.code}-cadre-{place + 1}")
            house.cadres.append((number, group, first + place * CIRCLE))
            house.groups[group][1].append(cadre)
            cadres.add(str(cadre), str(cadre), str(enterprise.unit), "工会干事", "t" if place % 3 else "f")
            members.add(str(cadre), str(group), "t" if place % size == 0 else "f", since)
            circle = range(first + place * CIRCLE, first + (place + 1) * CIRCLE)
            contracted |= {(group, house.parent[house.unit_of[worker]]) for worker in circle}
        for group, base in sorted(contracted):
            contracts.add(str(group), str(base), since)


def add_topics(shape: Shape, load: Loader, house: House) -> None:
    """A phase each quarter in each enterprise."""
    phases = load.table(Phase, "id", "unit_id", "name", "starts_on", "ends_on")
    topics = load.table(Topic, "id", "phase_id", "kind", "title")
    phase = topic = 0
    for enterprise in house.enterprises:
        for quarter in range(shape.days // QUARTER_DAYS + 1):
            start = shape.first_day + dt.timedelta(days=quarter * QUARTER_DAYS)
            end = start + dt.timedelta(days=QUARTER_DAYS)
            phase += 1
            phases.add(str(phase), str(enterprise.unit), f"第{quarter + 1}阶段", str(start), str(end))
            enterprise.topics.append(topic + 1)
            for kind in list(TopicKind)[:TOPICS]:
                topic += 1
                topics.add(str(topic), str(phase), kind, f"{kind.label}专题")
