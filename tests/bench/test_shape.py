import datetime as dt
from itertools import pairwise

import pytest

from bench._copy import Table, stored
from bench._shape import CIRCLE, TURNS, Shape, places_of, turns_of
from bench._structure import House
from friends.models import Participation, Worker
from organization.models import User

TODAY = dt.date(2026, 9, 1)


def test_the_demos_size_is_the_demos_shape():
    shape = Shape.scaled(1, TODAY)
    assert (shape.enterprises, shape.cadres, shape.group_size(0), shape.days) == (1, 12, 2, 243)


def test_every_worker_belongs_to_one_enterprise():
    shape = Shape(1_000_003, 10_000_000, 1_250_000, TODAY)
    parts = [shape.workers_of(number) for number in range(shape.enterprises)]
    assert parts[0].start == 0
    assert parts[-1].stop == shape.workers
    assert all(before.stop == after.start for before, after in pairwise(parts))


def test_a_cadre_has_ten_to_fifteen_friends_out_of_his_own_circle():
    assert {places_of(cadre) for cadre in range(100)} == set(range(10, 16))
    assert max(places_of(cadre) for cadre in range(100)) * TURNS <= CIRCLE


def test_friends_change_one_after_another():
    for cadre in range(50):
        for place in range(places_of(cadre)):
            first, second = turns_of(cadre, place, 240)
            assert 0 < first < second < 240


def test_logs_stand_in_the_order_of_time_and_none_is_today():
    shape = Shape.scaled(1, TODAY)
    days = [shape.day_of_log(number) for number in range(shape.logs)]
    assert days == sorted(days)
    assert days[-1] == shape.days - 1


def test_too_few_workers_for_two_cadres_are_refused():
    with pytest.raises(SystemExit, match="108"):
        Shape(50, 10, 1, TODAY)


def test_the_lowest_unit_that_holds_several():
    # 1 federation, 2 enterprise, 3 and 4 base units, 5 and 6 workshops of the first, 7 of the second.
    house = House(parent={2: 1, 3: 2, 4: 2, 5: 3, 6: 3, 7: 4})
    assert [house.common(units) for units in ({5}, {5, 6}, {5, 6, 7})] == [5, 3, 2]
    assert [house.base_of(unit) for unit in (5, 3, 2)] == [3, 3, 2]


def test_copy_fills_columns_that_nobody_named_with_their_defaults():
    sent = []
    table = Table(Participation, ("log_id", "worker_id", "unit_id"), lambda table, lines: sent.append(lines))
    table.add("1", "2", "3")
    table.flush()
    assert table.command == 'COPY "friends_participation" ("log_id", "worker_id", "unit_id", "note") FROM STDIN'
    assert sent == ["1\t2\t3\t\n"]


def test_a_column_without_a_default_stops_the_load_by_name():
    with pytest.raises(SystemExit, match=r"friends\.Worker\.enterprise has no default"):
        Table(Worker, ("key", "name"), lambda table, lines: None)


def test_a_unique_column_stops_the_load_by_name():
    with pytest.raises(SystemExit, match=r"organization\.User\.username is unique"):
        Table(User, ("password", "name"), lambda table, lines: None)


def test_a_column_that_is_gone_stops_the_load_by_name():
    with pytest.raises(SystemExit, match="blood_group"):
        Table(Worker, ("blood_group",), lambda table, lines: None)


def test_copy_escapes_what_would_end_a_cell():
    assert [stored(value) for value in (None, True, "a\tb\nc\\d")] == ["\\N", "t", "a\\tb\\nc\\\\d"]
