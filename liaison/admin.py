from __future__ import annotations

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from lib.tabular.admin import RosterImportMixin
from organization.admin.users import GivenByAnother
from organization.administration import RoleAdmin, RoleInline
from records.rosters import RecordedRosterMixin

from .forms import CadreForm, MembershipForm
from .imports import CadreImporter, ContractImporter, GroupImporter
from .models import Cadre, Contract, LiaisonGroup, Membership, Norms, Phase, Topic


class EndedRatherThanDeleted(RoleInline):
    """Who was where, and from when to when, stays known."""

    def has_delete_permission(self, request: HttpRequest, obj=None) -> bool:
        return False


class MembershipInline(GivenByAnother, EndedRatherThanDeleted):
    model = Membership
    form = MembershipForm
    fields = ["cadre", "is_leader", "starts_on", "ends_on"]
    autocomplete_fields = ["cadre"]


class ContractInline(EndedRatherThanDeleted):
    model = Contract
    fields = ["unit", "starts_on", "ends_on"]
    autocomplete_fields = ["unit"]


class TopicInline(RoleInline):
    model = Topic
    fields = ["kind", "title", "questions"]


class GroupFilter(admin.SimpleListFilter):
    """Who is in the group now."""

    title = _("联系小组")
    parameter_name = "group"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, str]]:
        groups = LiaisonGroup.objects.visible_to(request.actor).active()
        return [(str(pk), name) for pk, name in groups.values_list("pk", "name")]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        if not self.value():
            return queryset
        if self.value() not in {pk for pk, _name in self.lookup_choices}:
            return queryset.none()
        return queryset.in_group(self.value())


@admin.register(Cadre)
class CadreAdmin(GivenByAnother, RecordedRosterMixin, RoleAdmin):
    importer_class = CadreImporter
    form = CadreForm
    unit_lookup = None
    list_display = ["user", "unit", "duty", "is_full_time", "is_active"]
    list_filter = ["is_active", "is_full_time", GroupFilter]
    list_select_related = ["user", "unit"]
    search_fields = ["user__name", "user__username", "unit__name"]
    fields = ["user", "unit", "duty", "is_full_time", "is_active"]
    autocomplete_fields = ["user", "unit"]

    def get_readonly_fields(self, request: HttpRequest, obj: Cadre | None = None) -> list[str]:
        return ["user"] if obj else []


@admin.register(LiaisonGroup)
class LiaisonGroupAdmin(RosterImportMixin, RoleAdmin):
    importer_class = GroupImporter
    unit_lookup = None
    list_display = ["name", "unit", "opened_on", "closed_on"]
    list_select_related = ["unit"]
    search_fields = ["name"]
    fields = ["unit", "name", "opened_on", "closed_on"]
    autocomplete_fields = ["unit"]
    inlines = [MembershipInline, ContractInline]


@admin.register(Norms)
class NormsAdmin(RoleAdmin):
    list_display = ["unit", "friends", "meetings", "silence_days", "short_term_workdays"]
    list_select_related = ["unit"]
    search_fields = ["unit__name"]
    autocomplete_fields = ["unit"]

    @admin.display(description=_("每人联系朋友"))
    def friends(self, norms: Norms) -> str:
        return limits(norms.friends_min, norms.friends_max)

    @admin.display(description=_("每月例会"))
    def meetings(self, norms: Norms) -> str:
        return limits(norms.meetings_min, norms.meetings_max)


def limits(low: int | None, high: int | None) -> str:
    """Empty where both are inherited."""
    return "" if low is None and high is None else f"{'' if low is None else low}–{'' if high is None else high}"


@admin.register(Phase)
class PhaseAdmin(RoleAdmin):
    list_display = ["name", "unit", "starts_on", "ends_on"]
    list_select_related = ["unit"]
    search_fields = ["name"]
    fields = ["unit", "name", "starts_on", "ends_on"]
    autocomplete_fields = ["unit"]
    inlines = [TopicInline]


@admin.register(Contract)
class ContractAdmin(RosterImportMixin, RoleAdmin):
    importer_class = ContractImporter
    list_display = ["group", "unit", "starts_on", "ends_on"]
    list_select_related = ["group", "unit"]
    search_fields = ["group__name", "unit__name"]
    fields = ["group", "unit", "starts_on", "ends_on"]
    autocomplete_fields = ["group", "unit"]

    def has_delete_permission(self, request: HttpRequest, obj: Contract | None = None) -> bool:
        """A contract ends; that it was held stays known."""
        return False
