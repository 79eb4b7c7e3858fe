"""What comes back on its day: an explanation, and what was left of a partly solved issue."""

import datetime as dt
import uuid

import pytest
import time_machine

from issues import services, stats
from issues.enums import IssueState, Move, Outcome
from issues.models import Dispatch, Issue
from liaison.figure_scope import FigureScope
from lib.errors import Refused
from lib.periods import SHANGHAI, month
from notices.models import Notice
from notices.services import run_rules
from tests import factories
from tests.client import client_of
from tests.people import build_world

from .pages import rows_of

pytestmark = pytest.mark.django_db
#: The explanation of the factories comes back on 1 March 2017, what they leave undone on 1 December 2016.
BEFORE = dt.datetime(2016, 11, 30, 9, tzinfo=SHANGHAI)
REST_DUE = dt.datetime(2016, 12, 1, 9, tzinfo=SHANGHAI)
RECHECK_DUE = dt.datetime(2017, 3, 1, 9, tzinfo=SHANGHAI)
DAY = dt.timedelta(days=1)


@pytest.fixture
def world():
    return build_world()


def answered(world, outcome: Outcome, *, is_closed: bool = False) -> Issue:
    issue = factories.registered_issue(factories.opinion(world.friend), by=world.office, office=world.company)
    dispatch = factories.dispatched_issue(issue, to=world.department, by=world.office)
    issue = factories.answered_issue(dispatch, by=world.handler, outcome=outcome)
    return factories.closed_issue(issue, told_by=world.insider.user, closed_by=world.office) if is_closed else issue


def told(rule: str) -> list[tuple]:
    return list(Notice.objects.filter(rule=rule).order_by("pk").values_list("recipient", "text", "link"))


def test_explanation_comes_back_on_its_day_also_struck_off_and_is_renewed_or_reopened(world):
    closed, waiting = (answered(world, Outcome.EXPLAINED, is_closed=is_closed) for is_closed in (True, False))
    office = client_of(world.office)
    with time_machine.travel(RECHECK_DUE - DAY, tick=False):
        assert rows_of(office.get("/issues/", {"tab": "recheck"})) == []
        run_rules(RECHECK_DUE - DAY)
        assert told("recheck_due") == []
        assert "还没有到复核日期" in office.post(f"{closed.get_absolute_url()}recheck/", renewal("2017-09-01")).text
    with time_machine.travel(RECHECK_DUE, tick=False):
        listed = office.get("/issues/", {"tab": "recheck"})
        assert set(rows_of(listed)) == {closed, waiting} and listed.context["counts"]["recheck"] == 2
        run_rules(RECHECK_DUE)
        said = (world.office.pk, "有 2 件解释答复到了复核日期，请复核。", "/issues/?tab=recheck")
        assert told("recheck_due") == [said]
        url = closed.get_absolute_url()
        assert "已到复核日期 2017-03-01" in office.get(url).text
        for day in ("2017-03-01", "2018-06-01", "2017-02-01"):
            assert "今天之后、一年以内" in office.post(f"{url}recheck/", renewal(day)).text
        office.post(f"{url}recheck/", renewal("2017-09-01"))
        assert rows_of(office.get("/issues/", {"tab": "recheck"})) == [waiting]
        closed.refresh_from_db()
        assert (closed.state, closed.outcome) == (IssueState.CLOSED, Outcome.EXPLAINED)
        assert closed.recheck_on == dt.date(2017, 9, 1)
        assert "仍按原答复，下次复核 2017-09-01：资金仍未落实" in office.get(url).text
        with pytest.raises(Refused, match="您答复过"):
            services.renew_explanation(waiting, by=world.handler, reason="照旧", recheck_on=dt.date(2017, 9, 1))
        services.reopen_issue(waiting, by=world.office, reason="资金已落实")
        assert rows_of(office.get("/issues/", {"tab": "recheck"})) == []


def renewal(day: str) -> dict:
    return {"reason": "资金仍未落实", "recheck_on": day}


