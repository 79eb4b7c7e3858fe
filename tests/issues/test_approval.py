"""An explanation takes effect when somebody other than its author has approved it."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction

from issues import services
from issues.enums import Approval, DispatchState, IssueState, Move, Outcome
from issues.models import Dispatch, Issue, Reply
from lib.errors import Refused
from lib.periods import SHANGHAI, today
from notices.models import Notice
from notices.services import run_rules
from organization.roles import Role
from tests import factories
from tests.client import client_of
from tests.people import build_world

from .pages import rows_of

pytestmark = pytest.mark.django_db
LATER = (today() + dt.timedelta(days=40)).isoformat()
MARCH, DAY = factories.issues.MARCH, factories.issues.DAY


@pytest.fixture
def world():
    return build_world()


@pytest.fixture
def dispatch(world) -> Dispatch:
    issue = factories.registered_issue(factories.opinion(world.friend), by=world.office, office=world.company)
    return factories.dispatched_issue(issue, to=world.department, by=world.office)


@pytest.fixture
def head(world):
    return factories.appointment(Role.HANDLER, world.department, is_head=True).user


def explanation(**changes) -> dict:
    return {
        "key": str(uuid.uuid4()),
        "outcome": "explained",
        "text": "今年没有安排这项资金。",
        "reason": "budget",
        "rule_relied_on": "年度检修资金计划",
        "recheck_on": LATER,
        **changes,
    }


def test_explanation_is_sent_back_written_anew_and_approved_by_the_head(world, dispatch, head):
    """The whole way in the browser's words: nobody is told anything before the head has approved it."""
    handler, heads, office = client_of(world.handler), client_of(head), client_of(world.office)
    url, at_office = dispatch.get_absolute_url(), dispatch.issue.get_absolute_url()
    handler.post(url, explanation())
    first = Reply.objects.get()
    assert state_of(dispatch) == (DispatchState.IN_APPROVAL, IssueState.IN_HAND, "", Approval.WAITING)
    assert not dispatch.issue.feedbacks.exists()
    # The author sees that it waits, and cannot approve it; nor can he answer again, return or withdraw meanwhile.
    assert "须经部门负责人或工会办公室审批" in handler.get(url).text
    assert handler.post(f"{url}approve/", {"seen": first.key}).status_code == 403
    assert "已经办结" in handler.post(url, explanation()).text
    with pytest.raises(Refused, match="正在待审批"):
        services.withdraw_dispatch(dispatch, by=world.office, reason="交办有误")
    # Head and office find it; cadre and leader read nothing of it.
    assert rows_of(heads.get("/dept/", {"tab": "in_approval"})) == [dispatch]
    assert rows_of(heads.get("/dept/")) == []
    listed = office.get("/issues/", {"tab": "in_approval"})
    assert rows_of(listed) == [dispatch.issue] and listed.context["counts"]["in_approval"] == 1
    assert "今年没有安排" in office.get(at_office).text
    for reader in (world.insider, world.leader):
        assert "今年没有安排" not in client_of(reader).get(at_office).text
    assert heads.post(f"{url}send-back/", {"seen": first.key, "reason": ""}).context["form"].errors
    heads.post(f"{url}send-back/", {"seen": first.key, "reason": "请写明何时安排"})
    assert state_of(dispatch)[:2] == (DispatchState.ACCEPTED, IssueState.IN_HAND)
    page = handler.get(url)
    assert "请写明何时安排" in page.text
    assert page.context["form"]["text"].value() == "今年没有安排这项资金。"
    handler.post(url, explanation(text="今年没有安排，列入明年计划。"))
    # Who read the first one has not read the second.
    assert "由其他同志审批或退回" in heads.post(f"{url}approve/", {"seen": first.key}, follow=True).text
    second = Reply.objects.waiting().get()
    heads.post(f"{url}approve/", {"seen": second.key})
    assert state_of(dispatch) == (
        DispatchState.ANSWERED,
        IssueState.ANSWERED,
        Outcome.EXPLAINED,
        Approval.APPROVED,
    )
    assert dispatch.issue.feedbacks.owed().count() == 1
    assert "明年计划" in client_of(world.insider).get(at_office).text
    moves = list(dispatch.issue.transitions.of_issues().values_list("move", "by"))[-4:]
    by_whom = [(Move.SUBMIT, world.handler), (Move.SEND_BACK, head), (Move.SUBMIT, world.handler), (Move.APPROVE, head)]
    assert moves == [(move, user.pk) for move, user in by_whom]


