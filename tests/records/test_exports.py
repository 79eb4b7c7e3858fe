"""A file is a row first: made by whichever worker is alive, once, for somebody who may still have it."""

import datetime as dt
import os
import uuid
from unittest.mock import patch

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings

from lib.errors import Refused
from organization.actors import Actor
from records import services
from records.enums import ExportState
from records.models import Download, Export
from records.services.exports import KEEP, LEASE, MAX_TRIES, MOST_OPEN_PER_USER, TooManyExports
from records.tasks import drain_exports, expire_files

from .conftest import NOW, three_rows

pytestmark = pytest.mark.usefixtures("clock")


def files() -> list[str]:
    return sorted(path.name for path in settings.MEDIA_ROOT.rglob("*") if path.is_file())


@pytest.fixture
def export(office: Actor, making) -> Export:
    making(three_rows)
    return services.request_export(office, "test", {"month": "2016-08"}, purpose="月报")


def test_export_is_made_by_the_worker_and_offered_for_a_week(export):
    drain_exports()
    export.refresh_from_db()
    assert (export.state, export.rows_done, export.rows_total) == (ExportState.DONE, 3, 3)
    assert export.file_name == "测试_20160901.csv"
    assert export.file.open().read() == b"1\n2\n3\n"
    assert export.expires_at == NOW + KEEP
    assert files() == [export.key.hex]


def test_export_asked_for_twice_with_one_key_is_one(office, making):
    making(three_rows)
    key = uuid.uuid4()
    assert services.request_export(office, "test", key=key) == services.request_export(office, "test", key=key)
    assert Export.objects.count() == 1


def test_export_of_an_unknown_kind_is_a_mistake_of_the_caller(office, making):
    with pytest.raises(ValueError, match="nothing"):
        services.request_export(office, "nothing")


def test_one_person_cannot_fill_the_queue(office, export):
    for _ in range(MOST_OPEN_PER_USER - 1):
        services.request_export(office, "test")
    with pytest.raises(TooManyExports):
        services.request_export(office, "test")


def test_export_of_a_dead_worker_is_made_again_after_the_lease(export, clock):
    services.claim_export()
    assert services.claim_export() is None
    clock.shift(LEASE + dt.timedelta(seconds=1))
    drain_exports()
    export.refresh_from_db()
    assert (export.state, export.tries) == (ExportState.DONE, 2)


def test_progress_renews_the_lease(office, making, clock):
    def slow(export, progress):
        for number in range(1, 4):
            clock.shift(LEASE - dt.timedelta(seconds=1))
            progress(number, 3)
            assert services.claim_export() is None
        return three_rows(export, progress)

    making(slow)
    services.request_export(office, "test")
    drain_exports()
    assert Export.objects.get().state == ExportState.DONE


def test_export_that_kills_every_worker_is_given_up(export, clock):
    for _ in range(MAX_TRIES):
        assert services.claim_export()
        clock.shift(LEASE + dt.timedelta(seconds=1))
    drain_exports()
    export.refresh_from_db()
    assert (export.state, export.error) == (ExportState.FAILED, "文件多次生成失败，请缩小范围后再导出。")


def test_overtaken_worker_writes_nothing(export, clock):
    first = services.claim_export()
    clock.shift(LEASE + dt.timedelta(seconds=1))
    drain_exports()
    before = Export.objects.values().get()
    services.run_export(first)
    assert Export.objects.values().get() == before


def test_cancelled_export_is_not_finished_and_leaves_no_file(office, making):
    def cancelled_meanwhile(export, progress):
        services.cancel_export(export)
        return three_rows(export, progress)

    making(cancelled_meanwhile)
    services.request_export(office, "test")
    drain_exports()
    assert Export.objects.get().state == ExportState.CANCELLED
    assert files() == []


def test_run_that_was_cancelled_does_not_take_the_retry_for_its_own(export):
    overtaken = services.claim_export()
    services.cancel_export(export)
    services.retry_export(export)
    services.claim_export()
    services.run_export(overtaken)
    export.refresh_from_db()
    assert (export.state, export.file) == (ExportState.RUNNING, "")


def test_export_fails_when_the_role_was_lost_meanwhile(world, export):
    world.office.appointments.update(ends_on=NOW.date())
    drain_exports()
    export.refresh_from_db()
    assert (export.state, export.error) == (ExportState.FAILED, "申请导出时的角色已经变化，文件没有生成。")
    assert files() == []


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (Refused("本月没有数据。"), "本月没有数据。"),
        (OSError(28, "No space left on device"), "服务器磁盘已满，文件没有生成，请联系管理员。"),
        (KeyError("张三"), "生成文件时出错，请重试；仍不成功请联系管理员。"),
    ],
)
def test_maker_that_fails_says_why_and_leaves_no_half_file(office, making, fault, sentence):
    def failing(export, progress):
        progress.path.write_text("half")
        raise fault

    making(failing)
    services.request_export(office, "test")
    drain_exports()
    assert Export.objects.values_list("state", "error").get() == (ExportState.FAILED, sentence)
    assert files() == []


def test_failed_export_can_be_tried_again(office, making):
    making(lambda export, progress: 1 / 0)
    services.request_export(office, "test")
    drain_exports()
    making(three_rows)
    services.retry_export(Export.objects.get())
    drain_exports()
    assert Export.objects.values_list("state", "error").get() == (ExportState.DONE, "")


def test_made_export_is_neither_cancelled_nor_made_again(export):
    drain_exports()
    for act in (services.cancel_export, services.retry_export):
        with pytest.raises(Refused):
            act(export)


def test_expired_export_loses_its_file_and_keeps_its_row(export, clock, office):
    drain_exports()
    export.refresh_from_db()
    services.record_download(office, kind="test", rows=3, export=export)
    clock.shift(KEEP)
    expire_files()
    assert files() == []
    assert Export.objects.get().file == ""
    assert Download.objects.get().export == export


def test_rest_of_a_killed_export_goes_after_a_day(export):
    folder = settings.MEDIA_ROOT / "exports/2016/09"
    folder.mkdir(parents=True)
    for name, age in (("left", dt.timedelta(days=2)), ("being-made", dt.timedelta(hours=1))):
        path = folder / f".partial-{name}"
        path.touch()
        moment = (NOW - age).timestamp()
        os.utime(path, (moment, moment))
    expire_files()
    assert files() == [".partial-being-made"]


def test_export_that_was_begun_late_in_a_drain_failed_for_good_at_the_time_limit(export, making):
    def out_of_time(export, progress):
        raise SoftTimeLimitExceeded

    making(out_of_time)
    with pytest.raises(SoftTimeLimitExceeded):
        drain_exports()
    export.refresh_from_db()
    assert (export.state, export.lease_until, export.error) == (ExportState.WAITING, None, "")
    making(three_rows)
    drain_exports()
    export.refresh_from_db()
    assert (export.state, export.tries) == (ExportState.DONE, 2)


def test_time_limit_took_an_export_from_the_worker_that_had_taken_it_over(export, making):
    def overtaken(export, progress):
        Export.objects.update(run=uuid.uuid4())
        raise SoftTimeLimitExceeded

    making(overtaken)
    with pytest.raises(SoftTimeLimitExceeded):
        drain_exports()
    export.refresh_from_db()
    assert export.state == ExportState.RUNNING


def test_drain_began_exports_until_the_time_limit_killed_it(office, export, clock):
    services.request_export(office, "test")
    with patch("records.tasks.DRAIN_SECONDS", 0):
        drain_exports()
    assert Export.objects.filter(state=ExportState.WAITING).count() == 2
