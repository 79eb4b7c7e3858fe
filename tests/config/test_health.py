"""The two addresses for the watchers of the service."""

import pytest
from django.db import DatabaseError, connection


def test_healthz_needs_neither_account_nor_database(client):
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.django_db
def test_readyz_without_broker_is_ready_and_says_so(client, settings, tmp_path):
    settings.CELERY_BROKER_URL = f"redis+socket://{tmp_path}/none.sock"
    response = client.get("/readyz")
    assert (response.status_code, response.json()) == (200, {"database": "ok", "broker": "down"})


@pytest.mark.django_db
def test_readyz_with_broker(client, broker):
    assert client.get("/readyz").json() == {"database": "ok", "broker": "ok"}


@pytest.mark.django_db
def test_readyz_without_database_is_503(client):
    def broken(*_arguments: object) -> None:
        raise DatabaseError

    with connection.execute_wrapper(broken):
        response = client.get("/readyz")
    assert (response.status_code, response.json()["database"]) == (503, "down")
