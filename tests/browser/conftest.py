"""Pages in the system's Chromium on a live server: `page_as(Role.CADRE)`."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page

from organization.actors import ACTIVE_ROLE
from organization.roles import Role
from tests.browser.audit import watch
from tests.people import World, build_world

SIZES = {"phone": (360, 740), "desktop": (1366, 768)}
PageAs = Callable[..., Page]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict) -> dict:
    """Nothing that phones home or needs more shared memory than a container has."""
    quiet = [
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
    ]
    return {**browser_type_launch_args, "args": [*browser_type_launch_args["args"], *quiet]}


@pytest.fixture
def world(live_server) -> World:
    return build_world()


@pytest.fixture
def page_as(request, live_server, django_db_reset_sequences, browser: Browser) -> Iterator[PageAs]:
    """Opens pages: `page_as(role, size="phone", theme="light", scripts=True)`; role None is a visitor.

    The page stands at no address yet: `page.goto("/log/")`. Rows are numbered from 1 after each flush of the
    database, so that the world that was made first fits the next test too.
    """
    contexts = []

    def open_page(role: Role | None, *, size: str = "phone", theme: str = "light", scripts: bool = True) -> Page:
        width, height = SIZES[size]
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            is_mobile=size == "phone",
            has_touch=size == "phone",
            color_scheme=theme,
            java_script_enabled=scripts,
            # Half-done transitions give contrasts that nobody sees.
            reduced_motion="reduce",
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        if role is not None:
            world = request.getfixturevalue("world")
            context.add_cookies([session_cookie(world, role, live_server.url)])
        page = context.new_page()
        watch(page, live_server.url)
        return page

    yield open_page
    for context in contexts:
        context.close()


def session_cookie(world: World, role: Role, url: str) -> dict[str, str]:
    """Signed in as the world's person of that role, with that role active."""
    account = person(world, role)
    client = Client()
    client.force_login(account, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[ACTIVE_ROLE] = world.actor(account, role).key
    session.save()
    return {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": url}


def person(world: World, role: Role):
    return {
        Role.CADRE: world.insider.user,
        Role.GROUP_LEADER: world.leader_of_group.user,
        Role.OFFICE: world.office,
        Role.HANDLER: world.handler,
        Role.LEADER: world.leader,
        Role.ROSTER_ADMIN: world.roster_admin,
        Role.AUDITOR: world.auditor,
    }[role]
