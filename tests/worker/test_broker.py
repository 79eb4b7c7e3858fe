"""A broker that is away, hangs or forgets delays the work; requests succeed, and nothing is lost."""

import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import pytest
import redis
from celery import Celery
from django.conf import settings
from kombu.exceptions import OperationalError

from config.broker import socket_path, wait_until_ready
from config.processes import Child
from tests.services import valkey
from tests.workers import Worker, wait_until

from .stage import ENV, Stage, all_done, beating, check_nothing_lost_nothing_doubled, sent

pytestmark = pytest.mark.django_db(transaction=True)
#: A request that waited for the broker would take the time limits of its socket: 2 s to connect, 2 s to read.
WITHOUT_BROKER = 2.0
NUMBER = 12


class Broker:
    """A broker of the test's own, for what no other test may meet."""

    def __init__(self, folder: Path, server: Child) -> None:
        self.path = socket_path(folder)
        self.server = server

    @property
    def url(self) -> str:
        return f"redis+socket://{self.path}"

    def stop(self) -> None:
        self.server.process.kill()
        self.server.process.wait()

    def start(self) -> None:
        self.server.start()
        assert wait_until_ready(self.path)

    def hang(self) -> None:
        self.server.process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self.server.process.send_signal(signal.SIGCONT)

    def forget(self) -> None:
        with redis.Redis(unix_socket_path=os.fspath(self.path)) as client:
            client.flushall()


@pytest.fixture
def own_broker() -> Iterator[Broker]:
    folder = Path(tempfile.mkdtemp(prefix="yxq-broker-"))
    with valkey(folder) as server:
        yield Broker(folder, server)
        if server.is_running():
            server.process.send_signal(signal.SIGCONT)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def busy(own_broker: Broker, tmp_path: Path) -> Iterator[Stage]:
    """A worker and a beat on that broker, which have shown that they work."""
    shutil.rmtree(settings.EMAIL_FILE_PATH, ignore_errors=True)
    worker = Worker(tmp_path / "worker.log", env={**ENV, "REDIS_URL": own_broker.url})
    stage = Stage(NUMBER)
    worker.start(wait=False)
    try:
        with beating(own_broker.url):
            stage.submit(0)
            wait_until(sent, seconds=120)
            stage.worker = worker
            yield stage
    finally:
        worker.kill()
        # Shown when the test fails.
        print(worker.log.read_text())


def fault_of(broker: Broker, kind: str) -> tuple[Callable[[], None], Callable[[], None]]:
    """How the fault begins and how it ends."""
    return {
        "down": (broker.stop, broker.start),
        "hung": (broker.hang, broker.go_on),
        "flushed": (broker.forget, broker.forget),
    }[kind]


def seconds_of(stage: Stage, number: int) -> float:
    started = time.monotonic()
    stage.submit(number)
    return time.monotonic() - started


def supervised(stage: Stage) -> Stage:
    """Celery may give up when its connection breaks; ./run and systemd start it again then."""
    if stage.worker.process.poll() is not None:
        stage.worker.start(wait=False)
    return stage


@pytest.mark.parametrize("kind", ["down", "hung", "flushed"])
def test_requests_succeed_while_the_broker_fails_and_the_work_is_done_after(own_broker, busy, kind):
    begin, end = fault_of(own_broker, kind)
    begin()
    # Most of them: one request may be slow on a busy machine, but not each of them as slow as a waiting one.
    assert median(seconds_of(busy, number) for number in range(1, NUMBER)) < WITHOUT_BROKER
    end()
    # Celery waits longer with each try to connect, half a minute at most between two.
    wait_until(lambda: all_done(supervised(busy)), seconds=300)
    check_nothing_lost_nothing_doubled(busy)


@pytest.mark.once
@pytest.mark.parametrize("kind", ["down", "hung"])
def test_message_sent_from_a_request_would_have_failed(own_broker, kind):
    """The control: what a request would meet that sends a message itself."""
    begin, end = fault_of(own_broker, kind)
    naive = Celery("request", broker=own_broker.url)
    naive.conf.broker_transport_options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    begin()
    try:
        with pytest.raises(OperationalError):
            naive.send_task("notices.tasks.drain_deliveries", retry=False)
    finally:
        end()
        naive.close()
