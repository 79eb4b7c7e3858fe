"""典型案例: written without names, nominated, voted upon in secret, selected, printed."""

import datetime as dt
import threading
import uuid
from io import BytesIO

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from docx import Document

from issues.enums import CaseState, Outcome
from issues.models import CaseNomination, CasePoll, CaseVote, Issue
from issues.services import cases as services
from issues.services.publishing import ReporterNamed
from lib.errors import Refused
from lib.periods import SHANGHAI, today
from organization.roles import Role
from records.models import Download
from tests import factories
from tests.client import client_of
from tests.people import build_world
from tests.queries import queries_at_one_and_three

from .pages import rows_of, sheet_of

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2016, 7, 4, 10, tzinfo=SHANGHAI)
DAY = dt.timedelta(days=1)
URL = "/cases/"


@pytest.fixture
def world():
    with time_machine.travel(NOW, tick=False):
        yield build_world()


def solved(world, worker=None, outcome=Outcome.SOLVED) -> Issue:
    opinion = factories.opinion(worker or world.friend)
    issue = factories.registered_issue(opinion, by=world.office, office=world.company)
    dispatch = factories.dispatched_issue(issue, to=world.department, by=world.office)
    return factories.answered_issue(dispatch, by=world.handler, outcome=outcome)


def nominated(world, count=1, **fields) -> list[CaseNomination]:
    issue = solved(world)
    found = [factories.case(issue, by=world.office, title=f"案例{n}", **fields) for n in range(1, count + 1)]
    for case in found:
        services.nominate_case(case)
    return list(CaseNomination.objects.filter(pk__in=[case.pk for case in found]).order_by("pk"))


def typed(**fields) -> dict:
    return {
        "key": str(uuid.uuid4()),
        "half": "2016-H1",
        "title": "晚班职工吃上了热饭",
        "background": "不少晚班职工反映饭菜凉。",
        **fields,
    }


def poll_page(poll) -> str:
    return f"/case-polls/{poll.key}/"


def test_case_is_drafted_by_a_group_leader_nominated_and_handed_back(world):
    issue, explained = solved(world), solved(world, outcome=Outcome.EXPLAINED)
    writer, office = client_of(world.leader_of_group, Role.GROUP_LEADER), client_of(world.office)
    assert f"/cases/new/?picked={issue.key}" in writer.get(issue.get_absolute_url()).text
    said = typed()
    for _twice in range(2):
        writer.post(f"{URL}new/?picked={explained.key}", said)
    case = CaseNomination.objects.get()
    assert (case.unit, case.group, case.state) == (world.company, world.group, CaseState.DRAFT)
    nominate, page = f"{URL}{case.key}/nominate/", f"{URL}{case.key}/"
    assert "已经解决或部分解决的问题" in writer.post(nominate, follow=True).text
    writer.post(f"{page}link/", {"picked": issue.key})
    writer.post(f"{page}unlink/", {"picked": explained.key})
    assert "请写全做法和成效" in writer.post(nominate, follow=True).text
    whole = {"action": f"工会找到{world.friend.name}了解情况，协调保温餐车。", "result": "三个食堂全部配齐。"}
    writer.post(f"{page}edit/", typed(version=case.version, **whole))
    assert "出现了反映人的姓名" in writer.post(nominate, follow=True).text
    whole["action"] = "工会了解情况，协调保温餐车。"
    writer.post(f"{page}edit/", typed(version=case.version + 1, **whole))
    leader = client_of(world.leader)
    assert leader.get(page).status_code == 404
    writer.post(nominate)
    case.refresh_from_db()
    assert (case.state, case.nominated_on) == (CaseState.NOMINATED, today())
    assert writer.get(f"{page}edit/").status_code == 403
    read = leader.get(page)
    assert case.action in read.text
    assert world.group.name not in read.text
    assert world.group.name in office.get(page).text

    office.post(f"{page}return/", {"reason": "请补充成效"})
    case.refresh_from_db()
    assert (case.state, case.nominated_on, case.return_reason) == (CaseState.DRAFT, None, "请补充成效")
    assert "请补充成效" in writer.get(page).text


