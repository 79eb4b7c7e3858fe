"""What the office does with several opinions at once: all of them or none."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction

from organization.models import User

from ..models import Issue, Opinion
from .merging import set_aside_opinion, take_up_again, unmerge_opinion


def in_one_order(opinions: Collection[Opinion]) -> list[Opinion]:
    """The same for everybody, so that two people who act at once cannot wait for each other."""
    return sorted(opinions, key=lambda opinion: opinion.pk)


@transaction.atomic
def unmerge_opinions(issue: Issue, *, opinions: Collection[Opinion], by: User) -> None:
    for merge in issue.merges.in_force().filter(opinion__in=opinions).order_by("opinion_id"):
        unmerge_opinion(merge, by=by)


@transaction.atomic
def set_aside_opinions(opinions: Collection[Opinion], *, reason: str, by: User) -> None:
    for opinion in in_one_order(opinions):
        set_aside_opinion(opinion, reason=reason, by=by)


@transaction.atomic
def take_up_opinions_again(opinions: Collection[Opinion], *, by: User) -> None:
    for opinion in in_one_order(opinions):
        take_up_again(opinion, by=by)