def state_of(dispatch: Dispatch) -> tuple:
    dispatch.refresh_from_db()
    issue = Issue.objects.get(pk=dispatch.issue_id)
    return dispatch.state, issue.state, issue.outcome, Reply.objects.last().approval


def test_office_approves_and_the_day_of_the_answer_stays_the_outcomes(world, dispatch):
    reply = factories.submitted_reply(dispatch, by=world.handler)
    client_of(world.office).post(f"{dispatch.issue.get_absolute_url()}approve/", {"seen": reply.key})
    issue = Issue.objects.get()
    assert (issue.outcome_on, issue.first_answered_on) == ((MARCH + 2 * DAY).date(),) * 2
    reply.refresh_from_db()
    assert (reply.approved_by, issue.feedbacks.get().owed_since) == (world.office, today())


def test_nobody_approves_what_he_wrote_or_what_is_not_his_to_see(world, dispatch):
    both = factories.appointment(Role.OFFICE, world.company).user
    factories.appointment(Role.HANDLER, world.department, holder=both, is_head=True)
    reply = factories.submitted_reply(dispatch, by=both)
    url = dispatch.issue.get_absolute_url()
    page = client_of(both, Role.OFFICE).get(url)
    assert "须由其他同志审批" in page.text and f"{url}approve/" not in page.text
    seen = {"seen": reply.key}
    assert "须由其他同志审批" in client_of(both, Role.OFFICE).post(f"{url}approve/", seen, follow=True).text
    assert client_of(world.other_office).post(f"{url}approve/", seen).status_code == 404
    assert client_of(world.handler).post(f"{dispatch.get_absolute_url()}approve/", seen).status_code == 403
    for rubbish in ({}, {"seen": "1"}, {"seen": str(uuid.uuid4())}):
        client_of(world.office).post(f"{url}approve/", rubbish)
    assert Issue.objects.get().outcome == ""
    for change in (
        {"approval": ""},
        {"approval": Approval.APPROVED},
        {"approval": Approval.SENT_BACK},
        {"approval": Approval.APPROVED, "approved_at": MARCH, "approved_by": both},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Reply.objects.filter(pk=reply.pk).update(**change)


def test_head_and_office_hear_once_what_waits_and_the_handlers_what_was_sent_back(world, dispatch, head):
    reply = factories.submitted_reply(dispatch, by=world.handler)
    morning = dt.datetime(2016, 3, 21, 9, tzinfo=SHANGHAI)
    for _ in range(2):
        run_rules(morning)
    waits = Notice.objects.filter(rule="reply_in_approval")
    here, there = dispatch.get_absolute_url(), dispatch.issue.get_absolute_url()
    assert set(waits.values_list("recipient", "text", "link")) == {
        (head.pk, "有 1 件答复待审批。", here),
        (world.office.pk, "有 1 件答复待审批。", there),
    }
    services.send_back_reply(dispatch.issue, by=head, seen=reply.key, reason="请写明何时安排", at=morning)
    run_rules(morning + DAY)
    told = Notice.objects.filter(rule="reply_sent_back").values_list("recipient", "link")
    assert set(told) == {(world.handler.pk, here), (head.pk, here)}
    assert "请写明" not in "".join(Notice.objects.values_list("text", flat=True))
