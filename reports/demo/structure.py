"""Units, workforce, accounts, groups and the roster of the demo."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field

from friends.enums import Employment
from friends.models import Worker
from liaison.models import Cadre, Contract, LiaisonGroup, Membership
from organization.enums import AgeBand, Gender, UnitKind
from organization.models import Headcount, Unit, User
from organization.roles import Role
from organization.services import appoint, open_unit

from . import company

STARTS_ON = dt.date(2016, 1, 4)
#: How the workforce falls into the age bands, in per cent.
AGE_SHARES = {AgeBand.TO_35: 21, AgeBand.TO_45: 32, AgeBand.TO_55: 36, AgeBand.FROM_56: 11}
#: How many people of each workshop are on the roster, beside the friends.
BESIDE_FRIENDS = 3


@dataclass
class Company:
    """What the later steps of the demo need to find again."""

    root: Unit
    units: dict[str, Unit] = field(default_factory=dict)
    workshops: dict[str, list[Unit]] = field(default_factory=dict)
    departments: dict[str, Unit] = field(default_factory=dict)
    handlers: dict[str, User] = field(default_factory=dict)
    office: User | None = None
    groups: list[LiaisonGroup] = field(default_factory=list)
    cadres: dict[str, list[Cadre]] = field(default_factory=dict)
    contracted: dict[str, tuple[str, ...]] = field(default_factory=dict)


def build_company() -> Company:
    root = open_unit(
        kind=UnitKind.ENTERPRISE, name=company.NAME, code=company.CODE, opened_on=dt.date(1959, 1, 1), short_name="矿业"
    )
    built = Company(root)
    for number, (name, (short, people, women, workshops)) in enumerate(company.BASE_UNITS.items(), start=1):
        code = f"{company.CODE}{number:02d}"
        unit = open_unit(
            kind=UnitKind.BASE_UNIT, name=name, code=code, short_name=short, parent=root, opened_on=STARTS_ON
        )
        built.units[name] = unit
        built.workshops[name] = [
            open_unit(kind=UnitKind.WORKSHOP, name=title, code=f"{code}{place:02d}", parent=unit, opened_on=STARTS_ON)
            for place, title in enumerate(workshops.split(), start=1)
        ]
        count_heads(built.workshops[name], people, women)
    for number, name in enumerate(company.DEPARTMENTS, start=1):
        built.departments[name] = open_unit(
            kind=UnitKind.DEPARTMENT,
            name=name,
            code=f"{company.CODE}D{number:02d}",
            parent=root,
            opened_on=STARTS_ON,
        )
    return built


def count_heads(workshops: list[Unit], people: int, women: int) -> None:
    """Shares the workforce of a base unit out over its workshops and age bands; the sums stay exact."""
    cells = [(workshop, band) for workshop in workshops for band in AgeBand]
    weights = [AGE_SHARES[band] for _workshop, band in cells]
    rows = []
    for gender, total in ((Gender.MALE, people - women), (Gender.FEMALE, women)):
        for (workshop, band), count in zip(cells, share_out(total, weights), strict=True):
            rows.append(Headcount(unit=workshop, gender=gender, age_band=band, people=count))
    Headcount.objects.bulk_create(rows)


def share_out(total: int, weights: list[int]) -> list[int]:
    """Whole numbers in the proportion of the weights that sum to the total (largest remainders)."""
    whole = sum(weights)
    shares = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: -(total * weights[i] % whole))
    for index in by_remainder[: total - sum(shares)]:
        shares[index] += 1
    return shares


def build_accounts(built: Company, names: Names) -> None:
    """One account per role, a handler per department; the demo's sign-in page offers them with one click."""
    union_office = built.departments["工会办公室"]
    built.office = account("陶文静", "office")
    appoint(built.office, role=Role.OFFICE, unit=built.root, starts_on=STARTS_ON)
    for name, username, role in (
        ("孔令山", "leader", Role.LEADER),
        ("覃月香", "roster", Role.ROSTER_ADMIN),
        ("毛守正", "auditor", Role.AUDITOR),
    ):
        appoint(account(name, username), role=role, unit=built.root, starts_on=STARTS_ON)
    for number, (name, unit) in enumerate(built.departments.items(), start=1):
        handler = account(names.draw(Gender.MALE), f"dept{number:02d}")
        built.handlers[name] = handler
        appoint(handler, role=Role.HANDLER, unit=unit, starts_on=STARTS_ON)
    for number, (group_name, (people, contracted)) in enumerate(company.GROUPS.items(), start=1):
        group = LiaisonGroup.objects.create(unit=built.root, name=group_name, opened_on=STARTS_ON)
        built.groups.append(group)
        built.contracted[group_name] = contracted
        Contract.objects.bulk_create(
            Contract(group=group, unit=built.units[name], starts_on=STARTS_ON) for name in contracted
        )
        built.cadres[group_name] = [
            join(group, union_office, name, duty, is_leader=place == 0, username=f"cadre{number}{'ab'[place]}")
            for place, (name, duty) in enumerate(people)
        ]


def account(name: str, username: str) -> User:
    """Without a password: nobody signs in by guessing a demo password."""
    user = User(username=username, name=name)
    user.set_unusable_password()
    user.save()
    return user


def join(group: LiaisonGroup, unit: Unit, name: str, duty: str, *, is_leader: bool, username: str) -> Cadre:
    cadre = Cadre.objects.create(user=account(name, username), unit=unit, duty=duty, is_full_time=is_leader)
    Membership.objects.create(cadre=cadre, group=group, is_leader=is_leader, starts_on=STARTS_ON)
    return cadre


class Names:
    """Draws invented names and numbers, none of them twice."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.taken: set[str] = set()

    def draw(self, gender: Gender) -> str:
        given = company.MEN if gender == Gender.MALE else company.WOMEN
        while True:
            name = self.rng.choice(company.SURNAMES) + "".join(self.rng.sample(given, self.rng.choice((1, 2, 2, 2))))
            if name not in self.taken:
                self.taken.add(name)
                return name

    def phone(self) -> str:
        return self.rng.choice(company.PHONE_PREFIXES) + f"{self.rng.randrange(10**8):08d}"


def build_roster(built: Company, names: Names, wanted: dict[int, int]) -> dict[int, list[Worker]]:
    """Workers per workshop id: as many as `wanted` friends need, and some beside them."""
    rng = names.rng
    people = []
    for unit_name, workshops in built.workshops.items():
        _short, total, women, _names = company.BASE_UNITS[unit_name]
        posts = company.POSTS[unit_name].split()
        for workshop in workshops:
            for _n in range(wanted.get(workshop.pk, 0) + BESIDE_FRIENDS):
                gender = Gender.FEMALE if rng.random() < max(women / total, 0.2) else Gender.MALE
                people.append(
                    Worker(
                        enterprise=built.root,
                        unit=workshop,
                        employee_no=f"K{len(people) + 20001}",
                        name=names.draw(gender),
                        gender=gender,
                        birth_year=rng.randint(1960, 1994),
                        post=rng.choice(posts),
                        shift=rng.choice(company.SHIFTS),
                        employment=rng.choices((Employment.REGULAR, Employment.DISPATCHED), (9, 1))[0],
                        phone=names.phone(),
                        is_union_member=rng.random() < 0.95,
                    )
                )
    for person in people:
        person.derive()
    by_workshop: dict[int, list[Worker]] = {}
    for person in Worker.objects.bulk_create(people):
        by_workshop.setdefault(person.unit_id, []).append(person)
    return by_workshop
