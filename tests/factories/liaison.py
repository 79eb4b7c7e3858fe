import datetime as dt

from friends.models import Friendship, Worker
from friends.services import befriend
from liaison.models import Cadre, Contract, LiaisonGroup, Membership
from organization.models import Unit, User

from .organization import START, user


def group(at: Unit, *, name: str = "") -> LiaisonGroup:
    return LiaisonGroup.objects.create(
        unit=at, name=name or f"第{LiaisonGroup.objects.count() + 1}联系小组", opened_on=START
    )


def cadre(at: Unit, *, holder: User | None = None, **fields) -> Cadre:
    return Cadre.objects.create(user=holder or user(), unit=at, **fields)


def membership(of: Cadre, to: LiaisonGroup, *, is_leader: bool = False) -> Membership:
    return Membership.objects.create(cadre=of, group=to, is_leader=is_leader, starts_on=START)


def contract(of: LiaisonGroup, at: Unit) -> Contract:
    return Contract.objects.create(group=of, unit=at, starts_on=START)


def befriended(worker: Worker, by: Cadre, *, on: dt.date = START) -> Friendship:
    return befriend(worker, cadre=by, on=on)
