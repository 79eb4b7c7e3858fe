from auditlog.models import LogEntry
from django.contrib import admin
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..administration import InspectAdmin


@admin.register(LogEntry)
class AuditEntryAdmin(InspectAdmin):
    """Who changed what, by ids: the trail holds no names."""

    list_display = ["timestamp", "actor_number", "content_type", "object_pk", "action", "fields_changed"]
    list_filter = ["action"]
    date_hierarchy = "timestamp"
    list_select_related = ["content_type"]
    fields = ["timestamp", "actor_number", "content_type", "object_pk", "action", "changes_text"]
    readonly_fields = fields

    def rows_within(self, rows: models.QuerySet, path: str) -> models.QuerySet:
        """What was done by accounts that work in the subtree."""
        here = Q(actor__appointments__unit__path__startswith=path) | Q(actor__cadre__unit__path__startswith=path)
        return rows.filter(here).distinct()

    @admin.display(description=_("账号编号"))
    def actor_number(self, entry: LogEntry) -> str:
        return str(entry.actor_id or "")

    @admin.display(description=_("改动字段"))
    def fields_changed(self, entry: LogEntry) -> str:
        return "、".join(entry.changes or {})

    @admin.display(description=_("改动"))
    def changes_text(self, entry: LogEntry) -> str:
        return "\n".join(f"{name}: {change}" for name, change in (entry.changes or {}).items())
