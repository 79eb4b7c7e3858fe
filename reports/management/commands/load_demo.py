from django.core.management.base import BaseCommand, CommandError

from lib.periods import today
from reports.demo import shougang

DEMOS = {"shougang": shougang}


class Command(BaseCommand):
    help = "Builds demo data through the services. Loading twice changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("name", help=", ".join(DEMOS))

    def handle(self, *, name, **options):
        demo = DEMOS.get(name)
        if demo is None:
            raise CommandError(f"There is no demo “{name}”; known: {', '.join(DEMOS)}.")
        if demo.is_loaded():
            self.stdout.write(f"The demo “{name}” is loaded already.")
            return
        demo.load(today())
        self.stdout.write(f"The demo “{name}” is loaded.")
