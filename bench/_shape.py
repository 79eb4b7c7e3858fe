"""How large a synthetic house is: everything follows from the numbers of workers, logs and opinions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

#: The demo, which the scales 1, 10 and 100 multiply.
DEMO_WORKERS, DEMO_LOGS, DEMO_OPINIONS = 650, 600, 230

ENTERPRISE_WORKERS = 10_000
BASE_UNITS = 16
WORKSHOPS = 5
DEPARTMENTS = 16
#: Workers of whom one cadre takes his friends: 10–15 at a time, three after one another in each place.
CIRCLE = 54
PLACES = range(10, 16)
TURNS = 3
#: Logs of a cadre in a month, as in the demo; how far the history reaches back follows from it.
LOGS_A_MONTH = 6.25
SHORTEST_HISTORY, LONGEST_HISTORY = 240, 3650


@dataclass(frozen=True)
class Shape:
    """`today` is the day after the last log."""

    workers: int
    logs: int
    opinions: int
    today: dt.date

    def __post_init__(self) -> None:
        if self.workers < 2 * CIRCLE or self.logs < 1:
            raise SystemExit(f"✗ At least {2 * CIRCLE} workers and one log.")

    @classmethod
    def scaled(cls, scale: int, today: dt.date) -> Shape:
        return cls(DEMO_WORKERS * scale, DEMO_LOGS * scale, DEMO_OPINIONS * scale, today)

    @cached_property
    def enterprises(self) -> int:
        return -(-self.workers // ENTERPRISE_WORKERS)

    def workers_of(self, enterprise: int) -> range:
        """The workers of the enterprise by number from 0; enterprises and workers stand in the same order."""
        return slice_of(self.workers, self.enterprises, enterprise)

    def cadres_of(self, enterprise: int) -> int:
        return len(self.workers_of(enterprise)) // CIRCLE

    @cached_property
    def cadres(self) -> int:
        return sum(self.cadres_of(number) for number in range(self.enterprises))

    def group_size(self, enterprise: int) -> int:
        """Six groups, or more of ten cadres each."""
        return max(1, min(10, self.cadres_of(enterprise) // 6))

    @cached_property
    def days(self) -> int:
        months = self.logs / max(1, self.cadres) / LOGS_A_MONTH
        return max(SHORTEST_HISTORY, min(LONGEST_HISTORY, round(months * 30.4)))

    @cached_property
    def first_day(self) -> dt.date:
        return self.today - dt.timedelta(days=self.days)

    def day_of_log(self, number: int) -> int:
        """Days after the first; logs stand in the order of time."""
        return number * self.days // self.logs


def slice_of(whole: int, parts: int, number: int) -> range:
    """The part of `range(whole)` that is `number` of so many nearly equal ones."""
    return range(whole * number // parts, whole * (number + 1) // parts)


def places_of(cadre: int) -> int:
    """How many friends the cadre has at a time."""
    return PLACES[cadre % len(PLACES)]


def turns_of(cadre: int, place: int, days: int) -> tuple[int, int]:
    """The two days on which the friend in this place changes."""
    first, second = 20 + (cadre * 7 + place * 13) % 30, 55 + (cadre * 11 + place * 5) % 30
    return days * first // 100, days * second // 100
