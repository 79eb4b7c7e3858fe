"""/callbacks/: who is owed an answer, and telling them."""

import datetime as dt

import pytest
from django.urls import reverse

from issues.enums import FeedbackState, RatedBy
from issues.models import Feedback
from lib.periods import today
from organization.roles import Role
from tests import factories
from tests.client import client_of
from tests.people import build_world

from .pages import rows_of, sheet_of

pytestmark = pytest.mark.django_db
URL = "/callbacks/"


@pytest.fixture
def world():
    return build_world()


def owed(world, *opinions) -> list[Feedback]:
    opinions = opinions or [factories.opinion(world.friend)]
    issue = factories.registered_issue(*opinions, by=world.office, office=world.company)
    dispatch = factories.dispatched_issue(issue, to=world.department, by=world.office)
    issue = factories.answered_issue(dispatch, by=world.handler)
    return list(issue.feedbacks.order_by("opinion_id"))


def second_friend(world):
    worker = factories.worker(world.workshop)
    factories.befriended(worker, world.insider)
    return worker


def told(*feedbacks, **changes) -> dict:
    return {
        "feedbacks": [str(feedback.key) for feedback in feedbacks],
        "channel": "phone",
        "told_on": today().isoformat(),
        "reaction": "很满意",
        **changes,
    }


def test_feedback_list_shows_each_role_what_it_owes(world):
    (own,) = owed(world)
    (foreign,) = owed(world, factories.opinion(world.other_friend))
    seen = [
        (world.insider, None, [own]),
        (world.colleague, None, []),
        (world.leader_of_group, Role.GROUP_LEADER, [own]),
        (world.office, None, [own, foreign]),
    ]
    for who, role, expected in seen:
        assert rows_of(client_of(who, role).get(URL)) == expected
    for who in (world.handler, world.leader, world.auditor):
        assert client_of(who).get(URL).status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_feedback_list_queries_do_not_grow_with_rows(world, count, django_assert_num_queries):
    for _ in range(count):
        owed(world)
    client = client_of(world.office)
    # Session, user, roles (2), rows.
    with django_assert_num_queries(5):
        assert len(rows_of(client.get(URL, headers={"HX-Request": "true"}))) == count
    with django_assert_num_queries(7):
        client.post(URL, {"export": "xlsx"})


def test_feedback_detail_tells_several_at_once(world):
    first, second = owed(world, factories.opinion(world.friend), factories.opinion(second_friend(world)))
    client = client_of(world.insider)
    page = client.get(first.get_absolute_url())
    assert "食堂已增配保温餐车" in page.text
    assert set(page.context["form"].fields["feedbacks"].queryset) == {first, second}
    client.post(first.get_absolute_url(), told(first, second, rating="4"))
    states = set(Feedback.objects.values_list("state", "told_by", "rating", "rated_by", "told_on"))
    assert states == {(FeedbackState.TOLD, world.insider.user.pk, 4, RatedBy.CADRE, today())}
    assert rows_of(client.get(URL)) == []
    assert set(rows_of(client.get(URL, {"tab": "settled"}))) == {first, second}


def test_feedback_detail_offers_only_the_reporters_that_the_cadre_may_tell(world):
    first, second = owed(world, factories.opinion(world.friend), factories.opinion(world.other_friend))
    client = client_of(world.insider)
    assert list(client.get(first.get_absolute_url()).context["form"].fields["feedbacks"].queryset) == [first]
    assert client.post(first.get_absolute_url(), told(first, second)).context["form"].errors
    assert Feedback.objects.owed().count() == 2
    assert client.get(second.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"told_on": (today() + dt.timedelta(days=1)).isoformat()}, "told_on"),
        ({"channel": "pigeon"}, "channel"),
        ({"rating": "9"}, "rating"),
        ({"feedbacks": []}, "feedbacks"),
    ],
)
def test_tell_form_refuses_what_cannot_be(world, changes, field):
    (feedback,) = owed(world)
    response = client_of(world.insider).post(feedback.get_absolute_url(), told(feedback, **changes))
    assert set(response.context["form"].errors) == {field}


def test_feedback_told_before_the_answer_is_refused_with_a_sentence(world):
    (feedback,) = owed(world)
    response = client_of(world.insider).post(feedback.get_absolute_url(), told(feedback, told_on="2016-03-01"))
    assert "反馈日期不能早于答复日期" in response.text
    assert "很满意" in response.text


def test_feedback_told_by_two_people_tells_the_second(world):
    (feedback,) = owed(world)
    first, second = client_of(world.insider), client_of(world.office)
    page = second.get(feedback.get_absolute_url())
    first.post(feedback.get_absolute_url(), told(feedback))
    assert page.context["is_owed"]
    response = second.post(feedback.get_absolute_url(), told(feedback, reaction="说还要等等看"))
    assert response.status_code == 409
    assert f"已由{world.insider.user}于 {today()} 登记为“已反馈”，这一次没有再登记。" in response.text
    assert "说还要等等看" in response.text and "<form" not in response.text.partition("<main")[2].partition("</main")[0]
    assert Feedback.objects.get().told_by == world.insider.user


def test_feedback_of_several_of_whom_one_was_told_meanwhile_names_no_key(world):
    first, second = owed(world, factories.opinion(world.friend), factories.opinion(second_friend(world)))
    client = client_of(world.insider)
    client.post(first.get_absolute_url(), told(first))
    response = client.post(second.get_absolute_url(), told(first, second))
    assert response.context["form"].errors["feedbacks"] == ["选中的人里有的已经登记过反馈，请按现在的名单重新勾选。"]
    assert str(first.key) not in response.text
    assert Feedback.objects.owed().get() == second


def test_feedback_unreachable_needs_a_reason_and_the_office(world):
    (feedback,) = owed(world)
    url = reverse("issues:feedback_unreachable", args=[feedback.key])
    assert client_of(world.insider).post(url, {"reason": "x"}).status_code == 403
    office = client_of(world.office)
    page = office.get(url).text
    assert world.friend.name in page and feedback.issue.number in page
    assert office.post(url, {"reason": ""}).context["form"].errors
    office.post(url, {"reason": "已离职，电话停机"})
    feedback.refresh_from_db()
    assert feedback.state == FeedbackState.UNREACHABLE


def test_feedback_publish_is_for_anonymous_voices(world):
    (named,) = owed(world)
    office = client_of(world.office)
    response = office.post(reverse("issues:feedback_publish", args=[named.key]), follow=True)
    assert "署名的意见须反馈到本人" in response.text
    opinion = factories.issues.services.raise_opinion(
        by=world.office,
        at=factories.issues.MARCH,
        text="匿名来信",
        category=factories.category(),
        unit=world.plant,
        source="letter",
        reporter_kind="anonymous",
    )
    (feedback,) = owed(world, opinion)
    assert client_of(world.insider).post(reverse("issues:feedback_publish", args=[feedback.key])).status_code == 403
    office.post(reverse("issues:feedback_publish", args=[feedback.key]))
    feedback.refresh_from_db()
    assert feedback.state == FeedbackState.PUBLISHED


def test_feedback_export_says_who_rated(world):
    (feedback,) = owed(world)
    client = client_of(world.insider)
    client.post(feedback.get_absolute_url(), told(feedback, rating="3"))
    head, row = sheet_of(client.post(f"{URL}?tab=all", {"export": "xlsx"}))
    assert [row[head.index(name)] for name in ("满意度", "评价来源", "状态", "办理结果")] == [
        "满意",
        "联络员代填",
        "已反馈",
        "彻底解决",
    ]
