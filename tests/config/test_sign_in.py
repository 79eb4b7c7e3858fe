"""The lock after wrong passwords: per account and address, so that an office behind one address still signs in."""

import pytest
from django.conf import settings

from organization.models import User

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery staple"


@pytest.fixture
def accounts() -> list[User]:
    return [User.objects.create_user(f"SG{n:03}", name="张三", password=PASSWORD) for n in range(2)]


def sign_in(client, username: str, password: str, address: str = "10.0.0.1") -> bool:
    client.post("/accounts/login/", {"login": username, "password": password}, REMOTE_ADDR=address)
    signed_in = "_auth_user_id" in client.session
    client.logout()
    return signed_in


def fail(client, username: str, times: int) -> None:
    for _ in range(times):
        assert not sign_in(client, username, "wrong")


def test_fifth_wrong_password_locks_the_account_at_this_address(client, accounts):
    fail(client, "SG000", settings.AXES_FAILURE_LIMIT)
    assert not sign_in(client, "SG000", PASSWORD)


def test_lock_holds_for_other_spellings_of_the_name(client, accounts):
    for name in ("SG000", "sg000", "Sg000", " SG000", "sG000"):
        fail(client, name, 1)
    assert not sign_in(client, "SG000", PASSWORD)


def test_lock_leaves_colleagues_and_other_addresses_alone(client, accounts):
    fail(client, "SG000", settings.AXES_FAILURE_LIMIT)
    assert sign_in(client, "SG001", PASSWORD)
    assert sign_in(client, "SG000", PASSWORD, address="10.0.0.2")


def test_right_password_forgives_earlier_mistakes(client, accounts):
    for _ in range(2):
        fail(client, "SG000", settings.AXES_FAILURE_LIMIT - 1)
        assert sign_in(client, "SG000", PASSWORD)


def test_admin_has_no_door_of_its_own(client, accounts):
    """A second sign-in page would be a second number of tries."""
    response = client.post("/admin/login/", {"username": "SG000", "password": PASSWORD})
    assert response.url.startswith("/accounts/login/")
    assert "_auth_user_id" not in client.session
