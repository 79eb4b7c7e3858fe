import pytest

from organization.models import User
from tests.client import StrictClient

pytestmark = pytest.mark.django_db


def test_nobody_signs_himself_up():
    answer = StrictClient().post(
        "/accounts/signup/",
        {"username": "guest", "password1": "a long enough secret", "password2": "a long enough secret"},
    )
    assert answer.status_code in (200, 403)
    assert not User.objects.exists()
