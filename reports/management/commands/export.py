import datetime as dt
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from liaison.figure_scope import FigureScope
from lib.errors import Refused
from organization.models import Unit
from reports.exports import month_from
from reports.monthly import settled_report
from reports.workbook import write_monthly_workbook


class Command(BaseCommand):
    help = "Writes a report to a file: export monthly --unit CODE --month 2016-08 --out FILE.xlsx"

    def add_arguments(self, parser: CommandParser) -> None:
        kinds = parser.add_subparsers(dest="kind", required=True, metavar="KIND")
        monthly = kinds.add_parser("monthly", help="the month's workbook of a unit and everything below it")
        monthly.add_argument("--unit", required=True, help="code of the unit")
        monthly.add_argument("--month", required=True, help="such as 2016-08")
        day = dt.date.fromisoformat
        monthly.add_argument("--as-of", dest="as_of", type=day, help="with the state at the end of this day")
        monthly.add_argument("--out", required=True, type=Path, help="the file to write (.xlsx)")

    def handle(self, *, unit: str, month: str, as_of: dt.date | None, out: Path, **options) -> None:
        found = Unit.objects.filter(code=unit).first()
        if found is None:
            raise CommandError(f"There is no unit with the code {unit}.")
        if out.suffix != ".xlsx":
            raise CommandError("--out must name a file that ends in .xlsx.")
        try:
            report = settled_report(FigureScope(found), month_from(month), day=as_of)
            rows = write_monthly_workbook(out, report, made_by="命令行")
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        except OSError as error:
            raise CommandError(f"The file cannot be written: {error.strerror or error}.") from error
        self.stdout.write(f"{out}: {rows} rows of data.")
