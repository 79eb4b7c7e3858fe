from __future__ import annotations

import time

from celery import shared_task

from lib.tabular import kept

from . import services

#: A drain begins nothing more after this; the next one goes on. So each export has nearly all of the task's time.
DRAIN_SECONDS = 30


@shared_task
def drain_exports() -> None:
    """Makes the files that wait; a second drain at the same time takes other rows."""
    end = time.monotonic() + DRAIN_SECONDS
    while time.monotonic() < end and (export := services.claim_export()):
        services.run_export(export)


@shared_task
def expire_files() -> None:
    services.expire_exports()
    kept.expire()
