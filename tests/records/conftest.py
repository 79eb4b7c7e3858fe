import datetime as dt

import pytest
import time_machine

from lib.periods import SHANGHAI
from organization.actors import Actor
from records import exports
from records.exports import Made, register_export
from tests.people import World, build_world

NOW = dt.datetime(2016, 9, 1, 9, tzinfo=SHANGHAI)


@pytest.fixture
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def world(db) -> World:
    return build_world()


@pytest.fixture
def office(world) -> Actor:
    return world.actor(world.office)


@pytest.fixture
def making(monkeypatch):
    """Register a maker of the test's own under the kind "test"; no other kinds."""
    monkeypatch.setattr(exports, "_makers", {})

    def register(maker) -> None:
        register_export("test", "测试文件", maker)

    return register


def three_rows(export, progress) -> Made:
    with progress.path.open("w") as file:
        for number in range(1, 4):
            file.write(f"{number}\n")
            progress(number, 3)
    return Made("测试_20160901.csv", 3)
