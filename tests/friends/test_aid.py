"""困难标记 and 帮扶记录: with consent, for few readers, encrypted, and forgotten."""

import datetime as dt
import uuid

import pytest
import time_machine
from auditlog.models import LogEntry
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse

from friends.enums import EndReason
from friends.models import Aid, CareFlag
from friends.services import end_friendship
from friends.tasks import forget_expired_care
from lib.periods import SHANGHAI, today
from organization.roles import Role
from records.models import Download
from tests import factories
from tests.client import client_of
from tests.people import build_world
from tests.queries import queries_at_one_and_three

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2016, 4, 1, 10, tzinfo=SHANGHAI)
DAY = dt.timedelta(days=1)
STORY = "爱人透析每月自费三千"


@pytest.fixture
def world():
    with time_machine.travel(NOW, tick=False):
        yield build_world()


def rows_of(response) -> list:
    return list(response.context["page"])


def page_of(worker, name="friend_aid") -> str:
    return reverse(f"friends:{name}", args=[worker.key])


def typed(**fields) -> dict:
    return {"key": str(uuid.uuid4()), "note": STORY, "consent_on": "2016-03-31", **fields}


def test_aid_and_mark_are_written_down_with_consent_and_encrypted(world):
    cadre, friend = client_of(world.insider), world.friend
    said = typed(kind="money", given_on="2016-03-31", amount="500.50")
    for field, wrong in [("consent_on", ""), ("given_on", "2016-04-02"), ("amount", "0")]:
        page = cadre.post(page_of(friend, "friend_aid_create"), {**said, field: wrong})
        assert field in page.context["form"].errors
        assert STORY in page.text
    for _twice in range(2):
        cadre.post(page_of(friend, "friend_aid_create"), said)
    flag = typed(kind="family_illness", expires_on="2017-03-31")
    too_long = {**flag, "consent_on": "2016-03-01", "expires_on": "2017-03-20"}
    assert "最长一年" in cadre.post(page_of(friend, "friend_care_create"), too_long).text
    cadre.post(page_of(friend, "friend_care_create"), flag)
    aid, mark = Aid.objects.get(), CareFlag.objects.get()
    assert (aid.note, mark.note, aid.unit) == (STORY, STORY, world.workshop)
    with connection.cursor() as cursor:
        for query in ("SELECT note FROM friends_aid", "SELECT note FROM friends_careflag"):
            cursor.execute(query)
            assert cursor.fetchone()[0].startswith("x1:")
    shown = cadre.get(page_of(friend)).text
    assert shown.count(STORY) == 2
    trail = LogEntry.objects.filter(content_type__model__in=["aid", "careflag"])
    assert trail.count() == 2
    for entry in trail:
        assert not {STORY, friend.name, "500.50", "family_illness"} & set(str(entry.changes_dict).split("'"))
    aid.amount = -1
    with pytest.raises(ValidationError, match="金额须大于 0"):
        aid.full_clean()


def test_aid_is_read_by_who_keeps_the_friendship_and_by_the_office(world):
    aid = factories.aid(world.friend, by=world.insider.user, note=STORY)
    factories.care_flag(world.friend, by=world.insider.user, note=STORY)
    for who, role, status, rows in [
        (world.insider, None, 200, [aid]),
        (world.colleague, None, 404, []),
        (world.office, None, 200, [aid]),
        (world.other_office, None, 404, []),
    ]:
        client = client_of(who, role)
        assert client.get(page_of(world.friend)).status_code == status
        assert rows_of(client.get("/aid/")) == rows
    for who, role in [
        (world.leader_of_group, Role.GROUP_LEADER),
        (world.leader, None),
        (world.handler, None),
        (world.roster_admin, None),
        (world.auditor, None),
    ]:
        client = client_of(who, role)
        assert client.get(page_of(world.friend)).status_code == 403
        assert client.get("/aid/").status_code == 403
        assert client.get(f"/aid/{aid.key}/remove/").status_code == 403
    group_leader = client_of(world.leader_of_group, Role.GROUP_LEADER)
    assert "困难和帮扶" not in group_leader.get(world.friend.get_absolute_url()).text
    factories.contact_log(world.insider, world.friend, at=NOW - DAY)
    end_friendship(world.friend.friendships.get(), on=today(), reason=EndReason.ROTATED)
    past = client_of(world.insider)
    assert past.get(world.friend.get_absolute_url()).status_code == 200
    assert past.get(page_of(world.friend)).status_code == 403
    assert rows_of(past.get("/aid/")) == []


