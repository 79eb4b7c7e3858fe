"""Who acts: a user in the one role that is active now. Every scope and every permission starts here.

Scopes never add up: a person with several roles switches. Organization knows the appointed roles; an app above
registers the roles it gives (liaison: cadre and group leader) with `register_actors`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lib.periods import today

from .roles import ROLES, Role, Verb

if TYPE_CHECKING:
    from .models import Unit, User

#: Session key that holds Actor.key of the active role.
ACTIVE_ROLE = "active_role"


@dataclass(frozen=True)
class Actor:
    """`unit` is the unit the role is held in; `cadre_id` and `group_id` are set for the roles of liaison.

    `is_head`: a handler who is the head of his department.
    """

    user: User
    role: Role | None = None
    unit: Unit | None = None
    cadre_id: int | None = None
    group_id: int | None = None
    is_head: bool = False

    def may(self, verb: Verb) -> bool:
        return self.role is not None and verb in ROLES[self.role].verbs

    @property
    def key(self) -> str:
        """Names the role among the user's roles; safe in a form."""
        return f"{self.role}-{self.unit.pk if self.unit else 0}-{self.group_id or 0}"

    @property
    def label(self) -> str:
        if self.role is None:
            return ""
        return f"{self.role.label} · {self.unit.label}" if self.unit else str(self.role.label)


ActorProvider = Callable[["User", dt.date], Iterable[Actor]]
_providers: list[ActorProvider] = []


def register_actors(provider: ActorProvider) -> None:
    """Called from AppConfig.ready by an app that gives roles of its own."""
    if provider not in _providers:
        _providers.append(provider)


def appointed_actors(user: User, day: dt.date) -> Iterable[Actor]:
    for appointment in user.appointments.open_on(day).select_related("unit"):
        yield Actor(user=user, role=Role(appointment.role), unit=appointment.unit, is_head=appointment.is_head)


def actors_of(user: User, day: dt.date | None = None) -> list[Actor]:
    """All roles that the user holds on `day`, in the order in which the role table names them."""
    day = day or today()
    found = [*appointed_actors(user, day)]
    for provider in _providers:
        found.extend(provider(user, day))
    order = list(Role)
    return sorted(found, key=lambda actor: (order.index(actor.role), actor.key))


def active_actor(user: User, actors: Sequence[Actor], chosen_key: str | None) -> Actor:
    """The actor of a request: the role chosen in the session, else the first, else nobody in particular.

    Read from the tables at each request, so that a role that ended is gone with the next click.
    """
    for actor in actors:
        if actor.key == chosen_key:
            return actor
    return actors[0] if actors else Actor(user=user)
