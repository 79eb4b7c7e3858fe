"""/dept/: what a department reads and does, and what it can never learn."""

import datetime as dt
import re
import uuid

import pytest
from django.urls import reverse

from issues import services
from issues.enums import DispatchState, IssueState, Outcome
from issues.models import Dispatch, Reply
from lib.periods import today
from tests import factories
from tests.client import client_of
from tests.people import build_world

from .pages import rows_of

pytestmark = pytest.mark.django_db
URL = "/dept/"
LATER = (today() + dt.timedelta(days=40)).isoformat()


@pytest.fixture
def world():
    return build_world()


def sent(world, *, due_in: int = 20, **fields) -> Dispatch:
    issue = factories.registered_issue(factories.opinion(world.friend), by=world.office, office=world.company, **fields)
    dispatch = factories.dispatched_issue(issue, to=world.department, by=world.office)
    Dispatch.objects.filter(pk=dispatch.pk).update(due_on=today() + dt.timedelta(days=due_in))
    dispatch.refresh_from_db()
    return dispatch


def answer(**changes) -> dict:
    return {
        "key": str(uuid.uuid4()),
        "outcome": "solved",
        "text": "已增配保温餐车。",
        "evidence": "三月验收。",
        **changes,
    }


def test_dept_list_shows_the_own_department_and_its_tabs(world):
    fresh, late = sent(world), sent(world, due_in=-1)
    services.accept_dispatch(late, by=world.handler)
    near = sent(world, due_in=1)
    client = client_of(world.handler)
    cases = {"open": [late, near, fresh], "sent": [near, fresh], "accepted": [late], "soon": [near], "overdue": [late]}
    for tab, expected in cases.items():
        page = client.get(URL, {"tab": tab})
        assert rows_of(page) == expected, tab
    assert page.context["counts"] == {
        "sent": 2,
        "soon": 1,
        "overdue": 1,
        "supervised": 0,
        "in_approval": 0,
        "follow_up": 0,
    }
    assert rows_of(client_of(world.other_handler).get(URL)) == []
    for who in (world.office, world.insider, world.leader, world.auditor):
        assert client_of(who).get(URL).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_dept_list_queries_do_not_grow_with_rows(world, count, django_assert_num_queries):
    for _ in range(count):
        sent(world)
    client = client_of(world.handler)
    # Session, user, roles (2), counts of the tabs, working days, rows.
    with django_assert_num_queries(7):
        assert len(rows_of(client.get(URL, headers={"HX-Request": "true"}))) == count


@pytest.mark.parametrize("count", [1, 3])
def test_dept_done_list_queries_do_not_grow_with_rows(world, count, django_assert_num_queries):
    for _ in range(count):
        factories.answered_issue(sent(world), by=world.handler)
    client = client_of(world.handler)
    # Session, user, roles (2), rows.
    with django_assert_num_queries(5):
        assert len(rows_of(client.get("/dept/done/", headers={"HX-Request": "true"}))) == count


def test_dept_detail_is_the_own_departments_alone(world):
    dispatch = sent(world)
    url = dispatch.get_absolute_url()
    page = client_of(world.handler).get(url)
    assert "请研究改进晚班工作餐的保温措施" in page.text
    assert world.plant.name in page.text
    assert client_of(world.other_handler).get(url).status_code == 404
    assert client_of(world.office).get(url).status_code == 403
    services.withdraw_dispatch(dispatch, by=world.office, reason="交办有误")
    assert client_of(world.handler).get(url).status_code == 404


def test_department_pages_hold_no_token_of_those_who_spoke(world):
    """Canaries in everything that belongs to the reporter's side; times of the day are not shown either."""
    tokens = ["标记甲乙", "标记车间", "标记小组", "标记干部", "标记办公", "TOK777", "标记原话"]
    worker = factories.worker(world.workshop, name="标记甲乙", employee_no="TOK777")
    factories.befriended(worker, world.insider)
    for row, name in (
        (world.workshop, "标记车间"),
        (world.group, "标记小组"),
        (world.insider.user, "标记干部"),
        (world.office, "标记办公"),
    ):
        row.name = name
        row.save()
    opinion = factories.opinion(worker, text="标记原话")
    issue = factories.registered_issue(opinion, by=world.office, office=world.company)
    dispatch = factories.dispatched_issue(issue, to=world.department, by=world.office)
    client = client_of(world.handler)
    pages = [client.get(url) for url in (URL, "/dept/done/", dispatch.get_absolute_url())]
    client.post(dispatch.get_absolute_url(), answer())
    services.tell_reporter(issue.feedbacks.get(), by=world.insider.user, channel="phone", reaction="标记原话")
    pages += [client.get(url) for url in ("/dept/done/", dispatch.get_absolute_url())]
    for page in pages:
        assert page.status_code == 200
        assert [token for token in tokens if token in page.text] == []
        assert issue.number not in page.text
        assert not re.search(r"\d\d:\d\d", page.text)
    # The control: the same tokens are on the page of those who may read them.
    assert "标记原话" in client_of(world.insider).get(issue.get_absolute_url()).text


def test_dept_accept_twice_changes_nothing_more(world):
    dispatch = sent(world)
    client = client_of(world.handler)
    for _ in range(2):
        client.post(reverse("issues:dept_accept", args=[dispatch.key]))
    dispatch.refresh_from_db()
    assert dispatch.state == DispatchState.ACCEPTED
    assert dispatch.issue.transitions.filter(move="accept").count() == 1


