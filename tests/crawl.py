"""Fetches everything that a visitor can get: every address there is, and every link on every page."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Collection
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit

from django.contrib import admin
from django.http import HttpResponse

from organization.administration import RoleAdmin
from tests.access import objects
from tests.access.world import AccessWorld
from tests.addresses import addresses

#: More pages than this for one visitor means that links breed links.
MOST_PAGES = 1500
#: Filters and orders of a list multiply: of each page so many variants are looked at.
MOST_VARIANTS = 2
LINKS = {"href", "hx-get", "data-url"}


class LinkReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value for name, value in attrs if name in LINKS and value and tag != "link"]


def links_of(response: HttpResponse, url: str) -> list[str]:
    """Addresses of this house that the page names."""
    if response.streaming or not response.headers.get("Content-Type", "").startswith("text/html"):
        return []
    reader = LinkReader()
    reader.feed(response.content.decode())
    found = [urldefrag(urljoin(url, link)).url for link in reader.links]
    return [link for link in found if not urlsplit(link).netloc and link.startswith("/") and "/static/" not in link]


def places(world: AccessWorld) -> list[str]:
    """Every address, with every row of the world that fits it: seen or not."""
    found = ["/"]
    for address in addresses():
        if not address.arguments:
            found.append(address.url())
        elif address.name in objects.WITHOUT_ROW:
            found.append(address.url(**objects.WITHOUT_ROW[address.name]))
        elif not address.foreign and (subject := objects.subject_of(address)):
            for thread in world.threads.values():
                found.append(address.url(**objects.arguments_for(address, subject.row(thread))))
    return [*found, *admin_places()]


def admin_places() -> list[str]:
    """The pages of every row in the admin."""
    found = []
    for model, model_admin in admin.site._registry.items():
        assert isinstance(model_admin, RoleAdmin)
        prefix = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        pks = model._base_manager.order_by("pk").values_list("pk", flat=True)[:1]
        found += [f"{prefix}{pk}/{page}/" for pk in pks for page in ("change", "delete", "history")]
    return found


def crawl(client, starts: list[str], *, method: str = "get", without: Collection[str] = ()) -> dict[str, HttpResponse]:
    """Address → answer, with the links followed. Redirects are not: where they lead is an address of its own."""
    waiting, answers = deque(dict.fromkeys(starts)), {}
    variants: Counter[str] = Counter()
    while waiting:
        url = waiting.popleft()
        path = urlsplit(url).path
        if url in answers or url in without or variants[path] == MOST_VARIANTS:
            continue
        variants[path] += 1
        assert len(answers) < MOST_PAGES, "the links do not end"
        answers[url] = getattr(client, method)(url)
        if method == "get":
            waiting.extend(link for link in links_of(answers[url], url) if link not in answers)
    return answers


def content_of(response: HttpResponse) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content
