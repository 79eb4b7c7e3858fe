"""An answer becomes the outcome."""

from __future__ import annotations

import datetime as dt

from lib.periods import local_date
from organization.models import User

from ..enums import Move, Outcome
from ..models import Issue, Reply
from .feedback import owe_feedback, supersede_feedback
from .transitions import move_issue


def decide_issue(issue: Issue, reply: Reply, move: Move, *, by: User, at: dt.datetime) -> None:
    """The leading department's reply becomes the outcome; each reporter is owed it from now on."""
    issue.outcome = reply.outcome
    issue.outcome_on = local_date(reply.replied_at)
    issue.recheck_on = reply.recheck_on if reply.outcome == Outcome.EXPLAINED else None
    issue.follow_up_on = reply.follow_up_on if reply.outcome == Outcome.PARTLY else None
    move_issue(
        issue,
        move,
        by=by,
        at=at,
        dispatch=reply.dispatch,
        changed=["first_answered_on", "outcome", "outcome_on", "recheck_on", "follow_up_on"],
    )
    owe_feedback(issue, by=by, at=at)


def follow_up_issue(issue: Issue, reply: Reply, *, by: User, at: dt.datetime) -> None:
    """What was left of a partly solved issue is solved, or comes back on another day; each reporter is owed that too.

    The day of the outcome stays: the limit was kept or missed with the first answer. One that was struck off is
    struck off anew when everybody has been told.
    """
    issue.outcome, issue.follow_up_on, issue.closed_on = reply.outcome, reply.follow_up_on, None
    changed = ["outcome", "follow_up_on", "closed_on"]
    move_issue(issue, Move.FOLLOW_UP, by=by, at=at, dispatch=reply.dispatch, changed=changed)
    supersede_feedback(issue, on=local_date(at))
    owe_feedback(issue, by=by, at=at)
