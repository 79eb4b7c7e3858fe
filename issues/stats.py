"""Figures of the closed loop. Each docstring is the definition that reports print.

`as_of` is a day: the figures are then those that the transition log shows at the end of that day, so that last
March's report can be made again and gives the same. Without it the present state counts.

What each figure counts stands once, as conditions on rows that `opinions_then` or `issues_then` has annotated; the
ledgers and rates here and the sums of the reports are made of them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from liaison.figure_scope import FigureScope
from lib.formats import Rate
from lib.periods import Period, today

from .enums import SATISFIED_RATINGS, FeedbackState, IssueState, OpinionState, Outcome, RatedBy, ReporterKind
from .models import Feedback, Issue, Merge, Opinion, Transition

EVERY = Q(pk__isnull=False)
#: Of rows from `opinions_then`.
OPINION_COUNTS: dict[str, Q] = {
    "opinions": EVERY,
    "opinions_merged": Q(state_then=OpinionState.MERGED),
    "opinions_waiting": Q(state_then=OpinionState.WAITING),
    "opinions_set_aside": Q(state_then=OpinionState.SET_ASIDE),
}
#: Of rows from `with_is_merged`: merged in name only, or a state that does not say so.
MISFIT = Q(state=OpinionState.MERGED, is_merged=False) | ~Q(state=OpinionState.MERGED) & Q(is_merged=True)
#: Of rows from `issues_then`; in hand is what has no outcome yet. An answer that waits for its approval is none: it
#: counts from the day on which it was approved, and for the limit with the day on which it was given.
ISSUE_COUNTS: dict[str, Q] = {
    "issues": EVERY,
    "solved": Q(outcome_then=Outcome.SOLVED),
    "partly_solved": Q(outcome_then=Outcome.PARTLY),
    "in_hand": Q(outcome_then=""),
    "explained": Q(outcome_then=Outcome.EXPLAINED),
    "struck_off": Q(state_then=IssueState.CLOSED),
}


def issue_clocks(day: dt.date) -> dict[str, Q]:
    """Of rows from `issues_then`: what was due by the day on each of the two clocks, and what of it was done."""
    answer_due, outcome_due = Q(first_answer_due_then__lte=day), Q(due_then__lte=day)
    with_outcome = outcome_due & ~Q(outcome_then="")
    return {
        "answer_due": answer_due,
        "answered": answer_due & Q(first_answered_on__lte=day),
        "outcome_due": outcome_due,
        "with_outcome": with_outcome,
        "on_time": with_outcome & Q(outcome_on_then__lte=F("due_then")),
    }


def feedback_counts(day: dt.date, *, feedback: str = "", opinion: str = "opinion__") -> dict[str, Q]:
    """Of all rounds of Feedback, those in force on the day; the prefixes lead to feedback and opinion from the row.

    `untold`: still owed. An opinion is told when none of its feedbacks is.
    """

    def of(**conditions) -> Q:
        return Q(**{f"{feedback}{name}": value for name, value in conditions.items()})

    in_force = of(owed_since__lte=day) & (of(superseded_on__isnull=True) | of(superseded_on__gt=day))
    owed = in_force & ~Q(**{f"{opinion}reporter_kind": ReporterKind.ANONYMOUS})
    rated, by_worker = in_force & of(rated_on__lte=day), of(rated_by=RatedBy.WORKER)
    satisfied = rated & of(rating__in=SATISFIED_RATINGS)
    return {
        "owed": owed,
        "untold": owed & ~of(state=FeedbackState.TOLD, told_on__lte=day),
        "rated": rated,
        "satisfied": satisfied,
        "rated_by_worker": rated & by_worker,
        "satisfied_by_worker": satisfied & by_worker,
    }


@dataclass(frozen=True)
class OpinionLedger:
    """征集意见建议：统计期内提出的意见建议条数（归并前），及其去向。"""

    opinions: int
    merged: int
    waiting: int
    set_aside: int

    @property
    def adds_up(self) -> bool:
        return self.opinions == self.merged + self.waiting + self.set_aside


@dataclass(frozen=True)
class IssueLedger:
    """汇总合并：统计期内登记的问题件数，及其办理结果；正在解决＝尚无结果。"""

    issues: int
    solved: int
    partly_solved: int
    in_hand: int
    explained: int
    struck_off: int

    @property
    def adds_up(self) -> bool:
        return self.issues == self.solved + self.partly_solved + self.in_hand + self.explained

    @property
    def real_problems(self) -> int:
        """解决实际问题：彻底解决＋部分解决。"""
        return self.solved + self.partly_solved

    @property
    def real_problems_published(self) -> int:
        """解决和正在解决实际问题：彻底解决＋部分解决＋正在解决，即对外公布的口径。"""
        return self.real_problems + self.in_hand


def opinions_in(scope: FigureScope, period: Period) -> QuerySet[Opinion]:
    return scope.facts(Opinion.objects.for_period(period))


def issues_in(scope: FigureScope, period: Period) -> QuerySet[Issue]:
    return scope.facts(Issue.objects.for_period(period))


def opinions_then(rows: QuerySet[Opinion], as_of: dt.date | None) -> QuerySet[Opinion]:
    """Those raised by the end of the day, with `state_then` of that moment; without a day, all as they are now."""
    if is_present(as_of):
        return rows.annotate(state_then=F("state"))
    last = last_moves(as_of, Transition.objects.of_opinions().filter(opinion=OuterRef("pk")))
    return rows.filter(raised_on__lte=as_of).annotate(state_then=Subquery(last.values("to_state")[:1]))


#: What `issues_then` annotates: (column of the transition, column of the issue).
ISSUE_THEN = {
    "state_then": ("to_state", "state"),
    "outcome_then": ("outcome", "outcome"),
    "outcome_on_then": ("outcome_on", "outcome_on"),
    "due_then": ("due_on", "due_on"),
    "first_answer_due_then": ("first_answer_due_on", "first_answer_due_on"),
}


def issues_then(rows: QuerySet[Issue], as_of: dt.date | None) -> QuerySet[Issue]:
    """Those registered by the end of the day, with ISSUE_THEN of that moment; without a day, all as they are now.

    One that was void then counts nowhere.
    """
    if is_present(as_of):
        rows = rows.exclude(state=IssueState.VOID)
        return rows.annotate(**{name: F(column) for name, (_then, column) in ISSUE_THEN.items()})
    last = last_moves(as_of, Transition.objects.of_issues().filter(issue=OuterRef("pk")))
    then = {name: Subquery(last.values(column)[:1]) for name, (column, _now) in ISSUE_THEN.items()}
    return rows.filter(registered_on__lte=as_of).annotate(**then).exclude(state_then=IssueState.VOID)


def is_present(as_of: dt.date | None) -> bool:
    """The columns hold the state of today; the log is asked about days that are over."""
    return as_of is None or as_of >= today()


def last_moves(day: dt.date, moves: QuerySet[Transition]) -> QuerySet[Transition]:
    """Latest first, up to the end of the day."""
    return moves.filter(on__lte=day).order_by("-at", "-pk")


def counted(rows: QuerySet, conditions: dict[str, Q]) -> dict[str, int]:
    return rows.aggregate(**{name: Count("pk", filter=condition) for name, condition in conditions.items()})


def opinion_ledger(scope: FigureScope, period: Period, *, as_of: dt.date | None = None) -> OpinionLedger:
    """Opinions are counted, not their links to issues: one that was merged twice counts once."""
    counts = counted(opinions_then(opinions_in(scope, period), as_of), OPINION_COUNTS)
    return OpinionLedger(**{name.removeprefix("opinions_"): count for name, count in counts.items()})


def issue_ledger(scope: FigureScope, period: Period, *, as_of: dt.date | None = None) -> IssueLedger:
    return IssueLedger(**counted(issues_then(issues_in(scope, period), as_of), ISSUE_COUNTS))


def clock_rate(scope: FigureScope, period: Period, as_of: dt.date, done: str, due: str) -> Rate:
    clocks = issue_clocks(as_of)
    found = counted(issues_then(issues_in(scope, period), as_of), {name: clocks[name] for name in (done, due)})
    return Rate(found[done], found[due])


def response_rate(scope: FigureScope, period: Period, *, as_of: dt.date) -> Rate:
    """回复率：统计期内登记、截至当日应作首次答复的问题中，已作答复的比例。"""
    return clock_rate(scope, period, as_of, "answered", "answer_due")


def closure_rate(scope: FigureScope, period: Period, *, as_of: dt.date) -> Rate:
    """办结率：统计期内登记、截至当日应办结的问题中，已有办理结果的比例。"""
    return clock_rate(scope, period, as_of, "with_outcome", "outcome_due")


def on_time_closure_rate(scope: FigureScope, period: Period, *, as_of: dt.date) -> Rate:
    """按时办结率：统计期内登记、截至当日应办结的问题中，在时限内有办理结果的比例。"""
    return clock_rate(scope, period, as_of, "on_time", "outcome_due")


def feedbacks_in(scope: FigureScope, period: Period) -> QuerySet[Feedback]:
    """All rounds of what was owed for opinions raised in the period."""
    return Feedback.objects.filter(opinion__in=opinions_in(scope, period))


def feedback_rate(scope: FigureScope, period: Period, *, as_of: dt.date) -> Rate:
    """反馈率：统计期内提出、所属问题已有结果的意见中，已反馈到本人的比例（匿名意见另计）。"""
    counts = feedback_counts(as_of)
    found = feedbacks_in(scope, period).aggregate(
        **{name: Count("opinion", filter=counts[name], distinct=True) for name in ("owed", "untold")}
    )
    return Rate(found["owed"] - found["untold"], found["owed"])


def satisfaction_rate(scope: FigureScope, period: Period, *, as_of: dt.date, rated_by: RatedBy | None = None) -> Rate:
    """满意率：（非常满意＋满意＋基本满意）÷ 已评价；职工本人评价与联络员代填分别列示。"""
    rated = feedbacks_in(scope, period)
    if rated_by:
        rated = rated.filter(rated_by=rated_by)
    counts = feedback_counts(as_of)
    found = counted(rated, {name: counts[name] for name in ("satisfied", "rated")})
    return Rate(found["satisfied"], found["rated"])


def with_is_merged(rows: QuerySet[Opinion]) -> QuerySet[Opinion]:
    return rows.annotate(is_merged=Exists(Merge.objects.in_force().filter(opinion=OuterRef("pk"))))


def misfits(scope: FigureScope, period: Period) -> list[str]:
    """Rows that break an identity of the ledger, by number: an opinion merged in name only, a state without one."""
    broken = with_is_merged(opinions_in(scope, period)).filter(MISFIT)
    return [str(key) for key in broken.values_list("key", flat=True)[:20]]
