"""A matter goes up, and its answer comes down to the issue and to the leading department."""

import datetime as dt
import uuid

import pytest
from django.db import IntegrityError, transaction

from issues import services
from issues.models import Issue, Referral
from lib.errors import Refused
from lib.periods import SHANGHAI, today
from notices.models import Notice
from notices.services import run_rules
from organization.enums import UnitKind
from organization.roles import Role
from organization.services import place_unit
from tests import factories
from tests.client import client_of
from tests.people import build_world

from .pages import rows_of, sheet_of

pytestmark = pytest.mark.django_db
MARCH, DAY = factories.issues.MARCH, factories.issues.DAY


@pytest.fixture
def world():
    return build_world()


@pytest.fixture
def issue(world) -> Issue:
    issue = factories.registered_issue(
        factories.opinion(world.friend), by=world.office, office=world.company, grade="systemic"
    )
    factories.dispatched_issue(issue, to=world.department, by=world.office)
    return Issue.objects.get()


@pytest.fixture
def district(world):
    """The unit above the enterprise, with an office of its own."""
    above = factories.unit(kind=UnitKind.DISTRICT, name="区总工会")
    place_unit(world.company, parent=above, on=today())
    world.company.refresh_from_db()
    return above


def test_referral_goes_to_the_office_above_and_its_answer_comes_down(world, district, issue):
    """The whole way in the browser's words."""
    higher = client_of(factories.appointment(Role.OFFICE, district).user)
    office, handler = client_of(world.office), client_of(world.handler)
    url = issue.get_absolute_url()
    assert "上报争取" in office.get(url).text
    asked = {"key": str(uuid.uuid4()), "to_unit": district.code, "question": "请说明补贴的政策口径。"}
    assert "填一个" in office.post(f"{url}refer/", {**asked, "to_name": "市总工会"}).text
    assert "填一个" in office.post(f"{url}refer/", {**asked, "to_unit": ""}).text
    named = office.post(f"{url}refer/", {**asked, "question": f"{world.friend.name}问补贴。"})
    assert "出现了反映人的姓名" in named.text and not Referral.objects.exists()
    for _ in range(2):
        assert office.post(f"{url}refer/", asked).status_code == 303
    referral = Referral.objects.get()
    assert referral.number == f"{issue.number}-S1"
    assert "已有一件上报在等答复" in office.post(f"{url}refer/", {**asked, "key": str(uuid.uuid4())}).text
    # It waits, in the lists of both; the one below sees it and cannot answer it.
    assert "上报待复" in office.get("/issues/").text
    assert rows_of(office.get("/referrals/")) == [referral]
    assert rows_of(office.get("/referrals/", {"tab": "to_answer"})) == []
    assert rows_of(higher.get("/referrals/", {"tab": "to_answer"})) == [referral]
    assert rows_of(higher.get("/referrals/", {"q": "政策口径"})) == [referral]
    head, row = sheet_of(office.post("/referrals/"))
    assert row[head.index("受理单位")] == "区总工会"
    assert office.post(referral.get_absolute_url(), {"answer": "可以"}).status_code == 403
    assert client_of(world.other_office).get(referral.get_absolute_url()).status_code == 404
    assert "上报的问题还没有得到答复" in "".join(services.obstacles_to_closing(issue))
    assert higher.post(referral.get_absolute_url(), {"answer": ""}).context["form"].errors
    higher.post(referral.get_absolute_url(), {"answer": "可列入集体协商议题。"})
    assert "已经答复过了" in higher.post(referral.get_absolute_url(), {"answer": "另一种说法"}).text
    for page in (office.get(url), handler.get(issue.dispatches.get().get_absolute_url())):
        assert "可列入集体协商议题。" in page.text
    assert services.obstacles_to_closing(issue) == []
    issue.refresh_from_db()
    assert [move.note for move in issue.transitions.of_issues()][-2:] == ["上报区总工会", "区总工会已答复"]


def test_referral_outside_is_answered_by_the_office_that_sent_it_and_says_one_thing(world, issue):
    referral = factories.referral(issue, by=world.office)
    client_of(world.office).post(referral.get_absolute_url(), {"answer": "已转有关部门。"})
    referral.refresh_from_db()
    assert (referral.to, referral.answered_by) == ("市总工会", world.office)
    for change in ({"to_name": ""}, {"to_unit": world.company}, {"answer": ""}, {"answered_on": dt.date(2016, 1, 1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Referral.objects.filter(pk=referral.pk).update(**change)
    Issue.objects.filter(pk=issue.pk).update(state="void")
    with pytest.raises(Refused, match="不能上报"):
        factories.referral(issue, by=world.office)


def test_offices_hear_of_a_referral_of_its_answer_and_of_none_for_long(world, district, issue):
    asked = factories.appointment(Role.OFFICE, district).user
    referral = factories.referral(issue, by=world.office, to=district)
    morning = dt.datetime(2016, 3, 21, 9, tzinfo=SHANGHAI)
    heard = {"referral_received": asked, "referral_unanswered": world.office, "referral_answered": world.office}
    for day in (0, 1, 35, 36):
        run_rules(morning + day * DAY)
    services.answer_referral(referral, by=asked, answer="可列入集体协商议题。", at=morning + 36 * DAY)
    for day in (37, 38):
        run_rules(morning + day * DAY)
    for rule, user in heard.items():
        told = Notice.objects.filter(rule=rule).values_list("recipient", "link")
        assert list(told) == [(user.pk, referral.get_absolute_url())], rule
    assert "集体协商" not in "".join(Notice.objects.values_list("text", flat=True))
