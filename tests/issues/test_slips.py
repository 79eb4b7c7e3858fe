"""The worker without an account: what he does by himself."""

import datetime as dt
import re
import uuid

import pytest
import time_machine
from django.apps import apps
from django.urls import reverse

from issues import services
from issues.enums import IssueState, Move, RatedBy, ReporterKind, Source
from issues.models import Slip
from issues.services import MOST_ADDITIONS
from issues.stats import satisfaction_rate
from issues.views.slips import GUESSES_HERE
from liaison.figure_scope import FigureScope
from lib.codes import ALPHABET, LENGTH, grouped
from lib.errors import Refused
from lib.periods import month, today
from tests import factories
from tests.client import StrictClient, client_of
from tests.factories.issues import DAY, MARCH
from tests.people import build_world
from tests.queries import count_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return build_world()


def test_transition_without_account_names_the_worker_in_every_history(world):
    opinion = services.raise_opinion(
        by=None,
        text="希望晚班能吃上热饭",
        category=factories.category(),
        at=MARCH,
        worker=world.friend,
        source=Source.LETTER,
    )
    issue = factories.registered_issue(opinion, by=world.office, office=world.company)
    dispatch = factories.dispatched_issue(issue, to=world.department, by=world.office)
    issue = factories.answered_issue(dispatch, by=world.handler)
    services.reopen_issue(issue, by=None, reason="还是凉的")
    office = client_of(world.office)
    assert "职工扫码" in office.get(opinion.get_absolute_url()).text
    assert "职工本人（回执）" in office.get(issue.get_absolute_url()).text
    # Too late for this move: the page says who was quicker.
    told = office.post(reverse("issues:issue_reopen", args=[issue.key]), {"reason": "再办"}, follow=True)
    assert "职工本人（回执）" in told.text
    auditor = client_of(world.auditor)
    assert auditor.get(reverse("admin:issues_transition_changelist")).status_code == 200
    first = issue.transitions.filter(move=Move.REOPEN).get()
    assert auditor.get(reverse("admin:issues_transition_change", args=[first.pk])).status_code == 200


def answered(world, *, reporter=None, **fields):
    """An opinion with its slip and the issue that was answered."""
    opinion = reporter or factories.opinion(world.friend, **fields)
    slip = factories.slip(opinion)
    issue = factories.registered_issue(opinion, by=world.office, office=world.company)
    dispatch = factories.dispatched_issue(issue, to=world.department, by=world.office)
    return opinion, slip, factories.answered_issue(dispatch, by=world.handler)


def look(code: str, **said):
    return StrictClient().post(reverse("issues:slip_lookup"), {"code": code, **said})


def test_slip_is_found_however_its_code_is_written_and_in_no_table(world):
    opinion = factories.opinion(world.friend)
    code = factories.slip(opinion).code
    assert len(code) == LENGTH
    assert set(code) <= set(ALPHABET)
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in code)
    for written in (
        code,
        code.lower(),
        wide,
        f"{code[:4]} {code[4:]}",
        f"{grouped(code)}。",
        f"http://x/q/t/{code}/，",
    ):
        assert "工会已收到" in look(written).text, written
    # The address that was scanned with its full stop leads to the clean one, and tells nobody where it came from.
    for tail in ("。", "，", "/。", "%EF%BC%8C", "!"):
        found = StrictClient().get(f"/q/t/{code.lower()}{tail}/")
        assert (found.status_code, found.url) == (303, f"/q/t/{code}/")
    page = StrictClient().get(f"/q/t/{code}/")
    assert page.headers["Referrer-Policy"] == "strict-origin"
    assert page.headers["Cache-Control"] == "private, no-store"
    assert opinion.text not in page.text
    assert world.friend.name not in page.text
    rows = [repr(list(model._base_manager.values_list())) for model in apps.get_models() if model._meta.managed]
    assert not [row for row in rows if code in row]


