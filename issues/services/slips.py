"""The slip: handed to the worker, who reads the answer on it, rates it, and says when it is not solved."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from lib.errors import Refused
from lib.once import known_copy, once
from lib.periods import local_date
from organization.models import User

from ..enums import FeedbackState, Move, RatedBy, Rating
from ..models import Addition, Feedback, Issue, Opinion, Slip
from ..workflow import ISSUE_STEPS, require
from .closing import reopen_issue, reopened_by_worker
from .merging import refuse_own_answer
from .transitions import locked, write_transition

#: A worker's words to one opinion; the slip is no place for a correspondence.
MOST_ADDITIONS = 5


class Outdated(Refused):
    code = "answer_outdated"
    default_message = gettext_lazy("这件事的情况刚有变化，请看下面的最新情况。")


@transaction.atomic
def issue_slip(opinion: Opinion, *, by: User | None, key: uuid.UUID, at: dt.datetime | None = None) -> Slip:
    """A new slip for the opinion; the one before stops working. Sent twice with one `key` it is one slip."""
    at = at or timezone.now()
    opinion = Opinion.objects.select_for_update().get(pk=opinion.pk)
    if known := Slip.objects.filter(key=key).first():
        if known.replaced_at or known.opinion_id != opinion.pk:
            raise Refused(_("这张回执已被新的回执取代，请重新打印。"), code="slip_replaced")
        return known
    opinion.slips.in_force().update(replaced_at=at)
    return Slip.objects.create(opinion=opinion, key=key, issued_at=at, issued_by=by)


@transaction.atomic
def issue_slips(opinions: Collection[Opinion], *, by: User, key: uuid.UUID) -> list[Slip]:
    """One for each of them, all or none; the keys follow from the one of the form."""
    slips = {
        opinion.pk: issue_slip(opinion, by=by, key=uuid.uuid5(key, str(opinion.key)))
        # In one order for everybody, so that two people who print at once cannot wait for each other.
        for opinion in sorted(opinions, key=lambda opinion: opinion.pk)
    }
    return [slips[opinion.pk] for opinion in opinions]


def find_slip(text: str) -> Slip | None:
    """The slip in force whose code was typed; one that was replaced is none."""
    return Slip.objects.in_force().with_code(text).select_related("opinion").first()


def note_reading(slip: Slip, *, at: dt.datetime | None = None) -> None:
    """Who typed the code has seen the answers that are there; fetching an address proves nothing."""
    answered = slip.opinion.feedbacks.in_force().filter(read_on__isnull=True)
    answered.update(read_on=local_date(at or timezone.now()))


def _held(feedback: Feedback, move: Move) -> tuple[Issue, Feedback]:
    """Issue and feedback, both locked; refused when there is no answer any more to say something to."""
    issue = locked(feedback.issue)
    feedback = Feedback.objects.select_for_update(of=("self",)).select_related("opinion").get(pk=feedback.pk)
    if feedback.superseded_on:
        raise Outdated
    require(ISSUE_STEPS, move, state=issue.state, label=str(issue.get_state_display()))
    return issue, feedback


def _has_the_answer(feedback: Feedback, day: dt.date) -> list[str]:
    """Who says something to the answer has read it: it is no longer owed. Returns what has changed."""
    feedback.read_on = feedback.read_on or day
    if feedback.state in (FeedbackState.TOLD, FeedbackState.PUBLISHED):
        return ["read_on"]
    feedback.state, feedback.told_on, feedback.reason = FeedbackState.TOLD, day, ""
    return ["read_on", "state", "told_on", "reason"]


@transaction.atomic
def rate_answer(feedback: Feedback, *, rating: int, at: dt.datetime | None = None) -> None:
    """By the worker himself, on his slip: his word counts, and what a cadre put down for him stays in the history.

    He may think better of it; the last one counts.
    """
    at = at or timezone.now()
    issue, feedback = _held(feedback, Move.RATE)
    if (feedback.rating, feedback.rated_by) == (rating, RatedBy.WORKER):
        return
    note = said_of(feedback, rating)
    day = local_date(at)
    changed = _has_the_answer(feedback, day)
    feedback.rating, feedback.rated_by, feedback.rated_on = rating, RatedBy.WORKER, day
    feedback.save(update_fields=[*changed, "rating", "rated_by", "rated_on"])
    _write(Move.RATE, feedback, issue, at=at, note=note)


def said_of(feedback: Feedback, rating: int) -> str:
    """For the history, which is written in Chinese whatever language the worker reads."""
    with override(settings.LANGUAGE_CODE):
        words = str(Rating(rating).label)
        if feedback.rating:
            before = {"now": words, "before": feedback.get_rating_display(), "by": feedback.get_rated_by_display()}
            words = _("%(now)s（原评价：%(before)s，%(by)s）") % before
        return words


@transaction.atomic
def dispute_answer(feedback: Feedback, *, reason: str, at: dt.datetime | None = None) -> bool:
    """The worker says that it is not solved. The first time that reopens the issue, which is returned; from then on
    it is for the office to decide, and until it has, the issue cannot be struck off.

    His words stay with his feedback: the history of the issue is read by people who must not know who spoke.
    """
    if not reason.strip():
        raise Refused(_("请写一句哪里没有解决。"))
    at = at or timezone.now()
    issue, feedback = _held(feedback, Move.DISPUTE)
    if feedback.disputed_on:
        return False
    day = local_date(at)
    changed = _has_the_answer(feedback, day)
    feedback.disputed_on, feedback.dispute_reason = day, reason.strip()
    feedback.save(update_fields=[*changed, "disputed_on", "dispute_reason"])
    if reopened_by_worker(issue):
        _write(Move.DISPUTE, feedback, issue, at=at, note=feedback.dispute_reason)
        return False
    with override(settings.LANGUAGE_CODE):
        reopen_issue(issue, by=None, reason=_("职工在回执上表示没有解决。"), at=at)
    return True


@transaction.atomic
def uphold_answer(feedback: Feedback, *, by: User, reason: str, at: dt.datetime | None = None) -> None:
    """The office has looked into it and stays with the answer; the worker reads why. Not by who gave the answer."""
    if not reason.strip():
        raise Refused(_("请写明核实的情况，职工会在回执上看到。"))
    at = at or timezone.now()
    issue, feedback = _held(feedback, Move.UPHOLD)
    refuse_own_answer(issue, by)
    if not feedback.is_disputed:
        raise Outdated
    feedback.upheld_on, feedback.upheld_by, feedback.uphold_reason = local_date(at), by, reason.strip()
    feedback.save(update_fields=["upheld_on", "upheld_by", "uphold_reason"])
    _write(Move.UPHOLD, feedback, issue, at=at, note=feedback.uphold_reason, by=by)


def _write(
    move: Move, feedback: Feedback, issue: Issue, *, at: dt.datetime, note: str = "", by: User | None = None
) -> None:
    opinion = feedback.opinion
    write_transition(
        move, by=by, at=at, note=note, issue=issue, opinion=opinion, before=opinion.state, after=opinion.state
    )


def add_words(slip: Slip, *, text: str, key: uuid.UUID, fingerprint: str) -> Addition:
    """The worker adds to his own matter; sent twice with one `key` it is one addition."""

    @transaction.atomic
    def save() -> Addition:
        opinion = Opinion.objects.select_for_update().get(pk=slip.opinion_id)
        if known := known_copy(Addition, key=key, fingerprint=fingerprint, opinion_id=opinion.pk):
            return known
        if opinion.additions.count() >= MOST_ADDITIONS:
            raise Refused(_("补充得已经够多了，还有话请直接找工会。"), code="too_many_additions")
        return Addition.objects.create(
            opinion=opinion, key=key, fingerprint=fingerprint, added_at=timezone.now(), text=text
        )

    return once(save)
