"""What a row of the closed loop can never say, whoever writes it."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from issues.enums import DispatchState
from issues.models import Dispatch, Issue, Reply
from tests import factories
from tests.people import build_world

pytestmark = pytest.mark.django_db
DAY = dt.date(2017, 3, 1)


@pytest.fixture
def rows() -> dict:
    """An issue closed on its answer, its dispatch and the reply: solved."""
    world = build_world()
    issue = factories.registered_issue(factories.opinion(world.friend), by=world.office, office=world.company)
    dispatch = factories.dispatched_issue(issue, to=world.department, by=world.office)
    issue = factories.answered_issue(dispatch, by=world.handler)
    issue = factories.closed_issue(issue, told_by=world.insider.user, closed_by=world.office)
    return {Issue: issue, Dispatch: Dispatch.objects.get(), Reply: Reply.objects.get()}


@pytest.mark.parametrize(
    ("model", "change", "words"),
    [
        (Reply, {"text": ""}, "答复内容不能为空"),
        (Reply, {"left_to_do": "其余部分"}, "只有部分解决"),
        (Reply, {"follow_up_on": DAY}, "只有部分解决"),
        (Reply, {"reason": "budget"}, "只有解释答复"),
        (Reply, {"rule_relied_on": "资金计划"}, "只有解释答复"),
        (Reply, {"recheck_on": DAY}, "只有解释答复"),
        (Dispatch, {"accepted_at": None}, "须有接收时间"),
        (Dispatch, {"accepted_at": None, "state": DispatchState.ACCEPTED}, "须有接收时间"),
        (Issue, {"first_answered_on": None}, "首次答复日期"),
        (Issue, {"first_answered_on": dt.date(2016, 3, 1)}, "先后一致"),
        (Issue, {"outcome_on": dt.date(2016, 3, 1)}, "先后一致"),
        (Issue, {"closed_on": dt.date(2016, 3, 16)}, "先后一致"),
    ],
)
def test_row_that_contradicts_itself_is_refused_with_a_sentence(rows, model, change, words):
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.filter(pk=rows[model].pk).update(**change)
    for name, value in change.items():
        setattr(rows[model], name, value)
    with pytest.raises(ValidationError, match=words):
        rows[model].validate_constraints()
