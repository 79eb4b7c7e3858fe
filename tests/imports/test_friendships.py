"""Friendships from a table keep the history and come to one for each worker."""

import datetime as dt

from django.db import connection
from django.test.utils import CaptureQueriesContext

from friends.models import Friendship
from tests import factories
from tests.factories.liaison import START
from tests.people import World

from .running import confirmed, numbered, rows_of

FRIENDSHIPS = ["工号", "姓名", "联络员", "建立日期", "结束日期", "调整原因"]


def test_a_row_about_an_earlier_friendship_ended_the_open_one(world: World):
    numbered(world.friend, "A0001", "李大力")
    line = ["A0001", "李大力", "范内", "2014-01-05", "2015-01-05", "轮换"]
    confirmed("friendships", FRIENDSHIPS, line, scope=world.company)
    found = world.friend.friendships.order_by("starts_on").values_list("starts_on", "ends_on")
    assert list(found) == [(dt.date(2014, 1, 5), dt.date(2015, 1, 5)), (START, None)]
    # The control: an end within the open one ends it.
    confirmed("friendships", FRIENDSHIPS, ["A0001", "李大力", "范内", "", "2016-06-01", "轮换"], scope=world.company)
    assert not world.friend.friendships.filter(ends_on__isnull=True).exists()


def test_an_import_read_friendships_before_it_locked_their_workers(world: World):
    """On SQLite there is one writer and no such clause; there the order of the statements is all there is to see."""
    numbered(world.friend, "A0001", "李大力")
    line = ["A0001", "李大力", "范内", "", "2016-06-01", "轮换"]
    with CaptureQueriesContext(connection) as queries:
        confirmed("friendships", FRIENDSHIPS, line, scope=world.company)
    read_of = [query["sql"] for query in queries if query["sql"].startswith("SELECT")]
    workers = next(n for n, sql in enumerate(read_of) if 'FROM "friends_worker"' in sql and "name_key" in sql)
    friendships = next(n for n, sql in enumerate(read_of) if 'FROM "friends_friendship"' in sql)
    assert workers < friendships
    if connection.vendor == "postgresql":
        assert 'FOR UPDATE OF "friends_worker"' in read_of[workers]


def test_two_rows_chosen_to_be_one_worker_began_two_friendships(world: World):
    one = factories.worker(world.workshop, name="段石松")
    head = ["姓名", "单位", "联络员", "建立日期"]
    lines = [["段石松", "南沟采矿厂", "范内", "2016-01-05"], ["段石松", "南沟采矿厂", "外组", "2016-02-05"]]
    same = {"0-2": one.pk, "0-3": one.pk}
    outcome = confirmed("friendships", head, *lines, scope=world.company, same=same, take=set(same))
    assert [row.status for row in rows_of(outcome)] == ["accepted", "needs_choice"]
    assert Friendship.objects.filter(worker=one).count() == 1
