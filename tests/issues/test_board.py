"""看板: what the list shows, by what is next; each step that is offered leads to its page."""

import pytest
from django.urls import reverse

from issues import services
from issues.enums import Outcome
from tests import factories
from tests.client import client_of
from tests.factories.issues import DETAILS
from tests.people import build_world
from tests.queries import queries_at_one_and_three

pytestmark = pytest.mark.django_db
URL = reverse("issues:issue_board")


@pytest.fixture
def world():
    return build_world()


def issue_of(world):
    return factories.registered_issue(factories.opinion(world.friend), by=world.office, office=world.company)


def piles(who, **asked) -> dict:
    found = client_of(who).get(URL, asked).context["piles"]
    return {pile["pile"].tab: [card["issue"] for card in pile["cards"]] for pile in found if pile["cards"]}


def steps(who) -> dict:
    found = client_of(who).get(URL).context["piles"]
    return {pile["pile"].tab: [step[0] for card in pile["cards"] for step in card["steps"]] for pile in found}


def test_board_shows_each_issue_in_one_column_with_the_steps_of_the_reader(world):
    waiting, sent, answered = (issue_of(world) for _ in range(3))
    for issue in (sent, answered):
        factories.dispatched_issue(issue, to=world.department, by=world.office)
    services.answer_dispatch(
        answered.dispatches.get(), by=world.handler, text="已解决。", outcome=Outcome.SOLVED, **DETAILS[Outcome.SOLVED]
    )
    assert piles(world.office) == {"office": [waiting], "dispatched": [sent], "owed": [answered]}
    assert piles(world.other_office) == {}
    offered = steps(world.office)
    assert (offered["office"], offered["dispatched"], offered["owed"]) == (["dispatched"], ["office"], ["office"])
    services.tell_reporter(answered.feedbacks.get(), by=world.insider.user, channel="phone")
    assert piles(world.office)["answered"] == [answered]
    assert set(steps(world.office)["answered"]) == {"closed", "office"}
    assert not any(steps(world.leader).values())
    assert not any(steps(world.insider).values())
    assert piles(world.office, q="没有这个") == {}


def test_board_costs_the_same_queries_for_one_issue_and_for_three(world):
    client = client_of(world.office)
    assert queries_at_one_and_three(lambda: issue_of(world), lambda: client.get(URL)) == (19, 19)
