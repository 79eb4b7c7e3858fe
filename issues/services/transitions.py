from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from typing import Any

from django.utils import timezone

from lib.periods import local_date, month_of
from organization.models import User
from records.models import StaleMonth

from ..enums import Move
from ..models import Dispatch, Issue, Opinion, Transition
from ..workflow import ISSUE_STEPS, OPINION_STEPS, require


def locked(issue: Issue) -> Issue:
    """The issue, held until the transaction ends: two people may merge, answer and close at once."""
    return Issue.objects.select_for_update(of=("self",)).select_related("unit", "category").get(pk=issue.pk)


def move_issue(
    issue: Issue,
    move: Move,
    *,
    by: User | None,
    at: dt.datetime | None = None,
    note: str = "",
    dispatch: Dispatch | None = None,
    changed: list[str] | None = None,
    version: int | None = None,
) -> None:
    """Changes the state of a locked issue, saves the fields in `changed` with it, and writes the Transition.

    `version` is the one that the user saw, where a later one must not be overwritten.
    """
    step = require(ISSUE_STEPS, move, state=issue.state, label=str(issue.get_state_display()))
    before = issue.state
    issue.state = step.to or before
    issue.save_if_current([*(changed or []), "state"], version=version)
    write_transition(
        move,
        by=by,
        at=at,
        note=note,
        issue=issue,
        dispatch=dispatch,
        before=before,
        after=issue.state,
    )
    StaleMonth.objects.mark({issue.unit_id}, issue.registered_on)


def move_opinion(
    opinion: Opinion,
    move: Move,
    *,
    by: User | None,
    at: dt.datetime | None = None,
    note: str = "",
    issue: Issue | None = None,
    changed: list[str] | None = None,
    to: str | None = None,
) -> None:
    """Changes the state of a locked opinion and writes the Transition; `to` where the table's state does not fit."""
    move_opinions([opinion], move, by=by, at=at, note=note, issue=issue, changed=changed, to=to)


def move_opinions(
    opinions: Collection[Opinion],
    move: Move,
    *,
    by: User | None,
    at: dt.datetime | None = None,
    note: str = "",
    issue: Issue | None = None,
    changed: list[str] | None = None,
    to: str | None = None,
) -> None:
    """The same for several, in as many statements as for one; all of them or, where one may not, none."""
    moves = []
    for opinion in opinions:
        step = require(OPINION_STEPS, move, state=opinion.state, label=str(opinion.get_state_display()))
        before, opinion.state = opinion.state, to or step.to or opinion.state
        moves.append(
            transition_of(
                move, by=by, at=at, note=note, opinion=opinion, issue=issue, before=before, after=opinion.state
            )
        )
    Opinion.objects.bulk_update(opinions, [*(changed or []), "state"])
    Transition.objects.bulk_create(moves)
    raised: dict[dt.date, set[int]] = defaultdict(set)
    for opinion in opinions:
        raised[month_of(opinion.raised_on).start].add(opinion.unit_id)
    for day, units in raised.items():
        StaleMonth.objects.mark(units, day)


def write_transition(move: Move, **facts: Any) -> None:
    """See transition_of."""
    transition_of(move, **facts).save()


def transition_of(
    move: Move,
    *,
    by: User | None,
    at: dt.datetime | None,
    before: str,
    after: str,
    note: str = "",
    issue: Issue | None = None,
    opinion: Opinion | None = None,
    dispatch: Dispatch | None = None,
) -> Transition:
    at = at or timezone.now()
    return Transition(
        issue=issue,
        opinion=opinion,
        dispatch=dispatch,
        move=move,
        from_state=before,
        to_state=after,
        outcome=issue.outcome if issue else "",
        outcome_on=issue.outcome_on if issue else None,
        due_on=issue.due_on if issue else None,
        first_answer_due_on=issue.first_answer_due_on if issue else None,
        at=at,
        on=local_date(at),
        by=by,
        note=note,
    )
