from celery import shared_task

from . import services
from .matching.gists import drain_gists as drain
from .matching.lessons import learn_words as learn


@shared_task(ignore_result=True)
def climb_ladder() -> None:
    services.climb_ladder()


@shared_task(ignore_result=True)
def drain_gists() -> None:
    drain()


@shared_task(ignore_result=True)
def learn_words() -> None:
    learn()
