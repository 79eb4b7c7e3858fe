"""Which departments are proposed, and the desk where many issues are dispatched at once."""

import datetime as dt

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from issues import services
from issues.enums import IssueState
from issues.models import Dispatch, Issue, Responsibility
from lib.periods import SHANGHAI
from organization.enums import UnitKind
from tests import factories
from tests.client import client_of
from tests.people import build_world

from .pages import rows_of

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2016, 3, 21, 10, tzinfo=SHANGHAI)
URL = "/issues/dispatch/"


@pytest.fixture
def world():
    with time_machine.travel(NOW, tick=False):
        yield build_world()


def registered(world, **fields) -> Issue:
    fields.setdefault("at", NOW)
    return factories.registered_issue(factories.opinion(world.friend), by=world.office, office=world.company, **fields)


def proposed(world, issue) -> tuple:
    found = services.propose_departments([issue], reach=world.company).get(issue.pk)
    return (found.lead, found.supporting, found.reason) if found else (None, [], "")


def test_departments_are_proposed_from_history_and_then_from_the_table(world):
    issue = registered(world)
    assert proposed(world, issue) == (None, [], "")
    third = factories.unit(world.company, kind=UnitKind.DEPARTMENT, name="生活服务公司")
    Responsibility.objects.create(department=third, category=issue.category)
    Responsibility.objects.create(department=world.department, category=issue.category, is_lead=False)
    assert proposed(world, issue) == (third, [world.department], "按职责分工，食堂餐饮由生活服务公司牵头。")

    def went(to, *, supporting=(), ago=10, **fields) -> Dispatch:
        then = NOW - dt.timedelta(days=ago)
        earlier = registered(world, at=then - dt.timedelta(days=1), **fields)
        return services.dispatch_issue(earlier, lead=to, supporting=supporting, by=world.office, at=then)

    # Of another category, or longer ago than a year, it says nothing; nor where the department sent it back.
    went(world.other_department, category=factories.category("通勤停车"))
    went(world.other_department, ago=366)
    services.return_dispatch(went(world.other_department), reason="不属于本部门", by=world.other_handler)
    assert proposed(world, issue)[0] == third
    # Two and two: the later pair; and who supported half of them goes along.
    for ago in (9, 8):
        went(world.department, ago=ago)
    went(world.other_department, ago=7)
    went(world.other_department, ago=6, supporting=[world.department])
    reason = "近一年 2 件同类问题由财务部办理。"
    assert proposed(world, issue) == (world.other_department, [world.department], reason)
    went(world.department, ago=5)
    assert proposed(world, issue) == (world.department, [], "近一年 3 件同类问题由行政保卫部办理。")
    # Who gave this very issue back is not proposed for it again; a retired department for none.
    services.return_dispatch(
        services.dispatch_issue(issue, lead=world.department, by=world.office), reason="不属于", by=world.handler
    )
    assert proposed(world, issue)[0] == world.other_department
    world.other_department.closed_on = NOW.date()
    world.other_department.save()
    assert proposed(world, issue)[0] == third
    # Out of the office's reach nothing is counted.
    other = services.propose_departments([issue], reach=world.other_plant)[issue.pk]
    assert other.lead == third
    page = client_of(world.office).get(reverse("issues:issue_dispatch", args=[issue.key]))
    assert page.context["form"]["lead"].value() == third.code
    assert "按职责分工" in page.text


def row(issue: Issue, *, lead="", supporting=(), due_on="2016-04-07") -> dict:
    key = str(issue.key)
    return {f"{key}-lead": lead, f"{key}-supporting": list(supporting), f"{key}-due_on": due_on}


