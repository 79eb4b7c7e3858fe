import pytest

from issues.models import Reply
from records.attachments import may_fetch
from records.models import Attachment
from tests import factories
from tests.people import build_world

pytestmark = pytest.mark.django_db


def attachment() -> Attachment:
    return Attachment.objects.create(display_name="现场.jpg", content_type="image/jpeg", size=1, sha256="0" * 64)


def test_files_of_a_dispatch_are_for_office_and_department_alone():
    world = build_world()
    issue = factories.registered_issue(factories.opinion(world.friend), by=world.office, office=world.company)
    dispatch = factories.dispatched_issue(issue, to=world.department, by=world.office)
    factories.answered_issue(dispatch, by=world.handler)
    sent, returned, loose = attachment(), attachment(), attachment()
    dispatch.attachments.add(sent)
    Reply.objects.get().attachments.add(returned)
    people = (
        world.office,
        world.handler,
        world.other_handler,
        world.other_office,
        world.insider,
        world.leader,
        world.auditor,
    )
    assert [who for who in people if may_fetch(world.actor(who), sent)] == [world.office, world.handler]
    # The proof of an answer is for all who see the issue.
    allowed = [world.office, world.handler, world.insider, world.leader]
    assert [who for who in people if may_fetch(world.actor(who), returned)] == allowed
    assert not any(may_fetch(world.actor(who), loose) for who in people)
