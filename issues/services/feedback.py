"""The answer goes back to each worker who raised the matter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lib.errors import Refused
from lib.periods import local_date
from organization.models import User

from ..enums import FeedbackState, Move, RatedBy, ReporterKind
from ..models import Feedback, Issue, Opinion, Slip, Transition
from ..workflow import ISSUE_STEPS, require
from .transitions import locked, transition_of, write_transition


class AlreadySettled(Refused):
    code = "feedback_settled"
    default_message = gettext_lazy("这条反馈已经登记过了，请刷新页面。")

    @classmethod
    def by_somebody(cls, feedback: Feedback) -> AlreadySettled:
        if feedback.state == FeedbackState.OWED:
            return cls()
        words = {"who": feedback.teller, "day": feedback.told_on, "state": feedback.get_state_display()}
        return cls(_("已由%(who)s于 %(day)s 登记为“%(state)s”，这一次没有再登记。") % words)


def owe_feedback(issue: Issue, *, by: User, at: dt.datetime) -> None:
    """From the outcome on, each reporter is owed the answer; those who are owed or have it already stay as they are.

    An anonymous one with a slip needs nobody to tell him: the answer stands on it from now on.
    """
    known = set(issue.feedbacks.in_force().values_list("opinion_id", flat=True))
    fresh = [opinion for opinion in issue.opinions() if opinion.pk not in known]
    on_slip = set(Slip.objects.in_force().filter(opinion__in=fresh).values_list("opinion_id", flat=True))
    day = local_date(at)
    published = [o for o in fresh if o.reporter_kind == ReporterKind.ANONYMOUS and o.pk in on_slip]
    told = {"state": FeedbackState.PUBLISHED, "told_on": day, "told_by": by}
    Feedback.objects.bulk_create(
        Feedback(opinion=opinion, issue=issue, owed_since=day, **(told if opinion in published else {}))
        for opinion in fresh
    )
    Transition.objects.bulk_create(
        transition_of(Move.TELL, by=by, at=at, issue=issue, opinion=opinion, before=opinion.state, after=opinion.state)
        for opinion in published
    )


def supersede_feedback(issue: Issue, *, on: dt.date) -> None:
    """The outcome is withdrawn: nobody is to be told it any more, and whoever was is owed the next one."""
    issue.feedbacks.in_force().update(superseded_on=on)


def release_feedback(issue: Issue, opinion: Opinion, *, on: dt.date) -> None:
    """The opinion leaves the issue: its reporter is owed nothing here any more. Refused once he has been told."""
    rounds = issue.feedbacks.in_force().filter(opinion=opinion)
    if rounds.filter(state__in=[FeedbackState.TOLD, FeedbackState.PUBLISHED]).exists():
        raise Refused(_("这位职工已经得到反馈，这条意见不能再移出问题。"), code="already_told")
    rounds.update(superseded_on=on)


@transaction.atomic
def tell_reporter(
    feedback: Feedback,
    *,
    by: User,
    channel: str,
    at: dt.datetime | None = None,
    reaction: str = "",
    rating: int | None = None,
) -> None:
    """The worker has been told. A rating taken down here is the worker's through the cadre, and is marked so."""
    _settle(
        feedback,
        FeedbackState.TOLD,
        by=by,
        at=at,
        channel=channel,
        reaction=reaction,
        rating=rating,
    )


@transaction.atomic
def tell_several(feedbacks: Collection[Feedback], *, by: User, **told) -> None:
    """One talk told several reporters of an issue; either all of them are recorded or none (see tell_reporter)."""
    # In one order for everybody, so that two who tell at once cannot wait for each other.
    for feedback in sorted(feedbacks, key=lambda feedback: feedback.pk):
        tell_reporter(feedback, by=by, **told)


@transaction.atomic
def publish_feedback(feedback: Feedback, *, by: User, at: dt.datetime | None = None) -> None:
    """The answer to an anonymous voice is made public, for nobody can be told."""
    if feedback.opinion.reporter_kind != ReporterKind.ANONYMOUS:
        raise Refused(_("署名的意见须反馈到本人，不能以公布代替。"), code="not_anonymous")
    _settle(feedback, FeedbackState.PUBLISHED, by=by, at=at)


@transaction.atomic
def mark_unreachable(feedback: Feedback, *, by: User, reason: str, at: dt.datetime | None = None) -> None:
    """The office confirms that the worker cannot be reached, and why."""
    if not reason.strip():
        raise Refused(_("请写明为什么联系不上。"))
    _settle(feedback, FeedbackState.UNREACHABLE, by=by, at=at, reason=reason.strip())


def _settle(
    feedback: Feedback,
    state: FeedbackState,
    *,
    by: User,
    at: dt.datetime | None,
    rating: int | None = None,
    **fields,
) -> None:
    at = at or timezone.now()
    issue = locked(feedback.issue)
    require(ISSUE_STEPS, Move.TELL, state=issue.state, label=str(issue.get_state_display()))
    feedback = Feedback.objects.select_for_update(of=("self",)).select_related("opinion", "told_by").get(pk=feedback.pk)
    if feedback.state != FeedbackState.OWED or feedback.superseded_on:
        raise AlreadySettled.by_somebody(feedback)
    day = local_date(at)
    if day < feedback.owed_since:
        raise Refused(_("反馈日期不能早于答复日期。"), code="told_before_answer")
    feedback.state, feedback.told_on, feedback.told_by = state, day, by
    for name, value in fields.items():
        setattr(feedback, name, value)
    if rating:
        feedback.rating, feedback.rated_by, feedback.rated_on = (
            rating,
            RatedBy.CADRE,
            day,
        )
    feedback.full_clean(exclude=["opinion", "issue", "told_by"])
    feedback.save()
    opinion = feedback.opinion
    write_transition(
        Move.TELL,
        by=by,
        at=at,
        issue=issue,
        opinion=opinion,
        before=opinion.state,
        after=opinion.state,
    )
