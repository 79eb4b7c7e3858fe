"""Care for workers in need: what is written down with their consent, how long, and how it is forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Sum
from django.utils.translation import gettext_lazy as _

from liaison.models import Cadre
from lib.errors import Refused
from lib.periods import Period, today
from organization.actors import Actor
from organization.models import User
from organization.roles import Role

from .models import Aid, CareFlag, Friendship, Worker


class InFuture(Refused):
    code = "care_in_future"
    default_message = _("日期不能晚于今天。")


@transaction.atomic
def give_aid(*, worker: Worker, by: User, **facts: Any) -> Aid:
    aid = Aid(worker=worker, unit=worker.unit, recorded_by=by, **facts)
    if max(aid.given_on, aid.consent_on) > today():
        raise InFuture
    aid.save()
    return aid


@transaction.atomic
def flag_worker(*, worker: Worker, by: User, **facts: Any) -> CareFlag:
    flag = CareFlag(worker=worker, unit=worker.unit, recorded_by=by, **facts)
    if flag.consent_on > today():
        raise InFuture
    flag.save()
    return flag


@transaction.atomic
def end_flag(flag: CareFlag) -> None:
    """The need is over, or the worker wishes it: the words go at once."""
    flag = CareFlag.objects.select_for_update().get(pk=flag.pk)
    flag.ended_on, flag.note = flag.ended_on or today(), ""
    flag.save(update_fields=["ended_on", "note"])


def remove_aid(aid: Aid) -> None:
    """Entered by mistake, or no longer to be kept: nothing of it stays but the audit trail's ids."""
    aid.delete()


def forget_expired() -> int:
    """Removes the words of expired marks; returns of how many."""
    return CareFlag.objects.to_forget(today()).update(note="")


@dataclass(frozen=True)
class AidSum:
    """None: too few people, and the sum would tell of one of them."""

    times: int | None
    people: int | None
    amount: Decimal | None


def aid_sum(actor: Actor, period: Period) -> AidSum:
    """What was given in the period: to the units below for office and leader, to the group's friends for its leader.

    Only the whole, without kinds or units, so that no two sums tell a third.
    """
    given = Aid.objects.filter(given_on__gte=period.start, given_on__lt=period.end)
    if actor.role == Role.GROUP_LEADER:
        friends = Friendship.objects.open().filter(cadre__in=Cadre.objects.in_group(actor.group_id))
        given = given.filter(worker__in=friends.values("worker"))
    else:
        given = given.filter(unit__path__startswith=actor.unit.path)
    counted = given.aggregate(times=Count("pk"), people=Count("worker", distinct=True), amount=Sum("amount"))
    if 0 < counted["people"] < threshold_for(actor):
        return AidSum(None, None, None)
    return AidSum(counted["times"], counted["people"], counted["amount"] or Decimal(0))


def threshold_for(actor: Actor) -> int:
    thresholds = {Role.LEADER: settings.FIGURE_THRESHOLD, Role.GROUP_LEADER: settings.FIGURE_THRESHOLD_INSIDE}
    return thresholds.get(actor.role, 0)
