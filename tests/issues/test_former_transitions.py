"""Installations from before the days stood in the log: the migration finds them in what was written then."""

import datetime as dt
from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from issues import services
from issues.models import Feedback, Issue, Transition
from tests import factories
from tests.factories.issues import DAY, MARCH
from tests.people import build_world

pytestmark = pytest.mark.django_db
NAME = "0005_days_of_former_transitions"
DAYS = ("move", "outcome_on", "due_on", "first_answer_due_on")


def logged() -> list[tuple]:
    return list(Transition.objects.of_issues().values_list(*DAYS))


def test_days_of_former_transitions_are_found_again():
    world = build_world()
    issue = factories.registered_issue(factories.opinion(world.friend), by=world.office, office=world.company)
    sent = factories.dispatched_issue(issue, to=world.department, by=world.office)
    issue = factories.answered_issue(sent, by=world.handler)
    services.reopen_issue(issue, by=world.office, reason="又出现", at=MARCH + 9 * DAY)
    issue.refresh_from_db()
    later = (MARCH + dt.timedelta(days=60)).date()
    sent = services.dispatch_issue(issue, lead=world.department, by=world.office, due_on=later, at=MARCH + 10 * DAY)
    factories.answered_issue(sent, by=world.handler, at=MARCH + 20 * DAY)
    services.reopen_issue(Issue.objects.get(), by=world.office, reason="还是那样", at=MARCH + 30 * DAY)
    before, superseded = logged(), Feedback.objects.latest("pk")
    assert len({row[1:] for row in before}) == 4
    with connection.cursor() as cursor:
        cursor.execute("UPDATE issues_transition SET outcome_on = NULL, due_on = NULL, first_answer_due_on = NULL")
    Feedback.objects.filter(pk=superseded.pk).update(superseded_on=None)
    then = MigrationLoader(connection).project_state(("issues", NAME)).apps
    migration = import_module(f"issues.migrations.{NAME}")
    migration.days_of_moves(then, None)
    migration.end_of_reopened(then, None)
    assert logged() == before
    assert Feedback.objects.get(pk=superseded.pk).superseded_on == superseded.superseded_on
