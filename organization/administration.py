"""Django admin by roles: what every admin class of the house is made of.

What a role edits and inspects there stands in `organization.roles`; which rows, follows from the unit of the active
role. Django's own permissions are not used.
"""

from __future__ import annotations

import json
from functools import wraps
from typing import Any

from django.contrib import admin
from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.auth.views import redirect_to_login
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lib.periods import today

from .calendars import working_calendar
from .enums import UnitKind
from .models import Unit
from .roles import ROLES, SETUP, RoleSpec

#: The month in which the State Council announces the holidays of the next year.
ANNOUNCED_IN = 11
#: What Django's filter of a field, and its row of dates, ask of the field in an address.
FILTER_ENDINGS = ("", "__exact", "__isnull")
DATE_ENDINGS = ("__year", "__month", "__day")
_NOBODY = RoleSpec(frozenset())


def spec_of(request: HttpRequest) -> RoleSpec:
    """What the visitor may do in the admin."""
    if not request.user.is_authenticated or not request.user.is_active:
        return _NOBODY
    if request.actor.role is not None:
        return ROLES[request.actor.role]
    return SETUP if request.user.is_superuser else _NOBODY


class RolePermissions:
    """For admin classes and inlines: the role table decides, `inspect_only` narrows it."""

    inspect_only = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return spec_of(request).inspects(self.opts.label_lower)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return not self.inspect_only and spec_of(request).edits(self.opts.label_lower)

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self.has_change_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Nothing in use is deleted; and nothing in bulk, where nobody looks."""
        return obj is not None and self.has_change_permission(request, obj) and not is_in_use(obj)

    def formfield_for_foreignkey(self, db_field: models.ForeignKey, request: HttpRequest, **kwargs: Any):
        """Only what the visitor may see can be chosen."""
        target = self.admin_site.get_model_admin(db_field.remote_field.model) if self.is_known(db_field) else None
        if target is not None:
            kwargs.setdefault("queryset", target.get_queryset(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def is_known(self, db_field: models.ForeignKey) -> bool:
        return self.admin_site.is_registered(db_field.remote_field.model)


class RoleAdmin(RolePermissions, admin.ModelAdmin):
    """Rows come from `visible_to`, or where a table has none from `unit_lookup`: the path to the row's unit."""

    unit_lookup = "unit"
    actions = None
    view_on_site = False
    list_per_page = 50
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        rows = super().get_queryset(request)
        actor = request.actor
        if actor.role is None:
            return rows if spec_of(request) is SETUP else rows.none()
        if hasattr(rows, "visible_to") and self.unit_lookup is None:
            return rows.visible_to(actor)
        return self.rows_within(rows, actor.unit.path)

    def rows_within(self, rows: models.QuerySet, path: str) -> models.QuerySet:
        return rows.filter(**{f"{self.unit_lookup}__path__startswith": path})

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """The filters on the page and no other: an address with any other would answer questions about columns and
        relations that are not shown, such as who raised opinion 17."""
        return lookup in self.parameters(request)

    def parameters(self, request: HttpRequest) -> set[str]:
        """What the filters and the row of dates on the page write into its address."""
        filters = self.get_list_filter(request)
        found = {entry.parameter_name for entry in filters if not isinstance(entry, str)}
        found |= {f"{field}{ending}" for field in filters if isinstance(field, str) for ending in FILTER_ENDINGS}
        return found | {f"{self.date_hierarchy}{ending}" for ending in DATE_ENDINGS if self.date_hierarchy}

    def changelist_view(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """Named by what it lists, as every other list of the house."""
        plural = capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": plural, **(extra_context or {})})

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if add:
            title = gettext("新增%s")
        elif self.has_change_permission(request, obj):
            title = gettext("修改%s")
        else:
            title = gettext("查看%s")
        context["title"] = title % self.opts.verbose_name
        return super().render_change_form(request, context, add, change, form_url, obj)

    def construct_change_message(self, request, form, formsets, add=False) -> list[dict]:
        """Which fields changed; not what the rows are called, for that may be a person's name."""
        messages = super().construct_change_message(request, form, formsets, add)
        for message in messages:
            for part in message.values():
                part.pop("object", None)
        return messages

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> LogEntry:
        return self.write_log(request, obj, ADDITION, message)

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> LogEntry:
        return self.write_log(request, obj, CHANGE, message)

    def log_deletions(self, request: HttpRequest, queryset: models.QuerySet) -> list[LogEntry]:
        return [self.write_log(request, obj, DELETION, "") for obj in queryset]

    def write_log(self, request: HttpRequest, obj: models.Model, flag: int, message: Any) -> LogEntry:
        """The admin's own history, by id instead of by name."""
        return LogEntry.objects.create(
            user_id=request.user.pk,
            content_type=ContentType.objects.get_for_model(obj, for_concrete_model=False),
            object_id=str(obj.pk),
            object_repr=f"{obj._meta.verbose_name} {obj.pk}",
            action_flag=flag,
            change_message=message if isinstance(message, str) else json.dumps(message),
        )


class BaseUnitFilter(admin.SimpleListFilter):
    """A base unit of the visitor's scope with everything below it; ``unit_path`` leads from a row to its unit."""

    title = _("基层单位")
    parameter_name = "base"
    unit_path = "unit"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        bases = Unit.objects.active().of_kind(UnitKind.BASE_UNIT).order_by("path")
        bases = bases.within(request.actor.unit) if request.actor.unit else bases.none()
        self.paths = {str(unit.pk): unit.path for unit in bases}
        return [(str(unit.pk), unit.label) for unit in bases]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        if not self.value():
            return queryset
        path = self.paths.get(self.value())
        return queryset.filter(**{f"{self.unit_path}__path__startswith": path}) if path else queryset.none()


class InspectAdmin(RoleAdmin):
    """A table that is only looked at: its rows change through services."""

    inspect_only = True


class RoleInline(RolePermissions, admin.TabularInline):
    extra = 0


class InspectInline(RoleInline):
    inspect_only = True
    can_delete = False


def is_in_use(obj: models.Model) -> bool:
    """Whether a row that must not lose it points to the object."""
    for relation in obj._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one)):
            continue
        if relation.on_delete is models.PROTECT and (
            relation.related_model._base_manager.filter(**{relation.field.name: obj.pk}).exists()
        ):
            return True
    return False


