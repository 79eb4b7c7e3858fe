"""Accounts and the roles that are given to them."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin as AuthUserAdmin
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from lib.formats import mask_phone

from ..accounts import tell, tell_auditors
from ..administration import RoleAdmin, RoleInline, spec_of
from ..forms import AccountCreationForm, AccountForm, AppointmentForm
from ..models import Appointment, User
from ..permissions import is_guarded
from ..roles import SETUP


class GivenByAnother:
    """For an admin class or inline whose form is a `GivenForm`: it is told who gives."""

    def get_form(self, request: HttpRequest, obj: models.Model | None = None, **kwargs):
        return super().get_form(request, obj, **{"form": self.form.given_by(request.user), **kwargs})

    def get_formset(self, request: HttpRequest, obj: models.Model | None = None, **kwargs):
        return super().get_formset(request, obj, **{"form": self.form.given_by(request.user), **kwargs})


class AppointmentInline(GivenByAnother, RoleInline):
    model = Appointment
    form = AppointmentForm
    fields = ["role", "unit", "is_head", "starts_on", "ends_on"]
    autocomplete_fields = ["unit"]

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """An appointment ends; that it was held stays known."""
        return False

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        rows = super().get_queryset(request)
        return rows.filter(unit__path__startswith=request.actor.unit.path) if request.actor.unit else rows


@admin.register(User)
class UserAdmin(RoleAdmin, AuthUserAdmin):
    form = AccountForm
    add_form = AccountCreationForm
    add_form_template = "admin/organization/user/add_form.html"
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
        if change and "email" in form.changed_data and obj != request.user:
            tell(obj, "account_email")

    def save_formset(self, request: HttpRequest, form, formset, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        for given in formset.new_objects:
            tell_auditors(given)

    def may_decide_sign_in(self, request: HttpRequest, account: User | None) -> bool:
        """Password and mail address: whoever sets them can sign in as the account."""
        return account is None or spec_of(request) is SETUP or not is_guarded(account)

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        return self.readonly_fields if self.may_decide_sign_in(request, obj) else [*self.readonly_fields, "email"]

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> list:
        fieldsets = super().get_fieldsets(request, obj)
        if self.may_decide_sign_in(request, obj):
            return fieldsets
        return [
            (title, {**options, "fields": [name for name in options["fields"] if name != "password"]})
            for title, options in fieldsets
        ]

    @method_decorator(sensitive_post_parameters())
    @transaction.atomic
    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002
        """Never of an account that reads more than the visitor; and its owner hears of it."""
        account = self.get_object(request, unquote(id))
        if not self.may_decide_sign_in(request, account):
            raise PermissionDenied
        response = super().user_change_password(request, id, form_url)
        is_others = account is not None and account != request.user
        if is_others and not User.objects.filter(pk=account.pk, password=account.password).exists():
            tell(account, "account_password")
        return response


@admin.register(Appointment)
class AppointmentAdmin(GivenByAnother, RoleAdmin):
    form = AppointmentForm
    list_display = ["user", "role", "unit", "is_head", "starts_on", "ends_on"]
    list_filter = ["role"]
    list_select_related = ["user", "unit"]
    search_fields = ["user__name", "user__username", "unit__name"]
    fields = ["user", "role", "unit", "is_head", "starts_on", "ends_on"]
    autocomplete_fields = ["user", "unit"]

    def save_model(self, request: HttpRequest, obj: Appointment, form, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change:
            tell_auditors(obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Appointment | None = None) -> list[str]:
        return ["user", "role", "unit", "starts_on"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False
