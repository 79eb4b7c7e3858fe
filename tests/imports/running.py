"""An import from its lines to what came of it."""

from typing import Any

from friends.imports import IMPORTERS
from friends.models import Worker
from lib.tabular.outcome import Outcome, Row
from lib.tabular.reading import read
from lib.tabular.roster import Choices
from organization.models import Unit, User

from .files import text


def confirmed(
    kind: str, head: list[str], *lines: list[Any], scope: Unit | None, by: User | None = None, **choices: Any
) -> Outcome:
    importer = IMPORTERS[kind](scope=scope, by=by)
    return importer.confirm(importer.take(read(text([head, *lines], "utf-8-sig"))), Choices(**choices))


def told(outcome: Outcome) -> list[tuple[str, list[str]]]:
    return [(row.status, [word for word in row.why if word != "phone_missing"]) for row in rows_of(outcome)]


def rows_of(outcome: Outcome) -> list[Row]:
    return [row for row in outcome.rows if row.status != "skipped"]


def numbered(worker: Worker, number: str, name: str) -> Worker:
    worker.employee_no, worker.name = number, name
    worker.save()
    return worker
