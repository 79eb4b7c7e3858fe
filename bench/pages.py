"""Queries, server time and weight of every page of every role, at 1, 10 and 100 times the demo.

Measured through Django's test client: the whole middleware, views, templates and a real PostgreSQL in one process,
without network and gunicorn. Time is the median of calls after a first one; weight is the page after gzip.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from argparse import ArgumentParser
from pathlib import Path

from . import _server
from .data import build, name_of

OUTPUT = "BENCH_OUTPUT"
#: What a page must not exceed.
MOST_QUERIES, MOST_KILOBYTES = 15, 120


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--scales", default="1,10,100", help="times the demo; made if they are not there yet")
    parser.add_argument("--database", action="append", default=[], help="further ones, made by ./run bench data")
    parser.add_argument("--times", type=int, default=5, help="calls per page")
    parser.add_argument("--slow", type=float, default=200, help="show statements that take longer, in milliseconds")
    parser.add_argument("--folder", type=Path, default=_server.default_folder())


def run(*, scales: str, database: list[str], times: int, slow: float, folder: Path) -> None:
    if os.environ.get(_server.INSIDE):
        from ._pages import measure_all

        Path(os.environ[OUTPUT]).write_text(json.dumps(measure_all(times, slow)))
        return
    wanted = {name_of(int(scale)): int(scale) for scale in scales.split(",") if scale}
    with _server.server(folder) as address:
        there = _server.databases(address)
        for name, scale in wanted.items():
            if name not in there and build(folder, address, name, ["--scale", str(scale)]):
                sys.exit(1)
        names = [*wanted, *database]
        results = {name: measured(folder, address, name, times, slow) for name in names}
    print_tables(results)
    print(f"The databases are kept in {folder}. To remove them: ./run bench data --remove")


def measured(folder: Path, address: str, name: str, times: int, slow: float) -> dict[str, list[dict]]:
    with tempfile.NamedTemporaryFile(suffix=".json") as output:
        os.environ[OUTPUT] = output.name
        if _server.run_inside(folder, address, name, ["pages", "--times", str(times), "--slow", str(slow)]):
            sys.exit(f"✗ The pages of {name} could not be measured.")
        return json.loads(Path(output.name).read_text())


def print_tables(results: dict[str, dict[str, list[dict]]]) -> None:
    """Per role a table: a line per page, and per database queries, milliseconds and kilobytes."""
    names = list(results)
    slow = []
    for role in results[names[0]]:
        costs = {name: {cost["name"]: cost for cost in results[name][role]} for name in names}
        pages = dict.fromkeys(page for name in names for page in costs[name])
        print(f"\n{role:44}" + "".join(f"{name:>28}" for name in names))
        print(f"{'':44}" + f"{'queries':>12}{'ms':>8}{'kB':>8}" * len(names))
        for page in pages:
            cells = [cell(costs[name].get(page)) for name in names]
            print(f"{page:44}{''.join(cells)}")
            for name in names:
                slow += [f"{name} · {role} · {page}: {words}" for words in costs[name].get(page, {}).get("slow", ())]
    for line in slow:
        print(f"\nslow: {line}")


def cell(cost: dict | None) -> str:
    """A star where a page needs more than it may; a page without a row to show has no numbers."""
    if cost is None:
        return f"{'–':>12}{'–':>8}{'–':>8}"
    if cost["status"] != 200:
        return f"{'status':>12}{cost['status']:>8}{'':8}"
    kilobytes = cost["bytes"] / 1000
    star = "*" if cost["queries"] > MOST_QUERIES or kilobytes > MOST_KILOBYTES else " "
    return f"{cost['queries']:>12}{cost['milliseconds']:>8.0f}{kilobytes:>7.1f}{star}"