def test_case_is_read_by_those_who_vote_and_selected_ones_by_cadres(world):
    (case,) = nominated(world)
    draft = factories.case(solved(world), by=world.office, title="草稿")
    theirs = factories.case(solved(world), by=world.office, title="组里的草稿", group=world.group)
    for who, role, expected in [
        (world.office, None, [theirs, draft, case]),
        (world.leader_of_group, Role.GROUP_LEADER, [theirs, case]),
        (world.leader, None, [case]),
        (world.insider, Role.CADRE, []),
        (world.other_office, None, []),
    ]:
        assert rows_of(client_of(who, role).get(URL)) == expected, role
    assert client_of(world.handler).get(URL).status_code == 403
    CaseNomination.objects.filter(pk=case.pk).update(state=CaseState.SELECTED)
    assert rows_of(client_of(world.insider).get(URL)) == [case]
    office = client_of(world.office)
    for asked, expected in [
        ({"tab": "draft"}, [theirs, draft]),
        ({"half": "2015-H2"}, []),
        ({"q": "组里"}, [theirs]),
        ({"unit": world.plant.code}, []),
    ]:
        assert rows_of(office.get(URL, asked)) == expected, asked
    head, row = sheet_of(office.post(f"{URL}?tab=selected", {"export": "xlsx"}))
    assert row[head.index("案例名称")] == case.title
    issue = solved(world)
    counts = queries_at_one_and_three(lambda: factories.case(issue, by=world.office), lambda: office.get(URL))
    assert counts == (11, 11)


def test_votes_are_secret_until_the_poll_closes_and_may_change_until_then(world):
    cases = nominated(world, 12)
    office, leader = client_of(world.office), client_of(world.leader)
    opening = {"half": "2016-H1", "opens_on": "2016-07-05", "closes_on": "2016-07-08"}
    assert "不能早于今天" in office.post("/case-polls/new/", {**opening, "opens_on": "2016-07-01"}).text
    office.post("/case-polls/new/", opening)
    poll = CasePoll.objects.get()
    assert "已经发起过投票" in office.post("/case-polls/new/", opening).text
    assert client_of(world.insider, Role.CADRE).get(poll_page(poll)).status_code == 403
    assert client_of(world.other_office).get(poll_page(poll)).status_code == 404
    ballot = {"cases": [case.key for case in cases[:10]]}
    assert "不在投票时间内" in leader.post(poll_page(poll), ballot).text

    with time_machine.travel(NOW + DAY, tick=False):
        late = factories.case(solved(world), by=world.office)
        with pytest.raises(services.PollBegan):
            services.nominate_case(late)
        with pytest.raises(services.PollBegan):
            services.return_case(cases[0], reason="太晚了")
        too_many = leader.post(poll_page(poll), {"cases": [case.key for case in cases[:11]]})
        assert "最多投 10 票" in too_many.text
        assert too_many.text.count(" checked") == 11
        assert not CaseVote.objects.exists()
        foreign = leader.post(poll_page(poll), {"cases": [late.key]})
        assert foreign.status_code == 422
        for _twice in range(2):
            leader.post(poll_page(poll), ballot)
        assert poll.votes.count() == 10
        leader.post(poll_page(poll), {"cases": [cases[0].key, cases[11].key]})
        assert set(poll.votes.values_list("case", flat=True)) == {cases[0].pk, cases[11].pk}
        assert "票数" not in office.get(poll_page(poll)).text.replace("才公布票数", "")
        assert office.get(poll_page(poll)).context["ranking"] == []
        office.post(f"{poll_page(poll)}edit/", {"opens_on": "2016-07-05", "closes_on": "2016-07-06"})

    with time_machine.travel(NOW + 3 * DAY, tick=False):
        assert "不在投票时间内" in leader.post(poll_page(poll), ballot).text
        assert "投票已截止" in office.post(f"{poll_page(poll)}edit/", opening).text
        ranking = office.get(poll_page(poll)).context["ranking"]
        shares = [(rank, shared, case.vote_count) for rank, shared, case in ranking]
        assert shares == [(1, True, 1)] * 2 + [(3, True, 0)] * 10


