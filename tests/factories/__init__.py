"""One factory per model, with traits in the words of the trade. Rows of the workflow go through the services."""

from . import organization, workers
from .care import aid, care_flag
from .issues import (
    answered_issue,
    category,
    closed_issue,
    dispatched_issue,
    door,
    opinion,
    referral,
    registered_issue,
    slip,
    submitted_reply,
)
from .liaison import befriended, cadre, contract, group, membership
from .organization import appointment, enterprise, unit, user
from .results import case, poll, rule_change
from .workers import contact_log, worker


def restart() -> None:
    """Numbers in names and codes from 1 again: for a world that is to be the same as one that is gone."""
    organization.restart()
    workers.restart()


__all__ = [
    "aid",
    "answered_issue",
    "appointment",
    "befriended",
    "cadre",
    "care_flag",
    "case",
    "category",
    "closed_issue",
    "contact_log",
    "contract",
    "dispatched_issue",
    "door",
    "enterprise",
    "group",
    "membership",
    "opinion",
    "poll",
    "referral",
    "registered_issue",
    "restart",
    "rule_change",
    "slip",
    "submitted_reply",
    "unit",
    "user",
    "worker",
]