def test_many_issues_are_dispatched_at_once_after_a_preview(world):
    first, second, third = (registered(world, title=title) for title in ("热水", "班车", "手套"))
    department, other = world.department.code, world.other_department.code
    client = client_of(world.office)
    assert set(rows_of(client.get(URL))) == {first, second, third}
    assert rows_of(client.get(URL, {"q": "banche"})) == [second]
    assert rows_of(client.get(URL, {"state": "returned"})) == []
    assert rows_of(client_of(world.other_office).get(URL)) == []
    for who in (world.insider, world.handler, world.leader):
        assert client_of(who).get(URL).status_code == 403
    typed = {
        **row(first, lead=department, supporting=[other], due_on="2016-04-05"),
        **row(second, lead=department, supporting=[department]),
        **row(third, due_on="2016-04-12"),
    }
    # Nothing ticked, nothing lost; a row that is not right says so, and what was typed stands there.
    page = client.post(URL, typed)
    assert "请先勾选" in page.text and 'value="2016-04-05"' in page.text
    picked = {"picked": [str(first.key), str(second.key)]}
    wrong = client.post(URL, {**typed, **picked})
    assert wrong.status_code == 422
    assert "牵头部门不必再列为协办部门" in wrong.text
    assert 'value="2016-04-05"' in wrong.text and 'value="2016-04-12"' in wrong.text
    assert wrong.text.count("请选择牵头部门") == 0
    # The preview writes nothing, and leads back with what was chosen.
    typed |= row(second, lead=department)
    preview = client.post(URL, {**typed, **picked})
    assert preview.status_code == 200
    assert "请研究改进" in preview.text and "交办 2 件" in preview.text and third.number not in preview.text
    again = client.post(URL, {**typed, **picked, "step": "edit"})
    assert 'value="2016-04-05"' in again.text
    assert not Dispatch.objects.exists()
    # Meanwhile a colleague has been quicker with one of them: the other goes out, and the reason is told.
    services.dispatch_issue(second, lead=world.other_department, by=world.office)
    versions = {f"{issue.key}-version": issue.version for issue in (first, second)}
    late = {**typed, **picked, **versions, "step": "send"}
    result = client.post(URL, {**late, f"{second.key}-version": Issue.objects.get(pk=second.pk).version})
    assert result.status_code == 422
    assert "1 件没有交办" in result.text and "1 件已交办" in result.text and "不能交办" in result.text
    assert set(first.dispatches.values_list("department__code", "is_lead", "due_on")) == {
        (department, True, dt.date(2016, 4, 5)),
        (other, False, dt.date(2016, 4, 5)),
    }
    assert second.dispatches.get().department == world.other_department
    third.refresh_from_db()
    assert third.state == IssueState.REGISTERED


def test_desk_sends_what_was_seen_in_the_preview_or_nothing(world):
    issue, unwritten = registered(world), registered(world, wording="")
    client = client_of(world.office)
    typed = {**row(issue, lead=world.department.code), **row(unwritten, lead=world.department.code), "step": "send"}
    seen = {f"{issue.key}-version": issue.version, f"{unwritten.key}-version": unwritten.version}
    services.reword_issue(issue, wording="另一段交办内容", by=world.office, version=issue.version)
    both = {"picked": [str(issue.key), str(unwritten.key)]}
    result = client.post(URL, {**typed, **seen, **both})
    assert "请重新核对" in result.text and "请先写好交办内容" in result.text
    assert not Dispatch.objects.exists()
    issue.refresh_from_db()
    done = client.post(URL, {**typed, "picked": [str(issue.key)], f"{issue.key}-version": issue.version}, follow=True)
    assert "已交办 1 件" in done.text
    assert issue.dispatches.get().wording == "另一段交办内容"


@pytest.mark.parametrize("count", [1, 3])
def test_dispatch_desk_queries_do_not_grow_with_rows(world, count, django_assert_num_queries):
    for _ in range(count):
        registered(world)
    client = client_of(world.office)
    # Session, user, roles (2), rows; history, table, returned before, departments for the proposals;
    # departments and who works there for the forms.
    with django_assert_num_queries(11):
        assert len(rows_of(client.get(URL, headers={"HX-Request": "true"}))) == count


def test_roster_admin_keeps_the_table_of_responsibilities(world):
    client = client_of(world.roster_admin)
    data = {"department": world.department.pk, "category": factories.category().pk, "is_lead": "on"}
    assert client.post("/admin/issues/responsibility/add/", data).status_code == 302
    assert Responsibility.objects.get().department == world.department
    assert "行政保卫部" in client.get("/admin/issues/responsibility/").text
    assert LogEntry.objects.count() == 1