def test_office_selects_and_says_why_where_it_passes_over_votes(world):
    cases = nominated(world, 11)
    poll = factories.poll(world.company, by=world.office, closes_on=today())
    for voter, count in ((world.office, 10), (world.leader, 9), (world.leader_of_group.user, 1)):
        services.cast_votes(poll, cases=cases[:count], by=voter)
    office, page = client_of(world.office), f"{poll_page(poll)}select/"
    with pytest.raises(Refused, match="截止后才能评定"):
        services.select_cases(poll, cases=cases[:1])
    with time_machine.travel(NOW + DAY, tick=False):
        assert office.get(page).context["ticked"] == {str(case.key) for case in cases[:10]}
        crossed = {"cases": [case.key for case in cases[1:]]}
        assert "请写明评定说明" in office.post(page, crossed).text
        # Somebody who is named has joined the issue in the meantime.
        CaseNomination.objects.filter(pk=cases[3].pk).update(voice=f"{world.friend.name}说好")
        assert "不能入选" in office.post(page, {**crossed, "note": "第一名已在上期入选"}).text
        CaseNomination.objects.filter(pk=cases[3].pk).update(voice="")
        office.post(page, {**crossed, "note": "第一名已在上期入选"})
        poll.refresh_from_db()
        assert (poll.finished_on, poll.turnout, poll.selection_note) == (today(), 3, "第一名已在上期入选")
        assert not poll.votes.exclude(voter=None).exists()
        assert poll.counted().values_list("vote_count", flat=True)[0] == 3
        states = list(CaseNomination.objects.order_by("pk").values_list("state", flat=True))
        assert states == ["not_selected"] + ["selected"] * 10
        with pytest.raises(Refused, match="已经评定"):
            services.select_cases(poll, cases=cases[:1])

        leader = client_of(world.leader)
        selection = leader.get(f"{poll_page(poll)}selection/").text
        assert cases[1].background in selection
        answer = leader.post(f"{poll_page(poll)}document/")
        words = "\n".join(p.text for p in Document(BytesIO(answer.content)).paragraphs)
        assert "2016年上半年解决问题典型案例汇编" in words
        assert f"十、{cases[10].title}" in words
        assert f"{cases[0].title}\n" not in words
        assert words.endswith(f"{world.company.name}\n2016年7月5日")
        for name in (world.friend.name, world.group.name, world.office.name):
            assert name not in words
        assert Download.objects.get().kind == "case_selection"


def test_case_constraints_hold_below_the_services(world):
    (case,) = nominated(world)
    with pytest.raises(ValidationError, match="上半年或下半年"):
        factories.case(solved(world), by=world.office, half="2016-Q1")
    case.action = ""
    with pytest.raises(ValidationError, match="背景、做法和成效"):
        case.full_clean()
    poll = factories.poll(world.company, by=world.office)
    services.cast_votes(poll, cases=[case], by=world.leader)
    for slot in (1, 2, 11):
        with pytest.raises(IntegrityError), transaction.atomic():
            CaseVote.objects.create(poll=poll, case=case, voter=world.leader, slot=slot)
    poll.finished_on, poll.turnout = today(), 1
    with pytest.raises(ValidationError, match="投票截止后才能评定"):
        poll.full_clean()
    named = factories.case(solved(world), by=world.office, half="2015-H2", voice=f"{world.friend.employee_no}满意")
    with pytest.raises(ReporterNamed):
        services.nominate_case(named)


@pytest.mark.django_db(transaction=True)
def test_two_ballots_of_one_account_at_once_leave_one_of_them_whole():
    with time_machine.travel(NOW, tick=False):
        world = build_world()
        cases = nominated(world, 10)
        poll = factories.poll(world.company, by=world.office)
        ballots, start, refused = (cases[:6], cases[4:]), threading.Barrier(2), []

        def vote(chosen):
            start.wait()
            try:
                services.cast_votes(poll, cases=chosen, by=world.leader)
            except Exception as error:
                refused.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=vote, args=[chosen]) for chosen in ballots]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert refused == []
        kept = set(poll.votes.values_list("case", flat=True))
        assert kept in [{case.pk for case in chosen} for chosen in ballots]
