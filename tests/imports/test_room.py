"""What a large roster needs of the web process, between the upload and the last row written."""

import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager

from friends.imports import WorkerImporter
from lib.tabular import kept
from lib.tabular.reading import read
from tests.people import World

from .files import HEADER, person, text

ROWS = 8_000
KB = 1024


@contextmanager
def room(most: float) -> Iterator[None]:
    """At most so many KB for a row, at the peak and beside what was there before."""
    tracemalloc.start()
    try:
        yield
        peak = tracemalloc.get_traced_memory()[1] / ROWS / KB
    finally:
        tracemalloc.stop()
    assert peak <= most, f"{peak:.2f} KB a row"


def test_a_roster_of_a_hundred_thousand_took_seven_hundred_megabytes(world: World):
    """What rows have in common is there once, and what differs is not kept twice."""
    lines = [person(n, f"段{chr(0x4E00 + n // 90)}{chr(0x5000 + n % 90)}") for n in range(1, ROWS + 1)]
    book = read(text([HEADER, *lines]))
    importer = WorkerImporter(scope=world.company)
    with room(0.3):
        tables = importer.take(book)
    with room(1.6):
        outcome = importer.judge(tables)
    assert outcome.effects()["new"] == ROWS
    token = kept.keep("somebody", tables)
    del importer, tables, outcome
    with room(1.1):
        tables = kept.tables_of("somebody", token)
    WorkerImporter(scope=world.company).confirm(tables)
    with room(2.4):
        again = WorkerImporter(scope=world.company).confirm(tables)
    assert again.effects()["unchanged"] == ROWS