class HouseAdminSite(admin.AdminSite):
    site_title = _("一线牵后台")
    site_header = _("一线牵后台管理")
    index_title = _("名册与设置")
    site_url = "/"
    enable_nav_sidebar = False

    def register(self, model_or_iterable, admin_class=None, **options) -> None:
        """Takes our own classes alone: those of the packages know neither roles nor scope."""
        if admin_class is not None and issubclass(admin_class, RoleAdmin):
            super().register(model_or_iterable, admin_class, **options)

    def get_urls(self) -> list:
        """Without the detour by content type, which would tell of any row whether it exists."""
        return [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]

    def has_permission(self, request: HttpRequest) -> bool:
        return spec_of(request).enters_admin

    def admin_view(self, view, cacheable: bool = False):
        guarded = super().admin_view(view, cacheable)

        @wraps(guarded)
        def checked(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if request.user.is_authenticated and not self.has_permission(request):
                raise PermissionDenied
            return guarded(request, *args, **kwargs)

        return checked

    def login(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        """One sign-in for the whole house."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next", "") or "/admin/")

    def index(self, request: HttpRequest, extra_context: dict | None = None) -> HttpResponse:
        # Said to who can mend it.
        year = unknown_calendar_year() if spec_of(request).edits("organization.workdayoverride") else None
        return super().index(request, {"unknown_calendar_year": year, **(extra_context or {})})


def unknown_calendar_year() -> int | None:
    """The year whose make-up weekends somebody should enter now: this one, or from November the next."""
    day, calendar = today(), working_calendar()
    for year in (day.year, day.year + 1):
        if not calendar.known_year(year) and (year == day.year or day.month >= ANNOUNCED_IN):
            return year
    return None
