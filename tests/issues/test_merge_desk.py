"""归并台 /issues/merge/, and taking apart or putting together what was merged wrongly."""

import uuid

import pytest
from django.urls import reverse

from issues import services
from issues.enums import FeedbackState, IssueState, Move, OpinionState, Outcome
from issues.models import Issue
from issues.workflow import WrongState
from lib.errors import Refused
from lib.periods import today
from tests import factories
from tests.client import client_of
from tests.factories.issues import DETAILS
from tests.people import build_world
from tests.queries import queries_at_one_and_three

pytestmark = pytest.mark.django_db
DESK = "issues:merge_desk"


@pytest.fixture
def world():
    return build_world()


def voice(world, text: str, **fields):
    worker = factories.worker(world.workshop)
    factories.befriended(worker, world.insider)
    return factories.opinion(worker, text=text, **fields)


def keys(opinions) -> list[str]:
    return [str(opinion.key) for opinion in opinions]


def form_of(opinions, **changes) -> dict:
    return {
        "picked": keys(opinions),
        "key": str(uuid.uuid4()),
        "title": "宿舍热水",
        "wording": "请研究宿舍热水供应。",
        "category": opinions[0].category_id,
        "scope": "common",
        "grade": "short_term",
        "unit": opinions[0].unit.code,
        **changes,
    }


def test_desk_shows_what_waits_beside_the_issues_and_both_counts(world):
    merged, waiting, aside = (voice(world, text) for text in ("食堂收餐太早", "浴室水不热", "没有意见"))
    issue = factories.registered_issue(merged, by=world.office, office=world.company)
    services.set_aside_opinion(aside, reason="不是诉求", by=world.office)
    page = client_of(world.office).get(reverse(DESK), {"tab": "all"})
    assert (list(page.context["page"]), list(page.context["issues"])) == ([waiting], [issue])
    counts = [page.context[name] for name in ("opinion_count", "issue_count", "waiting_count")]
    assert counts == [3, 1, 1]
    beyond = client_of(world.other_office).get(reverse(DESK), {"tab": "all"})
    assert (list(beyond.context["page"]), list(beyond.context["issues"])) == ([], [])


def test_desk_proposes_what_says_the_same_and_merges_it_in_one_press(world):
    first = voice(world, "夜班食堂收餐太早，下班吃不上热饭")
    issue = factories.registered_issue(
        first,
        by=world.office,
        office=world.company,
        title="夜班食堂收餐过早",
        wording="夜班食堂收餐太早，下班吃不上热饭。",
    )
    second = voice(world, "夜班食堂收餐太早，下班吃不上热饭了")
    client, url = client_of(world.office), reverse(DESK)
    (group,) = client.get(url).context["groups"]
    assert (group.opinions, group.issue) == ([second], issue)
    page = client.post(url, {"picked": keys([second]), "issue": str(issue.key)}, follow=True)
    assert page.redirect_chain == [(url, 303)]
    assert set(issue.opinions()) == {first, second}
    undo = f"{reverse('issues:opinion_unmerge', args=[issue.key])}?picked={second.key}&amp;desk=1"
    assert f'action="{undo}"' in page.text
    assert client.post(undo.replace("&amp;", "&")).url == url
    second.refresh_from_db()
    assert second.state == OpinionState.WAITING


def test_desk_leads_each_button_to_its_page_and_asks_for_what_is_missing(world):
    opinion = voice(world, "浴室水不热")
    client, url = client_of(world.office), reverse(DESK)
    for button, name in (("new", "issue_create"), ("search", "opinion_merge"), ("aside", "opinion_set_aside")):
        answer = client.post(url, {"picked": keys([opinion]), button: ""})
        assert answer.url == f"{reverse(f'issues:{name}')}?picked={opinion.key}"
    assert "请先勾选意见建议" in client.post(url, {"new": ""}, follow=True).text
    for issue in ("", "x", str(uuid.uuid4())):
        answer = client.post(url, {"picked": keys([opinion]), "issue": issue}, follow=True)
        assert "请先选好要并入的问题" in answer.text
    assert client.post(url, {"picked": ["x"], "new": ""}).status_code == 404
    assert client_of(world.other_office).post(url, {"picked": keys([opinion]), "new": ""}).status_code == 404


def test_issues_beside_are_found_by_words_and_by_what_is_ticked(world):
    like = factories.registered_issue(
        voice(world, "浴室热水忽冷忽热"), by=world.office, office=world.company, title="浴室热水不稳定"
    )
    other = factories.registered_issue(
        voice(world, "班车末班太早"), by=world.office, office=world.company, title="末班车时间"
    )
    ticked = voice(world, "浴室热水忽冷忽热")
    client, url = client_of(world.office), reverse("issues:merge_desk_issues")
    found = client.get(url, {"picked": keys([ticked])}).context
    assert [issue for issue, _words in found["alike"]] == [like]
    assert list(found["issues"]) == [other]
    searched = client.get(url, {"issue_q": "末班"}).context
    assert (searched["alike"], list(searched["issues"])) == ([], [other])


def test_desk_costs_the_same_queries_for_one_opinion_and_for_three(world):
    client = client_of(world.office)
    one, three = queries_at_one_and_three(
        lambda: voice(world, "浴室水不热"), lambda: client.get(reverse(DESK), {"tab": "all"})
    )
    assert one == three == 18