def test_list_of_aid_filters_and_leaves_the_house_with_a_purpose_alone(world):
    money = factories.aid(world.friend, by=world.office, note=STORY)
    goods = factories.aid(world.other_friend, by=world.office, kind="goods", amount=None, given_on=dt.date(2016, 3, 1))
    office = client_of(world.office)
    for asked, expected in [
        ({}, [money, goods]),
        ({"kind": "goods"}, [goods]),
        ({"unit": world.plant.code}, [money]),
        ({"since": "2016-03-10"}, [money]),
        ({"q": world.friend.name}, [money]),
        ({"order": "given_on"}, [goods, money]),
        ({"kind": "none"}, []),
    ]:
        assert rows_of(office.get("/aid/", asked)) == expected, asked
    assert queries_at_one_and_three(
        lambda: factories.aid(world.friend, by=world.office), lambda: office.get("/aid/")
    ) == (10, 10)
    asking = office.post("/aid/?kind=goods", {"export": "xlsx"})
    assert asking.url == "/aid/export/?kind=goods"
    assert office.post(asking.url, {"purpose": ""}).status_code == 422
    assert not Download.objects.exists()
    answer = office.post(asking.url, {"purpose": "向上级申报困难职工档案"})
    assert answer["Content-Type"].endswith("sheet")
    kept = Download.objects.get()
    assert (kept.kind, kept.purpose, kept.rows) == ("friends.aid", "向上级申报困难职工档案", 1)
    cadre = client_of(world.insider)
    assert cadre.post("/aid/", {"export": "xlsx"}).status_code == 403
    assert cadre.get("/aid/export/").status_code == 403


def test_sums_of_aid_are_shown_from_the_threshold_on(world):
    def amounts(who, role):
        period, total = client_of(who, role).get("/aid/figures/").context["sums"][0]
        return period.label, total.times, total.people, total.amount

    friends = [world.friend]
    for _more in range(4):
        friends.append(factories.worker(world.workshop))
    for friend in friends[1:3]:
        factories.befriended(friend, world.insider)
    for count, friend in enumerate(friends, start=1):
        factories.aid(friend, by=world.office, amount=100)
        shown = ("2016年全年", count, count, 100 * count)
        hidden = ("2016年全年", None, None, None)
        assert amounts(world.office, None) == shown
        assert amounts(world.leader, None) == (shown if count == 5 else hidden)
        in_group = hidden if count < 3 else ("2016年全年", 3, 3, 300)
        assert amounts(world.leader_of_group, Role.GROUP_LEADER) == in_group
    assert client_of(world.insider, Role.CADRE).get("/aid/figures/").status_code == 403


def test_words_are_forgotten_when_a_mark_ends_or_expires_and_aid_when_it_is_removed(world):
    lasting, ending, expiring = (
        factories.care_flag(world.friend, by=world.office, note=STORY, expires_on=until)
        for until in (today() + 9 * DAY, today() + 9 * DAY, today() + DAY)
    )
    aid = factories.aid(world.friend, by=world.office, note=STORY)
    client = client_of(world.insider)
    client.post(f"/care/{ending.key}/end/")
    ending.refresh_from_db()
    assert (ending.ended_on, ending.note) == (today(), "")
    forget_expired_care()
    with time_machine.travel(NOW + DAY, tick=False):
        forget_expired_care()
        assert {flag.pk: flag.note for flag in CareFlag.objects.all()} == {
            lasting.pk: STORY,
            ending.pk: "",
            expiring.pk: "",
        }
        assert list(client.get(page_of(world.friend)).context["flags"]) == [lasting]
    client.post(f"/aid/{aid.key}/remove/")
    assert not Aid.objects.exists()