@pytest.mark.parametrize("is_closed", [True, False])
def test_rest_of_a_partly_solved_issue_is_answered_without_reopening_and_owed_to_everybody(world, is_closed):
    issue = answered(world, Outcome.PARTLY, is_closed=is_closed)
    dispatch = Dispatch.objects.get()
    handler, office = client_of(world.handler), client_of(world.office)
    with time_machine.travel(BEFORE, tick=False):
        assert rows_of(handler.get("/dept/")) == rows_of(office.get("/issues/", {"tab": "follow_up"})) == []
    with time_machine.travel(REST_DUE, tick=False):
        assert rows_of(handler.get("/dept/", {"tab": "follow_up"})) == [dispatch]
        assert rows_of(office.get("/issues/", {"tab": "follow_up"})) == [issue]
        run_rules(REST_DUE)
        assert [row[::2] for row in told("follow_up_due")] == [(world.handler.pk, "/dept/?tab=follow_up")]
        assert [row[::2] for row in told("follow_up_due_at_office")] == [(world.office.pk, "/issues/?tab=follow_up")]
        if not is_closed:
            owed = issue.feedbacks.get()
            services.tell_reporter(owed, by=world.insider.user, channel="phone")
            with pytest.raises(Refused, match="后续办理日期已到"):
                services.close_issue(issue, by=world.office)
        page = handler.get(dispatch.get_absolute_url())
        assert "后续答复" in page.text
        further = {"key": str(uuid.uuid4()), "text": "其余部分也已整改。", "evidence": "十一月停产检修时完成。"}
        refused = handler.post(dispatch.get_absolute_url(), {**further, "outcome": "interim"})
        assert "outcome" in refused.context["form"].errors
        for _ in range(2):
            assert handler.post(dispatch.get_absolute_url(), {**further, "outcome": "solved"}).status_code == 303
        issue.refresh_from_db()
        assert (issue.state, issue.outcome, issue.handling) == (IssueState.ANSWERED, Outcome.SOLVED, 1)
        # The limit was kept with the first answer; the new one is owed to everybody anew.
        assert issue.outcome_on == (factories.issues.MARCH + 2 * DAY).date()
        assert (issue.feedbacks.owed().count(), issue.feedbacks.count()) == (1, 2)
        assert rows_of(handler.get("/dept/")) == []
        assert issue.transitions.of_issues().last().move == Move.FOLLOW_UP
        services.tell_reporter(issue.feedbacks.owed().get(), by=world.insider.user, channel="phone")
        services.close_issue(issue, by=world.office)


def test_figures_of_a_past_day_stay_through_approval_follow_up_and_recheck(world):
    """What the log says of each day is what was counted on that day, and the four outcomes always sum."""
    explained = factories.registered_issue(factories.opinion(world.friend), by=world.office, office=world.company)
    reply = factories.submitted_reply(
        factories.dispatched_issue(explained, to=world.department, by=world.office), by=world.handler
    )
    partly = answered(world, Outcome.PARTLY)
    scope, march = FigureScope(world.company), month(2016, 3)

    def counted(day: dt.date, *, as_of: dt.date | None = None):
        with time_machine.travel(dt.datetime.combine(day, dt.time(12), tzinfo=SHANGHAI), tick=False):
            return stats.issue_ledger(scope, march, as_of=as_of)

    approved_on, rest_on, rechecked_on = dt.date(2016, 3, 25), dt.date(2016, 12, 1), dt.date(2017, 3, 2)
    moments = {
        dt.date(2016, 3, 24): lambda at: None,
        approved_on: lambda at: services.approve_reply(explained, by=world.office, seen=reply.key, at=at),
        rest_on: lambda at: services.answer_dispatch(
            partly.dispatches.get(),
            by=world.handler,
            text="其余也已整改。",
            outcome="solved",
            evidence="已验收。",
            at=at,
        ),
        rechecked_on: lambda at: services.renew_explanation(
            explained, by=world.office, reason="照旧", recheck_on=dt.date(2017, 9, 1), at=at
        ),
    }
    seen = {}
    for day, act in moments.items():
        act(dt.datetime.combine(day, dt.time(10), tzinfo=SHANGHAI))
        seen[day] = counted(day)
        assert seen[day].adds_up and seen[day].issues == 2
    shares = [(row.solved, row.partly_solved, row.in_hand, row.explained) for row in seen.values()]
    assert shares == [(0, 1, 1, 0), (0, 1, 0, 1), (1, 0, 0, 1), (1, 0, 0, 1)]
    for day, then in seen.items():
        assert counted(dt.date(2017, 6, 1), as_of=day) == then
    # Answered in time, approved later: in time.
    assert Issue.objects.get(pk=explained.pk).outcome_on < approved_on
