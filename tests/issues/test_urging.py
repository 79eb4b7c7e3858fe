"""催办 and 督办: what the office says to a department that is slow."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.urls import reverse

from issues import services
from issues.enums import Move
from issues.models import Dispatch, Issue, Supervision, Urging
from lib.errors import Refused
from lib.periods import SHANGHAI
from notices.models import Notice
from notices.services import run_rules
from tests import factories
from tests.client import client_of
from tests.people import build_world

from .pages import rows_of

pytestmark = pytest.mark.django_db
#: The dispatch was due on 7 April.
NOW = dt.datetime(2016, 4, 11, 10, tzinfo=SHANGHAI)


@pytest.fixture
def world():
    with time_machine.travel(NOW, tick=False):
        yield build_world()


def dispatched(world) -> Dispatch:
    issue = factories.registered_issue(factories.opinion(world.friend), by=world.office, office=world.company)
    return factories.dispatched_issue(issue, to=world.department, by=world.office)


def supervised(dispatch, world, **changes) -> Supervision:
    said = {"requirement": "请限期办结", "due_on": dt.date(2016, 4, 15), "by": world.office, **changes}
    return services.supervise_dispatch(dispatch, **said)


def test_office_urges_and_the_department_reads_the_sentence(world):
    dispatch, quiet = dispatched(world), dispatched(world)
    office, department = client_of(world.office), client_of(world.handler)
    url = reverse("issues:dispatch_urge", args=[dispatch.key])
    form = {"key": str(uuid.uuid4()), "text": "已超期，请本周内答复。"}
    assert office.post(url, {**form, "text": ""}).status_code == 422
    assert "请改写" in office.post(url, {**form, "text": f"{world.friend.name}等着答复"}).text
    for _ in range(2):
        assert office.post(url, form).status_code == 303
    assert Urging.objects.get().urged_by == world.office
    assert dispatch.issue.transitions.get(move=Move.URGE).note == "已超期，请本周内答复。"
    assert "请本周内答复" in department.get(dispatch.get_absolute_url()).text
    assert "请本周内答复" in office.get(dispatch.issue.get_absolute_url()).text
    assert "请本周内答复" not in client_of(world.leader).get(dispatch.issue.get_absolute_url()).text
    assert rows_of(office.get("/issues/", {"chased": "urged"})) == [dispatch.issue]
    assert rows_of(office.get("/issues/", {"chased": "supervised"})) == []
    assert department.get(url).status_code == 403
    assert client_of(world.other_office).get(url).status_code == 404
    run_rules(NOW)
    told = Notice.objects.get(rule="dispatch_urged")
    assert (told.recipient, told.text, told.link) == (
        world.handler,
        "工会办公室催办 1 件交办，请抓紧办理。",
        dispatch.get_absolute_url(),
    )
    factories.answered_issue(quiet, by=world.handler, at=NOW)
    late = office.post(reverse("issues:dispatch_urge", args=[quiet.key]), {**form, "key": str(uuid.uuid4())})
    assert "不能再办理" in late.text and "请本周内答复" in late.text


def test_supervision_has_a_number_per_office_and_year_and_a_limit_for_the_department(world):
    first, second = dispatched(world), dispatched(world)
    office, department = client_of(world.office), client_of(world.handler)
    url = reverse("issues:dispatch_supervise", args=[first.key])
    form = {"key": str(uuid.uuid4()), "requirement": "请限期办结", "due_on": "2016-04-15"}
    assert "不能早于今天" in office.post(url, {**form, "due_on": "2016-04-10"}).text
    for _ in range(2):
        assert office.post(url, form).status_code == 303
    number = f"督{world.company.code}-2016-001"
    first.refresh_from_db()
    assert (first.supervision.number, first.due_on) == (number, dt.date(2016, 4, 15))
    # What was late is late in the figures.
    issue = Issue.objects.get(pk=first.issue_id)
    assert issue.due_on == dt.date(2016, 4, 7)
    assert issue.is_overdue(NOW.date())
    assert rows_of(department.get("/dept/", {"tab": "supervised"})) == [first]
    assert number in department.get(first.get_absolute_url()).text
    assert rows_of(office.get("/issues/", {"chased": "supervised"})) == [issue]
    with pytest.raises(Refused, match="已经督办"):
        supervised(first, world)
    assert supervised(second, world).number.endswith("-002")
    assert supervised(dispatched(world), world, at=NOW.replace(year=2017), due_on=dt.date(2017, 5, 2)).serial == 1
    run_rules(NOW)
    assert Notice.objects.filter(rule="dispatch_supervised", recipient=world.handler).count() == 3
    # Lifted by the answer.
    factories.answered_issue(first, by=world.handler, at=NOW)
    assert issue not in rows_of(office.get("/issues/", {"chased": "supervised", "tab": "all"}))
    assert first not in rows_of(department.get("/dept/", {"tab": "supervised"}))
