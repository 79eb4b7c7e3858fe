from django.contrib import admin
from django.db import models
from django_celery_results.models import TaskResult

from organization.administration import InspectAdmin


@admin.register(TaskResult)
class TaskResultAdmin(InspectAdmin):
    """Work that failed in the background: which task and when; its arguments and messages stay in the table."""

    list_display = ["date_done", "task_name", "status"]
    list_filter = ["status", "task_name"]
    fields = ["task_id", "task_name", "status", "date_created", "date_done"]

    def rows_within(self, rows: models.QuerySet, path: str) -> models.QuerySet:
        return rows
