"""Where the synthetic databases live: a PostgreSQL of our own whose data stays, or the server of DATABASE_URL."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from psycopg2 import sql

#: Set in the process that works on one database; what it holds is the folder.
INSIDE = "BENCH_FOLDER"
#: A load writes gigabytes of log; the defaults would flush every few seconds.
SETTINGS = {"max_wal_size": "16GB", "checkpoint_timeout": "30min", "wal_level": "minimal", "max_wal_senders": "0"}


def default_folder() -> Path:
    return Path(tempfile.gettempdir()) / f"yixianqian-bench-{os.getuid()}"


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """Yields an address of the server without a database; ours is stopped afterwards and its data kept."""
    folder.mkdir(mode=0o755, parents=True, exist_ok=True)
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres"):
        yield given
        return
    process = start(folder)
    try:
        yield f"postgres://postgres@/postgres?host={folder}"
    finally:
        # "Fast": what is stored is written out, and found again by the next measurement.
        process.send_signal(signal.SIGINT)
        process.wait()


def start(folder: Path) -> subprocess.Popen[bytes]:
    from tests import services

    programs = services.runnable_programs(folder)
    if not (folder / "data").exists():
        if services.as_user():
            shutil.chown(folder, services.NOBODY, services.NOBODY)
        services.make_cluster(programs, folder / "data")
        lines = "".join(f"{name} = '{value}'\n" for name, value in SETTINGS.items())
        with (folder / "data" / "postgresql.auto.conf").open("a") as settings:
            settings.write(lines)
    process = services.run_server(programs, folder)
    services.wait_for_server(process, folder)
    return process


def of_database(address: str, name: str) -> str:
    parts = urlsplit(address)
    return urlunsplit(parts._replace(path=f"/{name}"))


@contextmanager
def administration(address: str) -> Iterator[psycopg2.extensions.cursor]:
    parts = urlsplit(of_database(address, "postgres"))
    host = dict(word.split("=", 1) for word in parts.query.split("&") if "=" in word).get("host") or parts.hostname
    connection = psycopg2.connect(
        host=host, port=parts.port, user=parts.username, password=parts.password, dbname="postgres"
    )
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def databases(address: str) -> set[str]:
    with administration(address) as cursor:
        cursor.execute("SELECT datname FROM pg_database")
        return {name for (name,) in cursor.fetchall()}


def create(address: str, name: str) -> None:
    with administration(address) as cursor:
        cursor.execute(sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(sql.Identifier(name)))


def drop(address: str, name: str) -> None:
    with administration(address) as cursor:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def run_inside(folder: Path, address: str, name: str, words: Sequence[str]) -> int:
    """This command again, in a process whose database is the named one. Its keys stay in the folder, like the data."""
    state = folder.with_name(f"{folder.name}-state")
    environment = {**os.environ, "DATABASE_URL": of_database(address, name), "VAR_DIR": str(state), INSIDE: str(folder)}
    command = [sys.executable, "manage.py", "bench", *words]
    return subprocess.run(command, env=environment, check=False).returncode


def remove(folder: Path) -> None:
    for part in (folder, folder.with_name(f"{folder.name}-state")):
        shutil.rmtree(part, ignore_errors=True)
