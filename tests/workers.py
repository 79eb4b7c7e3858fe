"""A real Celery worker in a process of its own, on the test's broker and the test's database."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from django.db import connection

from config.celery import app
from config.processes import dies_with_parent

START_SECONDS = 60


def wait_until(condition: Callable[[], object], *, seconds: float = 90) -> None:
    """Return as soon as the condition holds; fail after the deadline."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"did not happen within {seconds:g} s"
        time.sleep(0.02)


def database_url() -> str:
    """The address of the database that this test is using, for another process."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


class Worker:
    """Start it, kill it at any moment, start it again; its output is in `log` for when a test fails."""

    def __init__(
        self, log: Path, *, concurrency: int = 2, env: dict[str, str] | None = None, include: tuple[str, ...] = ()
    ) -> None:
        self.log = log
        self.concurrency = concurrency
        # Modules with tasks of a test's own.
        self.include = include
        self.env = {**os.environ, "DATABASE_URL": database_url(), **(env or {})}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, *, wait: bool = True) -> None:
        """`wait`: return only when the worker answers, so that a test's clock does not run while it loads."""
        command = (sys.executable, "-m", "celery", "-A", "config.celery", "-q", "worker")
        options = ["--without-gossip", "--without-mingle", "--concurrency", str(self.concurrency)]
        options += [word for module in self.include for word in ("--include", module)]
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [*command, *options],
                env={**self.env, "DJANGO_SETTINGS_MODULE": "config.settings.test"},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                preexec_fn=dies_with_parent(),
                start_new_session=True,
            )
        if wait:
            wait_until(self.answers, seconds=START_SECONDS)

    def answers(self) -> bool:
        assert self.process is not None and self.process.poll() is None, self.log.read_text()
        return bool(app.control.ping(timeout=0.3, limit=1))

    def kill(self) -> None:
        """SIGKILL to the worker and all its children at once, as a power cut would."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def stop(self) -> None:
        """Let it finish what it is doing."""
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()
            self.process = None
