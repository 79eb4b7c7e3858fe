"""The people of the tests, the same in every app.

One enterprise with two base units, a department and two groups; insider, colleague and stranger are cadres:
the insider keeps the friend and raised his matter, the colleague is in the same group, the stranger in the other.
A second enterprise stands beside it, whose office must see nothing of the first.
"""

from dataclasses import dataclass

from friends.models import Worker
from liaison.models import Cadre, LiaisonGroup
from organization.actors import Actor, actors_of
from organization.enums import UnitKind
from organization.models import Unit, User
from organization.roles import Role

from .factories import (
    appointment,
    befriended,
    cadre,
    contract,
    enterprise,
    group,
    membership,
    unit,
    user,
    worker,
)


@dataclass
class World:
    company: Unit
    plant: Unit
    workshop: Unit
    other_plant: Unit
    other_workshop: Unit
    department: Unit
    other_department: Unit
    group: LiaisonGroup
    other_group: LiaisonGroup
    insider: Cadre
    colleague: Cadre
    stranger: Cadre
    leader_of_group: Cadre
    office: User
    other_office: User
    handler: User
    other_handler: User
    leader: User
    roster_admin: User
    auditor: User
    friend: Worker
    other_friend: Worker

    def actor(self, who: User | Cadre, role: Role | None = None) -> Actor:
        """The user in one role: the given one, else the first he holds."""
        account = who.user if isinstance(who, Cadre) else who
        actors = actors_of(account)
        return next(actor for actor in actors if role in (None, actor.role))


def build_world() -> World:
    company = enterprise("青石岭矿业公司")
    plant = unit(company, name="南沟采矿厂")
    workshop = unit(plant, kind=UnitKind.WORKSHOP, name="采掘一车间")
    other_plant = unit(company, name="球团厂")
    other_workshop = unit(other_plant, kind=UnitKind.WORKSHOP, name="造球车间")
    department = unit(company, kind=UnitKind.DEPARTMENT, name="行政保卫部")
    other_department = unit(company, kind=UnitKind.DEPARTMENT, name="财务部")
    beside = enterprise("北山纺织公司")
    first, second = group(company), group(company)
    contract(first, plant)
    contract(second, other_plant)
    insider, colleague, stranger, leader_of_group = (
        cadre(company, holder=user(name)) for name in ("范内", "同组", "外组", "组长")
    )
    membership(insider, first)
    membership(colleague, first)
    membership(leader_of_group, first, is_leader=True)
    membership(stranger, second)
    friend, other_friend = worker(workshop), worker(other_workshop)
    befriended(friend, insider)
    befriended(other_friend, stranger)
    return World(
        company=company,
        plant=plant,
        workshop=workshop,
        other_plant=other_plant,
        other_workshop=other_workshop,
        department=department,
        other_department=other_department,
        group=first,
        other_group=second,
        insider=insider,
        colleague=colleague,
        stranger=stranger,
        leader_of_group=leader_of_group,
        office=appointment(Role.OFFICE, company).user,
        other_office=appointment(Role.OFFICE, beside).user,
        handler=appointment(Role.HANDLER, department).user,
        other_handler=appointment(Role.HANDLER, other_department).user,
        leader=appointment(Role.LEADER, company).user,
        roster_admin=appointment(Role.ROSTER_ADMIN, company).user,
        auditor=appointment(Role.AUDITOR, company).user,
        friend=friend,
        other_friend=other_friend,
    )
