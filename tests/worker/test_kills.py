"""A worker that is killed at any moment loses nothing and doubles nothing; messages alone, killed alike, lose work."""

import shutil
import threading
from collections.abc import Callable
from random import Random

import pytest
import redis
from django.conf import settings
from django.db import connection

from issues.models import Dispatch
from notices.models import Delivery
from tests.workers import Worker, wait_until

from . import naive
from .stage import (
    ENV,
    Stage,
    all_done,
    announced,
    beating,
    check_nothing_lost_nothing_doubled,
    mails,
    repeated_mails,
    sent,
    work_done,
)

SIZES = [
    pytest.param(60, 3, id="short"),
    pytest.param(500, 20, id="long", marks=pytest.mark.long),
]
SEED = 2016
#: Seconds within which the worker is killed after it has begun to work: long enough for a mail, short of a batch.
LATEST_KILL = 0.05
#: After the last kill: the leases of what was being sent run out, and it is sent again.
DRAINED_WITHIN = 60

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("broker")]


@pytest.fixture(autouse=True)
def empty_mailbox():
    shutil.rmtree(settings.EMAIL_FILE_PATH, ignore_errors=True)


def under_fire(worker: Worker, number: int, kills: int, submit: Callable[[int], None]) -> None:
    """Sends the requests in as many portions as there are kills; in each the worker starts, works and is killed."""
    random = Random(SEED)
    for portion in range(kills):
        numbers = range(portion * number // kills, (portion + 1) * number // kills)
        before = work_done()
        worker.start(wait=False)
        requests = in_thread(lambda numbers=numbers: [submit(n) for n in numbers])
        wait_until(lambda before=before: work_done() > before, seconds=180)
        threading.Event().wait(random.uniform(0, LATEST_KILL))
        worker.kill()
        requests()


def in_thread(work: Callable[[], object]) -> Callable[[], None]:
    """Starts the work; the answer waits for its end and raises what it raised."""
    failures: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as failure:
            failures.append(failure)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()

    def finish() -> None:
        thread.join()
        if failures:
            raise failures[0]

    return finish


@pytest.mark.parametrize(("number", "kills"), SIZES)
def test_killed_worker_loses_nothing_and_doubles_nothing(tmp_path, number, kills):
    stage = Stage(number)
    worker = Worker(tmp_path / "worker.log", env=ENV)
    try:
        with beating(settings.CELERY_BROKER_URL):
            under_fire(worker, number, kills, stage.submit)
            worker.start(wait=False)
            wait_until(lambda: all_done(stage), seconds=DRAINED_WITHIN)
    finally:
        worker.kill()
    check_nothing_lost_nothing_doubled(stage)
    # Outside our database at least once is what can be had: each process that was killed may have been sending.
    assert {number for numbers in mails() for number in numbers} == set(Delivery.objects.values_list("pk", flat=True))
    print(f"{number} requests, {kills} kills: {repeated_mails()} of {len(mails())} mails repeated")
    assert repeated_mails() <= kills * worker.concurrency


@pytest.mark.once
@pytest.mark.parametrize(("number", "kills"), SIZES)
def test_messages_alone_lose_work_to_the_same_kills(tmp_path, broker: redis.Redis, number, kills):
    stage = Stage(number)

    def submit(n: int) -> None:
        stage.submit(n)
        if n % 2 == 0:
            naive.tell.delay(Dispatch.objects.values_list("pk", flat=True).get(issue=stage.issues[n // 2]))

    worker = Worker(tmp_path / "worker.log", env=ENV, include=("tests.worker.naive",))
    try:
        under_fire(worker, number, kills, submit)
        worker.start()
        wait_until(lambda: broker.llen("celery") == 0)
        # A warm stop: what it has begun it finishes.
        worker.stop()
    finally:
        worker.kill()
    assert Dispatch.objects.count() == len(stage.issues)
    lost = len(stage.issues) - min(sent(), len(announced()))
    print(f"{number} requests, {kills} kills: {lost} of {len(stage.issues)} lost")
    assert lost > 0
