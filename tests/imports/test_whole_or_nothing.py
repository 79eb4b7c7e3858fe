"""Whatever happens while the rows are written, all of them are there afterwards, or none."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from friends.imports import WorkerImporter
from friends.models import Worker
from lib.tabular.reading import read
from tests.people import World, build_world

from .files import HEADER, person, workbook

COUNT = 3000
#: The command, told to stop dead after its first statement that writes.
KILLED = """
import os, signal, sys
import django
django.setup()
from django.db import connections
settings_dict = connections["default"].settings_dict
settings_dict["NAME"] = sys.argv[1]
from lib.tabular import bulk
from friends.imports import workers
written = bulk.insert_rows
def and_die(*args):
    written(*args)
    os.kill(os.getpid(), signal.SIGKILL)
workers.insert_rows = and_die
from django.core.management import call_command
call_command("import_roster", "workers", sys.argv[2])
"""


@pytest.fixture
def committed_world(transactional_db: None) -> World:
    return build_world()


def roster(count: int) -> bytes:
    return workbook(HEADER, *(person(n, "段石松") for n in range(1, count + 1)))


def test_an_import_killed_while_writing_leaves_nothing(committed_world: World, tmp_path: Path):
    path = tmp_path / "roster.xlsx"
    path.write_bytes(roster(COUNT))
    before = Worker.objects.count()
    name = str(connection.settings_dict["NAME"])
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test"}
    done = subprocess.run(
        [sys.executable, "-c", KILLED, name, str(path)], env=environment, cwd=settings.BASE_DIR, check=False
    )
    assert done.returncode == -signal.SIGKILL
    assert Worker.objects.count() == before
    WorkerImporter().confirm(WorkerImporter().take(read(path.read_bytes())))
    assert Worker.objects.count() == before + COUNT


def test_an_error_while_writing_leaves_nothing(world: World, monkeypatch: pytest.MonkeyPatch):
    """The control beside it: without the error the same call writes all rows."""
    tables = WorkerImporter().take(read(roster(5)))
    before = Worker.objects.count()
    with monkeypatch.context() as broken:
        broken.setattr("friends.imports.workers.write_trail", _fail)
        with pytest.raises(RuntimeError):
            WorkerImporter().confirm(tables)
    assert Worker.objects.count() == before
    WorkerImporter().confirm(tables)
    assert Worker.objects.count() == before + 5


def _fail(*args: object) -> None:
    raise RuntimeError


def test_a_second_import_that_was_judged_before_the_first_was_written_adds_nobody(world: World):
    """Both previews say new; at confirmation each is judged again under the lock."""
    one, other = (WorkerImporter().take(read(roster(3))) for _ in range(2))
    assert WorkerImporter().judge(one).effects()["new"] == WorkerImporter().judge(other).effects()["new"] == 3
    WorkerImporter().confirm(one)
    assert WorkerImporter().confirm(other).effects() == {"new": 0, "changed": 0, "unchanged": 3}
    assert Worker.objects.filter(name="段石松").count() == 3
