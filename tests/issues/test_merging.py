"""The office turns opinions into issues: new, existing, set aside, taken up again, and each undone."""

import datetime as dt
import uuid

import pytest
from django.urls import reverse

from issues import services
from issues.enums import IssueState, OpinionState
from issues.lists.issues import TABS
from issues.models import Issue, Opinion
from issues.stats import issue_ledger
from liaison.figure_scope import FigureScope
from lib.periods import month
from tests import factories
from tests.client import client_of
from tests.factories.issues import DAY, MARCH
from tests.people import build_world

from .pages import rows_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return build_world()


def two_opinions(world) -> list:
    second = factories.worker(world.workshop)
    factories.befriended(second, world.colleague)
    return [factories.opinion(world.friend), factories.opinion(second, text="夜班饭菜是凉的")]


def picking(opinions) -> dict:
    return {"picked": [str(opinion.key) for opinion in opinions]}


def form_of(opinions, **changes) -> dict:
    return {
        **picking(opinions),
        "key": str(uuid.uuid4()),
        "title": "晚班工作餐保温",
        "wording": "请研究改进晚班工作餐的保温措施。",
        "category": opinions[0].category_id,
        "scope": "common",
        "grade": "short_term",
        "unit": opinions[0].unit.code,
        **changes,
    }


def test_issue_create_proposes_category_unit_and_limit_and_shows_the_words_beside(world):
    opinions = [*two_opinions(world), factories.opinion(world.other_friend)]
    page = client_of(world.office).get(reverse("issues:issue_create"), picking(opinions))
    assert page.context["form"]["unit"].value() == world.company.code
    assert page.context["form"]["category"].value() == opinions[0].category_id
    assert page.context["due"]
    assert "夜班饭菜是凉的" in page.text
    assert not page.context["form"]["wording"].value()


def test_issue_create_registers_once_when_sent_twice(world):
    opinions = two_opinions(world)
    client, data = client_of(world.office), form_of(opinions)
    first, again = (client.post(reverse("issues:issue_create"), data) for _ in range(2))
    issue = Issue.objects.get()
    assert [first.url, again.url] == [issue.get_absolute_url()] * 2
    assert set(issue.opinions()) == set(opinions)
    assert issue.state == IssueState.REGISTERED


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("title", "{name}反映的餐温"),
        ("wording", "请联系欧 阳、明了解"),
        ("wording", "职工 Ｅ０９９ 号反映"),
        ("wording", "电话 １３８ ００１３-8000"),
    ],
)
def test_issue_create_refuses_a_wording_that_names_the_reporter(world, field, text):
    worker = factories.worker(world.workshop, name="欧阳明", employee_no="E099", phone="138 0013 8000")
    factories.befriended(worker, world.insider)
    opinions = [factories.opinion(worker)]
    data = form_of(opinions, **{field: text.format(name=worker.name)})
    response = client_of(world.office).post(reverse("issues:issue_create"), data)
    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert not Issue.objects.exists()


def test_issue_create_is_for_the_office_and_for_opinions_it_may_see(world):
    opinions = two_opinions(world)
    assert client_of(world.insider).get(reverse("issues:issue_create"), picking(opinions)).status_code == 403
    assert client_of(world.other_office).get(reverse("issues:issue_create"), picking(opinions)).status_code == 404
    client = client_of(world.office)
    assert client.get(reverse("issues:issue_create"), {"picked": "x"}).status_code == 404
    assert client.get(reverse("issues:issue_create")).url == reverse("issues:opinion_list")


def test_issue_due_follows_grade_and_category(world):
    category = factories.category()
    client = client_of(world.office)
    asked = {"unit": world.plant.code, "category": category.pk, "grade": "short_term"}
    short = client.get(reverse("issues:issue_due"), asked).context["due"]
    assert short < client.get(reverse("issues:issue_due"), {**asked, "grade": "systemic"}).context["due"]
    for wrong in ({"grade": "x"}, {"category": "²"}, {"unit": "nowhere"}, {"category": 2**63}):
        assert client.get(reverse("issues:issue_due"), {**asked, **wrong}).context["due"] == ""


