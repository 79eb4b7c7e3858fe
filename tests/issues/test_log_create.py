"""/log/: one contact with its opinions is saved once, whatever is sent, and nothing typed is lost."""

import datetime as dt
import threading
import uuid

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from friends.enums import EndReason
from friends.models import ContactLog, Friendship
from friends.services import end_friendship
from issues.models import Category, Opinion
from liaison.enums import TopicKind
from liaison.models import Phase, Topic
from lib.periods import today
from organization.roles import Role
from tests import factories
from tests.client import client_of
from tests.people import build_world

pytestmark = pytest.mark.django_db
URL = "/log/"
JSON = {"Accept": "application/json"}


@pytest.fixture
def world():
    return build_world()


def visit(*friends, **changes) -> dict:
    """What the form sends."""
    return {
        "key": str(uuid.uuid4()),
        "version": "1",
        "workers": [str(friend.key) for friend in friends],
        "channel": "phone",
        "text": "问了问孩子上学的事",
        "day": today().isoformat(),
        "work_kind": "friendship",
        "mood": "",
        **changes,
    }


def test_log_create_saves_the_visit_and_shows_it(world):
    data = visit(world.friend, place="井口", minutes="20", mood="calm", taps="3", fill_seconds="18")
    response = client_of(world.insider).post(URL, data)
    log = ContactLog.objects.get()
    assert (response.status_code, response["Location"]) == (303, f"/visits/{log.key}/")
    assert str(log.key) == data["key"]
    assert (log.cadre, log.recorded_by, log.group) == (world.insider, world.insider.user, world.group)
    assert (log.channel, log.text, log.place, log.minutes, log.mood) == (
        "phone",
        "问了问孩子上学的事",
        "井口",
        20,
        "calm",
    )
    assert (log.taps, log.fill_seconds, log.happened_on) == (3, 18, today())
    assert timezone.now() - log.happened_at < dt.timedelta(minutes=1)
    world.friend.refresh_from_db()
    assert world.friend.last_contact_on == today()


def test_log_create_ends_the_draft_only_after_saving(world):
    client = client_of(world.insider)
    assert "data-draft-done" not in client.post(URL, visit(world.friend, text="")).text
    page = client.post(URL, visit(world.friend), follow=True)
    assert 'data-draft-done="log"' in page.text


def test_log_create_each_card_is_an_opinion_of_all_or_of_those_ticked(world):
    second = factories.worker(world.workshop)
    factories.befriended(second, world.insider)
    category = factories.category("通勤停车")
    cards = {
        "opinion-0-text": "希望增加一趟班车",
        "opinion-0-category": category.pk,
        "opinion-3-text": "食堂饭菜凉",
        "opinion-3-workers": [str(second.key)],
        "opinion-3-is_urgent": "on",
        "opinion-3-may_be_named": "on",
    }
    Category.objects.filter(name="食堂餐饮").delete()
    meals = Category.objects.create(name="食堂餐饮", keywords="食堂\n饭", position=1)
    client_of(world.insider).post(URL, visit(world.friend, second, **cards))
    found = Opinion.objects.order_by("pk").values_list("worker", "text", "category", "is_urgent", "may_be_named")
    assert list(found) == [
        (world.friend.pk, "希望增加一趟班车", category.pk, False, False),
        (second.pk, "希望增加一趟班车", category.pk, False, False),
        (second.pk, "食堂饭菜凉", meals.pk, True, True),
    ]


def test_log_create_needs_no_text_where_there_is_an_opinion_and_drops_a_card_left_blank(world):
    cards = {
        "opinion-0-text": "手套不够",
        "opinion-0-category": factories.category("劳保用品").pk,
        "opinion-1-text": "",
    }
    response = client_of(world.insider).post(URL, visit(world.friend, text="", **cards))
    assert response.status_code == 303
    assert Opinion.objects.count() == 1


def test_log_create_sent_twice_is_one_visit_with_the_same_answer(world):
    client = client_of(world.insider)
    data = visit(world.friend, **{"opinion-0-text": "班车少", "opinion-0-category": factories.category().pk})
    first, second = client.post(URL, data), client.post(URL, data)
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    assert (ContactLog.objects.count(), Opinion.objects.count()) == (1, 1)


