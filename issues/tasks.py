from celery import shared_task

from . import services


@shared_task(ignore_result=True)
def climb_ladder() -> None:
    services.climb_ladder()
