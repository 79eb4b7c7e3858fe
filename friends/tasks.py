from __future__ import annotations

from celery import shared_task

from . import care


@shared_task
def forget_expired_care() -> None:
    care.forget_expired()
