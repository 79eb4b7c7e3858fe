from __future__ import annotations

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from lib.formats import mask_phone
from organization.administration import BaseUnitFilter, InspectAdmin, RoleAdmin, spec_of
from records.rosters import RecordedRosterMixin

from .imports import FriendshipImporter, WorkerImporter
from .models import Friendship, Worker


class WorkerForm(forms.ModelForm):
    new_phone = forms.CharField(
        label=_("更换手机号码"), max_length=30, required=False, help_text=_("填写新号码；不填则不变。")
    )
    new_phone_2 = forms.CharField(
        label=_("更换备用电话"), max_length=30, required=False, help_text=_("填写新号码；不填则不变。")
    )

    class Meta:
        model = Worker
        exclude = ["phone", "phone_2"]  # noqa: DJ006 (the admin class lists the fields)


@admin.register(Worker)
class WorkerAdmin(RecordedRosterMixin, RoleAdmin):
    importer_class = WorkerImporter
    unit_lookup = None
    form = WorkerForm
    list_display = ["name", "employee_no", "unit", "gender", "post", "masked_phone", "is_active"]
    list_filter = [BaseUnitFilter, "is_active", "gender", "employment"]
    list_select_related = ["unit"]
    search_fields = ["name", "search", "employee_no", "unit__name", "unit__parent__name"]
    fields = [
        "enterprise",
        "unit",
        "employee_no",
        "name",
        "gender",
        "birth_year",
        "post",
        "shift",
        "employment",
        "masked_phone",
        "new_phone",
        "masked_phone_2",
        "new_phone_2",
        "is_union_member",
        "strengths",
        "is_active",
    ]
    readonly_fields = ["masked_phone", "masked_phone_2"]
    autocomplete_fields = ["enterprise", "unit"]

    def has_delete_permission(self, request: HttpRequest, obj: Worker | None = None) -> bool:
        """Never, whoever it is: deletable only while unused, the button would tell who has raised an opinion."""
        return False

    @admin.display(description=_("手机号码"))
    def masked_phone(self, worker: Worker) -> str:
        return mask_phone(worker.phone)

    @admin.display(description=_("备用电话"))
    def masked_phone_2(self, worker: Worker) -> str:
        return mask_phone(worker.phone_2)

    def save_model(self, request: HttpRequest, obj: Worker, form: WorkerForm, change: bool) -> None:
        obj.phone = form.cleaned_data["new_phone"] or obj.phone
        obj.phone_2 = form.cleaned_data["new_phone_2"] or obj.phone_2
        super().save_model(request, obj, form, change)


class WorkerBaseUnitFilter(BaseUnitFilter):
    unit_path = "worker__unit"


@admin.register(Friendship)
class FriendshipAdmin(RecordedRosterMixin, InspectAdmin):
    importer_class = FriendshipImporter
    unit_lookup = None
    list_display = ["worker", "cadre", "unit", "starts_on", "ends_on", "end_reason"]
    list_select_related = ["worker", "cadre__user", "unit"]
    list_filter = [WorkerBaseUnitFilter, "end_reason"]
    search_fields = ["worker__name", "worker__search", "cadre__user__name"]

    def has_import_permission(self, request: HttpRequest) -> bool:
        """Looked at here row by row, and yet filled from a roster by who keeps the rosters."""
        return spec_of(request).edits(self.opts.label_lower)
