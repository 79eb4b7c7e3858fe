"""Notice rules: code that says who should know what by now. Apps above register theirs from `AppConfig.ready`.

A rule is asked every few minutes "what is due?" and answers from the state of the tables, never from the clock
alone: after an outage of any length the next question catches up. What was said already is known by its key.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lib.periods import local_date

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from lib.workdays import Calendar


@dataclass(frozen=True)
class Occasion:
    """When a rule is asked: the moment, its business day, and the working-day calendar."""

    now: dt.datetime
    calendar: Calendar

    @property
    def day(self) -> dt.date:
        return local_date(self.now)

    def remind_from(self, event: dt.date, *, days: int) -> dt.date:
        """The day from which one reminds `days` before: moved back to a working day, for on others nobody is told."""
        day = event - dt.timedelta(days=days)
        while not self.calendar.is_workday(day):
            day -= dt.timedelta(days=1)
        return day


@dataclass(frozen=True)
class Due:
    """One message to one person. Said once per (rule, period, subject, recipient).

    `period` and `subject` are codes ("2016-08", "meeting-12"). `text` is lazy, for it is said in the recipient's
    language; it holds counts and days, never a name or a story.
    """

    recipient_id: int
    period: str
    subject: str
    text: str | Promise
    link: str


@dataclass(frozen=True)
class Rule:
    name: str
    label: str | Promise
    #: Whom it concerns, in words, for the people who ask why they got it.
    whom: str | Promise
    due: Callable[[Occasion], Iterable[Due]]


_rules: dict[str, Rule] = {}


def register_rule(*rules: Rule) -> None:
    for rule in rules:
        _rules[rule.name] = rule


def registered_rules() -> list[Rule]:
    return list(_rules.values())
