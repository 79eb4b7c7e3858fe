from celery import shared_task

from . import services


@shared_task(ignore_result=True)
def drain_stale_months() -> None:
    services.drain_stale_months()


@shared_task(ignore_result=True)
def reconcile() -> None:
    services.reconcile_if_due()
