"""An issue that is taken up again is answered anew, and somebody who had no part in it looks at the answer."""

import pytest

from issues import services
from issues.enums import DispatchState, IssueState, Outcome
from issues.models import Dispatch, Issue
from lib.errors import Refused
from organization.roles import Role
from tests import factories
from tests.client import client_of
from tests.people import build_world

from .pages import rows_of, sheet_of

pytestmark = pytest.mark.django_db
MARCH, DAY = factories.issues.MARCH, factories.issues.DAY


@pytest.fixture
def world():
    return build_world()


@pytest.fixture
def explained(world) -> Issue:
    """Explained by the handler, approved by the office."""
    issue = factories.registered_issue(factories.opinion(world.friend), by=world.office, office=world.company)
    dispatch = factories.dispatched_issue(issue, to=world.department, by=world.office)
    factories.submitted_reply(dispatch, by=world.handler, approved_by=world.office)
    return Issue.objects.get()


def sent_again(world, issue: Issue) -> Dispatch:
    issue.refresh_from_db()
    return factories.dispatched_issue(issue, to=world.department, by=world.office, at=MARCH + 5 * DAY)


def test_second_answer_waits_for_a_reviewer_who_had_no_part_in_the_first(world, explained):
    services.reopen_issue(explained, by=world.office, reason="又出现", at=MARCH + 4 * DAY)
    dispatch = sent_again(world, explained)
    colleague = factories.appointment(Role.HANDLER, world.department, is_head=True).user
    second_office = factories.appointment(Role.OFFICE, world.company).user
    reply = factories.submitted_reply(dispatch, by=colleague, outcome=Outcome.SOLVED, at=MARCH + 6 * DAY)
    dispatch.refresh_from_db()
    # Also what is solved waits; a first handling's would not.
    assert dispatch.state == DispatchState.IN_APPROVAL
    # He who answers now, who answered before, who approved before.
    for user in (colleague, world.handler, world.office):
        with pytest.raises(Refused, match=r"其他同志审批|没有经手过的同志"):
            services.approve_reply(explained, by=user, seen=reply.key)
    url = explained.get_absolute_url()
    assert "没有经手过的同志" in client_of(world.office).get(url).text
    client_of(second_office).post(f"{url}approve/", {"seen": reply.key})
    explained.refresh_from_db()
    assert (explained.state, explained.outcome, explained.handling) == (IssueState.ANSWERED, Outcome.SOLVED, 2)
    # The answer of the first handling is past, the new one is owed.
    assert explained.feedbacks.owed().count() == 1


def test_worker_reopens_once_and_the_office_as_often_as_it_sees_fit(world, explained):
    services.reopen_issue(explained, by=None, reason="还是没有解决", at=MARCH + 4 * DAY)
    explained.refresh_from_db()
    assert (explained.state, explained.handling) == (IssueState.REOPENED, 2)
    issue = factories.answered_issue(sent_again(world, explained), by=world.handler, at=MARCH + 6 * DAY)
    with pytest.raises(services.AlreadyReopened):
        services.reopen_issue(issue, by=None, reason="还是没有解决")
    services.reopen_issue(issue, by=world.office, reason="仍未解决")
    issue.refresh_from_db()
    assert (issue.handling, issue.handling_label) == (3, "第 3 次办理")


def test_second_handling_is_named_in_lists_workbook_and_at_the_department(world, explained):
    other = factories.registered_issue(factories.opinion(world.friend), by=world.office, office=world.company)
    factories.dispatched_issue(other, to=world.department, by=world.office)
    services.reopen_issue(explained, by=world.office, reason="又出现", at=MARCH + 4 * DAY)
    dispatch = sent_again(world, explained)
    office, handler = client_of(world.office), client_of(world.handler)
    page = office.get("/issues/", {"tab": "all", "again": "on"})
    assert rows_of(page) == [explained] and page.text.count("第二次办理") >= 1
    head, row = sheet_of(office.post("/issues/?tab=all&again=on"))
    assert row[head.index("第几次办理")] == 2
    assert handler.get("/dept/").text.count("第二次办理") == 1
    assert "第二次办理" in handler.get(dispatch.get_absolute_url()).text
    # The dispatch of the first handling is past.
    first = Dispatch.objects.filter(issue=explained).order_by("pk").first()
    assert "第二次办理" not in handler.get(first.get_absolute_url()).text