def test_dept_return_hands_the_issue_back_with_a_reason(world):
    dispatch = sent(world)
    client = client_of(world.handler)
    url = reverse("issues:dept_return", args=[dispatch.key])
    assert client.post(url, {"reason": ""}).context["form"].errors
    client.post(url, {"reason": "不属于本部门"})
    dispatch.refresh_from_db()
    assert (dispatch.state, dispatch.issue.state) == (DispatchState.RETURNED, IssueState.RETURNED)
    assert "不属于本部门" in client_of(world.office).get(dispatch.issue.get_absolute_url()).text
    refused = client.post(url, {"reason": "应由后勤处答复"})
    assert refused.status_code == 422
    assert "应由后勤处答复" in refused.text
    # What no field can mend is said once, and not as something to correct.
    assert refused.text.count("不能再办理") == 1
    assert "没有提交成功" in refused.text and "有内容需要修改" not in refused.text


@pytest.mark.parametrize(
    ("data", "missing"),
    [
        ({"outcome": ""}, {"outcome"}),
        ({"outcome": "solved", "evidence": ""}, {"evidence"}),
        ({"outcome": "partly_solved", "evidence": ""}, {"evidence", "left_to_do", "follow_up_on"}),
        ({"outcome": "partly_solved", "left_to_do": "其余", "follow_up_on": "2016-01-01"}, {"follow_up_on"}),
        ({"outcome": "explained"}, {"reason", "rule_relied_on", "recheck_on"}),
        ({"outcome": "interim", "text": ""}, {"text"}),
        ({"outcome": "referred"}, {"outcome"}),
    ],
)
def test_reply_form_asks_for_what_the_outcome_needs_and_keeps_what_was_typed(world, data, missing):
    dispatch = sent(world)
    response = client_of(world.handler).post(dispatch.get_absolute_url(), answer(**data))
    assert set(response.context["form"].errors) == missing
    assert (data.get("text") == "") or "已增配保温餐车。" in response.text
    assert not Reply.objects.exists()


@pytest.mark.parametrize(
    ("data", "outcome"),
    [
        ({"outcome": "solved"}, Outcome.SOLVED),
        ({"outcome": "partly_solved", "left_to_do": "其余", "follow_up_on": LATER}, Outcome.PARTLY),
        # What was typed for another outcome does not count, and does not stand in the way.
        ({"outcome": "solved", "recheck_on": "昨天", "left_to_do": "其余"}, Outcome.SOLVED),
    ],
)
def test_department_answers_with_an_outcome_once(world, data, outcome):
    dispatch = sent(world)
    client, sentence = client_of(world.handler), answer(**data)
    for _ in range(2):
        assert client.post(dispatch.get_absolute_url(), sentence).status_code == 303
    dispatch.issue.refresh_from_db()
    assert (dispatch.issue.state, dispatch.issue.outcome) == (IssueState.ANSWERED, outcome)
    assert dispatch.replies.count() == 1
    assert (dispatch.replies.get().left_to_do != "") == (outcome == Outcome.PARTLY)
    assert dispatch.issue.feedbacks.owed().count() == 1


def test_department_answers_in_between_and_then_for_good(world):
    dispatch = sent(world)
    client = client_of(world.handler)
    client.post(dispatch.get_absolute_url(), answer(outcome="interim", text="正在采购。", evidence=""))
    dispatch.refresh_from_db()
    assert (dispatch.state, dispatch.issue.state) == (DispatchState.ACCEPTED, IssueState.IN_HAND)
    client.post(dispatch.get_absolute_url(), answer())
    assert Dispatch.objects.get().issue.state == IssueState.ANSWERED


def test_supporting_department_answers_without_an_outcome(world):
    issue = factories.registered_issue(factories.opinion(world.friend), by=world.office, office=world.company)
    services.dispatch_issue(
        issue, lead=world.department, supporting=[world.other_department], by=world.office, due_on=today()
    )
    support = issue.dispatches.get(is_lead=False)
    client = client_of(world.other_handler)
    assert "outcome" not in client.get(support.get_absolute_url()).context["form"].fields
    client.post(support.get_absolute_url(), answer())
    support.refresh_from_db()
    assert (support.state, support.replies.get().outcome) == (DispatchState.ANSWERED, "")


def test_second_answer_to_a_dispatch_that_is_answered_keeps_the_text_and_says_why(world):
    dispatch = sent(world)
    first, second = client_of(world.handler), client_of(world.handler)
    first.post(dispatch.get_absolute_url(), answer())
    response = second.post(dispatch.get_absolute_url(), answer(text="另一份答复"))
    assert "已经办结、退回或撤回" in response.text
    assert "另一份答复" in response.text
    assert dispatch.replies.count() == 1


def test_dept_done_list_begins_with_what_was_done_last(world):
    first, second, third = sent(world), sent(world), sent(world)
    factories.answered_issue(third, by=world.handler)
    factories.answered_issue(first, by=world.handler)
    services.return_dispatch(second, by=world.handler, reason="不属于本部门职责")
    rows = rows_of(client_of(world.handler).get(reverse("issues:dept_done_list")))
    assert rows[0] == second
    assert set(rows) == {first, second, third}
