"""Forms that come twice: the same words are saved once, other words under one key are kept and can be saved."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.urls import reverse

from issues import services
from issues.models import Issue, Opinion, Reply
from lib.errors import Refused
from lib.once import OtherWords, known_copy
from tests import factories
from tests.client import client_of
from tests.factories.issues import DAY, MARCH
from tests.people import build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return build_world()


def dispatched(world):
    issue = factories.registered_issue(factories.opinion(world.friend), by=world.office, office=world.company)
    return factories.dispatched_issue(issue, to=world.department, by=world.office)


def opinion_form(world) -> tuple:
    said = {"source": "letter", "raised_on": "2016-03-18", "category": factories.category().pk}
    said |= {"text": "澡堂水不热", "unit": world.plant.code}
    return world.office, reverse("issues:opinion_create") + "?kind=anonymous", said, {"text": "澡堂灯不亮"}, Opinion


def issue_form(world) -> tuple:
    opinion = factories.opinion(world.friend)
    said = {"title": "晚班工作餐", "wording": "请改进。", "category": opinion.category_id, "unit": opinion.unit.code}
    said |= {"scope": "individual", "grade": "short_term", "picked": [str(opinion.key)]}
    return world.office, reverse("issues:issue_create"), said, {"wording": "请尽快改进。"}, Issue


def reply_form(world) -> tuple:
    said = {"outcome": "interim", "text": "正在采购。"}
    return world.handler, dispatched(world).get_absolute_url(), said, {"text": "已签合同。"}, Reply


FORMS = pytest.mark.parametrize("form_of", [opinion_form, issue_form, reply_form])


@FORMS
def test_the_same_words_under_one_key_are_the_first_result(world, form_of):
    account, url, said, _other, model = form_of(world)
    client, data = client_of(account), {**said, "key": str(uuid.uuid4())}
    first, again = (client.post(url, data) for _ in range(2))
    assert (first.status_code, again.status_code, first.url) == (303, 303, again.url)
    assert model.objects.filter(key=data["key"]).count() == model.objects.count() == 1


@FORMS
def test_the_second_text_under_one_key_was_lost_in_silence(world, form_of):
    account, url, said, other, model = form_of(world)
    client, data = client_of(account), {**said, "key": str(uuid.uuid4())}
    client.post(url, data)
    refused = client.post(url, {**data, **other})
    form = refused.context["form"]
    assert (refused.status_code, model.objects.count()) == (409, 1)
    assert "与现在填写的内容不同" in refused.text
    ((name, words),) = other.items()
    assert form[name].value() == words
    assert form["key"].value() != data["key"]
    # Of an issue the page asks besides whether another one is wanted from the same opinions.
    renewed = {**data, **other, "key": form["key"].value(), "although_merged": "on"}
    assert client.post(url, renewed).status_code == 303
    assert model.objects.count() == 2


def test_a_key_that_another_account_used_tells_nothing_of_its_row(world):
    _office, url, said, _other, _model = opinion_form(world)
    data = {**said, "key": str(uuid.uuid4())}
    client_of(world.office).post(url, data)
    colleague = factories.appointment("office", world.company).user
    assert client_of(colleague).post(url, data).status_code == 409


def test_answer_with_the_key_of_another_dispatch_is_refused_with_a_sentence(world):
    first, second, key = dispatched(world), dispatched(world), uuid.uuid4()
    services.answer_dispatch(first, by=world.handler, text="正在采购。", key=key, at=MARCH + 2 * DAY)
    with pytest.raises(OtherWords):
        services.answer_dispatch(second, by=world.handler, text="正在采购。", key=key, at=MARCH + 2 * DAY)
    assert known_copy(Reply, key=key, fingerprint="", dispatch_id=first.pk).dispatch == first


def test_who_merged_an_opinion_into_the_issue_does_not_answer_it(world):
    dispatch = dispatched(world)
    with pytest.raises(Refused, match="归并"):
        services.answer_dispatch(dispatch, by=world.office, text="正在采购。")
    services.answer_dispatch(dispatch, by=world.handler, text="正在采购。", at=MARCH + 2 * DAY)
    with pytest.raises(Refused, match="答复过"):
        services.merge_opinions(dispatch.issue, opinions=[factories.opinion(world.friend)], by=world.handler)


@pytest.mark.django_db(transaction=True)
@FORMS
def test_four_copies_at_the_same_moment_are_one_row(world, form_of):
    account, url, said, _other, model = form_of(world)
    data = {**said, "key": str(uuid.uuid4())}
    together = threading.Barrier(4)

    def send(client) -> tuple[int, str]:
        together.wait()
        try:
            response = client.post(url, data)
            return response.status_code, response.url
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        answers = set(threads.map(send, [client_of(account) for _ in range(4)]))
    assert [status for status, _url in answers] == [303]
    assert model.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_copies_of_a_deciding_answer_at_the_same_moment_are_one_reply(world):
    """The second copy waits for the issue, and finds the dispatch answered and its own words in it."""
    dispatch, key, together = dispatched(world), uuid.uuid4(), threading.Barrier(4)
    solved = {"text": "已装好。", "outcome": "solved", "evidence": "已验收。", "at": MARCH + 2 * DAY}

    def send(_copy: int) -> int:
        together.wait()
        try:
            return services.answer_dispatch(dispatch, by=world.handler, key=key, **solved).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        assert set(threads.map(send, range(4))) == {Reply.objects.get().pk}