def test_log_create_with_a_known_key_and_another_text_overwrites_nothing(world):
    client = client_of(world.insider)
    data = visit(world.friend)
    client.post(URL, data)
    response = client.post(URL, {**data, "text": "另一段话"})
    assert response.status_code == 409
    assert "另一段话" in response.text
    assert f"/visits/{data['key']}/" in response.text
    assert response.context["form"]["key"].value() != data["key"]
    assert ContactLog.objects.get().text == data["text"]


def test_log_create_with_the_key_of_a_stranger_tells_nothing_of_his_visit(world):
    data = visit(world.other_friend)
    client_of(world.stranger).post(URL, data)
    response = client_of(world.insider).post(URL, {**data, "workers": [str(world.friend.key)]})
    assert response.status_code == 409
    assert data["key"] not in response.text
    assert ContactLog.objects.get().cadre == world.stranger


def test_log_create_sent_again_after_the_friendship_ended_gives_the_same_receipt(world):
    client = client_of(world.insider)
    data = visit(world.friend)
    first = client.post(URL, data, headers=JSON)
    end_friendship(Friendship.objects.get(worker=world.friend), on=today(), reason=EndReason.ROTATED)
    again = client.post(URL, data, headers=JSON)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()


def test_log_create_answers_json_to_a_queue(world):
    client = client_of(world.insider)
    category = factories.category()
    data = visit(world.friend, **{"opinion-0-text": "班车少", "opinion-0-category": category.pk})
    created = client.post(URL, data, headers=JSON)
    assert created.status_code == 201
    assert created.json() == {"key": data["key"], "url": f"/visits/{data['key']}/", "opinions": 1}
    known = client.post(URL, data, headers=JSON)
    assert (known.status_code, known.json()) == (200, created.json())
    changed = client.post(URL, {**data, "opinion-0-text": "班车太少"}, headers=JSON)
    assert (changed.status_code, changed.json()) == (409, {"key": data["key"], "url": created.json()["url"]})
    wrong = client.post(URL, visit(text="", **{"opinion-2-text": "x" * 1001}), headers=JSON)
    assert wrong.status_code == 422
    assert set(wrong.json()["errors"]) == {"workers", "opinion-2-text"}


LONG = "长" * 50_001


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"day": "2099-01-01"}, "日期应在2000年1月1日到明年今天之间"),
        ({"day": (today() + dt.timedelta(days=2)).isoformat()}, "联系日期不能晚于今天。"),
        ({"day": "0001-01-01"}, "日期应在2000年1月1日到明年今天之间"),
        ({"day": "2026-02-30"}, "日期不对"),
        ({"day": ""}, "请填写联系日期。"),
        ({"clock": "25:61"}, "时间不对"),
        ({"next_contact_on": "2016-01-01"}, "下次联系的日期须在本次联系之后。"),
        ({"text": "坏\x01字"}, "无法识别的控制字符"),
        ({"text": LONG}, "最多 10000 字，现在有 50001 字"),
        ({"minutes": "很久"}, "请填写分钟数"),
        ({"minutes": "99999"}, "1–1440"),
        ({"channel": "telepathy"}, "已不在可选范围内"),
        ({"key": "not-a-uuid"}, "请再点一次保存。"),
        ({"opinion-0-text": "没有关键词的一句话"}, "请选择类别。"),
        ({"opinion-0-text": " ", "opinion-0-is_urgent": "on"}, "请写明意见内容，或去掉这条意见。"),
    ],
)
def test_log_create_refuses_and_loses_nothing(world, changes, sentence):
    data = visit(world.friend, place="三号井口", **{"opinion-1-text": "班车少一趟", **changes})
    response = client_of(world.insider).post(URL, data)
    assert response.status_code == 422
    assert sentence in response.text
    assert "<title>错误：" in response.text
    form = response.context["form"]
    assert [form["text"].value(), form["place"].value(), form["day"].value()] == [
        data["text"],
        "三号井口",
        data["day"],
    ]
    assert form.chosen == data["workers"]
    assert "班车少一趟" in [card["text"].value() for card in form.cards]
    assert ContactLog.objects.count() == 0


