"""`./run` as a whole: everything comes up, comes back, and goes away."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.workers import wait_until

pytestmark = pytest.mark.long

# A cold start collects static files and migrates while the rest of the suite keeps the other core busy.
START_SECONDS = 120


class Installation:
    """A running product in a folder of its own, next to the suite's."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.output = folder / "output"
        unset = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "FIELD_KEY", "ALLOWED_HOSTS", "PROXY_COUNT")
        self.env = {name: value for name, value in os.environ.items() if name not in unset}
        self.env |= {
            "VAR_DIR": str(folder / "var"),
            "PORT": str(self.port),
            "DEMO": "0",
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.output.open("ab") as output:
            command = [sys.executable, "-m", "config.supervisor"]
            self.process = subprocess.Popen(command, env=self.env, cwd=settings.BASE_DIR, stdout=output, stderr=output)
        wait_until(self.is_up, seconds=START_SECONDS)

    def is_up(self) -> bool:
        assert self.process.poll() is None, self.output.read_text()
        return self.answer("/healthz") == "ok"

    def answer(self, path: str) -> str:
        with contextlib.suppress(OSError):
            return urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5).read().decode()
        return ""

    def celery(self, *arguments: str) -> bool:
        """Whether a command to the running worker is answered."""
        command = [sys.executable, "-m", "celery", "-A", "config.celery", "-q", *arguments]
        ran = subprocess.run(command, env=self.env, cwd=settings.BASE_DIR, capture_output=True, check=False)
        return ran.returncode == 0

    def members(self) -> dict[int, str]:
        """Every process of this installation but the supervisor, by the folder in its environment or title."""
        mark = self.env["VAR_DIR"].encode()
        found = {}
        for entry in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                command = (entry / "cmdline").read_bytes()
                if mark in command or b"VAR_DIR=" + mark in (entry / "environ").read_bytes().split(b"\0"):
                    found[int(entry.name)] = command.replace(b"\0", b" ").decode()
        return {pid: command for pid, command in found.items() if not self.process or pid != self.process.pid}

    def pid_of(self, words: str) -> int:
        return min(pid for pid, command in self.members().items() if words in command)

    def is_complete(self) -> bool:
        commands = " ".join(self.members().values())
        return all(word in commands for word in ("valkey-server", "gunicorn", " worker ", " beat "))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same for all tests: only the first start has to collect and migrate."""
    return tmp_path_factory.mktemp("installation")


@pytest.fixture
def installation(folder: Path) -> Iterator[Installation]:
    made = Installation(folder)
    made.start()
    wait_until(made.is_complete)
    yield made
    made.process.kill()
    made.process.wait()
    wait_until(lambda: not made.members())


def test_start_shows_the_sign_in_page_and_stop_leaves_nothing(installation):
    assert "<form" in installation.answer("/accounts/login/")
    assert installation.answer("/readyz") == '{"database": "ok", "broker": "ok"}'
    wait_until(lambda: installation.celery("inspect", "ping", "-t", "2"))
    installation.process.send_signal(signal.SIGTERM)
    assert installation.process.wait(60) == 0
    assert installation.members() == {}


def test_killed_supervisor_leaves_no_orphan(installation):
    installation.process.kill()
    installation.process.wait()
    wait_until(lambda: not installation.members())


def test_killed_broker_and_web_come_back_and_the_worker_finds_the_broker(installation):
    wait_until(lambda: installation.celery("inspect", "ping", "-t", "2"))
    for words in ("valkey-server", "gunicorn"):
        os.kill(installation.pid_of(words), signal.SIGKILL)
    wait_until(lambda: installation.answer("/readyz") == '{"database": "ok", "broker": "ok"}')
    wait_until(lambda: installation.celery("inspect", "ping", "-t", "2"))


def test_second_start_in_the_same_folder_is_refused_with_a_sentence(installation):
    second = subprocess.run(
        [sys.executable, "-m", "config.supervisor"],
        env={**installation.env, "PORT": str(free_port())},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert second.returncode == 1
    assert "already running" in second.stderr
    assert installation.answer("/healthz") == "ok"


def test_taken_port_is_refused_with_a_sentence(installation, tmp_path):
    other = {**installation.env, "VAR_DIR": str(tmp_path / "other")}
    refused = subprocess.run(
        [sys.executable, "-m", "config.supervisor"],
        env=other,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 1
    assert f"PORT={installation.port + 1} ./run" in refused.stderr
