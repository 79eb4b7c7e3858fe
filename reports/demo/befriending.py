"""Friendships of the demo: 132 standing friends in 86 workshops, 379 reached in all, people rotating in and out."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from dataclasses import dataclass, field

from friends.enums import EndReason
from friends.models import Worker
from friends.services import befriend, end_friendship
from liaison.models import Cadre

from .structure import STARTS_ON, Company

#: Workers reached in all; every place in a circle is held by two or three of them, one after the other.
CUMULATIVE = 379
FRIENDS_PER_CADRE = 11


@dataclass
class Slot:
    """One place in a cadre's circle of friends, held by one worker after another; the last one stays."""

    cadre: Cadre
    workshop_ids: list[int] = field(default_factory=list)
    workers: list[Worker] = field(default_factory=list)


def plan_slots(built: Company, rng: random.Random) -> list[Slot]:
    """Chains of workshops so that the last ones cover every workshop of the group's contracted units."""
    slots: list[Slot] = []
    for group in built.groups:
        workshops = [w for name in built.contracted[group.name] for w in built.workshops[name]]
        cadres = built.cadres[group.name]
        places = FRIENDS_PER_CADRE * len(cadres)
        last = [w.pk for w in workshops] + [rng.choice(workshops).pk for _n in range(places - len(workshops))]
        rng.shuffle(last)
        for place, workshop_id in enumerate(last):
            earlier = [rng.choice(workshops).pk]
            slots.append(Slot(cadre=cadres[place % len(cadres)], workshop_ids=[*earlier, workshop_id]))
    for slot in rng.sample(slots, CUMULATIVE - 2 * len(slots)):
        slot.workshop_ids.insert(0, slot.workshop_ids[0])
    return slots


def wanted_per_workshop(slots: list[Slot]) -> dict[int, int]:
    return Counter(workshop_id for slot in slots for workshop_id in slot.workshop_ids)


def make_friends(slots: list[Slot], roster: dict[int, list[Worker]], rng: random.Random) -> None:
    free = {workshop_id: list(people) for workshop_id, people in roster.items()}
    for slot in slots:
        slot.workers = [free[workshop_id].pop() for workshop_id in slot.workshop_ids]
        day = STARTS_ON + dt.timedelta(days=rng.randrange(18))
        friendship = befriend(slot.workers[0], cadre=slot.cadre, on=day)
        for number, worker in enumerate(slot.workers[1:], start=1):
            day = dt.date(2016, 1 + number * 7 // len(slot.workers), rng.randint(2, 27))
            reason = rng.choice([EndReason.ROTATED] * 8 + [EndReason.LEFT, EndReason.OWN_WISH])
            end_friendship(friendship, on=day, reason=reason)
            friendship = befriend(worker, cadre=slot.cadre, on=day)
