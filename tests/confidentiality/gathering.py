"""Everything somebody can get hold of: pages, fragments, files, answers to posts, notices, mails, logs, messages."""

from __future__ import annotations

import logging
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

import time_machine
from celery.signals import before_task_publish
from django.core import mail
from django.http import HttpResponse
from django.utils import timezone

from notices.services import run_rules
from notices.tasks import drain_deliveries
from organization.roles import Role
from tests.access.test_matrix import call
from tests.crawl import content_of, crawl, places

from .world import NOW, Told

_masks = [
    re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"'),
    # The key of a form that was not sent yet is made anew each time.
    re.compile(rb'name="key" value="[^"]+"'),
]
#: Headers that differ between any two requests.
PASSING = {"Set-Cookie", "Date"}
#: A new secret at each look, the visitor's own.
RANDOM = {"/accounts/2fa/totp/activate/"}


def masked(body: bytes) -> bytes:
    for mask in _masks:
        body = mask.sub(b"", body)
    return body


def unpacked(body: bytes) -> bytes:
    """A workbook or document as its parts, for its archive hides the words."""
    if not body.startswith(b"PK"):
        return body
    with zipfile.ZipFile(BytesIO(body)) as archive:
        return b"".join(name.encode() + archive.read(name) for name in sorted(archive.namelist()))


def seen_in(response: HttpResponse) -> bytes:
    headers = "\n".join(f"{name}: {value}" for name, value in sorted(response.items()) if name not in PASSING)
    return f"{response.status_code}\n{headers}\n\n".encode() + masked(unpacked(content_of(response)))


def gathered(told: Told, role: Role) -> dict[str, bytes]:
    """What reaches a person in a role → the bytes of it."""
    found: dict[str, bytes] = {}
    with time_machine.travel(NOW, tick=False), messages_to_the_worker() as messages, log_lines() as lines:
        client = told.client(role)
        starts = sorted({url for url in places(told) if url not in RANDOM})
        for url, response in crawl(client, starts, without=RANDOM).items():
            found[f"GET {url}"] = seen_in(response)
        for url in starts:
            if url.startswith(("/admin/", "/accounts/")):
                continue
            response = call(client, "post", url)
            found[f"POST {url}"] = repr(response).encode() if isinstance(response, Exception) else seen_in(response)
            fragment = client.get(url, headers={"HX-Request": "true"})
            found[f"HTMX {url}"] = seen_in(fragment)
        run_rules(timezone.now())
        drain_deliveries()
        account = client.session["_auth_user_id"]
        for number, notice in enumerate(told.threads["own"].notice.recipient.notices.filter(recipient=account)):
            found[f"notice {number}"] = f"{notice.text} {notice.link}".encode()
        for number, message in enumerate(mail.outbox):
            found[f"mail {number}"] = str(message.message()).encode()
        found["logs"] = "\n".join(lines).encode()
        found["messages"] = "\n".join(messages).encode()
    return found


@contextmanager
def messages_to_the_worker() -> Iterator[list[str]]:
    """The bodies of the tasks that were sent meanwhile: arguments and all."""
    found: list[str] = []

    def note(body=None, **_kwargs) -> None:
        found.append(repr(body))

    before_task_publish.connect(note, weak=False)
    try:
        yield found
    finally:
        before_task_publish.disconnect(note)


@contextmanager
def log_lines() -> Iterator[list[str]]:
    """What was logged meanwhile, by every logger, as our formatter prints it."""
    found: list[str] = []

    class Keeper(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(self.format(record))

    keeper = Keeper(logging.DEBUG)
    loggers = [logging.getLogger(name) for name in ("", "django", "celery", "axes")]
    for logger in loggers:
        logger.addHandler(keeper)
    try:
        yield found
    finally:
        for logger in loggers:
            logger.removeHandler(keeper)
