"""What each figure means, read from the docstring of the function that computes it: one wording everywhere."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext

from friends import stats as friends
from issues import stats as issues
from meetings import stats as meetings

SOURCES: dict[str, Callable] = {
    "opinions": issues.OpinionLedger,
    "issues": issues.IssueLedger,
    "real_problems": issues.IssueLedger.real_problems.fget,
    "real_problems_published": issues.IssueLedger.real_problems_published.fget,
    "response_rate": issues.response_rate,
    "closure_rate": issues.closure_rate,
    "on_time_closure_rate": issues.on_time_closure_rate,
    "feedback_rate": issues.feedback_rate,
    "satisfaction_rate": issues.satisfaction_rate,
    "contacts": friends.contacts,
    "person_contacts": friends.person_contacts,
    "people_reached": friends.people_reached,
    "standing_friends": friends.standing_friends,
    "cumulative_friends": friends.cumulative_friends,
    "silent_friends": friends.silent_friends,
    "workshops_covered": friends.workshop_coverage,
    "frontline_days": friends.frontline_days,
    "meetings": meetings.meetings_held,
}


def definition(key: str) -> tuple[str, str]:
    """(name of the figure, how it is counted) of a figure's English key, in the reader's language."""
    line = (SOURCES[key].__doc__ or "").strip().splitlines()[0]
    name, _colon, text = line.partition("：")
    return gettext(name), gettext(text)


def definitions() -> list[tuple[str, str]]:
    return [definition(key) for key in SOURCES]


def explained() -> dict[str, str]:
    """Key → definition, for the pages."""
    return {key: definition(key)[1] for key in SOURCES}
