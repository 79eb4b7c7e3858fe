from __future__ import annotations

from typing import TYPE_CHECKING

from organization.roles import Role, Verb

if TYPE_CHECKING:
    from organization.actors import Actor

    from .models import Meeting


def can_manage(actor: Actor, meeting: Meeting) -> bool:
    """The office manages the meetings of its units, a leader those of his own group."""
    if not actor.may(Verb.HOLD_MEETINGS):
        return False
    if actor.role == Role.OFFICE:
        return meeting.unit.path.startswith(actor.unit.path)
    return meeting.group_id is not None and meeting.group_id == actor.group_id
