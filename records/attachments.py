"""Who may fetch an attachment: whoever may see the row that it belongs to, as the app of that row says."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from organization.actors import Actor

    from .models import Attachment

Owner = Callable[["Actor", "Attachment"], bool]
_owners: list[Owner] = []


def register_owner(owner: Owner) -> None:
    """Called from AppConfig.ready. `owner(actor, attachment)`: the actor sees a row that the attachment belongs to."""
    if owner not in _owners:
        _owners.append(owner)


def may_fetch(actor: Actor, attachment: Attachment) -> bool:
    return any(owner(actor, attachment) for owner in _owners)
