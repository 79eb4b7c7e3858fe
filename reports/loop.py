"""The closed loop of a month and of the year to date, by place and group: roll-up sums, held against the facts.

Two statements read the facts, one the roll-up; each gives all rows of the report at once, so that the cost does not
grow with the number of units.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields

from django.db.models import Count, Q, QuerySet

from issues import stats
from issues.models import Issue, Opinion
from liaison.figure_scope import FigureScope
from lib.formats import Rate
from lib.periods import Period

from .recount import SUMS
from .rollups import Cell, place_of

#: (path of the place, group id): what a row of the closed loop is made of.
Place = tuple[str, int | None]
SPANS = ("month", "year")
RATES = ("response_rate", "closure_rate", "on_time_closure_rate", "feedback_rate", "satisfaction_rate")


@dataclass
class Loop:
    """Counts of one span of one row; they add up, and the rates are made of them."""

    opinions: int = 0
    opinions_merged: int = 0
    opinions_waiting: int = 0
    opinions_set_aside: int = 0
    issues: int = 0
    solved: int = 0
    partly_solved: int = 0
    in_hand: int = 0
    explained: int = 0
    struck_off: int = 0
    answer_due: int = 0
    answered: int = 0
    outcome_due: int = 0
    with_outcome: int = 0
    on_time: int = 0
    owed: int = 0
    told: int = 0
    rated: int = 0
    satisfied: int = 0
    rated_by_worker: int = 0
    satisfied_by_worker: int = 0
    #: Opinions that are merged by their state but not by a merge in force, or the other way round.
    misfits: int = 0

    def __add__(self, other: Loop) -> Loop:
        return Loop(**{field.name: getattr(self, field.name) + getattr(other, field.name) for field in fields(self)})

    @property
    def is_empty(self) -> bool:
        return not (self.opinions or self.issues)

    @property
    def partly_and_in_hand(self) -> int:
        """部分解决和正在解决: what the published line joins."""
        return self.partly_solved + self.in_hand

    @property
    def real_problems_published(self) -> int:
        return self.solved + self.partly_and_in_hand

    @property
    def response_rate(self) -> Rate:
        return Rate(self.answered, self.answer_due)

    @property
    def closure_rate(self) -> Rate:
        return Rate(self.with_outcome, self.outcome_due)

    @property
    def on_time_closure_rate(self) -> Rate:
        return Rate(self.on_time, self.outcome_due)

    @property
    def feedback_rate(self) -> Rate:
        return Rate(self.told, self.owed)

    @property
    def satisfaction_rate(self) -> Rate:
        return Rate(self.satisfied, self.rated)

    @property
    def satisfaction_by_worker(self) -> Rate:
        return Rate(self.satisfied_by_worker, self.rated_by_worker)

    @property
    def satisfaction_by_cadre(self) -> Rate:
        return Rate(self.satisfied - self.satisfied_by_worker, self.rated - self.rated_by_worker)

    @property
    def adds_up(self) -> bool:
        opinions = self.opinions_merged + self.opinions_waiting + self.opinions_set_aside
        issues = self.solved + self.partly_solved + self.in_hand + self.explained
        return self.opinions == opinions and self.issues == issues and not self.misfits


#: Figures of the loop that the roll-up keeps; the rest are counted from the facts alone.
KEPT = tuple(field.name for field in fields(Loop) if field.name in SUMS)


@dataclass
class Spans:
    """The same figures for the month and for the year to date."""

    month: Loop
    year: Loop

    @classmethod
    def empty(cls) -> Spans:
        return cls(Loop(), Loop())

    def __add__(self, other: Spans) -> Spans:
        return Spans(self.month + other.month, self.year + other.year)

    @property
    def is_empty(self) -> bool:
        return self.year.is_empty


# From the roll-up


def loops_of(found: Iterable[Cell]) -> dict[Place, Spans]:
    loops: dict[Place, Spans] = defaultdict(Spans.empty)
    for cell in found:
        month, year = ({name: sums[name] for name in KEPT} for sums in (cell.month, cell.year))
        loops[cell.place, cell.group_id] += Spans(Loop(**month), Loop(**year))
    return {place: spans for place, spans in loops.items() if not spans.is_empty}


# From the facts


def counted_loops(scope: FigureScope, period: Period, day: dt.date) -> dict[Place, Spans]:
    """The loop by place and group as the facts had it at the end of the day."""
    loops: dict[Place, Spans] = defaultdict(Spans.empty)
    for counted in (counted_opinions, counted_issues):
        for row in counted(scope, period, day):
            counts = {span: {} for span in SPANS}
            for key, value in row.items():
                span, _sep, name = key.partition("_")
                if span in counts:
                    counts[span][name] = value
            loops[row["place"], row["group_id"]] += Spans(Loop(**counts["month"]), Loop(**counts["year"]))
    return dict(loops)


def in_both_spans(conditions: dict[str, Q], in_month: Q, counted: dict[str, str] | None = None) -> dict[str, Count]:
    """A count per figure and span. Rows may be joined to several others: each is counted once."""
    found = {}
    for name, condition in conditions.items():
        column = (counted or {}).get(name, "pk")
        found[f"year_{name}"] = Count(column, filter=condition, distinct=True)
        found[f"month_{name}"] = Count(column, filter=condition & in_month, distinct=True)
    return found


def counted_opinions(scope: FigureScope, period: Period, day: dt.date) -> QuerySet[Opinion]:
    """What is counted is said in issues.stats."""
    feedbacks = stats.feedback_counts(day, feedback="feedbacks__", opinion="")
    conditions = {**stats.OPINION_COUNTS, **feedbacks, "misfits": stats.MISFIT}
    in_month = Q(raised_on__gte=period.start, raised_on__lt=period.end)
    rows = stats.opinions_in(scope, period.year_to_date()).order_by()
    rows = stats.with_is_merged(stats.opinions_then(rows, day))
    # A rating counts, an opinion counts: one opinion may be rated in two issues.
    ratings = ("rated", "satisfied", "rated_by_worker", "satisfied_by_worker")
    counts = in_both_spans(conditions, in_month, dict.fromkeys(ratings, "feedbacks"))
    untold = {span: counts.pop(f"{span}_untold") for span in SPANS}
    grouped = rows.values("group_id", place=place_of(scope, "unit__path")).annotate(**counts)
    return grouped.annotate(**{f"{span}_told": counts[f"{span}_owed"] - untold[span] for span in SPANS})


def counted_issues(scope: FigureScope, period: Period, day: dt.date) -> QuerySet[Issue]:
    """What is counted is said in issues.stats."""
    conditions = {**stats.ISSUE_COUNTS, **stats.issue_clocks(day)}
    in_month = Q(registered_on__gte=period.start, registered_on__lt=period.end)
    rows = stats.issues_then(stats.issues_in(scope, period.year_to_date()).order_by(), day)
    grouped = rows.values("group_id", place=place_of(scope, "unit__path"))
    return grouped.annotate(**in_both_spans(conditions, in_month))


def differing(kept: dict[Place, Spans], counted: dict[Place, Spans]) -> list[Place]:
    """Where the roll-up is not what the facts say, or an identity of the ledger fails."""
    found = []
    for place in sorted(kept.keys() | counted.keys(), key=str):
        stored, now = kept.get(place) or Spans.empty(), counted.get(place) or Spans.empty()
        for before, after in ((stored.month, now.month), (stored.year, now.year)):
            same = all(getattr(before, name) == getattr(after, name) for name in KEPT)
            if not (same and before.adds_up and after.adds_up):
                found.append(place)
                break
    return found
