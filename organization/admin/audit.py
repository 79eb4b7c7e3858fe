import datetime as dt

from auditlog.models import LogEntry
from django.contrib import admin
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ..administration import InspectAdmin

#: The package speaks no Chinese.
ACTIONS = {
    LogEntry.Action.CREATE: _("新增"),
    LogEntry.Action.UPDATE: _("修改"),
    LogEntry.Action.DELETE: _("删除"),
    LogEntry.Action.ACCESS: _("查看"),
}


class ActionFilter(admin.SimpleListFilter):
    title = _("操作")
    parameter_name = "done"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        return [(str(action), word) for action, word in ACTIONS.items()]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        if not self.value():
            return queryset
        return queryset.filter(action=self.value()) if self.value() in map(str, ACTIONS) else queryset.none()


@admin.register(LogEntry)
class AuditEntryAdmin(InspectAdmin):
    """Who changed what, by ids: the trail holds no names."""

    list_display = ["moment", "actor_number", "table", "row_number", "done", "fields_changed"]
    list_filter = [ActionFilter]
    date_hierarchy = "timestamp"
    list_select_related = ["content_type"]
    fields = ["moment", "actor_number", "table", "row_number", "done", "changes_told"]
    readonly_fields = fields

    def rows_within(self, rows: models.QuerySet, path: str) -> models.QuerySet:
        """What was done by accounts that work in the subtree."""
        here = Q(actor__appointments__unit__path__startswith=path) | Q(actor__cadre__unit__path__startswith=path)
        return rows.filter(here).distinct()

    def render_change_form(self, request: HttpRequest, context: dict, *args, **kwargs):
        context["subtitle"] = ""
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=_("时间"), ordering="timestamp")
    def moment(self, entry: LogEntry) -> dt.datetime:
        return entry.timestamp

    @admin.display(description=_("表"), ordering="content_type")
    def table(self, entry: LogEntry) -> str:
        return str(entry.content_type.name)

    @admin.display(description=_("记录编号"), ordering="object_pk")
    def row_number(self, entry: LogEntry) -> str:
        return entry.object_pk

    @admin.display(description=_("操作"), ordering="action")
    def done(self, entry: LogEntry) -> str:
        return str(ACTIONS.get(entry.action, entry.action))

    @admin.display(description=_("账号编号"))
    def actor_number(self, entry: LogEntry) -> str:
        return str(entry.actor_id or "")

    @admin.display(description=_("改动字段"))
    def fields_changed(self, entry: LogEntry) -> str:
        return "、".join(title_of(entry, name) for name in entry.changes or {})

    @admin.display(description=_("改动"))
    def changes_told(self, entry: LogEntry) -> str:
        return "\n".join(f"{title_of(entry, name)}：{change}" for name, change in (entry.changes or {}).items())


def title_of(entry: LogEntry, name: str) -> str:
    """A column as its table calls it; one that is there no more, by its name."""
    model = entry.content_type.model_class()
    fields = {field.name: field for field in model._meta.fields} if model else {}
    return str(fields[name].verbose_name) if name in fields else name
