"""A synthetic database of any size on PostgreSQL, by COPY; it is kept for `./run bench pages`.

Nobody in it is real. Constraints and indexes are put back after the load, which checks every row; the roll-up is summed
by the product's own queries and compared with the facts.
"""

from __future__ import annotations

import os
import random
import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from . import _server


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--workers", type=int, default=650)
    parser.add_argument("--logs", type=int, default=600)
    parser.add_argument("--opinions", type=int, help="one to 8 logs unless given")
    parser.add_argument("--scale", type=int, help="so many times the demo, instead of the three numbers")
    parser.add_argument("--database", help="its name; bench_x10 for --scale 10, else bench")
    parser.add_argument("--folder", type=Path, default=_server.default_folder(), help="of the server and its data")
    parser.add_argument("--remove", action="store_true", help="drop the database, or without a name all there is")


def run(
    *,
    workers: int,
    logs: int,
    opinions: int | None,
    scale: int | None,
    database: str | None,
    folder: Path,
    remove: bool,
) -> None:
    if os.environ.get(_server.INSIDE):
        make(workers, logs, logs // 8 if opinions is None else opinions, scale)
        return
    if remove and database is None:
        _server.remove(folder)
        print(f"{folder} is gone.")
        return
    name = database or (name_of(scale) if scale else "bench")
    with _server.server(folder) as address:
        if remove:
            _server.drop(address, name)
            return
        if name in _server.databases(address):
            sys.exit(f"✗ {name} is there already; remove it first: ./run bench data --remove --database {name}")
        words = ["--workers", str(workers), "--logs", str(logs)]
        words += ["--opinions", str(opinions)] if opinions is not None else []
        words += ["--scale", str(scale)] if scale else []
        status = build(folder, address, name, words)
    if status:
        sys.exit(status)
    print(f"Kept as {name} in {folder}. To remove it: ./run bench data --remove --database {name}")


def name_of(scale: int) -> str:
    return f"bench_x{scale}"


def build(folder: Path, address: str, name: str, words: list[str]) -> int:
    """Makes and fills the database; a half-filled one is not kept."""
    _server.create(address, name)
    status = _server.run_inside(folder, address, name, ["data", *words])
    if status:
        _server.drop(address, name)
    return status


def make(workers: int, logs: int, opinions: int, scale: int | None) -> None:
    from django.core.management import call_command

    from lib.periods import today

    from ._shape import Shape

    start = time.monotonic()
    with phase("tables"):
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
    fill(Shape.scaled(scale, today()) if scale else Shape(workers, logs, opinions, today()))
    print(f"{'in all':34} {time.monotonic() - start:8.1f} s")


def fill(shape) -> None:
    from . import _around, _contacts, _loop, _schema, _structure, _sums
    from ._copy import Loader

    # The same numbers give the same house.
    rng = random.Random(20160831)
    models = [*_structure.MODELS, *_contacts.MODELS, *_loop.MODELS, *_around.MODELS]
    print(f"{shape.workers:,} workers, {shape.cadres:,} cadres, {shape.logs:,} logs in {shape.days} days")
    mended = time.monotonic()
    with _schema.bare(models):
        with Loader() as load:
            with phase("units, accounts, groups"):
                house = _structure.load_structure(shape, load)
                _around.load_meetings(shape, load, house, rng)
                _around.load_notices(shape, load, house)
                _contacts.load_friendships(shape, load, house, rng)
            ledger = _loop.Ledger(shape, load, house, rng)
            with phase("logs, opinions, issues"):
                last = _contacts.load_logs(shape, load, house, ledger, rng)
                ledger.finish()
            with phase("workers"):
                _contacts.load_workers(shape, load, house, last, rng)
        mended = time.monotonic()
    print(f"{'constraints and indexes':34} {time.monotonic() - mended:8.1f} s", flush=True)
    with phase("statistics"):
        _schema.analyze()
    with phase("roll-up"):
        _sums.fill_rollup()
        _schema.analyze()
    with phase("roll-up against the facts"):
        months = _sums.check_rollup()
    print(f"{'':4}equal in {', '.join(f'{month:%Y-%m}' for month in months)}")
    report(load)


def report(load) -> None:
    from django.db import connection

    from reports.models import Rollup

    counts = {table.model._meta.db_table: table.count for table in load.tables}
    counts[Rollup._meta.db_table] = Rollup.objects.count()
    with connection.cursor() as cursor:
        for name, count in counts.items():
            cursor.execute("SELECT pg_total_relation_size(%s::regclass)", [name])
            print(f"{'':4}{name:34} {count:>12,} {cursor.fetchone()[0] / 1e6:>10,.1f} MB")
        cursor.execute("SELECT pg_database_size(current_database())")
        print(f"{'':4}{'the database':34} {'':>12} {cursor.fetchone()[0] / 1e6:>10,.1f} MB")


@contextmanager
def phase(name: str) -> Iterator[None]:
    start = time.monotonic()
    yield
    print(f"{name:34} {time.monotonic() - start:8.1f} s", flush=True)
