import datetime as dt
import json

from django.core.management.base import BaseCommand, CommandError

from liaison.figure_scope import FigureScope
from lib.errors import Refused
from lib.formats import Rate
from lib.periods import custom
from organization.models import Unit
from reports.figures import figures


class Command(BaseCommand):
    help = "Prints every figure of a unit and period, by its English key."

    def add_arguments(self, parser):
        day = dt.date.fromisoformat
        parser.add_argument("--unit", required=True, help="code of the unit")
        parser.add_argument("--from", dest="first", required=True, type=day, help="first day")
        parser.add_argument("--to", dest="last", required=True, type=day, help="last day (included)")
        parser.add_argument("--as-of", dest="as_of", type=day, help="with the state at the end of this day")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *, unit, first, last, as_of, as_json, **options):
        if last < first:
            raise CommandError("--to lies before --from.")
        scope = FigureScope(self.unit_of(unit))
        try:
            found = figures(scope, custom(first, last + dt.timedelta(days=1)), as_of=as_of)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        if as_json:
            plain = {key: value.as_json() if isinstance(value, Rate) else value for key, value in found.items()}
            self.stdout.write(json.dumps(plain, ensure_ascii=False, indent=2))
            return
        for key, value in found.items():
            self.stdout.write(f"{key:28} {value}")

    def unit_of(self, code: str) -> Unit:
        unit = Unit.objects.filter(code=code).first()
        if unit is None:
            raise CommandError(f"There is no unit with the code {code}.")
        return unit
