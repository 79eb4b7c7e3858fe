import pytest
from django.db import connection

from lib.statistics import refresh_statistics
from organization.models import Unit
from tests import factories


@pytest.mark.django_db
def test_planner_knows_new_rows_of_the_same_transaction():
    for _n in range(30):
        factories.enterprise()
    refresh_statistics([Unit])
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT reltuples FROM pg_class WHERE relname = %s", [Unit._meta.db_table])
            assert cursor.fetchone() == (30,)
    assert Unit.objects.count() == 30
