from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import BaseCommand

from config import catalogue


class Command(BaseCommand):
    help = "Brings locale/en/LC_MESSAGES/django.po in line with the strings in code and templates."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--missing", action="store_true", help="print the strings that have no translation")

    def handle(self, *args, **options) -> None:
        count, missing = catalogue.update(settings.BASE_DIR)
        self.stdout.write(f"{count} strings, {missing} without translation")
        if options["missing"]:
            for text in catalogue.missing(catalogue.entries(catalogue.catalogue_path(settings.BASE_DIR)).values()):
                self.stdout.write(text)
