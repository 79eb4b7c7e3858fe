"""The roles that liaison gives: cadre, and leader of the group he leads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from organization.actors import Actor
from organization.models import User
from organization.roles import Role

from .models import Cadre, Membership


def liaison_actors(user: User, day: dt.date) -> Iterable[Actor]:
    cadre = Cadre.objects.active().filter(user=user).select_related("unit").first()
    if cadre is None:
        return
    membership = Membership.objects.open_on(day).filter(cadre=cadre).select_related("group__unit").first()
    group_id = membership.group_id if membership else None
    yield Actor(
        user=user,
        role=Role.CADRE,
        unit=cadre.unit,
        cadre_id=cadre.pk,
        group_id=group_id,
    )
    if membership and membership.is_leader:
        yield Actor(
            user=user,
            role=Role.GROUP_LEADER,
            unit=membership.group.unit,
            cadre_id=cadre.pk,
            group_id=group_id,
        )
