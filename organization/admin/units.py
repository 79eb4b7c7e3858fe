"""Units: fields that describe one are edited in place; name, place and end change through the services."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from lib.acting import posted
from lib.errors import Refused
from lib.periods import day_label, latest_business_date, today
from lib.tabular.admin import RosterImportMixin

from ..administration import InspectInline, RoleAdmin, RoleInline
from ..forms import MoveUnitForm, RenameUnitForm, RetireUnitForm, UnitStepForm
from ..imports.units import UnitImporter
from ..models import Headcount, Unit, UnitAlias, UnitFormerName, UnitPlacement
from ..models.unit import FOUNDED_FROM
from ..services import place_unit, rename_unit, retire_unit

#: Address → title, form and service of the steps that a unit takes.
STEPS: dict[str, tuple[str, type[UnitStepForm], Callable]] = {
    "rename": (_("更名"), RenameUnitForm, rename_unit),
    "move": (_("调整隶属关系"), MoveUnitForm, place_unit),
    "retire": (_("停用或并入"), RetireUnitForm, retire_unit),
}


def history_of(step: str, told: dict[str, Any], old_name: str, old_parent: Unit | None) -> str:
    """更名，2016年5月1日起：采掘一车间 → 采掘综合车间."""
    said = _("%(step)s，%(day)s起") % {"step": STEPS[step][0], "day": day_label(told["on"])}
    match step:
        case "rename":
            return f"{said}：{old_name} → {told['name']}"
        case "move":
            return f"{said}：{old_parent or '—'} → {told['parent']}"
    return f"{said}：{old_name} → {told['merged_into']}" if told["merged_into"] else said


class UnitForm(forms.ModelForm):
    """Django leaves out a rule that asks for a field which the page does not show, such as the day of closing."""

    def clean_opened_on(self) -> dt.date | None:
        day = self.cleaned_data["opened_on"]
        if day and not dt.date(FOUNDED_FROM, 1, 1) <= day <= latest_business_date():
            raise ValidationError(_("设立日期应在1900年到明年今天之间，请检查年份。"))
        return day

    def validate_unique(self) -> None:
        super().validate_unique()
        if not self.errors:
            try:
                self.instance.validate_constraints()
            except ValidationError as error:
                self.add_error(None, error.messages)


class FormerNameInline(RoleInline):
    model = UnitFormerName
    fields = ["name", "until_on"]


class PlacementInline(InspectInline):
    model = UnitPlacement
    fk_name = "unit"
    fields = ["parent", "starts_on", "ends_on"]


class HeadcountInline(RoleInline):
    model = Headcount
    fields = ["gender", "age_band", "post", "shift", "employment", "people"]


class RetiredFilter(admin.SimpleListFilter):
    title = _("状态")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin):
        return [("active", _("在用")), ("retired", _("已停用"))]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        if self.value() in ("active", "retired"):
            return queryset.filter(closed_on__isnull=self.value() == "active")
        return queryset


@admin.register(Unit)
class UnitAdmin(RosterImportMixin, RoleAdmin):
    importer_class = UnitImporter
    form = UnitForm
    unit_lookup = ""
    list_display = ["name", "kind", "code", "parent", "closed_on"]
    list_filter = ["kind", RetiredFilter]
    list_select_related = ["parent"]
    search_fields = ["name", "short_name", "code", "search", "aliases__spelling", "former_names__name"]
    ordering = ["path"]
    fields = ["kind", "name", "short_name", "code", "parent", "opened_on"]
    autocomplete_fields = ["parent"]
    inlines = [FormerNameInline, PlacementInline, HeadcountInline]
    change_form_template = "admin/organization/unit/change_form.html"

    def rows_within(self, rows: models.QuerySet, path: str) -> models.QuerySet:
        return rows.filter(path__startswith=path)

    def get_fields(self, request: HttpRequest, obj: Unit | None = None) -> list[str]:
        return [*self.fields, "closed_on", "merged_into"] if obj else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Unit | None = None) -> list[str]:
        return ["name", "parent", "closed_on", "merged_into"] if obj else []

    def get_inlines(self, request: HttpRequest, obj: Unit | None) -> list:
        return self.inlines if obj else []

    def get_form(self, request: HttpRequest, obj: Unit | None = None, **kwargs):
        form = super().get_form(request, obj, **kwargs)
        if "parent" in form.base_fields:
            # Only the account that sets the house up founds a new tree.
            form.base_fields["parent"].required = request.actor.role is not None
        return form

    def save_model(self, request: HttpRequest, obj: Unit, form, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            place_unit(obj, parent=obj.parent, on=obj.opened_on or today())

    def get_urls(self) -> list:
        steps = path(
            "<int:pk>/<str:step>/",
            self.admin_site.admin_view(self.step_view),
            name="organization_unit_step",
        )
        urls = super().get_urls()
        return [*(url for url in urls if url.name), steps, *(url for url in urls if not url.name)]

    def step_view(self, request: HttpRequest, pk: int, step: str) -> HttpResponse:
        """Rename, move or retire one unit, from a day."""
        unit = self.get_object(request, str(pk))
        if step not in STEPS or unit is None or not self.has_change_permission(request, unit):
            raise Http404
        title, form_class, service = STEPS[step]
        form = form_class(posted(request), unit=unit, choices=self.get_queryset(request))
        old = unit.name, unit.parent
        if form.is_valid():
            try:
                service(unit, **form.cleaned_data)
            except Refused as error:
                form.add_error(None, str(error))
            except ValidationError as error:
                form.add_error(None, error.messages)
            else:
                self.log_change(request, unit, history_of(step, form.cleaned_data, *old))
                messages.success(request, _("已保存。"))
                return redirect(reverse("admin:organization_unit_change", args=[unit.pk]))
            unit.refresh_from_db()
        context = {
            **self.admin_site.each_context(request),
            "title": f"{title}：{unit.name}",
            "opts": self.opts,
            "unit": unit,
            "form": form,
        }
        return render(request, "admin/organization/unit/step.html", context)


@admin.register(UnitAlias)
class UnitAliasAdmin(RoleAdmin):
    unit_lookup = "unit"
    list_display = ["spelling", "unit", "root", "confirmed_at"]
    list_select_related = ["unit", "root"]
    search_fields = ["spelling", "unit__name"]
    fields = ["root", "spelling", "unit"]
    autocomplete_fields = ["root", "unit"]

    def save_model(self, request: HttpRequest, obj: UnitAlias, form, change: bool) -> None:
        obj.confirmed_by = request.user
        super().save_model(request, obj, form, change)
