from __future__ import annotations

from django.contrib import admin
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organization.administration import InspectAdmin

from .models import Download, Export


@admin.register(Export)
class ExportAdmin(InspectAdmin):
    list_display = ["requested_at", "account_number", "role", "kind", "purpose", "rows_total", "state", "expires_at"]
    list_filter = ["state", "role"]
    date_hierarchy = "requested_at"
    fields = list_display
    readonly_fields = fields

    @admin.display(description=_("账号编号"))
    def account_number(self, export: Export) -> int:
        return export.requested_by_id


@admin.register(Download)
class DownloadAdmin(InspectAdmin):
    """The register of files that left: by ids."""

    list_display = ["at", "account_number", "role", "kind", "rows", "purpose"]
    list_filter = ["role", "kind"]
    date_hierarchy = "at"
    fields = list_display
    readonly_fields = fields

    def rows_within(self, rows: models.QuerySet, path: str) -> models.QuerySet:
        here = Q(user__appointments__unit__path__startswith=path) | Q(user__cadre__unit__path__startswith=path)
        return rows.filter(here).distinct()

    @admin.display(description=_("账号编号"))
    def account_number(self, download: Download) -> int:
        return download.user_id
