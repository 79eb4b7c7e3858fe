"""Who may do what to a friend or a log he sees; seeing itself is `visible_to`'s matter."""

from __future__ import annotations

import datetime as dt

from lib.periods import month_of
from organization.actors import Actor
from organization.roles import Role, Verb

from .models import ContactLog, Friendship, Worker


def can_correct(actor: Actor, log: ContactLog, *, on: dt.date) -> bool:
    """Its author, within the open month: a month that was reported no longer moves under the report."""
    return actor.may(Verb.LOG_CONTACT) and log.cadre_id == actor.cadre_id and log.happened_on in month_of(on)


def can_read_notes(actor: Actor, log: ContactLog) -> bool:
    """The private sentence about one friend is for the cadre who wrote it, and for nobody else."""
    return actor.cadre_id is not None and log.cadre_id == actor.cadre_id


def can_reveal(actor: Actor, worker: Worker) -> bool:
    """The number in full: for who keeps in touch with him today, and for the office."""
    if not actor.may(Verb.REVEAL):
        return False
    return actor.role == Role.OFFICE or Friendship.objects.visible_to(actor).open().filter(worker=worker).exists()


def can_befriend(actor: Actor) -> bool:
    return actor.may(Verb.LOG_CONTACT)


def can_end_friendship(actor: Actor, friendship: Friendship) -> bool:
    """The cadre his own; group leader and office those that they see."""
    if actor.role == Role.CADRE:
        return friendship.cadre_id == actor.cadre_id
    return actor.role in (Role.GROUP_LEADER, Role.OFFICE)


def can_care(actor: Actor, worker: Worker) -> bool:
    """Marks and aid are for who keeps in touch with him today, and for the office."""
    if not actor.may(Verb.GIVE_AID):
        return False
    kept = Friendship.objects.open().filter(cadre=actor.cadre_id, worker=worker)
    return actor.role == Role.OFFICE or kept.exists()