def test_log_create_asks_for_a_sentence_where_there_is_nothing_at_all(world):
    response = client_of(world.insider).post(URL, visit(world.friend, text=" "))
    assert response.status_code == 422
    assert "请写一句聊了什么，或添加一条意见建议。" in response.text


def test_log_create_refuses_a_nul_before_anything_is_read(world):
    response = client_of(world.insider).post(URL, visit(world.friend, text="a\0b"))
    assert response.status_code == 400
    assert ContactLog.objects.count() == 0


def test_log_create_a_foreign_friend_is_as_unknown_as_nobody(world):
    client = client_of(world.insider)
    answers = []
    for key in (str(world.other_friend.key), str(uuid.uuid4()), "3", "x" * 400):
        response = client.post(URL, visit(workers=[key]), headers=JSON)
        answers.append((response.status_code, response.json()))
    assert answers == [(422, {"errors": {"workers": ["所选的人不在您的朋友名单中，请重新选择。"]}})] * 4


def test_log_create_refuses_an_opinion_of_somebody_who_took_no_part(world):
    second = factories.worker(world.workshop)
    factories.befriended(second, world.insider)
    card = {"opinion-0-text": "手套不够", "opinion-0-category": factories.category().pk}
    data = visit(world.friend, **card, **{"opinion-0-workers": [str(second.key)]})
    response = client_of(world.insider).post(URL, data, headers=JSON)
    assert response.json() == {"errors": {"opinion-0-workers": ["提意见的人须在本次联系的朋友中。"]}}


def test_log_create_takes_at_most_twenty_cards(world):
    cards = {f"opinion-{n}-text": "手套不够" for n in range(21)}
    category = factories.category()
    cards |= {f"opinion-{n}-category": category.pk for n in range(21)}
    response = client_of(world.insider).post(URL, visit(world.friend, **cards))
    assert response.status_code == 422
    assert "一次最多登记 20 条意见" in response.text


def test_log_create_without_script_adds_and_removes_cards_and_keeps_what_was_typed(world):
    client = client_of(world.insider)
    data = visit(world.friend, **{f"note-{world.friend.key}": "怕光"})
    added = client.post(URL, {**data, "text": "", "opinion-0-text": "班车少", "add_card": "1"})
    assert added.status_code == 200
    form = added.context["form"]
    assert [card["text"].value() for card in form.cards] == ["班车少", None]
    assert not form.errors
    assert (form["key"].value(), form.chosen, form["channel"].value()) == (data["key"], data["workers"], "phone")
    assert form[f"note-{world.friend.key}"].value() == "怕光"
    cards = {"opinion-0-text": "班车少", "opinion-1-text": "食堂凉", "opinion-1-is_urgent": "on"}
    removed = client.post(URL, {**data, **cards, "remove_card": "0"}).context["form"]
    assert [(card["text"].value(), card["is_urgent"].value()) for card in removed.cards] == [("食堂凉", True)]


def test_log_create_offers_own_friends_who_waited_longest_first_and_the_last_channel(world):
    waiting, heard = factories.worker(world.workshop), factories.worker(world.workshop)
    for worker in (waiting, heard):
        factories.befriended(worker, world.insider)
    ended = factories.worker(world.workshop)
    end_friendship(factories.befriended(ended, world.insider), on=dt.date(2016, 2, 1), reason=EndReason.LEFT)
    now = timezone.now()
    factories.contact_log(world.insider, waiting, at=now - dt.timedelta(days=46), channel="qq")
    factories.contact_log(world.insider, heard, at=now - dt.timedelta(days=2), channel="cold_drinks")
    response = client_of(world.insider).get(URL)
    offered = [(c.worker, c.days, c.is_late) for c in response.context["form"].candidates]
    assert offered == [(world.friend, None, True), (waiting, 46, True), (heard, 2, False)]
    assert response.context["form"]["channel"].value() == "cold_drinks"
    assert response.context["form"]["mood"].value() == ""


def test_log_create_presets_a_friend_by_key_and_nobody_by_a_foreign_one(world):
    client = client_of(world.insider)
    assert client.get(URL, {"friend": world.friend.key}).text.count(" checked") == 4
    for key in (world.other_friend.key, uuid.uuid4(), "x"):
        assert client.get(URL, {"friend": key}).text.count(" checked") == 3


