from __future__ import annotations

from django.db.models import Q

from organization.actors import Actor
from records.models import Attachment

from .models import Dispatch, Opinion


def goes_with_visible_dispatch(actor: Actor, attachment: Attachment) -> bool:
    """Files sent along with a dispatch, or with the answer to it, are for whoever sees the dispatch."""
    theirs = Q(attachments=attachment) | Q(replies__attachments=attachment)
    return Dispatch.objects.visible_to(actor).filter(theirs).exists()


def goes_with_visible_opinion(actor: Actor, attachment: Attachment) -> bool:
    """Photos that a worker sent: for the union alone, as his words are."""
    return Opinion.objects.visible_to(actor).filter(attachments=attachment).exists()
