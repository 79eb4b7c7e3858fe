"""An answer becomes the outcome."""

from __future__ import annotations

import datetime as dt

from lib.periods import local_date
from organization.models import User

from ..enums import Move, Outcome
from ..models import Issue, Reply
from .feedback import owe_feedback
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
