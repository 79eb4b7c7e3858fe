import pytest
from django.urls import reverse

from organization import navigation
from organization.actors import Actor
from organization.navigation import Entry, Group, menu_for, register, registered
from organization.roles import Role
from tests.client import client_of
from tests.people import build_world

OFFICE, HANDLER = frozenset({Role.OFFICE}), frozenset({Role.HANDLER})


@pytest.fixture
def entries(monkeypatch):
    """A table of its own, so that the test reads the same whatever the apps register."""
    monkeypatch.setattr(navigation, "_entries", [])
    register(
        Entry("后台", "gear", "admin:index", Group.ADMIN, roles=OFFICE, order=80),
        Entry("我的", "person", "organization:me", Group.PHONE_ONLY, order=90, phone_slot=5, phone_label="我"),
        Entry("密码", "key", "account_change_password", Group.HOME, roles=OFFICE, phone_slot=1, count=lambda actor: 7),
        Entry("两步", "lock", "mfa_index", Group.HOME, roles=HANDLER),
    )


def labels(items):
    return [item.label for item in items]


def test_menu_holds_the_entries_of_the_active_role_alone(entries):
    assert labels(menu_for(Actor(user=None, role=Role.HANDLER), "/").items) == ["两步", "我的"]
    assert labels(menu_for(Actor(user=None, role=None), "/").items) == ["我的"]


def test_menu_is_grouped_for_the_desktop_and_slotted_for_the_phone(entries):
    menu = menu_for(Actor(user=None, role=Role.OFFICE), "/")
    assert [(heading, labels(items)) for heading, items in menu.groups] == [("", ["密码"]), ("管理", ["后台"])]
    assert [item.phone_label for item in menu.phone] == ["密码", "我"]
    assert menu.phone[0].count == 7


def test_current_entry_is_the_one_with_the_longest_address(entries):
    register(Entry("账号", "person", "account_email", Group.HOME))
    menu = menu_for(Actor(user=None, role=Role.OFFICE), "/accounts/password/change/")
    assert labels(item for item in menu.items if item.is_current) == ["密码"]


def test_registering_twice_changes_nothing(entries):
    before = registered()
    register(*before)
    assert registered() == before


def test_every_registered_entry_of_the_product_has_an_address():
    assert registered()
    assert all(reverse(entry.url_name) for entry in registered())


@pytest.mark.parametrize("role", Role)
def test_phone_slots_are_not_shared_and_end_with_my_page(role):
    slots = [entry.phone_slot for entry in registered() if entry.phone_slot and role in entry.roles]
    assert len(slots) == len(set(slots))
    assert 5 in slots


@pytest.mark.django_db
def test_my_page_lists_whatever_of_the_menu_the_bottom_bar_has_no_room_for():
    world = build_world()
    people = {
        Role.CADRE: world.insider,
        Role.GROUP_LEADER: world.leader_of_group,
        Role.OFFICE: world.office,
        Role.HANDLER: world.handler,
        Role.LEADER: world.leader,
        Role.ROSTER_ADMIN: world.roster_admin,
        Role.AUDITOR: world.auditor,
    }
    for role, who in people.items():
        page = client_of(who, role).get(reverse("organization:me")).content.decode()
        content = page.split("<main", 1)[1]
        theirs = {entry.url_name for entry in registered() if role in entry.roles and entry.group != Group.TOPBAR}
        assert (role, {name for name in theirs if f'href="{reverse(name)}"' not in content}) == (role, set())
