"""Nothing changes by looking: scanners of links and impatient browsers fetch whatever they find."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.urls import resolve

from organization.roles import Role
from records.models import Download
from tests.access.world import AccessWorld, build_access_world

from .crawl import crawl, places

pytestmark = [pytest.mark.django_db, pytest.mark.once]
#: What a look may leave behind: the session, and the register of who fetched what.
LEFT_BY_READING = {Session, Download}


@pytest.fixture
def world() -> AccessWorld:
    return build_access_world()


def fingerprint() -> dict[str, str]:
    """Table → digest of all its rows."""
    found = {}
    for model in apps.get_models(include_auto_created=True):
        if model not in LEFT_BY_READING and model._meta.managed and not model._meta.proxy:
            rows = model._base_manager.order_by("pk").values_list()
            found[model._meta.label] = hashlib.sha256(repr(list(rows)).encode()).hexdigest()
    return found


def one_of_each_view(urls: Iterable[str]) -> list[str]:
    """HEAD goes the way of GET or of POST by what the view is, and not by its row."""
    return list({resolve(urlsplit(url).path).view_name: url for url in urls}.values())


def tables_changed_by_reading(world: AccessWorld, role: Role | None, starts: list[str]) -> list[str]:
    client = world.client(role)
    before = fingerprint()
    pages = crawl(client, starts)
    crawl(client, one_of_each_view(pages), method="head")
    after = fingerprint()
    return [table for table, digest in before.items() if after[table] != digest]


@pytest.mark.parametrize("role", [None, *Role])
def test_no_row_changes_when_everything_is_fetched(world, role):
    assert tables_changed_by_reading(world, role, places(world)) == []


def test_the_crawl_reaches_what_is_behind_links(world):
    found = crawl(world.client(Role.HANDLER), ["/dept/"])
    assert world.threads["own"].dispatch.get_absolute_url() in found


@pytest.mark.urls("tests.writing_urls")
def test_a_view_that_writes_when_it_is_read_is_found(world):
    assert tables_changed_by_reading(world, Role.OFFICE, ["/counting/"]) == ["issues.Issue"]
