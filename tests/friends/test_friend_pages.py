"""朋友: the list, one friend, his number, how friendships begin and end."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from friends.enums import EndReason
from friends.models import Friendship
from friends.services import AlreadyEnded, end_friendship
from liaison.models import Cadre, Contract, Membership
from lib.errors import Refused
from lib.periods import today
from organization.roles import Role
from records.models import Download
from tests import factories
from tests.client import client_of
from tests.issues.pages import rows_of, sheet_of
from tests.people import build_world

pytestmark = pytest.mark.django_db
URL = "/friends/"
DAY = dt.timedelta(days=1)


@pytest.fixture
def world():
    return build_world()


def friend(world, days: int | None, **fields):
    """Another friend of the insider, contacted so many days ago."""
    worker = factories.worker(world.workshop, **fields)
    factories.befriended(worker, world.insider)
    if days is not None:
        factories.contact_log(world.insider, worker, at=timezone.now() - days * DAY, next_contact_on=today() + 9 * DAY)
    return worker


def workers_of(response) -> list:
    return [friendship.worker for friendship in rows_of(response)]


def test_friend_list_shows_each_role_its_scope(world):
    past = factories.worker(world.workshop)
    Friendship.objects.filter(pk=factories.befriended(past, world.insider).pk).update(
        ends_on=dt.date(2016, 2, 1), end_reason="rotated"
    )
    seen = [
        (world.insider, None, {world.friend}),
        (world.colleague, None, set()),
        (world.leader_of_group, Role.GROUP_LEADER, {world.friend}),
        (world.office, None, {world.friend, world.other_friend}),
        (world.other_office, None, set()),
    ]
    for who, role, expected in seen:
        assert set(workers_of(client_of(who, role).get(URL))) == expected
    for who in (world.handler, world.leader, world.auditor, world.roster_admin):
        assert client_of(who).get(URL).status_code == 403


def test_friend_list_puts_who_waited_longest_first_and_keeps_another_order(world):
    late, soon = friend(world, 46), friend(world, 2)
    client = client_of(world.insider)
    assert workers_of(client.get(URL)) == [world.friend, late, soon]
    assert workers_of(client.get(URL, {"order": "-worker__last_contact_on"})) == [soon, late, world.friend]
    assert workers_of(client.get(URL)) == [soon, late, world.friend]


def test_friend_list_filters_by_silence_unit_and_post(world):
    days = {n: friend(world, n, post="凿岩工" if n == 31 else "") for n in (29, 31, 61, 91)}
    Friendship.objects.filter(worker=world.friend).update(starts_on=today())
    client = client_of(world.insider)
    for asked, expected in (("30", {31, 61, 91}), ("60", {61, 91}), ("90", {91})):
        assert set(workers_of(client.get(URL, {"silent": asked}))) == {days[n] for n in expected}
    assert workers_of(client.get(URL, {"post": "凿岩"})) == [days[31]]
    assert len(workers_of(client.get(URL, {"unit": world.plant.code}))) == 5
    assert workers_of(client.get(URL, {"unit": world.other_plant.code})) == []
    for wrong in ({"silent": "1"}, {"unit": "NONE"}, {"order": "worker__phone"}):
        assert workers_of(client.get(URL, wrong)) == []


def test_friend_list_finds_by_name_initials_and_unit(world):
    found = friend(world, 3, name="单雄信")
    client = client_of(world.insider)
    for query in ("单雄", "sxx", "shanxiong"):
        assert workers_of(client.get(URL, {"q": query})) == [found]
    assert set(workers_of(client.get(URL, {"q": "采掘"}))) == {found, world.friend}


def test_friend_list_marks_who_is_silent_beyond_the_norm(world):
    friend(world, 46, name="王久")
    friend(world, 3, name="李近")
    page = client_of(world.insider).get(URL).text
    assert "46 天未联系" in page
    assert "3 天前联系" in page
    assert page.count('class="is-alarm"') == 2


def test_friend_list_export_is_masked_and_registered(world):
    friend(world, 3, name="李近", phone="13800138000")
    response = client_of(world.insider).post(f"{URL}?q=lj", {"export": "xlsx"})
    head, row = sheet_of(response)
    assert head == [
        "姓名",
        "未联系天数",
        "单位",
        "岗位",
        "性别",
        "联系方式",
        "最近联系",
        "下次联系",
        "建立日期",
    ]
    assert row == [
        "李近",
        3,
        "采掘一车间",
        "",
        "",
        "138****8000",
        today() - 3 * DAY,
        today() + 9 * DAY,
        dt.date(2016, 1, 1),
    ]
    assert Download.objects.values_list("kind", "rows").get() == ("friends.friends", 1)


@pytest.mark.parametrize("count", [1, 3])
def test_friend_list_queries_do_not_grow_with_rows(world, count, django_assert_num_queries):
    for _ in range(count - 1):
        friend(world, 3)
    client = client_of(world.insider)
    client.get(URL)
    with django_assert_num_queries(10):
        assert len(rows_of(client.get(URL))) == count
    with django_assert_num_queries(9):
        client.post(URL, {"export": "xlsx"})


def test_friend_detail_is_for_those_who_keep_in_touch(world):
    url = f"/friends/{world.friend.key}/"
    for who, role in ((world.insider, None), (world.leader_of_group, Role.GROUP_LEADER), (world.office, None)):
        assert client_of(who, role).get(url).status_code == 200
    for who in (world.colleague, world.stranger, world.other_office):
        assert client_of(who).get(url).status_code == 404
    assert client_of(world.insider).get(f"/friends/{uuid.uuid4()}/").status_code == 404


def test_friend_detail_shows_contacts_and_the_private_sentence_to_its_author(world):
    factories.contact_log(world.insider, world.friend, text="聊了食堂", notes={world.friend.pk: "家里有病人"})
    url = f"/friends/{world.friend.key}/"
    own, office = client_of(world.insider).get(url).text, client_of(world.office).get(url).text
    assert "聊了食堂" in own
    assert "家里有病人" in own
    assert f"/log/?friend={world.friend.key}" in own
    assert "聊了食堂" in office
    assert "家里有病人" not in office
    assert "/log/?friend" not in office


def test_friend_detail_shows_the_next_contact_of_the_latest_log(world):
    worker = friend(world, 3)
    client = client_of(world.insider)
    assert str(today() + 9 * DAY) in client.get(f"/friends/{worker.key}/").text
    factories.contact_log(world.insider, worker, at=timezone.now())
    assert client.get(f"/friends/{worker.key}/").context["friendship"].next_contact_on is None


@pytest.mark.parametrize("count", [1, 3])
def test_friend_detail_queries_do_not_grow_with_contacts(world, count, django_assert_num_queries):
    for _ in range(count):
        factories.contact_log(world.insider, world.friend)
    client = client_of(world.insider)
    url = f"/friends/{world.friend.key}/"
    client.get(url)
    with django_assert_num_queries(13):
        client.get(url)


def test_friend_phone_is_masked_until_it_is_asked_for_and_that_is_recorded(world):
    world.friend.phone = "13800138000"
    world.friend.save()
    client, url = client_of(world.insider), f"/friends/{world.friend.key}/"
    page = client.get(url).text
    assert "138****8000" in page
    assert "tel:" not in page
    assert Download.objects.count() == 0
    assert client.get(f"{url}phone/").status_code == 405
    fragment = client.post(f"{url}phone/", headers={"HX-Request": "true"})
    assert 'href="tel:13800138000"' in fragment.text
    assert "<html" not in fragment.text
    assert 'href="tel:13800138000"' in client.post(f"{url}phone/").text
    register = Download.objects.values_list("kind", "user", "rows", "parameters")
    asked = ("reveal_phone", world.insider.user.pk, 1, {"worker": str(world.friend.key)})
    assert list(register) == [asked, asked]
    assert client_of(world.stranger).post(f"{url}phone/").status_code == 404
    assert Download.objects.count() == 2


def test_friend_new_offers_the_contracted_roster_without_those_taken(world):
    free, elsewhere = factories.worker(world.workshop), factories.worker(world.other_workshop)
    factories.worker(world.workshop, is_active=False)
    client = client_of(world.insider)
    assert rows_of(client.get(f"{URL}new/")) == [free]
    assert rows_of(client_of(world.stranger).get(f"{URL}new/")) == [elsewhere]
    assert client_of(world.office).get(f"{URL}new/").status_code == 403
    free.name, free.post = "单雄信", "凿岩工"
    free.save()
    for query in ({"q": "sxx"}, {"q": free.employee_no}, {"post": "凿岩"}, {"unit": world.plant.code}):
        assert rows_of(client.get(f"{URL}new/", query)) == [free]
    assert rows_of(client.get(f"{URL}new/", {"unit": world.other_plant.code})) == []


def test_friend_new_befriends_the_picked_and_sent_twice_changes_nothing(world):
    picked = [factories.worker(world.workshop) for _ in range(2)]
    client = client_of(world.insider)
    data = {"picked": [str(worker.key) for worker in picked]}
    for _ in range(2):
        assert client.post(f"{URL}new/", data)["Location"] == URL
    found = Friendship.objects.filter(worker__in=picked).values_list("cadre", "starts_on", "unit")
    assert list(found) == [(world.insider.pk, today(), world.workshop.pk)] * 2


def test_friend_new_takes_nobody_from_another_roster_or_another_cadre(world):
    elsewhere, taken = factories.worker(world.other_workshop), factories.worker(world.workshop)
    factories.befriended(taken, world.colleague)
    client = client_of(world.insider)
    data = {"picked": [str(elsewhere.key), str(taken.key), "x", str(uuid.uuid4())]}
    page = client.post(f"{URL}new/", data, follow=True).text
    assert "有 3 位职工已由其他联络员联系" in page
    assert set(world.insider.friendships.values_list("worker", flat=True)) == {world.friend.pk}
    assert "请先勾选职工" in client.post(f"{URL}new/", {"picked": ["x"]}, follow=True).text


def test_friend_new_warns_outside_the_band_and_never_blocks(world):
    client = client_of(world.insider)

    def add(count: int) -> str:
        keys = [str(factories.worker(world.workshop).key) for _ in range(count)]
        return client.post(f"{URL}new/", {"picked": keys}, follow=True).text

    assert "您现在联系 2 位朋友，少于每人 10–15 位的要求。" in add(1)
    assert "位的要求" not in add(8)
    assert "您现在联系 16 位朋友，多于每人 10–15 位的要求。" in add(6)
    assert world.insider.friendships.count() == 16


@pytest.mark.parametrize("count", [1, 3])
def test_friend_new_queries_do_not_grow_with_rows(world, count, django_assert_num_queries):
    for _ in range(count):
        factories.worker(world.workshop)
    client = client_of(world.insider)
    client.get(f"{URL}new/")
    with django_assert_num_queries(12):
        assert len(rows_of(client.get(f"{URL}new/"))) == count


def test_friend_end_needs_a_day_and_a_reason_and_keeps_the_history(world):
    factories.contact_log(world.insider, world.friend, text="聊了食堂")
    client, url = client_of(world.insider), f"/friends/{world.friend.key}/"
    for wrong in ({"on": today(), "reason": ""}, {"on": today() + DAY, "reason": "rotated"}, {"on": "2015-12-31"}):
        assert client.post(f"{url}end/", wrong).status_code == 422
    early = client.post(f"{url}end/", {"on": "2015-12-31", "reason": "rotated"})
    assert "结束日期不能早于建立日期。" in early.text
    assert client.post(f"{url}end/", {"on": today(), "reason": "rotated"})["Location"] == URL
    friendship = Friendship.objects.get(worker=world.friend)
    assert (friendship.ends_on, friendship.end_reason) == (today(), "rotated")
    page = client.get(url).text
    assert "聊了食堂" in page
    assert "联系已经结束" in page
    assert client.get(f"{url}end/").status_code == 404


def test_friend_end_is_for_those_who_see_the_friendship(world):
    url = f"/friends/{world.friend.key}/end/"
    for who, role in ((world.insider, None), (world.leader_of_group, Role.GROUP_LEADER), (world.office, None)):
        assert client_of(who, role).get(url).status_code == 200
    for who in (world.colleague, world.stranger, world.other_office):
        assert client_of(who).get(url).status_code == 404


def test_end_entered_for_later_hid_the_cadre_and_his_friends_at_once(world):
    Membership.objects.filter(cadre=world.insider).update(ends_on=today() + 9 * DAY)
    actor = world.actor(world.leader_of_group, Role.GROUP_LEADER)
    assert world.insider in Cadre.objects.visible_to(actor)
    assert workers_of(client_of(world.leader_of_group, Role.GROUP_LEADER).get(URL)) == [world.friend]
    Membership.objects.filter(cadre=world.insider).update(ends_on=today())
    assert world.insider not in Cadre.objects.visible_to(actor)


def test_contract_that_ends_later_was_gone_from_the_filter_at_once(world):
    Contract.objects.filter(group=world.group).update(ends_on=today() + 9 * DAY)
    free = factories.worker(world.workshop)
    page = client_of(world.insider).get("/friends/new/", {"unit": world.plant.code})
    assert rows_of(page) == [free]


def test_leader_saw_all_past_friends_of_his_present_members(world):
    past, talked = factories.worker(world.workshop), factories.worker(world.workshop)
    for worker in (past, talked):
        ended = factories.befriended(worker, world.insider)
        end_friendship(ended, on=dt.date(2016, 2, 1), reason=EndReason.ROTATED)
    factories.contact_log(world.insider, talked)
    leader = client_of(world.leader_of_group, Role.GROUP_LEADER)
    for client in (leader, client_of(world.insider)):
        assert client.get(past.get_absolute_url()).status_code == 404
        assert client.get(talked.get_absolute_url()).status_code == 200


def test_number_could_be_revealed_after_the_friendship_had_ended(world):
    factories.contact_log(world.insider, world.friend)
    end_friendship(world.friend.friendships.get(), on=today(), reason=EndReason.ROTATED)
    for who in (world.insider, world.leader_of_group):
        client = client_of(who, Role.GROUP_LEADER if who == world.leader_of_group else None)
        page = client.get(world.friend.get_absolute_url())
        assert page.status_code == 200 and "显示号码" not in page.content.decode()
        assert client.post(f"{world.friend.get_absolute_url()}phone/").status_code == 403
    assert client_of(world.office).post(f"{world.friend.get_absolute_url()}phone/").status_code == 200
    assert Download.objects.count() == 1


def test_ending_from_an_old_page_moved_the_end_over_the_successor(world):
    friendship, stale = (Friendship.objects.get(worker=world.friend) for _ in range(2))
    end_friendship(friendship, on=dt.date(2016, 2, 1), reason=EndReason.ROTATED)
    factories.befriended(world.friend, world.colleague, on=dt.date(2016, 2, 1))
    with pytest.raises(AlreadyEnded):
        end_friendship(stale, on=dt.date(2016, 3, 1), reason=EndReason.LEFT)
    assert Friendship.objects.get(pk=stale.pk).ends_on == dt.date(2016, 2, 1)


def test_friendship_ended_on_a_day_of_its_successor(world):
    friendship = Friendship.objects.get(worker=world.friend)
    Friendship.objects.create(
        worker=world.friend,
        cadre=world.colleague,
        unit=world.workshop,
        starts_on=dt.date(2016, 2, 1),
        ends_on=dt.date(2016, 3, 1),
        end_reason=EndReason.LEFT,
    )
    with pytest.raises(Refused, match="重叠"):
        end_friendship(friendship, on=dt.date(2016, 2, 10), reason=EndReason.LEFT)
    end_friendship(friendship, on=dt.date(2016, 2, 1), reason=EndReason.LEFT)
