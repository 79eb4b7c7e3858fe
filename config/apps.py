from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        # Tasks declared with shared_task belong to our broker, in every process and not in the worker alone.
        from config import celery  # noqa: F401
