"""The access matrix, generated from the URLconf: role × address × method × relation.

What each cell must answer follows from the rule that the view declares and from `visible_to`; no cell is listed here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from http.cookies import SimpleCookie

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import resolve_url

from organization.actors import Actor
from organization.roles import Role
from tests.addresses import Address, own_addresses

from . import objects
from .world import AccessWorld, build_access_world

pytestmark = [pytest.mark.django_db, pytest.mark.once]
METHODS = ("get", "head", "post", "put", "patch", "delete", "options")
#: What pages send; the others are tried once for each address and role.
USED_METHODS = ("get", "post")
VISITORS = (None, *Role)
RELATIONS = ("own", "colleague", "other_group", "other_unit", "absent")
_key = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|/\d+/")
_token = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')

SIGN_IN, FORBIDDEN, MISSING, ADMITTED, NOT_OFFERED = "sign-in", "403", "404", "admitted", "405"


@dataclass(frozen=True)
class Cell:
    address: Address
    role: Role | None
    method: str
    relation: str | None
    #: Of an address that speaks of a row: whether the visitor sees it.
    is_visible: bool | None
    expected: str
    response: HttpResponse | Exception

    @property
    def found(self) -> str:
        return outcome(self.response)

    @property
    def is_right(self) -> bool:
        if self.found == self.expected:
            return True
        if self.found == NOT_OFFERED:
            # Answered before any row is looked up, alike for all.
            return self.expected in {ADMITTED, MISSING}
        if self.found == FORBIDDEN and self.is_visible is not False:
            # Seen, but not for him to do; reading it is refused only where that is said.
            return self.expected == ADMITTED and (self.method == "post" or self.address.name in objects.FORBIDS_READING)
        return False

    def __str__(self) -> str:
        where = f" ({self.relation})" if self.relation else ""
        who = self.role or "visitor"
        return f"{self.method.upper()} {self.address.name}{where} as {who}: {self.found}, expected {self.expected}"


def outcome(response: HttpResponse | Exception) -> str:
    if isinstance(response, Exception):
        return f"{type(response).__name__}: {response}"
    if response.status_code in (301, 302, 303):
        to_sign_in = response.url.startswith(resolve_url(settings.LOGIN_URL))
        return SIGN_IN if to_sign_in else ADMITTED
    return {403: FORBIDDEN, 404: MISSING, 405: NOT_OFFERED}.get(response.status_code, ADMITTED)


def expected(address: Address, actor: Actor | None, is_visible: bool | None, method: str) -> str:
    if address.name in objects.NOT_THERE:
        return MISSING
    rule = address.rule
    if rule.public:
        # Whoever holds the code is let in, with an account or without.
        return MISSING if is_visible is False else ADMITTED
    if actor is None:
        return SIGN_IN
    if rule.verbs and not any(actor.may(verb) for verb in rule.verbs):
        return FORBIDDEN
    if method == "post" and address.name in objects.POST_NEEDS and not actor.may(objects.POST_NEEDS[address.name]):
        return FORBIDDEN
    return MISSING if is_visible is False else ADMITTED


def call(client, method: str, url: str) -> HttpResponse | Exception:
    """One request that leaves nothing behind; what the view raised is its answer."""
    cookies = SimpleCookie(client.cookies.output(header="", sep=";"))
    with transaction.atomic():
        try:
            response = getattr(client, method)(url)
        except Exception as error:
            response = error
        transaction.set_rollback(True)
    client.cookies = cookies
    return response


def cells(addresses: list[Address], world: AccessWorld) -> Iterator[Cell]:
    for role in VISITORS:
        client, actor = world.client(role), world.actor(role) if role else None
        for address in addresses:
            for relation, is_visible, values in places(address, actor, world):
                url = address.url(**values)
                for method in METHODS if relation in (None, "own") else USED_METHODS:
                    right = expected(address, actor, is_visible, method)
                    yield Cell(address, role, method, relation, is_visible, right, call(client, method, url))


def places(address: Address, actor: Actor | None, world: AccessWorld) -> Iterator[tuple]:
    """Relation, whether its row is visible, and the arguments of the address, for each relation there is."""
    if not address.arguments:
        yield None, None, {}
    elif address.name in objects.WITHOUT_ROW:
        yield None, None, objects.WITHOUT_ROW[address.name]
    else:
        subject = objects.subject_of(address)
        for relation in RELATIONS:
            thread = world.threads.get(relation)
            row = subject.row(thread) if thread else None
            asks = actor or address.rule.public
            seen = bool(asks and thread and subject.is_visible(thread, actor))
            yield relation, seen, objects.arguments_for(address, row)


def bare(response: HttpResponse | Exception) -> bytes:
    """The answer without what names this very request."""
    if isinstance(response, Exception):
        return b""
    body = b"" if response.streaming else response.content
    return _token.sub(b"", _key.sub(b"", body))


def telling_apart(found: list[Cell]) -> list[str]:
    """Where what one may not see is answered otherwise than what does not exist."""
    absent = {(c.address.name, c.role, c.method): c for c in found if c.relation == "absent"}
    wrong = []
    for cell in found:
        twin = absent.get((cell.address.name, cell.role, cell.method))
        if twin is None or cell.is_visible is not False:
            continue
        if (cell.found, bare(cell.response)) != (twin.found, bare(twin.response)):
            wrong.append(f"{cell}; of one that does not exist: {twin.found}")
    return wrong


def never_admitted(found: list[Cell]) -> list[str]:
    """Addresses that nobody got into: the cells say nothing about them, or the world lacks a row."""
    admitted = {cell.address.name for cell in found if cell.found == ADMITTED}
    return sorted(
        {cell.address.name for cell in found} - admitted - set(objects.NOT_THERE) - set(objects.FORBIDS_READING)
    )


def wrong_cells(found: list[Cell]) -> list[str]:
    return [str(cell) for cell in found if not cell.is_right]


@pytest.fixture
def world() -> AccessWorld:
    return build_access_world()


def test_every_address_with_arguments_says_which_row_it_takes():
    assert objects.undeclared(own_addresses()) == []


def test_every_cell_answers_as_its_rule_says(world):
    declared = [address for address in own_addresses() if address.name not in objects.undeclared([address])]
    found = list(cells(declared, world))
    assert wrong_cells(found) == []
    assert telling_apart(found) == []
    assert never_admitted(found) == []


# The planted violations.


def faulty(name: str) -> list[Address]:
    return [address for address in own_addresses() if address.name == name]


@pytest.mark.urls("tests.access.faulty_urls")
def test_an_address_that_names_no_row_is_found():
    assert "thing_unknown" in objects.undeclared(own_addresses())


@pytest.mark.urls("tests.access.faulty_urls")
def test_a_view_that_looks_past_the_scope_is_found(world):
    wrong = wrong_cells(list(cells(faulty("issue_unscoped"), world)))
    assert "GET issue_unscoped (other_unit) as office: admitted, expected 404" in wrong


@pytest.mark.urls("tests.access.faulty_urls")
def test_a_view_that_tells_foreign_from_absent_is_found(world):
    found = list(cells(faulty("issue_telling"), world))
    assert "GET issue_telling (other_group) as cadre: 403, expected 404" in wrong_cells(found)


@pytest.mark.urls("tests.access.faulty_urls")
def test_a_view_that_demands_more_than_it_declares_is_found(world):
    found = list(cells(faulty("issue_unverbed"), world))
    assert "GET issue_unverbed (own) as cadre: 403, expected admitted" in wrong_cells(found)
    assert never_admitted(found) == ["issue_unverbed"]
