"""Whom they talk to: workers, friendships with their history, logs, participations; raises opinions on the way."""

from __future__ import annotations

import datetime as dt
import random
from array import array
from collections.abc import Iterator

from friends.enums import ContactChannel, Employment, EndReason, Mood, WorkKind
from friends.models import ContactLog, Friendship, Participation, Worker
from lib.encryption import encrypt
from organization.enums import Gender

from ._copy import NULL, Loader
from ._loop import Ledger, Voice
from ._shape import TURNS, Shape, places_of, turns_of
from ._structure import QUARTER_DAYS, TOPICS, House
from ._words import LOG_TEXTS, PLACES, POSTS, SHIFTS, WOMEN, full_name

LOG_TOPICS = ContactLog.topics.through
MODELS = [Worker, Friendship, ContactLog, Participation, LOG_TOPICS]
# What is met more often stands here more often.
CHANNELS = (
    *[ContactChannel.FACE_TO_FACE] * 9,
    *[ContactChannel.PHONE] * 4,
    *[ContactChannel.WECHAT] * 4,
    ContactChannel.WORKING_TOGETHER,
    ContactChannel.CONDOLENCE,
    ContactChannel.MEETING,
)
KINDS = (*[WorkKind.FRIENDSHIP] * 6, *[WorkKind.VISITING] * 3, WorkKind.BRIEFING, WorkKind.RIGHTS, WorkKind.SOLVING)
MOODS = (*[Mood.CALM] * 5, Mood.POSITIVE, Mood.WORRIED, Mood.DISSATISFIED, "")
COMPANY = (1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 5)


def new_key(rng: random.Random) -> str:
    return f"{rng.getrandbits(128):032x}"


def worker_in(house: House, shape: Shape, cadre: int, place: int, day: int) -> int:
    """The friend of the cadre (from 0) in this place on a day; each place has TURNS friends one after another."""
    first, second = turns_of(cadre, place, shape.days)
    return house.cadres[cadre][2] + place * TURNS + (day >= first) + (day >= second)


def load_friendships(shape: Shape, load: Loader, house: House, rng: random.Random) -> None:
    given = ("key", "worker_id", "cadre_id", "unit_id", "starts_on", "ends_on", "end_reason")
    rows = load.table(Friendship, *given)
    for cadre, (_enterprise, _group, first) in enumerate(house.cadres):
        for place in range(places_of(cadre)):
            turns = [0, *turns_of(cadre, place, shape.days)]
            for turn, (start, end) in enumerate(zip(turns, [*turns[1:], None], strict=True)):
                worker = first + place * TURNS + turn
                rows.add(
                    new_key(rng),
                    str(worker + 1),
                    str(cadre + 1),
                    str(house.unit_of[worker]),
                    str(shape.first_day + dt.timedelta(days=start)),
                    NULL if end is None else str(shape.first_day + dt.timedelta(days=end)),
                    "" if end is None else EndReason.ROTATED,
                )


def load_logs(shape: Shape, load: Loader, house: House, ledger: Ledger, rng: random.Random) -> array:
    """Returns the day of the last contact of each worker, -1 for none."""
    given = ("id", "key", "recorded_at", "recorded_by_id", "cadre_id", "group_id", "unit_id", "happened_at",
             "happened_on", "channel", "work_kind", "place", "minutes", "text", "mood", "next_contact_on")  # fmt: skip
    logs = load.table(ContactLog, *given)
    taken_part = load.table(Participation, "log_id", "worker_id", "unit_id")
    topics = load.table(LOG_TOPICS, "contactlog_id", "topic_id")
    last = array("i", [-1]) * shape.workers
    for number, day, date in days_of_logs(shape):
        cadre = int(rng.random() * len(house.cadres))
        enterprise, group, _first = house.cadres[cadre]
        workers = friends_met(house, shape, cadre, day, rng)
        unit = house.common({house.unit_of[worker] for worker in workers})
        log, mark = str(number + 1), rng.getrandbits(30)
        moment = f"{date} {8 + mark % 10:02d}:{mark // 16 % 60:02d}"
        logs.add(
            log,
            new_key(rng),
            f"{moment}:30+08",
            str(cadre + 1),
            str(cadre + 1),
            str(group),
            str(unit),
            f"{moment}:00+08",
            date,
            CHANNELS[mark % len(CHANNELS)],
            KINDS[mark % len(KINDS)],
            PLACES[mark % len(PLACES)],
            str(10 + mark % 50),
            LOG_TEXTS[mark % len(LOG_TEXTS)],
            MOODS[mark % len(MOODS)],
            NULL,
        )
        for worker in workers:
            taken_part.add(log, str(worker + 1), str(house.unit_of[worker]))
            last[worker] = day
        if number % 3 == 0:
            topic = house.enterprises[enterprise].topics[day // QUARTER_DAYS] + mark % TOPICS
            topics.add(log, str(topic))
        said = (number + 1) * shape.opinions // shape.logs - number * shape.opinions // shape.logs
        for place in range(said):
            worker = workers[place % len(workers)]
            ledger.raise_opinion(Voice(worker, house.unit_of[worker], enterprise, group, cadre + 1, log, day, moment))
    return last


def days_of_logs(shape: Shape) -> Iterator[tuple[int, int, str]]:
    known, date = -1, ""
    for number in range(shape.logs):
        day = shape.day_of_log(number)
        if day != known:
            known, date = day, str(shape.first_day + dt.timedelta(days=day))
        yield number, day, date


def friends_met(house: House, shape: Shape, cadre: int, day: int, rng: random.Random) -> list[int]:
    places = places_of(cadre)
    place, count = int(rng.random() * places), COMPANY[int(rng.random() * len(COMPANY))]
    return [worker_in(house, shape, cadre, (place + other) % places, day) for other in range(count)]


def load_workers(shape: Shape, load: Loader, house: House, last: array, rng: random.Random) -> None:
    """Last of all, because a row knows the day of its last contact."""
    given = ("id", "key", "enterprise_id", "unit_id", "employee_no", "name", "gender", "birth_year", "post", "shift",
             "employment", "phone", "is_union_member", "last_contact_on", *Worker.derived_fields)  # fmt: skip
    rows = load.table(Worker, *given)
    dates = [str(shape.first_day + dt.timedelta(days=day)) for day in range(shape.days + 1)]
    sample = Worker()
    for worker in range(shape.workers):
        enterprise = house.enterprises[house.enterprise_of[worker]]
        # From a range that no operator has been given.
        sample.name, sample.phone = full_name(worker), f"154{worker % 10**8:08d}"
        sample.derive()
        rows.add(
            str(worker + 1),
            new_key(rng),
            str(enterprise.unit),
            str(house.unit_of[worker]),
            f"{enterprise.code}{worker:07d}",
            sample.name,
            Gender.FEMALE if sample.name[-1] in WOMEN else Gender.MALE,
            str(1966 + worker % 38),
            POSTS[worker % len(POSTS)],
            SHIFTS[worker % len(SHIFTS)],
            Employment.DISPATCHED if worker % 9 == 0 else Employment.REGULAR,
            encrypt(sample.phone),
            "f" if worker % 25 == 0 else "t",
            dates[last[worker]] if last[worker] >= 0 else NULL,
            *(getattr(sample, name) for name in Worker.derived_fields),
        )
