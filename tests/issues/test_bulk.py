"""One step for several issues: the preview changes nothing, each is done by itself, and what is refused says why."""

import uuid

import pytest
from django.urls import reverse

from issues import services
from issues.enums import IssueState, Outcome
from issues.models import Issue, Transition, Urging
from tests import factories
from tests.client import client_of
from tests.factories.issues import DETAILS
from tests.people import build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return build_world()


def sent_issue(world) -> Issue:
    opinion = factories.opinion(world.friend)
    issue = factories.registered_issue(opinion, by=world.office, office=world.company)
    factories.dispatched_issue(issue, to=world.department, by=world.office)
    return issue


def told_issue(world) -> Issue:
    issue = sent_issue(world)
    services.answer_dispatch(
        issue.dispatches.get(), by=world.handler, text="已解决。", outcome=Outcome.SOLVED, **DETAILS[Outcome.SOLVED]
    )
    services.tell_reporter(issue.feedbacks.get(), by=world.insider.user, channel="phone")
    return issue


def keys(*issues) -> dict:
    return {"picked": [str(issue.key) for issue in issues]}


def refusals(page) -> dict:
    return {issue: bool(refusal) for issue, refusal in page.context["rows"]}


def test_bulk_close_shows_what_would_happen_and_then_closes_what_may(world):
    ready, early = told_issue(world), sent_issue(world)
    client, url = client_of(world.office), reverse("issues:bulk_close")
    moves = Transition.objects.count()
    assert refusals(client.post(url, keys(ready, early))) == {ready: False, early: True}
    assert Transition.objects.count() == moves, "the preview is a rehearsal"
    done = client.post(url, {**keys(ready, early), "send": "", "note": ""})
    assert (done.status_code, refusals(done)) == (422, {ready: False, early: True})
    states = dict(Issue.objects.values_list("pk", "state"))
    assert states == {ready.pk: IssueState.CLOSED, early.pk: IssueState.DISPATCHED}
    assert client.post(url).url == reverse("issues:issue_list")
    assert client_of(world.other_office).post(url, keys(ready)).status_code == 404
    assert client_of(world.insider).post(url, keys(ready)).status_code == 403


def test_bulk_urge_reaches_each_department_once_however_often_it_is_sent(world):
    issues = [sent_issue(world), sent_issue(world)]
    client, url = client_of(world.office), reverse("issues:bulk_urge")
    assert set(refusals(client.post(url, keys(*issues))).values()) == {False}
    assert client.post(url, {**keys(*issues), "send": "", "text": " "}).status_code == 422
    said = {**keys(*issues), "send": "", "text": "请于本周内答复。", "key": str(uuid.uuid4())}
    for _ in range(2):
        assert client.post(url, said).url == reverse("issues:issue_list")
    assert Urging.objects.count() == 2
