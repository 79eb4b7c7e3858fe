import pytest
from django.db import connection

from friends.models import Worker
from tests.factories import enterprise, worker

pytestmark = pytest.mark.django_db
PHONE = "15400000001"


def stored(pk: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone FROM friends_worker WHERE id = %s", [pk])
        return cursor.fetchone()[0]


@pytest.fixture
def friend(settings) -> Worker:
    settings.FIELD_KEY, settings.FIELD_KEYS = "the-former-key", []
    found = worker(enterprise(), phone=PHONE)
    settings.FIELD_KEY, settings.FIELD_KEYS = "the-new-key", ["the-former-key"]
    return found


def test_a_phone_is_read_and_found_after_a_change_of_the_key(friend):
    assert Worker.objects.get(pk=friend.pk).phone == PHONE
    assert Worker.objects.with_phone(PHONE).get() == friend


def test_saving_writes_phone_and_index_with_the_new_key(friend, settings):
    before = stored(friend.pk)
    Worker.objects.get(pk=friend.pk).save(update_fields=["phone", "phone_2"])
    assert stored(friend.pk).split(":")[1] != before.split(":")[1]
    settings.FIELD_KEYS = []
    assert Worker.objects.with_phone(PHONE).get().phone == PHONE


def test_no_phone_finds_nobody():
    worker(enterprise())
    assert not Worker.objects.with_phone("").exists()
