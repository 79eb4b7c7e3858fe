"""Nobody outside the union learns who spoke.

Two worlds: two databases that differ only in the reporter give a department, and a leader, the same bytes.
Canaries: nothing that tells of the reporter stands anywhere in what they can get.
"""

from __future__ import annotations

import pytest
from django.db import transaction

from organization.roles import Role

from .gathering import gathered
from .world import FIRST, SECOND, Identity, build_told_world

pytestmark = [pytest.mark.django_db, pytest.mark.once]
OUTSIDERS = (Role.HANDLER, Role.LEADER)


def both_worlds(role: Role) -> tuple[dict[str, bytes], dict[str, bytes]]:
    found = []
    for speaker, cadre in ((FIRST, "insider"), (SECOND, "colleague")):
        with transaction.atomic():
            found.append(gathered(build_told_world(speaker, noted_by=cadre), role))
            transaction.set_rollback(True)
    return found[0], found[1]


def differences(first: dict[str, bytes], second: dict[str, bytes]) -> list[str]:
    return sorted(place for place in first.keys() | second.keys() if first.get(place) != second.get(place))


def canaries(found: dict[str, bytes], identity: Identity) -> list[str]:
    return sorted(
        f"{token} in {place}" for place, body in found.items() for token in identity.tokens if token.encode() in body
    )


@pytest.mark.parametrize("role", OUTSIDERS)
def test_outsiders_get_the_same_bytes_whoever_spoke(role):
    first, second = both_worlds(role)
    assert len(first) > 50
    assert differences(first, second) == []


@pytest.mark.parametrize("role", OUTSIDERS)
def test_nothing_that_outsiders_get_tells_of_the_reporter(role):
    told = build_told_world(FIRST, noted_by="insider")
    found = gathered(told, role)
    assert canaries(found, FIRST) == []
    assert canaries(found, SECOND) == []


# The planted violations, and the proof that there is something to be found.


def test_the_cadre_does_get_what_outsiders_do_not():
    told = build_told_world(FIRST, noted_by="insider")
    client = told.client(Role.CADRE)
    page = client.get(f"/opinions/{told.threads['own'].opinion.key}/").content.decode()
    assert FIRST.words in page
    assert FIRST.name in page


@pytest.mark.urls("tests.confidentiality.leaking_urls")
def test_a_comment_with_the_reporter_s_phone_is_found_by_both():
    first, second = both_worlds(Role.HANDLER)
    places = differences(first, second)
    assert places
    assert all("/leaking/" in place for place in places)
    assert f"{FIRST.phone} in {places[0]}" in canaries(first, FIRST)


def test_a_difference_in_length_or_header_is_found():
    assert differences({"GET /": b"200\nX-Rows: 1\n"}, {"GET /": b"200\nX-Rows: 2\n"}) == ["GET /"]
    assert differences({"GET /": b"12"}, {"GET /": b"1"}) == ["GET /"]
