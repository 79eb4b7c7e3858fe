"""The shipped settings: refused when incomplete, clean for Django's deployment check, the same everywhere."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from config.celery import app

KEYS = {"SECRET_KEY": "s" * 40 + "0123456789ab", "FIELD_KEY": "f" * 50, "ALLOWED_HOSTS": "union.example.cn"}


def manage(tmp_path: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """`manage.py` with production settings in an environment that holds nothing else."""
    env = {
        "PATH": os.defpath,
        "VAR_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "config.settings.base",
        **variables,
    }
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        env=env,
        capture_output=True,
        text=True,
        cwd=settings.BASE_DIR,
        check=False,
    )


@pytest.mark.parametrize("missing", KEYS)
def test_production_without_key_or_host_names_the_variable(tmp_path, missing):
    given = {name: value for name, value in KEYS.items() if name != missing}
    refused = manage(tmp_path, "check", **given)
    assert refused.returncode != 0
    assert f"Set the environment variable {missing}" in refused.stderr


def test_production_settings_pass_the_deployment_check(tmp_path):
    checked = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **KEYS)
    assert checked.returncode == 0, checked.stderr


def test_deployment_check_fails_when_cookies_are_not_secure(tmp_path):
    """The control: the check that is relied upon above does notice."""
    (tmp_path / "loose.py").write_text("from config.settings.base import *\nSESSION_COOKIE_SECURE = False\n")
    checked = manage(
        tmp_path,
        *("check", "--deploy", "--fail-level", "WARNING", "--pythonpath", str(tmp_path), "--settings", "loose"),
        **KEYS,
    )
    assert checked.returncode != 0
    assert "security.W012" in checked.stderr


def test_demo_sign_in_exists_on_loopback_only(tmp_path):
    def demo(**variables: str) -> str:
        script = "from django.conf import settings; print('DEMO is', settings.DEMO)"
        laptop = {"DJANGO_SETTINGS_MODULE": "config.settings.dev", "ALLOWED_HOSTS": "*", **variables}
        return manage(tmp_path, "shell", "--verbosity", "0", "-c", script, **laptop).stdout.strip()

    assert demo() == "DEMO is True"
    assert demo(HOST="0.0.0.0") == "DEMO is False"
    assert demo(DEMO="0") == "DEMO is False"
    assert demo(DJANGO_SETTINGS_MODULE="config.settings.base", DEMO="1", **KEYS | {}) == "DEMO is False"


def test_keys_of_a_laptop_are_kept_private_and_stay_the_same(tmp_path):
    for _ in range(2):
        manage(tmp_path, "check", DJANGO_SETTINGS_MODULE="config.settings.dev")
        keys = {name: (tmp_path / name).read_text() for name in ("secret_key", "field_key")}
        (tmp_path / "seen").write_text(repr(keys)) if not (tmp_path / "seen").exists() else None
    assert (tmp_path / "seen").read_text() == repr(keys)
    assert keys["secret_key"] != keys["field_key"]
    assert {(tmp_path / name).stat().st_mode & 0o777 for name in keys} == {0o600}


def test_database_driver_is_psycopg2():
    """psycopg 3 beside it would be taken by Django without a word."""
    if connection.vendor == "postgresql":
        assert connection.Database.__name__ == "psycopg2"
    else:
        assert connection.vendor == "sqlite"


@pytest.mark.django_db
def test_tests_run_on_the_engine_they_claim():
    assert connection.vendor == os.environ.get("TEST_ENGINE", connection.vendor)


def test_sqlite_waits_for_writers_instead_of_failing():
    if connection.vendor == "sqlite":
        options = connection.settings_dict["OPTIONS"]
        assert options["transaction_mode"] == "IMMEDIATE"
        assert options["timeout"] == 20
        assert "journal_mode=WAL" in options["init_command"]


def test_every_beat_entry_names_a_task_that_exists():
    app.loader.import_default_modules()
    wanted = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert wanted - set(app.tasks) == set()


def test_no_task_may_run_longer_than_the_broker_waits():
    """Otherwise the broker hands a running task out a second time."""
    app.loader.import_default_modules()
    longest = max([app.conf.task_time_limit, *(task.time_limit or 0 for task in app.tasks.values())])
    assert longest < app.conf.broker_transport_options["visibility_timeout"]