def test_opinion_merge_finds_the_issue_and_can_be_undone(world):
    first, second = two_opinions(world)
    issue = factories.registered_issue(first, by=world.office, office=world.company)
    client = client_of(world.office)
    url = reverse("issues:opinion_merge")
    assert list(client.get(url, {**picking([second]), "q": "保温"}).context["issues"]) == [issue]
    assert list(client.get(url, {**picking([second]), "q": "没有"}).context["issues"]) == []
    response = client.post(url, {**picking([second]), "issue": str(issue.key)}, follow=True)
    assert set(issue.opinions()) == {first, second}
    undo = reverse("issues:opinion_unmerge", args=[issue.key]) + f"?picked={second.key}"
    assert f'action="{undo}"' in response.text
    client.post(undo)
    second.refresh_from_db()
    assert (set(issue.opinions()), second.state) == ({first}, OpinionState.WAITING)


def test_opinion_unmerge_of_the_last_one_is_a_sentence(world):
    opinions = two_opinions(world)
    issue = factories.registered_issue(*opinions, by=world.office, office=world.company)
    undo = reverse("issues:opinion_unmerge", args=[issue.key])
    response = client_of(world.office).post(undo, picking(opinions), follow=True)
    assert "不能撤销归并" in response.text
    assert set(issue.opinions()) == set(opinions)


def test_opinion_set_aside_asks_for_a_reason_and_can_be_undone(world):
    opinions = two_opinions(world)
    client = client_of(world.office)
    url = reverse("issues:opinion_set_aside")
    assert client.post(url, {**picking(opinions), "reason": " "}).context["form"].errors
    client.post(url, {**picking(opinions), "reason": "不属于工会职责"})
    states = lambda: {o.state for o in world.friend.opinions.all()}  # noqa: E731
    assert states() == {OpinionState.SET_ASIDE}
    client.post(reverse("issues:opinion_take_up"), picking(opinions))
    assert states() == {OpinionState.WAITING}


def test_opinion_set_aside_by_two_people_tells_the_second(world):
    opinions = two_opinions(world)
    first, second = client_of(world.office), client_of(world.office)
    data = {**picking(opinions), "reason": "重复"}
    first.post(reverse("issues:opinion_set_aside"), data)
    response = second.post(reverse("issues:opinion_set_aside"), data)
    assert "当前状态是“不予受理”" in response.text


def test_opinion_create_takes_down_a_letter_of_a_worker_and_an_anonymous_call(world):
    client = client_of(world.office)
    url = reverse("issues:opinion_create")
    assert list(client.get(url, {"q": world.friend.name}).context["workers"]) == [world.friend]
    said = {"text": "澡堂水不热", "category": factories.category().pk, "source": "letter", "raised_on": "2016-03-18"}
    data = {**said, "key": str(uuid.uuid4())}
    first, again = (client.post(f"{url}?who={world.friend.key}", data) for _ in range(2))
    assert first.url == again.url
    opinion = world.friend.opinions.get()
    assert (opinion.cadre, opinion.unit, str(opinion.raised_on)) == (world.insider, world.workshop, "2016-03-18")
    client.post(f"{url}?kind=anonymous", {**said, "key": str(uuid.uuid4()), "unit": world.plant.code})
    assert world.plant.opinions.get().reporter_kind == "anonymous"
    response = client.post(f"{url}?kind=anonymous", {**said, "raised_on": "2999-01-01", "unit": world.plant.code})
    assert set(response.context["form"].errors) == {"raised_on", "key"}


def test_opinion_create_about_a_key_that_is_none_or_out_of_sight_is_404(world):
    url = reverse("issues:opinion_create")
    for key in ("x" * 36, "7", uuid.uuid4(), world.other_friend.key):
        assert (
            client_of(world.office if key != world.other_friend.key else world.other_office)
            .get(url, {"who": key})
            .status_code
            == 404
        )


def test_opinion_detail_shows_history_and_is_404_for_others(world):
    opinion = factories.opinion(world.friend)
    factories.registered_issue(opinion, by=world.office, office=world.company)
    url = opinion.get_absolute_url()
    for who in (world.insider, world.office):
        assert "归并" in client_of(who).get(url).text
    for who in (world.colleague, world.stranger, world.other_office):
        assert client_of(who).get(url).status_code == 404
    for who in (world.handler, world.leader, world.roster_admin):
        assert client_of(who).get(url).status_code == 403


