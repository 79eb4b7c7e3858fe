"""Norms with inheritance: each value comes from the nearest ancestor that sets it, else from the published practice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from organization.models import Unit

from .enums import Grade
from .models import LIMIT_FIELD, Norms


@dataclass(frozen=True)
class Band:
    """`low` to `high`, both included. Leaving the band warns, never blocks."""

    low: int
    high: int

    def __str__(self) -> str:
        return f"{self.low}–{self.high}" if self.low != self.high else str(self.low)

    def holds(self, value: int) -> bool:
        return self.low <= value <= self.high


#: What the union of the befriending system published (2016); limits after usual practice of staff-service hotlines.
PUBLISHED = {
    "friends_min": 10,
    "friends_max": 15,
    "standing_min": 100,
    "standing_max": 150,
    "contracts_min": 2,
    "contracts_max": 3,
    "topics_min": 2,
    "topics_max": 3,
    "meetings_min": 1,
    "meetings_max": 2,
    "silence_days": 30,
    "frontline_days": 1,
    "focus_min": 1,
    "focus_max": 2,
    "plan_meeting_by_workday": 5,
    "first_answer_workdays": 5,
    "short_term_workdays": 15,
    "several_departments_workdays": 30,
    "systemic_workdays": 60,
    "escalate_handler_workdays": 1,
    "escalate_head_workdays": 3,
    "escalate_office_workdays": 5,
    "escalate_leader_workdays": 10,
}


@dataclass(frozen=True)
class EffectiveNorms:
    values: dict[str, int]

    @property
    def friends(self) -> Band:
        return self._band("friends")

    @property
    def standing(self) -> Band:
        return self._band("standing")

    @property
    def contracts(self) -> Band:
        return self._band("contracts")

    @property
    def topics(self) -> Band:
        return self._band("topics")

    @property
    def meetings(self) -> Band:
        return self._band("meetings")

    @property
    def focus(self) -> Band:
        return self._band("focus")

    @property
    def silence_days(self) -> int:
        return self.values["silence_days"]

    @property
    def frontline_days(self) -> int:
        return self.values["frontline_days"]

    @property
    def plan_meeting_by_workday(self) -> int:
        return self.values["plan_meeting_by_workday"]

    @property
    def first_answer_workdays(self) -> int:
        return self.values["first_answer_workdays"]

    def limit(self, grade: Grade) -> int:
        """Working days from registration to an outcome."""
        return self.values[LIMIT_FIELD[grade]]

    def escalation_workdays(self, rung: str) -> int:
        """Working days after the limit on which a late dispatch reaches the rung (`issues.enums.Rung`)."""
        return self.values[f"escalate_{rung}_workdays"]

    def _band(self, name: str) -> Band:
        return Band(self.values[f"{name}_min"], self.values[f"{name}_max"])


def norms_for(unit: Unit) -> EffectiveNorms:
    return inherited(Norms.objects.filter(unit__path__in=unit.paths_to_root()).order_by("unit__path"))


def inherited(rows: Iterable[Norms]) -> EffectiveNorms:
    """Of a unit and those above it, root first, so that the nearest has the last word."""
    values = dict(PUBLISHED)
    for norms in rows:
        values.update({name: getattr(norms, name) for name in PUBLISHED if getattr(norms, name) is not None})
    return EffectiveNorms(values)
