"""The people of the tests, the same in every app.

One enterprise with two base units, a department and two groups; insider, colleague and stranger are cadres:
the insider keeps the friend and raised his matter, the colleague is in the same group, the stranger in the other.
A second enterprise stands beside it, whose office must see nothing of the first.
"""

import copy
import datetime as dt
from dataclasses import dataclass

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.utils import timezone

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


#: The world, and every row that making it left, with its model. By day, for a world is as old as its day; and by the
#: number of a content type, which the rows of the audit log hold and which is another after a flush.
_made: dict[tuple[dt.date, int], tuple[World, list[tuple[type[models.Model], list[models.Model]]]]] = {}


def build_world() -> World:
    """The world in an empty database: made the first time, and from then on put back row by row, in a tenth of it."""
    key = timezone.localdate(), ContentType.objects.get_for_model(Unit).pk
    if key not in _made:
        if User.objects.exists():
            return make_world()
        empty = [model for model in _tables() if not model._base_manager.exists()]
        world = make_world()
        _made[key] = world, [(model, rows) for model in empty if (rows := list(model._base_manager.order_by("pk")))]
        return copy.deepcopy(world)
    world, tables = _made[key]
    with transaction.atomic():
        for model, rows in tables:
            model._base_manager.bulk_create(rows)
    statements = connection.ops.sequence_reset_sql(no_style(), [model for model, _rows in tables])
    if statements:
        with connection.cursor() as cursor:
            cursor.execute("\n".join(statements))
    return copy.deepcopy(world)


def _tables() -> list[type[models.Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]


def make_world() -> World:
    # So that no account has the number of its cadre, and what mixes them up shows itself.
    user("旁人")
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
