"""`import_roster KIND FILE`: the same reading, judging and writing as in the admin."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from friends.imports import IMPORTERS
from lib.tabular.cells import ACCEPTED, SKIPPED
from lib.tabular.importer import Importer
from lib.tabular.outcome import READ, REFUSED, Outcome, Row
from lib.tabular.reading import read
from lib.tabular.refusal import FileRefused
from lib.tabular.roster import Choices
from lib.tabular.words import OUTCOMES, sentence
from organization.models import Unit


class Command(BaseCommand):
    help = "Reads a roster file and writes its accepted rows; the others are printed with their reasons."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", choices=sorted(IMPORTERS))
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="print what would happen and write nothing")
        parser.add_argument("--json", action="store_true", help="print everything as JSON")
        parser.add_argument("--unit", help="code of the unit whose subtree may be touched; all units without it")
        parser.add_argument("--sheet", help="name of the sheet, where several hold a roster")
        parser.add_argument("--leavers", action="store_true", help="mark those missing from the file as having left")
        parser.add_argument(
            "--second-confirmation",
            action="store_true",
            help="go on although more than a tenth of the roster is missing",
        )

    def handle(self, *, kind: str, file: Path, **options: Any) -> None:
        importer = IMPORTERS[kind](scope=self.scope(options["unit"]))
        try:
            tables = importer.take(read(self.content(file)), sheet=options["sheet"])
            outcome = self.run(importer, tables, options)
        except FileRefused as refusal:
            if options["json"]:
                self.print({"outcome": REFUSED, "why": refusal.code, "advice": str(refusal.message)})
            raise CommandError(str(refusal.message)) from None
        if options["json"]:
            self.print(answer(importer, outcome))
        else:
            self.tell(outcome)

    def run(self, importer: Importer, tables: list, options: dict[str, Any]) -> Outcome:
        choices = Choices(leavers=options["leavers"], second=options["second_confirmation"])
        outcome = importer.judge(tables, choices)
        if options["dry_run"] or not (outcome.outcome == READ or choices.second):
            return outcome
        return importer.confirm(tables, choices)

    def scope(self, code: str | None) -> Unit | None:
        if not code:
            return None
        try:
            return Unit.objects.get(code=code)
        except Unit.DoesNotExist:
            raise CommandError(f"没有编码为 {code} 的单位。") from None

    def content(self, file: Path) -> bytes:
        try:
            return file.read_bytes()
        except OSError as error:
            raise CommandError(f"文件打不开：{error.strerror}") from None

    def print(self, data: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(data, ensure_ascii=False, indent=1))

    def tell(self, outcome: Outcome) -> None:
        totals = outcome.totals()
        self.stdout.write(str(OUTCOMES.get(outcome.outcome, outcome.outcome)))
        for row in outcome.rows:
            if row.status not in (ACCEPTED, SKIPPED):
                self.stdout.write(f"第 {row.row} 行　{row.status}　{sentence(row)}")
        self.stdout.write("　".join(f"{status} {count}" for status, count in totals.items()))


def answer(importer: Importer, outcome: Outcome) -> dict[str, Any]:
    """The words of the file and of its rows; see the names in ``lib.tabular.outcome``."""
    about = {k: v for k, v in asdict_without_rows(outcome).items() if v not in (None, "", [], {})}
    facts = importer.facts(outcome) if outcome.rows else {}
    return {
        **about,
        **facts,
        "distinct_unit_questions": outcome.distinct_unit_questions,
        "totals": outcome.totals(),
        "rows": [row_answer(row) for row in outcome.rows],
    }


def asdict_without_rows(outcome: Outcome) -> dict[str, Any]:
    fields = (
        "outcome",
        "why",
        "sheet",
        "title_rows",
        "header_rows",
        "columns",
        "unmapped",
        "refused_columns",
        "asked_columns",
        "hidden_sheets",
        "encoding",
        "delimiter",
    )
    return {field: getattr(outcome, field) for field in fields} | {
        "questions": [asdict(question) for question in outcome.questions.values()]
    }


def row_answer(row: Row) -> dict[str, Any]:
    answered: dict[str, Any] = {"row": row.row, "status": row.status, "why": row.why}
    if row.table:
        answered["table"] = row.table
    if row.status != SKIPPED:
        answered["values"] = row.values if row.status != "error" else None
    for name in ("suggest", "changed", "raw"):
        if value := getattr(row, name):
            answered[name] = value
    return answered
