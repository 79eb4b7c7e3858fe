"""Starting and watching child processes; used by the supervisor and by the tests. Imports no Django."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

PR_SET_PDEATHSIG = 1
LONGEST_PAUSE = 30.0
# A process that ran this long was healthy: its next failure is a first one.
HEALTHY_AFTER = 60.0


def dies_with_parent() -> Callable[[], None] | None:
    """What a child calls before it becomes its program: a killed parent leaves no orphan that holds the port."""
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def arrange() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return arrange


@dataclass
class Child:
    """A process that is started again, after a growing pause, when it ends by itself."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str]
    # Seconds between SIGTERM and SIGKILL.
    grace: float = 10
    # Errors are shown all the same.
    is_mute: bool = False
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0
    failures: int = 0
    start_again_at: float = field(default=0, init=False)

    def start(self) -> None:
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            env=dict(self.env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if self.is_mute else None,
            preexec_fn=dies_with_parent(),
            # Ctrl-C reaches the supervisor alone, which then stops everything in order.
            start_new_session=True,
        )

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def keep_running(self) -> str | None:
        """Start again what has ended; returns a sentence when something happened."""
        now = time.monotonic()
        if self.is_running():
            return None
        if self.process is not None:
            status = self.process.returncode
            if now - self.started_at > HEALTHY_AFTER:
                self.failures = 0
            pause = min(2.0**self.failures, LONGEST_PAUSE)
            self.failures += 1
            self.process = None
            self.start_again_at = now + pause
            return f"{self.name} ended with status {status}; it starts again in {pause:.0f} s"
        if now >= self.start_again_at:
            self.start()
        return None

    def stop(self) -> None:
        """Ask it to end; insist after the grace."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(self.grace)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
