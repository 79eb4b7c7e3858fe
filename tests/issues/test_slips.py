"""The worker without an account: what he does by himself."""

import pytest
from django.urls import reverse

from issues import services
from issues.enums import Move, Source
from tests import factories
from tests.client import client_of
from tests.factories.issues import MARCH
from tests.people import build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return build_world()


def test_transition_without_account_names_the_worker_in_every_history(world):
    opinion = services.raise_opinion(
        by=None,
        text="希望晚班能吃上热饭",
        category=factories.category(),
        at=MARCH,
        worker=world.friend,
        source=Source.LETTER,
    )
    issue = factories.registered_issue(opinion, by=world.office, office=world.company)
    dispatch = factories.dispatched_issue(issue, to=world.department, by=world.office)
    issue = factories.answered_issue(dispatch, by=world.handler)
    services.reopen_issue(issue, by=None, reason="还是凉的")
    office = client_of(world.office)
    assert "职工扫码" in office.get(opinion.get_absolute_url()).text
    assert "职工本人（回执）" in office.get(issue.get_absolute_url()).text
    # Too late for this move: the page says who was quicker.
    told = office.post(reverse("issues:issue_reopen", args=[issue.key]), {"reason": "再办"}, follow=True)
    assert "职工本人（回执）" in told.text
    auditor = client_of(world.auditor)
    assert auditor.get(reverse("admin:issues_transition_changelist")).status_code == 200
    first = issue.transitions.filter(move=Move.REOPEN).get()
    assert auditor.get(reverse("admin:issues_transition_change", args=[first.pk])).status_code == 200