def test_unknown_replaced_and_malformed_code_get_one_answer_at_one_cost_until_the_throttle_closes(world):
    opinion = factories.opinion(world.friend)
    old = factories.slip(opinion).code
    new = services.issue_slip(opinion, by=world.insider.user, key=uuid.uuid4()).code
    assert old != new
    answers, costs = set(), set()
    for wrong in (old, "ACDEFGHJ", "0", "没有这样的编号"):
        costs.add(count_queries(lambda wrong=wrong: look(wrong)))
        found = look(wrong)
        answers.add((found.status_code, re.sub(r'value="[^"]*"', "", found.text)))
    assert [status for status, _page in answers] == [404]
    assert costs == {1}
    with time_machine.travel(dt.datetime(2026, 11, 21, 8, 0, tzinfo=dt.UTC), tick=False) as clock:
        for _guess in range(GUESSES_HERE.most):
            assert look("ACDEFGHJ").status_code == 404
        closed = look(new)
        assert closed.status_code == 429
        assert closed.headers["Retry-After"] == "900"
        assert "请过 15 分钟再试" in closed.text
        # From another place it is open, and here after the time that was said.
        assert StrictClient(REMOTE_ADDR="10.0.0.9").get(f"/q/t/{new}/").status_code == 200
        clock.shift(901)
        assert look(new).status_code == 200


def test_worker_reads_the_answer_and_nothing_else_and_rates_over_the_cadre(world):
    opinion, slip, issue = answered(world)
    feedback = issue.feedbacks.get()
    page = StrictClient().get(f"/q/t/{slip.code}/").text
    assert "食堂已增配保温餐车" in page
    assert world.department.label in page
    for hidden in (opinion.text, issue.title, issue.number, issue.wording, "已于当月整改完毕", world.friend.name):
        assert hidden not in page
    feedback.refresh_from_db()
    assert feedback.read_on is None
    look(slip.code)
    feedback.refresh_from_db()
    assert (feedback.read_on, feedback.state) == (today(), "owed")
    assert "本人已看" in client_of(world.insider).get(reverse("issues:feedback_list")).text
    services.tell_reporter(feedback, by=world.insider.user, channel="phone", rating=2)
    assert "联络员代您填的是“基本满意”" in look(slip.code).text
    assert look(slip.code, do="rate", feedback=feedback.key, rating=7).status_code == 422
    for rating in (1, 4, 4):
        assert "您的评价已收到" in look(slip.code, do="rate", feedback=feedback.key, rating=rating).text
    feedback.refresh_from_db()
    assert (feedback.rating, feedback.rated_by, feedback.told_by) == (4, RatedBy.WORKER, world.insider.user)
    notes = list(opinion.transitions.filter(move=Move.RATE).values_list("note", "by"))
    assert notes == [("不满意（原评价：基本满意，联络员代填）", None), ("非常满意（原评价：不满意，职工本人）", None)]
    scope, period = FigureScope(world.company), month(2016, 3)
    by = {who: satisfaction_rate(scope, period, as_of=today(), rated_by=who) for who in RatedBy}
    assert (by[RatedBy.WORKER].fraction, by[RatedBy.CADRE].fraction) == ("1/1", "--")


def test_anonymous_voice_with_a_slip_has_its_answer_with_the_outcome(world):
    def voice():
        return services.raise_opinion(
            by=world.office,
            text="匿名说一句",
            category=factories.category(),
            at=MARCH,
            unit=world.workshop,
            reporter_kind=ReporterKind.ANONYMOUS,
            source=Source.LETTER,
        )

    _opinion, slip, issue = answered(world, reporter=voice())
    assert issue.feedbacks.get().state == "published"
    services.close_issue(issue, by=world.office)
    # Also after the issue was struck off he may say what he thinks of it.
    assert "您的评价已收到" in look(slip.code, do="rate", feedback=issue.feedbacks.get().key, rating=1).text
    assert issue.feedbacks.get().state == "published"