def test_split_takes_chosen_opinions_to_an_issue_of_their_own_and_back(world):
    stays, goes = voice(world, "食堂菜凉"), voice(world, "宿舍没有热水")
    issue = factories.registered_issue(stays, goes, by=world.office, office=world.company)
    factories.dispatched_issue(issue, to=world.department, by=world.office)
    client = client_of(world.office)
    url = reverse("issues:issue_split", args=[issue.key])
    assert client.get(url, {"picked": keys([goes])}).context["going"] == [goes]
    data = form_of([goes])
    page, again = (client.post(url, data) for _ in range(2))
    fresh = Issue.objects.exclude(pk=issue.pk).get()
    assert page.url == again.url == fresh.get_absolute_url()
    assert (list(issue.opinions()), list(fresh.opinions())) == ([stays], [goes])
    assert {move.move for move in goes.transitions.all()} == {Move.RAISE, Move.MERGE, Move.UNMERGE}
    goes.refresh_from_db()
    assert goes.state == OpinionState.MERGED
    client.post(reverse("issues:issue_rejoin", args=[fresh.key]) + f"?into={issue.key}")
    fresh.refresh_from_db()
    assert (set(issue.opinions()), fresh.state) == ({stays, goes}, IssueState.VOID)


def test_split_leaves_at_least_one_opinion_and_keeps_what_was_typed(world):
    opinions = [voice(world, "食堂菜凉"), voice(world, "宿舍没有热水")]
    issue = factories.registered_issue(*opinions, by=world.office, office=world.company)
    url = reverse("issues:issue_split", args=[issue.key])
    client = client_of(world.office)
    for picked, sentence in ((opinions, "至少要留一条"), ([], "请至少选择一条意见建议")):
        page = client.post(url, form_of(opinions, picked=keys(picked)))
        assert (page.status_code, sentence in page.text, "请研究宿舍热水供应" in page.text) == (422, True, True)
    assert client_of(world.other_office).get(url).status_code == 404
    assert client_of(world.insider).get(url).status_code == 403
    assert Issue.objects.count() == 1


def test_join_moves_every_opinion_over_and_the_number_is_void(world):
    first, second = voice(world, "食堂菜凉"), voice(world, "夜班饭是冷的")
    twin = factories.registered_issue(first, by=world.office, office=world.company)
    issue = factories.registered_issue(second, by=world.office, office=world.company)
    client = client_of(world.office)
    url = reverse("issues:issue_join", args=[twin.key])
    assert list(client.get(url).context["issues"]) == [issue]
    assert client.post(url, {"issue": str(twin.key)}).status_code == 422
    assert client.post(url, {"issue": str(issue.key)}).url == issue.get_absolute_url()
    twin.refresh_from_db()
    assert (set(issue.opinions()), twin.state) == ({first, second}, IssueState.VOID)
    with pytest.raises(WrongState):
        services.join_issues(twin, into=issue, by=world.office)


def test_unmerge_after_the_answer_ends_what_is_owed_but_not_what_was_told(world):
    stays, goes, told = (voice(world, text) for text in ("食堂菜凉", "宿舍没有热水", "夜班饭是冷的"))
    issue = factories.registered_issue(stays, goes, told, by=world.office, office=world.company)
    dispatch = factories.dispatched_issue(issue, to=world.department, by=world.office)
    services.answer_dispatch(
        dispatch, by=world.handler, text="已加保温柜。", outcome=Outcome.SOLVED, **DETAILS[Outcome.SOLVED]
    )
    services.tell_reporter(issue.feedbacks.get(opinion=told), by=world.insider.user, channel="phone")
    services.unmerge_opinion(issue.merges.get(opinion=goes), by=world.office)
    assert not goes.feedbacks.in_force().exists()
    assert set(issue.feedbacks.owed().values_list("opinion", flat=True)) == {stays.pk}
    with pytest.raises(Refused, match="已经得到反馈"):
        services.unmerge_opinion(issue.merges.get(opinion=told), by=world.office)
    assert issue.feedbacks.get(opinion=told, superseded_on=None).state == FeedbackState.TOLD


def test_similar_hint_shows_what_the_writer_may_see_and_plus_one_leads_to_its_issue(world):
    known = voice(world, "夜班食堂收餐太早，下班吃不上热饭")
    issue = factories.registered_issue(known, by=world.office, office=world.company)
    asked = {"of": "opinion-0", "opinion-0-text": "夜班食堂收餐太早，下班吃不上热饭了"}
    url = reverse("issues:opinion_similar")
    assert client_of(world.insider).post(url, asked).context["alike"] == [known]
    assert client_of(world.stranger).post(url, asked).context["alike"] == []
    assert client_of(world.insider).post(url, {"of": "x"}).status_code == 404
    visit = {
        "key": str(uuid.uuid4()),
        "version": "1",
        "workers": [str(world.friend.key)],
        "channel": "phone",
        "day": today().isoformat(),
        "work_kind": "visiting",
        "opinion-0-text": "我也觉得收餐早",
        "opinion-0-category": str(known.category_id),
        "opinion-0-seconds": str(known.key),
    }
    assert client_of(world.stranger).post("/log/", visit).status_code == 422
    client_of(world.insider).post("/log/", visit)
    second = world.friend.opinions.get()
    assert (second.seconds, second.state) == (known, OpinionState.WAITING)
    (group,) = client_of(world.office).get(reverse(DESK)).context["groups"]
    assert (group.opinions, group.issue) == ([second], issue)
    assert known.get_absolute_url() in client_of(world.insider).get(second.get_absolute_url()).text
