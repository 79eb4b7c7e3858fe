"""The strict client: every page a test fetches is looked over, whatever the test is about.

What it refuses would be refused by the browser (the content security policy), or shown to somebody who cannot read it.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlsplit

from django.http import HttpResponse
from django.test import Client

from liaison.models import Cadre
from organization.actors import ACTIVE_ROLE, actors_of
from organization.models import User
from organization.roles import Role

#: Attributes that hold an address.
ADDRESSES = {"href", "action", "src", "formaction", "hx-get", "hx-post", "hx-put", "hx-delete", "data-url"}
#: What must never stand in an address as a parameter: it stays in histories, logs and Referer lines.
TELLING = {"name", "phone", "mobile", "worker", "worker_name", "employee_no", "text", "id_number"}
DATA_TYPES = {"application/json", "importmap", "speculationrules", "text/template"}
# Closing braces alone may be JSON.
_unrendered = re.compile(r"\{\{|\{%|%\}|\{#")
# Not inside a key (UUID), whose last part may hold eleven digits between letters.
_mobile = re.compile(r"(?<![0-9a-f])1[3-9]\d{9}(?![0-9a-f])")


class Faulty(AssertionError):
    """A page broke one of the rules; the message lists all of them."""


class PageReader(HTMLParser):
    """Collects the faults of one page or fragment."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.headings = 0
        self.language: str | None = None
        self.is_document = False
        self.inside: str | None = None
        self.is_data = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.is_document, self.language = True, attributes.get("lang")
        if tag == "h1":
            self.headings += 1
        if tag in {"script", "style"}:
            self.inside, self.is_data = tag, attributes.get("type") in DATA_TYPES
        for name, value in attributes.items():
            self.look_at_attribute(tag, name, value)

    def look_at_attribute(self, tag: str, name: str, value: str) -> None:
        if name == "style":
            self.faults.append(f"inline style on <{tag}>")
        if name.startswith(("on", "hx-on")):
            self.faults.append(f"inline handler {name} on <{tag}>")
        if _unrendered.search(value):
            self.faults.append(f"unrendered template code in {name} of <{tag}>")
        if name in ADDRESSES:
            self.look_at_address(value)

    def look_at_address(self, address: str) -> None:
        if address.strip().lower().startswith("javascript:"):
            self.faults.append("script in an address")
        parts = urlsplit(address)
        if parts.scheme == "tel":
            # Calls, and is sent nowhere; that the page may show the number is another rule's matter.
            return
        if parts.netloc and parts.scheme in {"http", "https", ""}:
            self.faults.append(f"address on another host: {parts.netloc}")
        telling = {key for key, value in parse_qsl(parts.query) if value} & TELLING
        if telling or _mobile.search(parts.query) or _mobile.search(parts.path):
            self.faults.append(f"an address that tells of somebody: {parts.path}")

    def handle_endtag(self, tag: str) -> None:
        if tag == self.inside:
            self.inside = None

    def handle_data(self, data: str) -> None:
        if self.inside == "style" or (self.inside == "script" and not self.is_data):
            if data.strip():
                self.faults.append(f"inline <{self.inside}>")
        elif self.inside is None and _unrendered.search(data):
            self.faults.append("unrendered template code in the text")


def faults_of(response: HttpResponse) -> list[str]:
    """What is wrong with an answer; of a fragment, what can be seen of it."""
    if not response.headers.get("Content-Type", "").startswith("text/html") or response.streaming:
        return []
    reader = PageReader()
    reader.feed(response.content.decode(response.charset or "utf-8"))
    reader.close()
    faults = reader.faults
    if reader.is_document:
        if not reader.language:
            faults.append("no language on <html>")
        if reader.headings != 1:
            faults.append(f"{reader.headings} first-level headings")
    if "unsafe-inline" in response.headers.get("Content-Security-Policy", ""):
        faults.append("a policy that allows inline code")
    return sorted(set(faults))


class StrictClient(Client):
    """Django's client, which besides fails on a faulty page and on an error of the server."""

    def request(self, **request) -> HttpResponse:
        response = super().request(**request)
        faults = faults_of(response)
        if response.status_code >= 500 and response.status_code != 503:
            faults.append(f"status {response.status_code}")
        if faults:
            raise Faulty(f"{request.get('PATH_INFO')}: {'; '.join(faults)}")
        return response

    def act_as(self, who: User | Cadre, role: Role | None = None) -> StrictClient:
        """Signs somebody in, in the given role or else in his first."""
        account = who.user if isinstance(who, Cadre) else who
        self.force_login(account)
        session = self.session
        actor = next(actor for actor in actors_of(account) if role in (None, actor.role))
        session[ACTIVE_ROLE] = actor.key
        session.save()
        return self


def client_of(who: User | Cadre, role: Role | None = None, **options) -> StrictClient:
    return StrictClient(**options).act_as(who, role)
