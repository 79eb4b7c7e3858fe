"""The database's own statistics, by which it plans its queries."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection, models


def refresh_statistics(written: Iterable[type[models.Model]]) -> None:
    """Tells PostgreSQL how many rows came in at once.

    It counts by itself only minutes after the commit; until then it plans joins as if the tables were empty, and a
    query of milliseconds takes minutes. May be called inside a transaction. SQLite plans without such counts.
    """
    if connection.vendor != "postgresql":
        return
    tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in written)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {tables}")
