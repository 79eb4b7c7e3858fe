"""Figures of the closed loop. Each docstring is the definition that reports print.

`as_of` is a day: the figures are then those that the transition log shows at the end of that day, so that last
March's report can be made again and gives the same. Without it the present state counts.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from liaison.figure_scope import FigureScope
from lib.formats import Rate
from lib.periods import Period, day_bounds

from .enums import SATISFIED_RATINGS, FeedbackState, IssueState, OpinionState, Outcome, RatedBy, ReporterKind
from .models import Feedback, Issue, Merge, Opinion, Transition


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
    """Annotates `state_then`: as of the end of the day, or the present state."""
    if as_of is None:
        return rows.annotate(state_then=F("state"))
    last = _last_before_end_of(as_of, Transition.objects.of_opinions().filter(opinion=OuterRef("pk")))
    return rows.annotate(state_then=Subquery(last.values("to_state")[:1]))


def issues_then(rows: QuerySet[Issue], as_of: dt.date | None) -> QuerySet[Issue]:
    """Annotates `state_then` and `outcome_then`: as of the end of the day, or the present ones."""
    if as_of is None:
        return rows.annotate(state_then=F("state"), outcome_then=F("outcome"))
    last = _last_before_end_of(as_of, Transition.objects.of_issues().filter(issue=OuterRef("pk")))
    return rows.annotate(
        state_then=Subquery(last.values("to_state")[:1]), outcome_then=Subquery(last.values("outcome")[:1])
    )


def _last_before_end_of(day: dt.date, moves: QuerySet[Transition]) -> QuerySet[Transition]:
    return moves.filter(at__lt=day_bounds(day)[1]).order_by("-at", "-pk")


def opinion_ledger(scope: FigureScope, period: Period, *, as_of: dt.date | None = None) -> OpinionLedger:
    """Opinions are counted, not their links to issues: one that was merged twice counts once."""
    rows = opinions_then(opinions_in(scope, period), as_of)
    return OpinionLedger(
        **rows.aggregate(
            opinions=Count("pk"),
            merged=Count("pk", filter=Q(state_then=OpinionState.MERGED)),
            waiting=Count("pk", filter=Q(state_then=OpinionState.WAITING)),
            set_aside=Count("pk", filter=Q(state_then=OpinionState.SET_ASIDE)),
        )
    )


def issue_ledger(scope: FigureScope, period: Period, *, as_of: dt.date | None = None) -> IssueLedger:
    rows = issues_then(issues_in(scope, period), as_of)
    return IssueLedger(
        **rows.aggregate(
            issues=Count("pk"),
            solved=Count("pk", filter=Q(outcome_then=Outcome.SOLVED)),
            partly_solved=Count("pk", filter=Q(outcome_then=Outcome.PARTLY)),
            in_hand=Count("pk", filter=Q(outcome_then="")),
            explained=Count("pk", filter=Q(outcome_then=Outcome.EXPLAINED)),
            struck_off=Count("pk", filter=Q(state_then=IssueState.CLOSED)),
        )
    )


def response_rate(scope: FigureScope, period: Period, *, as_of: dt.date) -> Rate:
    """回复率：统计期内登记、截至当日应作首次答复的问题中，已作答复的比例。"""
    due = issues_in(scope, period).filter(first_answer_due_on__lte=as_of)
    return Rate(due.filter(first_answered_on__lte=as_of).count(), due.count())


def closure_rate(scope: FigureScope, period: Period, *, as_of: dt.date) -> Rate:
    """办结率：统计期内登记、截至当日应办结的问题中，已有办理结果的比例。"""
    due = issues_then(issues_in(scope, period).filter(due_on__lte=as_of), as_of)
    return Rate(due.exclude(outcome_then="").count(), due.count())


def on_time_closure_rate(scope: FigureScope, period: Period, *, as_of: dt.date) -> Rate:
    """按时办结率：统计期内登记、截至当日应办结的问题中，在时限内有办理结果的比例。"""
    due = issues_then(issues_in(scope, period).filter(due_on__lte=as_of), as_of)
    on_time = due.exclude(outcome_then="").filter(outcome_on__lte=F("due_on"))
    return Rate(on_time.count(), due.count())


def feedbacks_in(scope: FigureScope, period: Period, *, as_of: dt.date) -> QuerySet[Feedback]:
    """What is owed or settled for opinions raised in the period, once there is an outcome; anonymous ones apart."""
    return Feedback.objects.filter(opinion__in=opinions_in(scope, period), owed_since__lte=as_of).exclude(
        opinion__reporter_kind=ReporterKind.ANONYMOUS
    )


def feedback_rate(scope: FigureScope, period: Period, *, as_of: dt.date) -> Rate:
    """反馈率：统计期内提出、所属问题已有结果的意见中，已反馈到本人的比例（匿名意见另计）。"""
    answered = feedbacks_in(scope, period, as_of=as_of).values("opinion").distinct()
    untold = feedbacks_in(scope, period, as_of=as_of).exclude(state=FeedbackState.TOLD, told_on__lte=as_of)
    owed = answered.count()
    return Rate(owed - untold.values("opinion").distinct().count(), owed)


def satisfaction_rate(scope: FigureScope, period: Period, *, as_of: dt.date, rated_by: RatedBy | None = None) -> Rate:
    """满意率：（非常满意＋满意＋基本满意）÷ 已评价；职工本人评价与联络员代填分别列示。"""
    rated = Feedback.objects.filter(opinion__in=opinions_in(scope, period), rated_on__lte=as_of)
    if rated_by:
        rated = rated.filter(rated_by=rated_by)
    return Rate(rated.filter(rating__in=SATISFIED_RATINGS).count(), rated.count())


def misfits(scope: FigureScope, period: Period) -> list[str]:
    """Rows that break an identity of the ledger, by number: an opinion merged in name only, a state without one."""
    in_force = Merge.objects.in_force().filter(opinion=OuterRef("pk"))
    broken = opinions_in(scope, period).filter(
        Q(state=OpinionState.MERGED) & ~Exists(in_force) | ~Q(state=OpinionState.MERGED) & Exists(in_force)
    )
    return [str(key) for key in broken.values_list("key", flat=True)[:20]]
