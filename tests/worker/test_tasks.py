"""What goes through the broker: names of tasks, no person, no text; and the schedule that sends it."""

import datetime as dt

import redis
from django.conf import settings

from notices.services import notify
from records.enums import ExportState
from records.exports import register_export
from records.models import Export
from records.services import request_export
from records.tasks import drain_exports
from tests import factories
from tests.people import build_world
from tests.records.conftest import three_rows

OURS = ("issues.", "notices.", "records.", "reports.")


def test_every_periodic_task_asks_often_and_takes_no_arguments():
    for name, entry in settings.CELERY_BEAT_SCHEDULE.items():
        # An interval is due again soon after a lost schedule file; a crontab waits for its next hour or month.
        assert isinstance(entry["schedule"], dt.timedelta), name
        assert entry["schedule"] <= dt.timedelta(hours=1), name
        assert not entry.get("args")
        assert not entry.get("kwargs")
        assert entry["options"]["expires"] <= entry["schedule"].total_seconds(), name


def test_our_tasks_take_no_arguments_that_could_tell_of_somebody():
    from config.celery import app

    app.loader.import_default_modules()
    ours = {name: task for name, task in app.tasks.items() if name.startswith(OURS)}
    assert {"notices.tasks.run_rules", "notices.tasks.drain_deliveries", "records.tasks.drain_exports"} <= set(ours)
    for name, task in ours.items():
        assert task.run.__code__.co_argcount == 0, name


def test_request_path_leaves_the_broker_untouched(db, broker: redis.Redis, monkeypatch):
    monkeypatch.setattr("records.exports._makers", {})
    register_export("test", "测试文件", three_rows)
    world = build_world()
    notify(factories.user(email="a@example.cn"), "rule", "2016-08", "x", "1 件事")
    request_export(world.actor(world.office), "test")
    assert broker.keys() == []
    drain_exports()
    assert Export.objects.get().state == ExportState.DONE