def test_not_solved_reopens_once_and_then_waits_for_the_office(world):
    _opinion, slip, issue = answered(world)
    words = "晚上八点以后还是凉的"
    first = issue.feedbacks.get()
    assert look(slip.code, do="dispute", feedback=first.key).status_code == 422
    assert "已转为重新办理" in look(slip.code, do="dispute", feedback=first.key, reason=words).text
    # Sent twice: it has been said already, and the page shows how things are.
    again = look(slip.code, do="dispute", feedback=first.key, reason=words)
    assert again.status_code == 409
    assert "正在重新办理" in again.text
    issue.refresh_from_db()
    assert issue.state == IssueState.REOPENED
    # His words are for the union: the history of the issue is read by others too.
    assert not issue.transitions.of_issues().filter(note__contains=words).exists()
    issue = factories.answered_issue(
        factories.dispatched_issue(issue, to=world.other_department, by=world.office, at=MARCH + 8 * DAY),
        by=world.other_handler,
        at=MARCH + 9 * DAY,
    )
    second = issue.feedbacks.in_force().get()
    assert "工会已收到，正在核实" in look(slip.code, do="dispute", feedback=second.key, reason=words).text
    second.refresh_from_db()
    assert second.state == "told"
    with pytest.raises(Refused, match="表示没有解决"):
        services.close_issue(issue, by=world.office)
    office = client_of(world.office)
    assert words in office.get(second.get_absolute_url()).text
    assert issue.title in office.get(reverse("issues:feedback_list"), {"tab": "disputed"}).text
    uphold = reverse("issues:feedback_uphold", args=[second.key])
    assert office.post(uphold, {"reason": ""}).status_code == 422
    assert office.post(uphold, {"reason": "已到现场看过，餐车八点后继续供餐"}).status_code == 303
    assert "餐车八点后继续供餐" in look(slip.code).text
    services.close_issue(issue, by=world.office)


def test_worker_adds_a_few_times_and_a_copy_counts_once(world):
    opinion, slip, _issue = answered(world)
    key = uuid.uuid4()
    for _copy in range(2):
        assert "补充的内容已收到" in look(slip.code, do="add", key=key, text="是二号窗口").text
    assert opinion.additions.count() == 1
    for number in range(MOST_ADDITIONS - 1):
        look(slip.code, do="add", key=uuid.uuid4(), text=f"第{number}次")
    full = look(slip.code, do="add", key=uuid.uuid4(), text="还有")
    assert (full.status_code, opinion.additions.count()) == (409, MOST_ADDITIONS)
    assert "是二号窗口" in client_of(world.insider).get(opinion.get_absolute_url()).text


def test_cards_for_several_show_each_code_once_and_who_may_not_see_gets_none(world):
    second = factories.worker(world.workshop)
    factories.befriended(second, world.insider)
    opinions = [factories.opinion(world.friend), factories.opinion(second)]
    url, picked = reverse("issues:slip_create"), [opinion.key for opinion in opinions]
    client = client_of(world.insider)
    assert "发放 2 张回执" in client.get(url, {"picked": picked}).text
    assert not Slip.objects.exists()
    key = uuid.uuid4()
    page = client.post(url, {"picked": picked, "key": key})
    codes = re.findall(r'slip-code num">([^<]+)<', page.text)
    assert len(set(codes)) == 2
    # A copy of the form shows the same cards, and makes no more.
    assert re.findall(r'slip-code num">([^<]+)<', client.post(url, {"picked": picked, "key": key}).text) == codes
    assert Slip.objects.count() == 2
    assert all("工会已收到" in look(code).text for code in codes)
    client.post(url, {"picked": picked[:1], "key": uuid.uuid4()})
    assert sorted(look(code).status_code for code in codes) == [200, 404]
    assert client.post(url, {"picked": picked, "key": key}).status_code == 409
    assert client_of(world.stranger).post(url, {"picked": picked, "key": uuid.uuid4()}).status_code == 404
    assert client_of(world.handler).get(url, {"picked": picked}).status_code == 403
    feedback = answered(world)[2].feedbacks.get()
    chosen = client.get(reverse("issues:feedback_slips"), {"picked": feedback.key})
    assert chosen.url == f"{url}?picked={feedback.opinion.key}"
