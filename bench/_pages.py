"""Which pages each role can open, and what one of them costs: runs in the process of one synthetic database."""

from __future__ import annotations

import gzip
import logging
import statistics
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from organization.actors import ACTIVE_ROLE, Actor, actors_of
from organization.models import User
from organization.navigation import Group, registered
from organization.roles import Role
from tests.access.objects import NOUNS, SINGLE, Subject
from tests.addresses import Address, own_addresses

#: Who looks: heading, account of the synthetic house, role.
VISITORS = (
    ("cadre", "QY001-cadre-2", Role.CADRE),
    ("group leader", "QY001-cadre-1", Role.GROUP_LEADER),
    ("office of the federation", "root-office", Role.OFFICE),
    ("office of one enterprise", "QY001-office", Role.OFFICE),
    ("handler", None, Role.HANDLER),
    ("leader of the federation", "root-leader", Role.LEADER),
)
#: Further addresses of lists: what is searched for is found by name, by pinyin or in the text.
VARIANTS = {
    "friends:friend_list": ("?q=wangs", "?order=worker__search", "?page=2"),
    "friends:visit_list": ("?q=wangs", "?page=2"),
    "issues:opinion_list": ("?q=食堂", "?q=wangs", "?tab=merged", "?page=2"),
    "issues:issue_list": ("?q=食堂", "?order=due_on", "?page=2"),
    "issues:feedback_list": ("?page=2",),
}
#: Not pages: they answer with a file, or count as read.
LEFT_OUT = frozenset({"healthz", "readyz", "records:export_download", "records:attachment_download"})


@dataclass(frozen=True)
class Page:
    name: str
    url: str


@dataclass
class Cost:
    """`milliseconds` is the median; `slow` are the statements of one call that took longer than asked for."""

    name: str
    status: int
    queries: int
    milliseconds: float
    bytes: int
    slow: list[str]


def account_of(username: str | None, role: Role) -> User:
    if username:
        return User.objects.get(username=username)
    return User.objects.filter(appointments__role=role).order_by("pk").first()


def visit(username: str | None, role: Role) -> tuple[Client, Actor]:
    account = account_of(username, role)
    actor = next(actor for actor in actors_of(account) if actor.role == role)
    client = Client(raise_request_exception=False, headers={"host": "localhost"})
    client.force_login(account)
    session = client.session
    session[ACTIVE_ROLE] = actor.key
    session.save()
    return client, actor


def pages_of(actor: Actor) -> Iterator[Page]:
    """The menu of the role, the variants of its lists, and every other address with a row that the role sees."""
    seen = set()
    for entry in registered():
        if actor.role in entry.roles and entry.url_name not in seen and entry.group != Group.ADMIN:
            seen.add(entry.url_name)
            yield Page(entry.url_name, reverse(entry.url_name))
            for variant in VARIANTS.get(entry.url_name, ()):
                yield Page(f"{entry.url_name} {variant}", reverse(entry.url_name) + variant)
    for address in own_addresses():
        if address.name not in seen | LEFT_OUT and (url := address_with_row(address, actor)):
            yield Page(address.name, url)


def address_with_row(address: Address, actor: Actor) -> str | None:
    try:
        if not address.arguments:
            return address.url()
        if (subject := subject_of(address)) and (row := subject.rows(actor).order_by("-pk").first()):
            return address.url(**{name: getattr(row, name) for name in address.arguments})
    except (NoReverseMatch, AttributeError):
        return None
    return None


def subject_of(address: Address) -> Subject | None:
    noun = address.name.rpartition(":")[2].split("_")[0]
    return SINGLE.get(address.name) or NOUNS.get(noun)


def measure(page: Page, client: Client, times: int, slow: float) -> Cost | None:
    """None where the answer is no page: a redirect, a file, a refusal, an address for POST alone."""
    client.get(page.url)
    with CaptureQueriesContext(connection) as captured:
        response = client.get(page.url)
    # The next request empties the log.
    queries = captured.captured_queries
    if response.status_code != 200 or response.streaming or "html" not in response.headers.get("Content-Type", ""):
        return None if response.status_code < 500 else Cost(page.name, response.status_code, 0, 0, 0, [])
    taken = []
    for _time in range(times):
        start = time.perf_counter()
        client.get(page.url)
        taken.append((time.perf_counter() - start) * 1000)
    return Cost(
        page.name,
        response.status_code,
        len(queries),
        statistics.median(taken),
        len(gzip.compress(response.content, 6)),
        [f"{query['time']} s {query['sql']}" for query in queries if float(query["time"]) * 1000 > slow],
    )


def measure_all(times: int, slow: float) -> dict[str, list[dict]]:
    """Role → costs of its pages."""
    call_command("collectstatic", interactive=False, verbosity=0)
    # What a role may not do is asked for on purpose; the answers need no lines.
    logging.disable(logging.WARNING)
    found: dict[str, list[dict]] = {}
    for heading, username, role in VISITORS:
        client, actor = visit(username, role)
        costs = (measure(page, client, times, slow) for page in pages_of(actor))
        found[heading] = [asdict(cost) for cost in costs if cost]
    return found
