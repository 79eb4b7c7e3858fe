"""What the pages of an issue and of a dispatch have in common: the replies, and the one that waits for approval."""

from __future__ import annotations

from collections.abc import Iterable

from organization.actors import Actor

from .. import services
from ..models import Issue, Reply
from ..permissions import can_approve


def approval_of(actor: Actor, issue: Issue, replies: Iterable[Reply]) -> dict:
    """The reply that waits, and what stands in the way of approving it."""
    waiting = next((reply for reply in replies if reply.is_in_approval), None)
    if waiting is None or not can_approve(actor):
        return {"waiting": waiting}
    return {"waiting": waiting, "may": True, "obstacle": services.obstacle_to_approving(issue, waiting, actor.user)}
