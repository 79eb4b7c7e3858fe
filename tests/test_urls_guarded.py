"""Every view says who may call it; no view is open because somebody forgot."""

import pytest

from .addresses import Address, addresses, own_addresses


def unguarded(found: list[Address]) -> list[str]:
    return [address.name for address in found if address.rule is None]


def test_every_view_declares_its_rule():
    assert unguarded(own_addresses()) == []


def test_every_address_has_a_name():
    assert [address.name for address in own_addresses() if "(" in address.name] == []


#: The visible exceptions to the sign-in; a new one is a decision, and this line is where it is seen.
OPEN_TO_ALL = {
    "healthz",
    "readyz",
    "set_language",
    "organization:demo_login",
    "issues:door_entry",
    "issues:door_say",
    "issues:slip_lookup",
    "issues:slip_status",
}


def test_only_these_views_are_open_to_everybody():
    assert {address.name for address in own_addresses() if address.rule and address.rule.public} == OPEN_TO_ALL


@pytest.mark.urls("tests.access.faulty_urls")
def test_a_view_without_rule_is_found():
    assert unguarded(own_addresses()) == ["ungated"]


def test_the_walk_sees_what_the_resolver_sees():
    names = {address.name for address in addresses()}
    assert {"healthz", "organization:me", "admin:index", "account_login", "issues:opinion_detail"} <= names
    detail = next(address for address in addresses() if address.name == "issues:opinion_detail")
    assert detail.arguments == ("key",)