def test_worker_opinions_are_those_the_reader_may_see(world):
    opinion = factories.opinion(world.friend)
    url = reverse("issues:worker_opinions", args=[world.friend.key])
    assert list(client_of(world.insider).get(url).context["opinions"]) == [opinion]
    assert client_of(world.stranger).get(url).status_code == 404


@pytest.mark.parametrize("count", [1, 4])
def test_merging_costs_the_same_statements_for_one_opinion_and_for_four(world, count, django_assert_num_queries):
    issue = factories.registered_issue(factories.opinion(world.friend), by=world.office, office=world.company)
    voices = [factories.opinion(world.friend, text=f"第{n}条") for n in range(count)]
    with django_assert_num_queries(11):
        merges = services.merge_opinions(issue, opinions=voices, by=world.office)
    assert [merge.opinion for merge in merges] == voices
    assert {voice.state for voice in issue.opinions()} == {OpinionState.MERGED}
    assert services.merge_opinions(issue, opinions=voices, by=world.office) == []


def test_issue_due_of_an_issue_runs_from_its_registration(world):
    issue = factories.registered_issue(factories.opinion(world.friend), by=world.office, office=world.company)
    client, url = client_of(world.office), reverse("issues:issue_due")
    asked = {"unit": issue.unit.code, "category": issue.category_id, "grade": issue.grade, "issue": issue.key}
    page = client.get(reverse("issues:issue_update", args=[issue.key]))
    assert client.get(url, asked).context["due"] == page.context["due"] == issue.due_on.isoformat()
    for key in ("x", uuid.uuid4()):
        assert client.get(url, {**asked, "issue": key}).status_code == 404
    assert client_of(world.other_office).get(url, asked).status_code == 404


def test_issue_forms_ask_for_each_choice_once(world, django_assert_num_queries):
    opinions = two_opinions(world)
    client = client_of(world.office)
    client.get(reverse("issues:opinion_list"))
    with django_assert_num_queries(16):
        client.get(reverse("issues:issue_create"), picking(opinions))
    issue = factories.registered_issue(*opinions, by=world.office, office=world.company)
    with django_assert_num_queries(12):
        client.get(reverse("issues:issue_update", args=[issue.key]))


def test_group_of_an_issue_is_the_one_with_most_voices_until_it_is_dispatched(world):
    other = factories.opinion(world.other_friend)
    first, second = two_opinions(world)
    issue = factories.registered_issue(other, first, second, by=world.office, office=world.company)
    assert issue.group == world.group
    services.unmerge_opinion(issue.merges.get(opinion=second), by=world.office)
    assert Issue.objects.get().group == world.other_group, "one voice each: the earliest decides"
    services.unmerge_opinion(issue.merges.get(opinion=other), by=world.office)
    assert Issue.objects.get().group == world.group
    factories.dispatched_issue(issue, to=world.department, by=world.office)
    more = [other, factories.opinion(world.other_friend, text="食堂菜凉")]
    services.merge_opinions(issue, opinions=more, by=world.office)
    assert Issue.objects.get().group == world.group


def test_issue_create_from_opinions_merged_already_asks_first(world):
    first, second = two_opinions(world)
    issue = factories.registered_issue(first, by=world.office, office=world.company)
    client, url = client_of(world.office), reverse("issues:issue_create")
    assert "although_merged" not in client.get(url, picking([second])).context["form"].fields
    page = client.get(url, picking([first, second]))
    assert f"其中有意见已归并到 {issue.number}，仍要另立问题" in page.text
    assert page.text.count(issue.get_absolute_url()) == 1, "only the merged one says into which issue"
    data = form_of([first, second])
    refused = client.post(url, data)
    assert refused.context["form"].non_field_errors() == [
        f"其中有意见已归并到 {issue.number}。确要另立问题的，请勾选确认后再登记。"
    ]
    assert Issue.objects.get() == issue
    made, again = (client.post(url, {**data, "although_merged": "on"}) for _ in range(2))
    other = Issue.objects.exclude(pk=issue.pk).get()
    assert [made.url, again.url] == [other.get_absolute_url()] * 2
    assert set(other.opinions()) == {first, second}


