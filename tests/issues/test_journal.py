"""工作记事: office and department each have their own, and neither is part of the history."""

import uuid

import pytest
from django.urls import reverse

from issues.models import JournalEntry
from tests import factories
from tests.client import client_of
from tests.people import build_world

pytestmark = pytest.mark.django_db


def test_journal_is_kept_apart_for_office_and_department_and_out_of_the_history():
    world = build_world()
    issue = factories.registered_issue(factories.opinion(world.friend), by=world.office, office=world.company)
    dispatch = factories.dispatched_issue(issue, to=world.department, by=world.office)
    moves = issue.transitions.count()
    ours, theirs = (
        reverse("issues:issue_journal", args=[issue.key]),
        reverse("issues:dept_journal", args=[dispatch.key]),
    )
    said = {"key": str(uuid.uuid4()), "text": "电话问过食堂，下周回话。"}
    office, handler = client_of(world.office), client_of(world.handler)
    assert {office.post(ours, said).url, office.post(ours, said).url} == {issue.get_absolute_url()}
    handler.post(theirs, {"key": str(uuid.uuid4()), "text": "已派人去看。"})
    assert (JournalEntry.objects.count(), issue.transitions.count()) == (2, moves)
    for client, url, own, other in (
        (office, ours, "下周回话", "已派人去看"),
        (handler, theirs, "已派人去看", "下周回话"),
    ):
        page = client.get(url).text
        assert (own in page, other in page) == (True, False)
        refused = client.post(url, {"key": str(uuid.uuid4()), "text": "长" * 1001})
        assert (refused.status_code, "长" * 1001 in refused.text) == (422, True)
    assert client_of(world.other_office).get(ours).status_code == 404
    assert client_of(world.other_handler).get(theirs).status_code == 404
    assert client_of(world.insider).get(ours).status_code == 403
    assert client_of(world.leader).get(ours).status_code == 403
