from __future__ import annotations

from django.db.models import Q, QuerySet

from organization.actors import Actor
from records.models import Attachment

from .models import Dispatch, Issue, Opinion, Reply


def goes_with_visible_dispatch(actor: Actor, attachment: Attachment) -> bool:
    """Files sent along with a dispatch, or with the answer to it, are for whoever sees the dispatch."""
    theirs = Q(attachments=attachment) | Q(replies__attachments=attachment)
    return Dispatch.objects.visible_to(actor).filter(theirs).exists()


def goes_with_visible_answer(actor: Actor, attachment: Attachment) -> bool:
    """What a department proves its answer with is for all who see the issue: the answer is taken to the worker.

    Not before it is in force.
    """
    answers = Reply.objects.in_force().filter(attachments=attachment)
    return answers.filter(dispatch__issue__in=Issue.objects.visible_to(actor)).exists()


def goes_with_visible_opinion(actor: Actor, attachment: Attachment) -> bool:
    """Photos of an opinion are for whoever reads it; a department has only those that are passed on."""
    return Opinion.objects.visible_to(actor).filter(attachments=attachment).exists()


def photos_of(issue: Issue) -> QuerySet[Attachment]:
    """What the office may pass on: photos of the opinions and of the contacts in which they were raised."""
    opinions = issue.opinions()
    return (
        Attachment.objects.filter(Q(opinions__in=opinions) | Q(logs__opinions__in=opinions)).distinct().order_by("pk")
    )
