"""The whole of `./run bench data` and `./run bench pages`, small, on a PostgreSQL of its own."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from bench import _server

pytestmark = pytest.mark.long
#: Run in the finished database: what no constraint says.
CHECK = """
import datetime as dt
from friends.models import Friendship, Worker
from issues import stats
from issues.models import Issue, Opinion
from liaison.figure_scope import FigureScope
from lib.periods import custom, today
from organization.models import Unit
from organization.models.unit import path_step

for worker in Worker.objects.all():
    kept = [getattr(worker, name) for name in worker.derived_fields]
    worker.derive()
    assert kept == [getattr(worker, name) for name in worker.derived_fields], worker.pk
    contacts = worker.participations.order_by("-log__happened_on").values_list("log__happened_on", flat=True)
    assert worker.last_contact_on == contacts.first(), worker.pk
assert Worker.objects.with_phone(Worker.objects.first().phone).exists()
for unit in Unit.objects.select_related("parent"):
    assert unit.path == (unit.parent.path if unit.parent else "") + path_step(unit.pk)
    kept = unit.search
    unit.save()
    assert unit.search == kept
for friendship in Friendship.objects.select_related("worker"):
    assert friendship.unit_id == friendship.worker.unit_id
scope = FigureScope(Unit.objects.get(parent=None))
period = custom(today() - dt.timedelta(days=400), today() + dt.timedelta(days=1))
assert stats.misfits(scope, period) == []
for ledger in (stats.opinion_ledger, stats.issue_ledger):
    assert ledger(scope, period) == ledger(scope, period, as_of=today())
    assert ledger(scope, period).adds_up
print(Worker.objects.count(), Opinion.objects.count(), Issue.objects.exists())
"""


def bench(folder: Path, *words: str) -> str:
    return run(["bench", *words, "--folder", str(folder)], {})


def run(words: list[str], more: dict[str, str]) -> str:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.dev", **more}
    command = [sys.executable, "manage.py", *words]
    done = subprocess.run(
        command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@pytest.fixture
def home() -> Iterator[Path]:
    """Not pytest's own folder: the server may run as another user, who must reach it."""
    with tempfile.TemporaryDirectory(prefix="yixianqian-bench-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "server"


def test_a_small_house_is_made_measured_and_removed(home, monkeypatch):
    # A server of its own on either engine, for this process too.
    monkeypatch.delenv("DATABASE_URL", raising=False)
    made = bench(home, "data", "--workers", "220", "--logs", "400", "--opinions", "90", "--database", "small")
    assert "equal in" in made
    assert "Kept as small" in made
    with _server.server(home) as address:
        database = {"DATABASE_URL": _server.of_database(address, "small"), "VAR_DIR": f"{home}-state"}
        assert run(["shell", "-c", CHECK], database).split()[-3:] == ["220", "90", "True"]
    pages = bench(home, "pages", "--scales", "", "--database", "small", "--times", "1")
    assert "issues:opinion_list" in pages
    assert "status" not in pages
    bench(home, "data", "--remove")
    assert not home.exists()
