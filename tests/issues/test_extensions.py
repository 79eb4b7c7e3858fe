"""延期: asked by the department, granted or refused by the office; the limit moves with it."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse

from issues import services
from issues.enums import ExtensionState, Move
from issues.models import Dispatch, Extension, Issue
from lib.errors import Refused
from lib.periods import SHANGHAI
from notices.models import Notice
from notices.services import run_rules
from tests import factories
from tests.client import client_of
from tests.factories.issues import DAY, MARCH
from tests.people import build_world

from .pages import rows_of

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2016, 3, 21, 10, tzinfo=SHANGHAI)


@pytest.fixture
def world():
    with time_machine.travel(NOW, tick=False):
        yield build_world()


@pytest.fixture
def dispatch(world) -> Dispatch:
    """Due on 7 April 2016."""
    issue = factories.registered_issue(factories.opinion(world.friend), by=world.office, office=world.company)
    services.dispatch_issue(
        issue, lead=world.department, supporting=[world.other_department], by=world.office, at=MARCH + DAY
    )
    return issue.dispatches.get(is_lead=True)


def asked(dispatch, world, until=dt.date(2016, 4, 20)) -> Extension:
    return services.ask_extension(dispatch, until=until, reason="设备采购周期长", by=world.handler)


def request_form(**changes) -> dict:
    return {"key": str(uuid.uuid4()), "until": "2016-04-20", "reason": "设备采购周期长", **changes}


def test_department_asks_and_the_office_grants_another_day(world, dispatch):
    department, office = client_of(world.handler), client_of(world.office)
    ask = reverse("issues:dept_extension", args=[dispatch.key])
    settle = reverse("issues:dispatch_extension", args=[dispatch.key])
    assert "现在的时限是 2016-04-07" in department.get(ask).text
    # Not later than the limit; nothing typed is lost.
    refused = department.post(ask, request_form(until="2016-04-07"))
    assert refused.status_code == 422
    assert "须晚于 2016-04-07" in refused.text and "设备采购周期长" in refused.text
    assert department.post(ask, request_form(until="")).status_code == 422
    form = request_form()
    for _ in range(2):
        assert department.post(ask, form).status_code == 303
    extension = Extension.objects.get()
    # Other words under the same key are kept, under a new one; and one request waits at a time.
    other = department.post(ask, {**form, "reason": "另一个理由"})
    assert "另一个理由" in other.text and form["key"] not in other.text
    assert "已有一份延期申请待批" in department.post(ask, request_form()).text
    assert "待批" in department.get(dispatch.get_absolute_url()).text
    assert rows_of(department.get("/dept/", {"tab": "extension"})) == [dispatch]
    page = office.get("/issues/", {"tab": "extension"})
    assert rows_of(page) == [dispatch.issue]
    assert page.context["counts"]["extension"] == 1
    run_rules(NOW)
    told = Notice.objects.get(rule="extension_asked")
    assert (told.recipient, told.text, told.link) == (world.office, "1 件交办申请延期，请批复。", settle)

    assert "设备采购周期长" in office.get(settle).text
    for wrong in ({}, {"decision": "granted", "until": ""}, {"decision": "refused", "remark": ""}):
        assert office.post(settle, wrong).status_code == 422
    # The department reads the remark: no name in it.
    named = office.post(settle, {"decision": "granted", "until": "2016-04-15", "remark": world.friend.name})
    assert "请改写" in named.text
    assert office.post(settle, {"decision": "granted", "until": "2016-04-15", "remark": "抓紧"}).status_code == 303
    dispatch.refresh_from_db()
    issue = Issue.objects.get(pk=dispatch.issue_id)
    assert dispatch.due_on == issue.due_on == dt.date(2016, 4, 15)
    extension.refresh_from_db()
    assert (extension.state, extension.settled_by) == (ExtensionState.GRANTED, world.office)
    moves = issue.transitions.filter(dispatch=dispatch).exclude(move=Move.DISPATCH)
    assert list(moves.values_list("move", "by", "due_on")) == [
        (Move.ASK_EXTENSION, world.handler.pk, dt.date(2016, 4, 7)),
        (Move.GRANT_EXTENSION, world.office.pk, dt.date(2016, 4, 15)),
    ]
    assert "同意延至 2016-04-15" in department.get(dispatch.get_absolute_url()).text
    assert "已经批复" in office.post(settle, {"decision": "refused", "remark": "不行"}).text
    run_rules(NOW)
    told = Notice.objects.get(rule="extension_settled")
    assert (told.recipient, told.link) == (world.handler, dispatch.get_absolute_url())
    # After it the department may ask again.
    assert asked(Dispatch.objects.get(pk=dispatch.pk), world)


def test_refused_extension_leaves_the_limit_and_says_why(world, dispatch):
    extension = asked(dispatch, world)
    with pytest.raises(Refused, match="须写明原因"):
        services.refuse_extension(extension, remark=" ", by=world.office)
    services.refuse_extension(extension, remark="职工反映强烈，请按期办结", by=world.office)
    dispatch.refresh_from_db()
    assert dispatch.due_on == dispatch.issue.due_on == dt.date(2016, 4, 7)
    assert "请按期办结" in client_of(world.handler).get(dispatch.get_absolute_url()).text
    with pytest.raises(Refused, match="已经批复"):
        services.grant_extension(extension, until=dt.date(2016, 4, 20), by=world.office)


def test_extension_of_a_supporting_department_moves_its_own_limit_alone(world, dispatch):
    support = dispatch.issue.dispatches.get(is_lead=False)
    extension = services.ask_extension(support, until=dt.date(2016, 4, 20), reason="待预算", by=world.other_handler)
    services.grant_extension(extension, until=dt.date(2016, 4, 18), by=world.office)
    due = dict(dispatch.issue.dispatches.values_list("is_lead", "due_on"))
    assert due == {True: dt.date(2016, 4, 7), False: dt.date(2016, 4, 18)}
    assert Issue.objects.get(pk=dispatch.issue_id).due_on == dt.date(2016, 4, 7)


def test_request_is_without_object_once_the_department_has_answered(world, dispatch):
    extension = asked(dispatch, world)
    factories.answered_issue(dispatch, by=world.handler, at=NOW)
    office = client_of(world.office)
    assert rows_of(office.get("/issues/", {"tab": "extension"})) == []
    settle = reverse("issues:dispatch_extension", args=[dispatch.key])
    assert "不能再办理" in office.get(settle, follow=True).text
    with pytest.raises(Refused, match="不能再办理"):
        services.grant_extension(extension, until=dt.date(2016, 4, 20), by=world.office)
    with pytest.raises(Refused, match="不能再办理"):
        asked(dispatch, world)


def test_one_open_request_per_dispatch_is_a_constraint(world, dispatch):
    extension = asked(dispatch, world)
    extension.pk, extension.key = None, uuid.uuid4()
    with pytest.raises(IntegrityError), transaction.atomic():
        extension.save(force_insert=True)
    assert Extension.objects.count() == 1


def test_only_the_office_sees_the_tab_and_the_filter_of_requests(world, dispatch):
    asked(dispatch, world)
    for who in (world.leader, world.insider):
        page = client_of(who).get("/issues/", {"tab": "extension"})
        assert rows_of(page) == []
        assert "延期待批" not in page.text
        assert "chased" not in page.context["filter"].form.fields
