"""The one working-day clock of the installation: the packaged calendar with the overrides of WorkdayOverride."""

from lib.workdays import Calendar

from .models import WorkdayOverride


def working_calendar() -> Calendar:
    """Reads the overrides once; hand the calendar down instead of asking again."""
    return Calendar(dict(WorkdayOverride.objects.values_list("day", "is_workday")))
