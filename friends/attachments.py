from __future__ import annotations

from organization.actors import Actor
from records.models import Attachment

from .models import ContactLog


def goes_with_visible_log(actor: Actor, attachment: Attachment) -> bool:
    """Photos of a contact are for whoever sees it."""
    return ContactLog.objects.visible_to(actor).filter(photos=attachment).exists()
