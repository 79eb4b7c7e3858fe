"""The working-day clock: Chinese holidays and make-up weekends, with the installation's own days on top.

Pure: what the database overrides is an argument. The packaged calendar knows a year's make-up
weekends only once the State Council has announced them (in November of the year before).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

SATURDAY = 5
FIRST_KNOWN_YEAR = 2010
# Longer than any limit in the house; a larger number is a mistake and not a deadline.
MOST_WORKDAYS = 2_000


class Calendar:
    """``overrides`` maps a day to whether it is worked; it goes before the packaged calendar."""

    def __init__(self, overrides: Mapping[date, bool] | None = None) -> None:
        self.overrides = MappingProxyType(dict(overrides or {}))

    def is_workday(self, day: date) -> bool:
        known = self.overrides.get(day)
        if known is not None:
            return known
        holidays, worked_weekends = _packaged(day.year)
        return day in worked_weekends if day.weekday() >= SATURDAY else day not in holidays

    def next_workday(self, day: date) -> date:
        """The day itself if it is worked, else the first worked day after it."""
        while not self.is_workday(day):
            day += timedelta(days=1)
        return day

    def add_workdays(self, day: date, n: int) -> date:
        """The n-th working day after (or, negative, before) the day; the day itself does not count.

        With 0: the day itself, moved to the next working day.
        """
        if abs(n) > MOST_WORKDAYS:
            raise ValueError("Too many working days.")
        if n == 0:
            return self.next_workday(day)
        step = timedelta(days=1 if n > 0 else -1)
        left = abs(n)
        while left:
            day += step
            left -= self.is_workday(day)
        return day

    def workdays(self, start: date, end: date) -> Iterator[date]:
        """The working days from ``start`` up to, and without, ``end``."""
        return (day for n in range((end - start).days) if self.is_workday(day := start + timedelta(days=n)))

    def workdays_between(self, start: date, end: date) -> int:
        """How many working days lie after ``start``, up to and with ``end``; negative if ``end`` is earlier.

        So ``workdays_between(day, add_workdays(day, n)) == n``: what is left of a limit.
        """
        if end < start:
            return -self.workdays_between(end, start)
        return sum(1 for _ in self.workdays(start + timedelta(days=1), end + timedelta(days=1)))

    def nth_workday(self, year: int, month: int, n: int) -> date:
        """The n-th working day of a calendar month, or ``ValueError`` if it has not as many."""
        first = date(year, month, 1)
        after = date(year + month // 12, month % 12 + 1, 1)
        for count, day in enumerate(self.workdays(first, after), start=1):
            if count == n:
                return day
        raise ValueError("The month has fewer working days.")

    def known_year(self, year: int) -> bool:
        """Whether the year's make-up weekends are known, from the package or from the overrides.

        A year always has some; a year without any has not been announced yet and counts plain weeks.
        """
        if year < FIRST_KNOWN_YEAR or _packaged(year)[1]:
            return True
        return any(worked and day.year == year and day.weekday() >= SATURDAY for day, worked in self.overrides.items())


@lru_cache(maxsize=64)
def _packaged(year: int) -> tuple[frozenset[date], frozenset[date]]:
    """Days off and weekend days worked of one year."""
    # Imported late: the package takes a quarter of a second, which no web process pays at its start.
    import holidays

    china = holidays.country_holidays("CN", years=[year], expand=False)
    days_off = frozenset(day for day in china if day.year == year)
    return days_off, frozenset(day for day in china.weekend_workdays if day.year == year)
