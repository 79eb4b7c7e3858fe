"""Rows into PostgreSQL by COPY, from a thread of its own: the next rows are made while the last are stored.

The columns of a table come from the model. A generator names those that it fills; the others get the field's default,
and a new field without one stops the load with a sentence that names it.
"""

from __future__ import annotations

import io
import queue
import threading
from collections.abc import Callable, Sequence
from typing import Any

from django.core.management.color import no_style
from django.db import connection
from django.db.models import Field, Model
from django.utils import timezone

NULL = "\\N"
#: Lines that one COPY takes.
LINES = 20_000


def stored(value: Any) -> str:
    """A value as COPY reads it. Text that a generator passes by itself must hold no tab, line end or backslash."""
    if value is None:
        return NULL
    if isinstance(value, bool):
        return "t" if value else "f"
    return str(value).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n")


def constant(field: Field) -> str:
    """What a column holds that no generator fills, the same in each row."""
    if getattr(field, "auto_now_add", False) or getattr(field, "auto_now", False):
        return stored(timezone.now().isoformat())
    if field.unique:
        raise SystemExit(f"✗ {field.model._meta.label}.{field.name} is unique: bench/ must make its values.")
    value = field.get_db_prep_save(field.get_default(), connection)
    if value is None and not field.null:
        raise SystemExit(f"✗ {field.model._meta.label}.{field.name} has no default: bench/ must fill it.")
    return stored(value)


class Table:
    """One model's table being filled; `add` takes the values of `given` as texts that `stored` would not change."""

    def __init__(self, model: type[Model], given: Sequence[str], send: Callable[[Table, str], None]) -> None:
        fields = {field.attname: field for field in model._meta.concrete_fields if not field.generated}
        if unknown := set(given) - set(fields):
            raise SystemExit(f"✗ {model._meta.label} has no {', '.join(sorted(unknown))}: bench/ must be changed.")
        # A primary key that is not given comes from its sequence.
        others = [name for name, field in fields.items() if name not in given and not field.primary_key]
        self.model = model
        columns = ", ".join(connection.ops.quote_name(fields[name].column) for name in [*given, *others])
        self.command = f"COPY {connection.ops.quote_name(model._meta.db_table)} ({columns}) FROM STDIN"
        self.end = "".join(f"\t{constant(fields[name])}" for name in others) + "\n"
        self.lines: list[str] = []
        self.count = 0
        self._send = send

    def add(self, *values: str) -> None:
        self.lines.append("\t".join(values))
        if len(self.lines) >= LINES:
            self.flush()

    def flush(self) -> None:
        if self.lines:
            self.count += len(self.lines)
            self._send(self, self.end.join(self.lines) + self.end)
            self.lines = []


class Loader:
    """The thread that stores; a context manager that ends when everything is stored."""

    def __init__(self) -> None:
        self.tables: list[Table] = []
        self._waiting: queue.Queue[tuple[str, str] | None] = queue.Queue(maxsize=6)
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._store, daemon=True)

    def table(self, model: type[Model], *given: str) -> Table:
        self.tables.append(Table(model, given, self._send))
        return self.tables[-1]

    def __enter__(self) -> Loader:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_rest: object) -> None:
        if kind is None:
            for table in self.tables:
                table.flush()
        self._waiting.put(None)
        self._thread.join()
        if kind is None and self._failure:
            raise self._failure
        if kind is None:
            reset_sequences([table.model for table in self.tables])

    def _send(self, table: Table, lines: str) -> None:
        if self._failure:
            raise self._failure
        self._waiting.put((table.command, lines))

    def _store(self) -> None:
        """Takes what comes until the end, also after a failure: the other side must not wait for ever."""
        try:
            while task := self._waiting.get():
                command, lines = task
                if self._failure is None:
                    self._copy(command, lines)
        finally:
            connection.close()

    def _copy(self, command: str, lines: str) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.cursor.copy_expert(command, io.StringIO(lines), size=1 << 20)
        except Exception as error:
            self._failure = error


def reset_sequences(models: Sequence[type[Model]]) -> None:
    """The rows brought their own ids; the next one that the product makes comes after them."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(dict.fromkeys(models))):
            cursor.execute(statement)
