"""Fixtures and rules for the whole suite. Parts with fixtures of their own have a conftest beside them."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from django.conf import settings as django_settings
from django.core.cache import cache
from django.utils import translation
from django.utils.translation.reloader import translation_file_changed

from config.messages import compile_catalogues
from tests import system
from tests.services import valkey
from tests.workers import Worker

# Playwright keeps an event loop in the test's thread, in which Django would refuse to use the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

MISSING_PACKAGES = pytest.StashKey[set[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="also the tests marked long")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[MISSING_PACKAGES] = set()
    for written in compile_catalogues(Path(django_settings.BASE_DIR) / "locale"):
        # Django may have read the folder before the catalogue was there.
        translation_file_changed(None, written)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the long tests unless asked for; skip loudly what this system cannot run."""
    if not config.getoption("--long"):
        kept = [item for item in items if item.get_closest_marker("long") is None]
        config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
        items[:] = kept
    for item in items:
        packages = {p for marker in system.NEEDS if item.get_closest_marker(marker) for p in system.missing(marker)}
        if packages:
            config.stash[MISSING_PACKAGES] |= packages
            item.add_marker(pytest.mark.skip(reason=f"needs {' '.join(sorted(packages))}"))
    if config.stash[MISSING_PACKAGES] and os.environ.get("REQUIRE_SYSTEM") == "1":
        raise pytest.UsageError(install_sentence(config.stash[MISSING_PACKAGES]))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if packages := config.stash[MISSING_PACKAGES]:
        terminalreporter.write_line("")
        terminalreporter.write_line(f"!!! NOT EVERYTHING WAS TESTED: {install_sentence(packages)}", red=True, bold=True)


def install_sentence(packages: set[str]) -> str:
    return f"this system lacks what some tests need: apt-get install {' '.join(sorted(packages))}"


@pytest.fixture(autouse=True)
def _clean_state() -> Iterator[None]:
    """No test meets another's cache, uploads or language."""
    cache.clear()
    translation.activate(django_settings.LANGUAGE_CODE)
    yield
    shutil.rmtree(django_settings.MEDIA_ROOT, ignore_errors=True)


@pytest.fixture(scope="session")
def _broker_server() -> Iterator[None]:
    """Started by the first test that needs it, and only then."""
    if os.environ.get("REDIS_URL"):
        yield
        return
    with valkey(django_settings.VAR_DIR):
        yield


@pytest.fixture
def broker(_broker_server: None) -> Iterator[redis.Redis]:
    """An empty broker; yields a client on it."""
    url = django_settings.CELERY_BROKER_URL.replace("redis+socket://", "unix://", 1)
    with redis.Redis.from_url(url) as client:
        client.flushdb()
        yield client


@pytest.fixture
def worker(broker: redis.Redis, transactional_db: None, tmp_path: Path) -> Iterator[Worker]:
    """A real worker process that is ready; what tests wait for they poll with `wait_until`."""
    process = Worker(tmp_path / "worker.log")
    process.start()
    yield process
    process.stop()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """Playwright with the system's Chromium; its sandbox needs a user that is not root."""
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": system.chromium(), "args": arguments}
