from __future__ import annotations

from celery import shared_task

from lib.tabular import kept

from . import services


@shared_task
def drain_exports() -> None:
    """Makes every file that waits; a second drain at the same time takes other rows."""
    while export := services.claim_export():
        services.run_export(export)


@shared_task
def expire_files() -> None:
    services.expire_exports()
    kept.expire()
