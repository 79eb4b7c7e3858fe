"""Answer templates and policy clauses: offered while they hold; an explanation whose clause has ended comes back."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from issues.enums import ExplainReason, Outcome
from issues.models import AnswerTemplate, Category, PolicyClause, Reply
from issues.notices import clause_ended
from issues.services import answer_dispatch
from lib.periods import SHANGHAI, today
from notices.rules import Occasion
from organization.calendars import working_calendar
from organization.roles import Role
from tests import factories
from tests.client import client_of
from tests.people import build_world

from .pages import rows_of

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2016, 4, 1, 10, tzinfo=SHANGHAI)
DAY = dt.timedelta(days=1)


@pytest.fixture
def world():
    with time_machine.travel(NOW, tick=False):
        yield build_world()


def dispatched(world):
    issue = factories.registered_issue(factories.opinion(world.friend), by=world.office, office=world.company)
    return factories.dispatched_issue(issue, to=world.department, by=world.office)


def clause(**fields) -> PolicyClause:
    facts = {"title": "第三条", "source_document": "年休假条例", "text": "5天。", "starts_on": dt.date(2008, 1, 1)}
    return PolicyClause.objects.create(**(facts | fields))


def template(name: str, text: str, **fields) -> AnswerTemplate:
    return AnswerTemplate.objects.create(name=name, text=text, starts_on=today() - 9 * DAY, **fields)


def typed(**fields) -> dict:
    explained = {"outcome": "explained", "reason": "policy", "recheck_on": "2016-12-31", "text": "按现行规定执行。"}
    return {"key": str(uuid.uuid4()), **explained, **fields}


def test_template_goes_into_the_answer_and_nothing_typed_is_lost(world):
    dispatch = dispatched(world)
    own = template("食堂", "已责成食堂＿＿整改。", category=dispatch.issue.category)
    anywhere = template("转办", "已转有关单位。", position=1)
    other, _new = Category.objects.get_or_create(name="通勤停车")
    template("班车", "已加开班车。", category=other)
    template("旧模板", "旧。", ends_on=today())
    client, url = client_of(world.handler), dispatch.get_absolute_url()
    assert list(client.get(url).context["templates"]) == [own, anywhere]
    found = client.get(reverse("issues:dept_templates", args=[dispatch.key]), {"q": "有关"})
    assert list(found.context["templates"]) == [anywhere]

    said = typed(text="职工同志：", outcome="solved", evidence="五月检查")
    page = client.post(url, {**said, "insert": own.pk})
    form = page.context["form"]
    assert form["text"].value() == "职工同志：\n已责成食堂＿＿整改。"
    assert (form["outcome"].value(), form["evidence"].value(), form.is_bound) == ("solved", "五月检查", False)
    assert form["key"].value() == said["key"]
    assert not Reply.objects.exists()
    for wrong in ("0", "x", "9" * 30, str(AnswerTemplate.objects.get(name="旧模板").pk)):
        assert client.post(url, {**said, "insert": wrong}).status_code == 404


def test_clause_is_the_rule_relied_on_and_an_ended_one_is_not_offered(world):
    dispatch, valid = dispatched(world), clause()
    ended = clause(title="第二条", ends_on=today())
    client, url = client_of(world.handler), dispatch.get_absolute_url()
    assert "依据" in client.post(url, typed()).text
    assert "clause" in client.post(url, typed(clause=ended.pk)).context["form"].errors
    client.post(url, typed(clause=valid.pk))
    reply = Reply.objects.get()
    assert (reply.clause, reply.rule_relied_on) == (valid, "年休假条例 第三条")


def test_clause_stays_with_no_other_outcome(world):
    dispatch = dispatched(world)
    client_of(world.handler).post(
        dispatch.get_absolute_url(), typed(clause=clause().pk, outcome="solved", evidence="已整改")
    )
    assert Reply.objects.get().clause is None
    solved = Reply.objects.get()
    solved.clause = clause(title="第四条")
    with pytest.raises(ValidationError, match="只有解释答复才选政策条款"):
        solved.full_clean()


def test_explanation_comes_back_to_the_office_when_its_clause_ends(world):
    relied = clause()
    issues = []
    for used in (relied, clause(title="第四条")):
        dispatch = dispatched(world)
        answer_dispatch(
            dispatch,
            by=world.handler,
            text="按规定执行。",
            outcome=Outcome.EXPLAINED,
            reason=ExplainReason.POLICY,
            rule_relied_on="条例",
            recheck_on=today() + 200 * DAY,
            clause=used,
            approved_by=world.office,
        )
        issues.append(dispatch.issue)
    client = client_of(world.office)

    def due():
        return list(clause_ended(Occasion(timezone.now(), working_calendar())))

    assert due() == []
    relied.ends_on = today() + DAY
    relied.save()
    assert due() == []
    relied.ends_on = today()
    relied.save()
    (notice,) = due()
    assert (notice.recipient_id, str(notice.text)) == (
        world.office.pk,
        "1 件解释答复所依据的政策条款已失效，请重新研究。",
    )
    assert rows_of(client.get(notice.link)) == [issues[0]]
    assert "依据已失效" in client.get(issues[0].get_absolute_url()).text
    assert "依据已失效" not in client.get(issues[1].get_absolute_url()).text


def test_vocabularies_are_retired_and_never_deleted(world):
    client = client_of(world.roster_admin, Role.ROSTER_ADMIN)
    rows = [
        Category.objects.create(name="没有用过的类别"),
        template("已整改", "已整改。"),
        clause(),
    ]
    for row in rows:
        name = f"admin:issues_{row._meta.model_name}"
        page = client.get(reverse(f"{name}_change", args=[row.pk]))
        assert "不删除" in page.text
        assert reverse(f"{name}_delete", args=[row.pk]) not in page.text
        assert client.post(reverse(f"{name}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
        many = client.post(
            reverse(f"{name}_changelist"), {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
        )
        assert many.status_code in (200, 302)
        assert type(row).objects.filter(pk=row.pk).exists()
