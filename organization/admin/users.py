"""Accounts and the roles that are given to them."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as AuthUserAdmin
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from lib.formats import mask_phone

from ..administration import RoleAdmin, RoleInline
from ..forms import AccountCreationForm, AccountForm, AppointmentForm
from ..models import Appointment, User


class AppointmentInline(RoleInline):
    model = Appointment
    form = AppointmentForm
    fields = ["role", "unit", "starts_on", "ends_on"]
    autocomplete_fields = ["unit"]

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """An appointment ends; that it was held stays known."""
        return False

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        rows = super().get_queryset(request)
        return rows.filter(unit__path__startswith=request.actor.unit.path) if request.actor.unit else rows

    def get_formset(self, request: HttpRequest, obj: User | None = None, **kwargs):
        kwargs["form"] = type("BoundAppointmentForm", (AppointmentForm,), {"giver": request.user})
        return super().get_formset(request, obj, **kwargs)


@admin.register(User)
class UserAdmin(RoleAdmin, AuthUserAdmin):
    form = AccountForm
    add_form = AccountCreationForm
    list_display = ["username", "name", "masked_phone", "is_active", "last_login"]
    list_filter = ["is_active", "appointments__role"]
    search_fields = ["username", "name"]
    ordering = ["username"]
    filter_horizontal = []
    readonly_fields = ["masked_phone", "last_login"]
    fieldsets = [
        (None, {"fields": ["username", "password", "name", "masked_phone", "new_phone", "email", "is_active"]}),
        (_("界面"), {"fields": ["language", "text_size", "theme"]}),
        (_("登录"), {"fields": ["last_login"]}),
    ]
    add_fieldsets = [
        (None, {"classes": ["wide"], "fields": ["username", "name", "usable_password", "password1", "password2"]}),
    ]
    inlines = [AppointmentInline]

    def rows_within(self, rows: models.QuerySet, path: str) -> models.QuerySet:
        """Accounts that work in the subtree, and new ones that hold nothing yet; never the set-up account."""
        here = Q(appointments__unit__path__startswith=path) | Q(cadre__unit__path__startswith=path)
        return rows.filter(here | Q(appointments=None, cadre=None), is_superuser=False).distinct()

    @admin.display(description=_("手机号码"))
    def masked_phone(self, user: User) -> str:
        return mask_phone(user.phone)

    def save_model(self, request: HttpRequest, obj: User, form, change: bool) -> None:
        if phone := form.cleaned_data.get("new_phone"):
            obj.phone = phone
        super().save_model(request, obj, form, change)


@admin.register(Appointment)
class AppointmentAdmin(RoleAdmin):
    form = AppointmentForm
    list_display = ["user", "role", "unit", "starts_on", "ends_on"]
    list_filter = ["role"]
    list_select_related = ["user", "unit"]
    search_fields = ["user__name", "user__username", "unit__name"]
    fields = ["user", "role", "unit", "starts_on", "ends_on"]
    autocomplete_fields = ["user", "unit"]

    def get_readonly_fields(self, request: HttpRequest, obj: Appointment | None = None) -> list[str]:
        return ["user", "role", "unit", "starts_on"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False

    def get_form(self, request: HttpRequest, obj: Appointment | None = None, **kwargs):
        kwargs["form"] = type("BoundAppointmentForm", (AppointmentForm,), {"giver": request.user})
        return super().get_form(request, obj, **kwargs)
