from __future__ import annotations

from operator import itemgetter

from django.contrib import admin
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from organization.administration import InspectAdmin
from organization.roles import Role

from .kinds import kind_label
from .models import Download, Export


class RoleFilter(admin.SimpleListFilter):
    title = _("角色")
    parameter_name = "as"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        return Role.choices

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        return queryset.filter(role=self.value()) if self.value() else queryset


class KindFilter(admin.SimpleListFilter):
    title = _("种类")
    parameter_name = "what"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list:
        kinds = model_admin.get_queryset(request).order_by().values_list("kind", flat=True).distinct()
        return sorted(((kind, kind_label(kind)) for kind in kinds), key=itemgetter(1))

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        return queryset.filter(kind=self.value()) if self.value() else queryset


class NamesInWords:
    """Role and kind as a reader knows them."""

    @admin.display(description=_("角色"), ordering="role")
    def role_name(self, row: Export | Download) -> str:
        return str(Role(row.role).label) if row.role in Role.values else row.role

    @admin.display(description=_("种类"), ordering="kind")
    def kind_name(self, row: Export | Download) -> str:
        return kind_label(row.kind)


@admin.register(Export)
class ExportAdmin(NamesInWords, InspectAdmin):
    list_display = [
        "requested_at",
        "account_number",
        "role_name",
        "kind_name",
        "purpose",
        "rows_total",
        "state",
        "expires_at",
    ]
    list_filter = ["state", RoleFilter]
    date_hierarchy = "requested_at"
    fields = list_display
    readonly_fields = fields

    @admin.display(description=_("账号编号"))
    def account_number(self, export: Export) -> int:
        return export.requested_by_id


@admin.register(Download)
class DownloadAdmin(NamesInWords, InspectAdmin):
    """The register of files that left: by ids."""

    list_display = ["at", "account_number", "role_name", "kind_name", "rows", "purpose"]
    list_filter = [RoleFilter, KindFilter]
    date_hierarchy = "at"
    fields = list_display
    readonly_fields = fields

    def rows_within(self, rows: models.QuerySet, path: str) -> models.QuerySet:
        here = Q(user__appointments__unit__path__startswith=path) | Q(user__cadre__unit__path__startswith=path)
        return rows.filter(here).distinct()

    @admin.display(description=_("账号编号"))
    def account_number(self, download: Download) -> int:
        return download.user_id
