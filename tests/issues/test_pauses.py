"""暂停计时: limits stand still and move by the working days of the pause; nothing paused is late, now or as of then."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from issues import services
from issues.enums import Move
from issues.models import Dispatch, Issue, Pause
from issues.stats import closure_rate
from liaison.figure_scope import FigureScope
from lib.errors import Refused
from lib.formats import Rate
from lib.periods import SHANGHAI, custom
from tests import factories
from tests.client import client_of
from tests.people import build_world

from .pages import rows_of

pytestmark = pytest.mark.django_db
#: A Wednesday; the limit is Thursday 7 April, Monday 4 April is the festival.
NOW = dt.datetime(2016, 3, 30, 10, tzinfo=SHANGHAI)
DUE = dt.date(2016, 4, 7)
MARCH = custom(dt.date(2016, 3, 1), dt.date(2016, 4, 1))


def on(month: int, day: int) -> dt.datetime:
    return dt.datetime(2016, month, day, 10, tzinfo=SHANGHAI)


@pytest.fixture
def world():
    with time_machine.travel(NOW, tick=False):
        yield build_world()


@pytest.fixture
def issue(world) -> Issue:
    issue = factories.registered_issue(factories.opinion(world.friend), by=world.office, office=world.company)
    services.dispatch_issue(
        issue, lead=world.department, supporting=[world.other_department], by=world.office, at=on(3, 17)
    )
    return Issue.objects.get(pk=issue.pk)


def limits(issue: Issue) -> set[dt.date]:
    return {Issue.objects.get(pk=issue.pk).due_on, *issue.dispatches.open().values_list("due_on", flat=True)}


def paused(issue: Issue, world, *, until=dt.date(2016, 4, 11), at=NOW) -> Pause:
    return services.pause_issue(issue, until=until, reason="设备停产检修", by=world.office, at=at)


def test_office_pauses_and_resumes_earlier(world, issue):
    office, department = client_of(world.office), client_of(world.handler)
    pause, resume = (reverse(f"issues:issue_{name}", args=[issue.key]) for name in ("pause", "resume"))
    form = {"key": str(uuid.uuid4()), "until": "2016-04-11", "reason": "设备停产检修"}
    assert "至少有一个工作日" in office.post(pause, {**form, "until": "2016-03-30"}).text
    assert "请改写" in office.post(pause, {**form, "reason": f"等{world.friend.name}回来"}).text
    for _ in range(2):
        assert office.post(pause, form).status_code == 303
    # 30 and 31 March, 1 April, 5 to 8 April: seven working days.
    assert limits(issue) == {dt.date(2016, 4, 18)}
    dispatch = issue.dispatches.get(is_lead=True)
    for page in (department.get(dispatch.get_absolute_url()), office.get(issue.get_absolute_url())):
        assert "暂停计时中" in page.text and "设备停产检修" in page.text
    assert "设备停产检修" not in client_of(world.leader).get(issue.get_absolute_url()).text
    assert "暂停计时中" in department.get("/dept/").text
    assert rows_of(office.get("/issues/", {"chased": "paused"})) == [issue]
    # Limits that stand still are not set anew.
    with pytest.raises(Refused, match="正在暂停计时"):
        services.ask_extension(dispatch, until=dt.date(2016, 5, 3), reason="更久", by=world.handler)
    with pytest.raises(Refused, match="正在暂停计时"):
        services.supervise_dispatch(dispatch, requirement="抓紧", due_on=dt.date(2016, 5, 3), by=world.office)
    with pytest.raises(Refused, match="正在暂停计时"):
        paused(issue, world)
    with time_machine.travel(on(4, 6), tick=False):
        office = client_of(world.office)
        assert office.post(resume).status_code == 303
        # 6 to 8 April were not used up.
        assert limits(issue) == {dt.date(2016, 4, 13)}
        assert "没有暂停计时" in office.post(resume).text
    moves = issue.transitions.filter(move__in=[Move.PAUSE, Move.RESUME])
    assert list(moves.values_list("move", "on", "due_on", "by")) == [
        (Move.PAUSE, NOW.date(), dt.date(2016, 4, 18), world.office.pk),
        (Move.RESUME, dt.date(2016, 4, 6), dt.date(2016, 4, 13), world.office.pk),
    ]


def test_what_is_paused_is_not_late_and_runs_on_by_itself(world, issue):
    paused(issue, world)
    scope = FigureScope(world.company)
    with time_machine.travel(on(4, 12), tick=False):
        assert not Issue.objects.get(pk=issue.pk).is_overdue(dt.date(2016, 4, 12))
        assert closure_rate(scope, MARCH, as_of=dt.date(2016, 4, 12)) == Rate(0, 0)
        services.climb_ladder()
        services.climb_ladder()
        # It ran out as planned: the clock enters that once, and the limits stay.
        ended = issue.transitions.get(move=Move.RESUME)
        assert (ended.by, ended.due_on) == (None, dt.date(2016, 4, 18))
        assert limits(issue) == {dt.date(2016, 4, 18)}
        assert "系统" in client_of(world.office).get(issue.get_absolute_url()).text
    with time_machine.travel(on(4, 19), tick=False):
        assert set(Dispatch.objects.overdue(dt.date(2016, 4, 19))) == set(issue.dispatches.all())
        assert closure_rate(scope, MARCH, as_of=dt.date(2016, 4, 19)) == Rate(0, 1)


@pytest.mark.parametrize("end", ["returned", "withdrawn"])
def test_pause_ends_with_the_dispatch(world, issue, end):
    paused(issue, world)
    lead = issue.dispatches.get(is_lead=True)
    if end == "returned":
        services.return_dispatch(lead, reason="不属于本部门", by=world.handler, at=on(4, 6))
    else:
        services.withdraw_dispatch(lead, reason="交办有误", by=world.office, at=on(4, 6))
    issue = Issue.objects.get(pk=issue.pk)
    assert issue.due_on == dt.date(2016, 4, 13)
    assert not issue.pauses.running(dt.date(2016, 4, 6)).exists()
    again = services.dispatch_issue(issue, lead=world.department, by=world.office, at=on(4, 7))
    assert again.due_on == dt.date(2016, 4, 13)
    assert paused(issue, world, at=on(4, 7)).ends_on == dt.date(2016, 4, 11)


def test_new_pause_needs_no_worker_to_have_seen_the_end_of_the_last(world, issue):
    paused(issue, world, until=dt.date(2016, 4, 1))
    again = paused(issue, world, at=on(4, 1), until=dt.date(2016, 4, 5))
    assert limits(issue) == {dt.date(2016, 4, 12)}
    assert list(issue.pauses.filter(resumed_at=None)) == [again]
    moves = issue.transitions.filter(move__in=[Move.PAUSE, Move.RESUME]).values_list("move", flat=True)
    assert sorted(moves) == [Move.PAUSE, Move.PAUSE, Move.RESUME]


def test_what_is_late_cannot_be_paused_any_more(world, issue):
    with pytest.raises(Refused, match="已经超期"):
        paused(issue, world, at=on(4, 8), until=dt.date(2016, 4, 20))
    Dispatch.objects.filter(issue=issue, is_lead=False).update(due_on=dt.date(2016, 3, 29))
    with pytest.raises(Refused, match="已经超期"):
        paused(issue, world)
    with pytest.raises(Refused, match="须写明原因"):
        services.pause_issue(issue, until=dt.date(2016, 4, 11), reason=" ", by=world.office, at=NOW)
    assert limits(issue) == {DUE, dt.date(2016, 3, 29)}


def test_one_pause_at_a_time_is_a_constraint(world, issue):
    pause = paused(issue, world)
    pause.pk, pause.key = None, uuid.uuid4()
    with pytest.raises(IntegrityError), transaction.atomic():
        pause.save(force_insert=True)