def test_log_create_is_for_cadre_and_group_leader(world):
    leader = client_of(world.leader_of_group, Role.GROUP_LEADER)
    assert [c.worker for c in leader.get(URL).context["form"].candidates] == [world.friend]
    assert leader.post(URL, visit(world.friend)).status_code == 303
    assert ContactLog.objects.get().cadre == world.leader_of_group
    for who in (world.office, world.handler, world.leader, world.roster_admin, world.auditor):
        assert client_of(who).get(URL).status_code == 403
    assert Client().get(URL).status_code == 302


def test_log_create_without_friends_leads_to_the_roster(world):
    page = client_of(world.colleague).get(URL).text
    assert "还没有朋友" in page
    assert 'href="/friends/new/"' in page


def test_log_create_offers_topics_of_the_open_phase_and_companions_of_the_group(world):
    day = dt.timedelta(days=1)
    past = Phase.objects.create(unit=world.company, name="上半年", starts_on=today() - 90 * day, ends_on=today())
    current = Phase.objects.create(unit=world.company, name="下半年", starts_on=today() - day)
    beside = Phase.objects.create(unit=world.other_office.appointments.get().unit, name="外单位", starts_on=today())
    topics = [
        Topic.objects.create(phase=phase, kind=TopicKind.MOOD, title=phase.name) for phase in (past, current, beside)
    ]
    client = client_of(world.insider)
    form = client.get(URL).context["form"]
    assert form.topics_open == [topics[1]]
    assert form.companions_possible == [world.colleague, world.leader_of_group]
    client.post(URL, visit(world.friend, topics=[topics[1].pk], companions=[world.colleague.pk]))
    log = ContactLog.objects.get()
    assert (list(log.topics.all()), list(log.companions.all())) == ([topics[1]], [world.colleague])
    assert client.post(URL, visit(world.friend, topics=[topics[2].pk])).status_code == 422
    assert client.post(URL, visit(world.friend, companions=[world.stranger.pk])).status_code == 422


def test_log_create_keeps_a_private_sentence_for_one_friend_only_if_he_took_part(world):
    second = factories.worker(world.workshop)
    factories.befriended(second, world.insider)
    notes = {f"note-{world.friend.key}": "家里有病人", f"note-{second.key}": "没有参加"}
    client_of(world.insider).post(URL, visit(world.friend, **notes))
    assert list(ContactLog.objects.get().participations.values_list("worker", "note")) == [
        (world.friend.pk, "家里有病人")
    ]


def test_log_create_books_a_late_log_on_its_day(world):
    client = client_of(world.insider)
    client.post(URL, visit(world.friend, day="2016.3.8"))
    client.post(URL, visit(world.friend, day="2016-03-09", clock="21：30"))
    moments = [timezone.localtime(log.happened_at) for log in ContactLog.objects.order_by("happened_at")]
    assert [f"{moment:%Y-%m-%d %H:%M}" for moment in moments] == ["2016-03-08 12:00", "2016-03-09 21:30"]


@pytest.mark.parametrize("count", [1, 3])
def test_log_create_queries_do_not_grow_with_friends(world, count, django_assert_num_queries):
    for _ in range(count - 1):
        factories.befriended(factories.worker(world.workshop), world.insider)
    client = client_of(world.insider)
    client.get(URL)
    with django_assert_num_queries(13):
        assert len(client.get(URL).context["form"].candidates) == count


@pytest.mark.django_db(transaction=True)
def test_log_create_two_copies_at_the_same_moment_are_one_visit(world):
    data = visit(world.friend, **{"opinion-0-text": "班车少", "opinion-0-category": factories.category().pk})
    clients = [client_of(world.insider) for _ in range(4)]
    answers, together = [], threading.Barrier(len(clients))

    def send(client: Client) -> None:
        together.wait()
        response = client.post(URL, data, headers=JSON)
        answers.append((response.status_code, response.json()["key"]))
        connection.close()

    threads = [threading.Thread(target=send, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [(200, data["key"])] * 3 + [(201, data["key"])]
    assert (ContactLog.objects.count(), Opinion.objects.count()) == (1, 1)
