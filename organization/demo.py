"""The one-click sign-in of the demo, one account per role: only where settings.DEMO is on, and from loopback."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from lib.periods import today

from .actors import Actor, actors_of
from .models import User
from .roles import APPOINTED_ROLES, Role


@dataclass(frozen=True)
class DemoUser:
    actor: Actor

    @property
    def username(self) -> str:
        return self.actor.user.username

    @property
    def label(self) -> str:
        return str(self.actor.role.label)

    @property
    def hint(self) -> str:
        return f"{self.actor.user.name} · {self.actor.unit.label}"


def is_open(request: HttpRequest) -> bool:
    """Whether this visitor may sign in by one click."""
    if not settings.DEMO:
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def demo_users() -> list[DemoUser]:
    """For each role one account that comes in with it; a role that nobody holds is left out."""
    found = (demo_user(role) for role in Role)
    return [user for user in found if user is not None]


def demo_user(role: Role) -> DemoUser | None:
    for user in holders(role)[:5]:
        actors = actors_of(user)
        if actor := next((actor for actor in actors if actor.role == role), None):
            return DemoUser(actor)
    return None


def holders(role: Role) -> QuerySet[User]:
    """Accounts that probably hold the role, those nearest to the root first; `actors_of` has the last word."""
    day = today()
    accounts = User.objects.filter(is_active=True)
    if role in APPOINTED_ROLES:
        held = Q(appointments__ends_on__isnull=True) | Q(appointments__ends_on__gt=day)
        return accounts.filter(held, appointments__role=role, appointments__starts_on__lte=day).order_by(
            "appointments__unit__path", "pk"
        )
    member = Q(cadre__memberships__ends_on__isnull=True) | Q(cadre__memberships__ends_on__gt=day)
    leads = {"cadre__memberships__is_leader": role == Role.GROUP_LEADER}
    return accounts.filter(member, cadre__is_active=True, **leads).order_by("pk")
