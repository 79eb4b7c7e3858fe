"""`./run`: prepares what has changed, then keeps broker, web, worker and scheduler running.

Imports no Django: a second start shows its first page while the worker is still loading.
"""

import contextlib
import fcntl
import http.client
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

from config import broker
from config.preparation import prepare
from config.processes import Child

BASE_DIR = Path(__file__).resolve().parent.parent


class Stopped(Exception):
    """Raised where the supervisor stands when it is asked to end."""


def say(text: str) -> None:
    print(f"• {text}", flush=True)


def var_dir() -> Path:
    return Path(os.environ.get("VAR_DIR") or BASE_DIR / "var").resolve()


@contextlib.contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the folder's lock: a second supervisor would fight over the broker and the database file."""
    with (folder / "run.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.exit(f"✗ It is already running from this folder ({folder}); stop that one first.")
        yield


def check_port_is_free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            sys.exit(f"✗ Port {port} on {host} is taken; choose another: PORT={port + 1} ./run")


def children(folder: Path, env: dict[str, str], host: str, port: int) -> dict[str, Child]:
    """All processes in the order in which they start; the broker only if no other is named."""
    python = sys.executable
    celery = (python, "-m", "celery", "-A", "config.celery", "-q")
    address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    gunicorn = (
        *(python, "-m", "gunicorn", "config.wsgi", "--bind", address, "--log-level", "warning"),
        *("--worker-class", "gthread", "--workers", env.get("WEB_PROCESSES", "1")),
        *("--threads", env.get("WEB_THREADS", "8"), "--timeout", "60", "--graceful-timeout", "8"),
        *("--worker-tmp-dir", str(folder), "--no-control-socket"),
    )
    web_env = {"STATEMENT_TIMEOUT_MS": "30000", **env}
    started = {}
    if not env.get("REDIS_URL"):
        broker.make_private(broker.socket_path(folder).parent)
        started["broker"] = Child("broker", broker.server_command(folder), env)
    started["web"] = Child("web", gunicorn, web_env)
    # A task that is cut short is handed out again, so there is no need to wait for the longest.
    # Celery announces its end on the standard output, in words for its makers.
    work = (*celery, "worker", "--without-gossip", "--without-mingle")
    started["worker"] = Child("worker", work, env, 20, is_mute=True)
    started["beat"] = Child("beat", (*celery, "beat", "--pidfile="), env, 5)
    return started


def wait_for_page(child: Child, host: str, port: int) -> bool:
    """True once the web process answers anything at all; False when it keeps failing."""
    while child.failures < 3:
        if sentence := child.keep_running():
            say(sentence)
        with contextlib.suppress(OSError, http.client.HTTPException):
            connection = http.client.HTTPConnection(host, port, timeout=5)
            connection.request("GET", "/healthz")
            connection.getresponse()
            return True
        time.sleep(0.05)
    return False


@contextlib.contextmanager
def stopping_in_order(running: dict[str, Child]) -> Iterator[None]:
    """Whatever happens inside: no new work, then no new requests, then finish the work, then the broker."""
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        if any(child.is_running() for child in running.values()):
            say("正在停止，先把手头的事办完 · stopping")
        for name in ("beat", "web", "worker", "broker"):
            if name in running:
                running[name].stop()


def ask_to_stop(_signal: int, _frame: FrameType | None) -> None:
    raise Stopped


def main() -> None:
    host, port = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    folder = var_dir()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, ask_to_stop)
    signal.signal(signal.SIGINT, ask_to_stop)
    running = children(folder, dict(os.environ), host, port)
    with only_one(folder), contextlib.suppress(Stopped), stopping_in_order(running):
        check_port_is_free(host, port)
        serve(running, folder, host, port)


def serve(running: dict[str, Child], folder: Path, host: str, port: int) -> None:
    """Start in the order in which people notice: pages first, background work after."""
    begun = time.monotonic()
    if "broker" in running:
        running["broker"].start()
    prepare(BASE_DIR, folder, say)
    running["web"].start()
    if not wait_for_page(running["web"], host, port):
        sys.exit("✗ The web process does not start; the lines above say why.")
    seconds = time.monotonic() - begun
    say(f"一线牵已就绪 · ready after {seconds:.1f} s: http://{host}:{port}  (Ctrl-C 停止)")
    while True:
        for child in running.values():
            if sentence := child.keep_running():
                say(sentence)
        time.sleep(0.3)


if __name__ == "__main__":
    main()