def test_issue_create_sent_again_from_a_page_that_was_there_before_finds_its_issue(world):
    opinions = two_opinions(world)
    client, url, data = client_of(world.office), reverse("issues:issue_create"), form_of(opinions)
    issue = client.post(url, data).url
    assert client.post(url, data).url == issue
    other_words = client.post(url, {**data, "title": "晚班热饭"})
    assert other_words.status_code == 409
    renewed = {**data, "title": "晚班热饭", "key": other_words.context["form"]["key"].value()}
    assert client.post(url, renewed).context["form"].non_field_errors()
    assert Issue.objects.count() == 1


def test_issue_registered_by_mistake_can_be_voided(world):
    first, second = two_opinions(world)
    right = factories.registered_issue(first, by=world.office, office=world.company)
    wrong = factories.registered_issue(first, second, by=world.office, office=world.company, although_merged=True)
    client, url = client_of(world.office), reverse("issues:issue_void", args=[wrong.key])
    assert f'href="{url}"' in client.get(wrong.get_absolute_url()).text
    assert client.post(url, {"reason": " "}).context["form"].errors
    assert client.post(url, {"reason": "重复登记"}).url == wrong.get_absolute_url()
    wrong.refresh_from_db()
    states = {opinion.pk: opinion.state for opinion in Opinion.objects.all()}
    assert (wrong.state, states) == (
        IssueState.VOID,
        {first.pk: OpinionState.MERGED, second.pk: OpinionState.WAITING},
    )
    assert not wrong.opinions().exists() and set(right.opinions()) == {first}
    page = client.get(wrong.get_absolute_url()).text
    assert "重复登记" in page and f"{world.office}已于" in page and f'href="{url}"' not in page
    assert "重复登记" not in client_of(world.leader).get(wrong.get_absolute_url()).text
    again = client.post(url, {"reason": "重复登记，应当作废"})
    assert again.status_code == 422
    # Refused, and nothing typed is lost.
    assert "不能再作废" in again.text and "重复登记，应当作废" in again.text
    assert factories.registered_issue(second, by=world.office, office=world.company).serial == wrong.serial + 1


def test_void_issues_stand_under_their_own_tab_and_in_no_figure(world):
    issue = factories.registered_issue(factories.opinion(world.friend), by=world.office, office=world.company)
    kept = factories.registered_issue(factories.opinion(world.friend), by=world.office, office=world.company)
    services.void_issue(issue, by=world.office, reason="登记有误", at=MARCH + 3 * DAY)
    client, url = client_of(world.office), reverse("issues:issue_list")
    shown = {tab: rows_of(client.get(url, {"tab": tab})) for tab in TABS}
    assert shown["void"] == [issue]
    assert shown["all"] == shown["open"] == shown["office"] == [kept]
    scope, period = FigureScope(world.company), month(2016, 3)
    figures = [issue_ledger(scope, period, as_of=day) for day in (None, dt.date(2016, 3, 19), dt.date(2016, 3, 18))]
    assert [(ledger.issues, ledger.in_hand) for ledger in figures] == [(1, 1), (1, 1), (2, 2)]


def test_issue_with_an_answer_is_not_voided_although_it_came_back(world):
    issue = factories.registered_issue(factories.opinion(world.friend), by=world.office, office=world.company)
    dispatch = factories.dispatched_issue(issue, to=world.department, by=world.office)
    services.answer_dispatch(dispatch, by=world.handler, text="正在采购。", at=MARCH + 2 * DAY)
    dispatch.refresh_from_db()
    services.return_dispatch(dispatch, by=world.handler, reason="不属于本部门", at=MARCH + 3 * DAY)
    client, url = client_of(world.office), reverse("issues:issue_void", args=[issue.key])
    assert f'href="{url}"' not in client.get(issue.get_absolute_url()).text
    assert "责任部门已经答复过，不能作废。" in client.post(url, {"reason": "登记有误"}, follow=True).text
    issue.refresh_from_db()
    assert issue.state == IssueState.RETURNED
