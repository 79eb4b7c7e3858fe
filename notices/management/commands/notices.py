"""Who would be told what: the rules asked without telling anybody."""

from __future__ import annotations

import datetime as dt

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from notices import services
from organization.calendars import working_calendar


class Command(BaseCommand):
    help = "Runs the notice rules, or lists with --dry-run who would be told what."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only list; nothing is written")
        parser.add_argument("--day", help="the day to ask for, as 2016-08-31; only with --dry-run; default: today")

    def handle(self, *, dry_run: bool, day: str | None, **options) -> None:
        if not dry_run:
            if day:
                raise CommandError("--day needs --dry-run: a notice is never sent for another day.")
            self.stdout.write(f"{services.run_rules()} new")
            return
        self.list_due(day_of(day))

    def list_due(self, day: dt.date) -> None:
        if not working_calendar().is_workday(day):
            self.stdout.write(f"{day}: day off, nobody is told")
            return
        found = services.dry_run(services.first_moment(day))
        for one in found:
            self.stdout.write(f"{one.username}\t{one.rule}\t{one.text}\t{one.link}")
        self.stdout.write(f"{day}: {len(found)}")


def day_of(text: str | None) -> dt.date:
    try:
        return dt.date.fromisoformat(text) if text else timezone.localdate()
    except ValueError:
        raise CommandError(f"not a day: {text}; write it as 2016-08-31") from None
