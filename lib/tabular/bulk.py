"""Many rows at once, past the ORM: COPY on PostgreSQL, one prepared statement on SQLite.

Values are given as the database stores them; signals, ``save`` and audit do not happen here.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Max, Model
from django.utils import timezone

COPY_ROWS = 5_000
#: Stands for no value in COPY; no text that is stored holds it.
NULL = "\x01"
_escapes = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def reserve_ids(model: type[Model], count: int) -> list[int]:
    """Primary keys for rows about to be inserted, so that what refers to them can be written too."""
    if not count:
        return []
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count]
            )
            return [row[0] for row in cursor.fetchall()]
        # SQLite has one writer, and this is in its transaction.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        known = cursor.fetchone()
    last = max(known[0] if known else 0, model._base_manager.aggregate(last=Max("pk"))["last"] or 0)
    return list(range(last + 1, last + count + 1))


def insert_rows(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    quote = connection.ops.quote_name
    table, names = quote(model._meta.db_table), ", ".join(map(quote, columns))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            command = f"COPY {table} ({names}) FROM STDIN WITH (NULL '{NULL}')"
            for chunk in _chunks(rows, COPY_ROWS):
                cursor.cursor.copy_expert(command, io.StringIO("".join(map(_line, chunk))))
            return
        marks = ", ".join(["%s"] * len(columns))
        statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 (columns of the model)
        for chunk in _chunks(rows, COPY_ROWS):
            cursor.executemany(statement, [list(map(_stored, row)) for row in chunk])


def update_rows(model: type[Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Each row is the new values of ``columns`` and, last, the primary key."""
    if not rows:
        return
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            from psycopg2.extras import execute_values

            fields = [
                model._meta.get_field(name.removesuffix("_id") if name.endswith("_id") else name) for name in columns
            ]
            kinds = [field.db_type(connection) for field in fields]
            sets = ", ".join(
                f"{quote(name)} = v.{quote(name)}::{kind}" for name, kind in zip(columns, kinds, strict=True)
            )
            names = ", ".join(map(quote, [*columns, "id"]))
            values = f"(VALUES %s) AS v ({names})"
            statement = f"UPDATE {table} AS t SET {sets} FROM {values} WHERE t.id = v.id::bigint"  # noqa: S608 (as above)
            execute_values(cursor.cursor, statement, rows, page_size=1000)
            return
        sets = ", ".join(f"{quote(name)} = %s" for name in columns)
        statement = f"UPDATE {table} SET {sets} WHERE id = %s"  # noqa: S608 (as above)
        cursor.executemany(statement, [list(map(_stored, row)) for row in rows])


def write_trail(model: type[Model], action: int, changed: Iterable[tuple[int, Sequence[str]]], by: Any) -> None:
    """Audit entries for rows written in bulk: which row and which fields, by ids; no values, names or words."""
    kind = ContentType.objects.get_for_model(model)
    now = timezone.now()
    actor = by.pk if by is not None else None
    source = json.dumps({"source": "import"})
    texts: dict[tuple[str, ...], str] = {}

    def entry(pk: int, fields: Sequence[str]) -> tuple[Any, ...]:
        key = tuple(fields)
        text = texts.setdefault(key, json.dumps({name: ["***", "***"] for name in key}))
        return (kind.pk, str(pk), pk, f"{kind.model} {pk}", action, "", text, actor, now, source)

    columns = [
        "content_type_id",
        "object_pk",
        "object_id",
        "object_repr",
        "action",
        "changes_text",
        "changes",
        "actor_id",
        "timestamp",
        "additional_data",
    ]
    insert_rows(LogEntry, columns, (entry(pk, fields) for pk, fields in changed))


def _chunks(rows: Iterable[Any], size: int) -> Iterable[list[Any]]:
    chunk: list[Any] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _line(row: Sequence[Any]) -> str:
    texts = [value if type(value) is str else _copied(value) for value in row]
    line = "\t".join(texts)
    if "\\" in line or "\n" in line or "\r" in line or line.count("\t") >= len(texts):
        line = "\t".join(text.translate(_escapes) for text in texts)
    return line + "\n"


def _copied(value: Any) -> str:
    if value is None:
        return NULL
    if value is True or value is False:
        return "t" if value else "f"
    return value.isoformat() if isinstance(value, (datetime, date)) else str(value)


def _stored(value: Any) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return value.isoformat() if isinstance(value, date) else value
