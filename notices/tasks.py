from __future__ import annotations

import time

from celery import shared_task

from . import services

#: A drain ends after this; the next one goes on. So a slow mail server cannot hold every worker.
DRAIN_SECONDS = 30


@shared_task
def run_rules() -> None:
    services.run_rules()


@shared_task
def drain_deliveries() -> None:
    """Sends what waits. Stops at the first failure: a mail server that is down fails for everybody."""
    services.park_exhausted()
    end = time.monotonic() + DRAIN_SECONDS
    while time.monotonic() < end and (batch := services.claim_deliveries()):
        if not services.deliver(batch):
            return
