from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lib.periods import today

from .models import Appointment, Unit, User


class PreferencesForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["text_size", "theme", "language"]
        widgets = {"text_size": forms.RadioSelect, "theme": forms.RadioSelect, "language": forms.RadioSelect}


class AccountCreationForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ["username", "name"]


class AccountForm(UserChangeForm):
    new_phone = forms.CharField(
        label=_("更换手机号码"), max_length=30, required=False, help_text=_("填写新号码；不填则不变。")
    )

    class Meta:
        model = User
        fields = ["username", "password", "name", "email", "is_active", "language", "text_size", "theme"]


class AppointmentForm(forms.ModelForm):
    #: Set by the admin: who gives the role.
    giver: User | None = None

    class Meta:
        model = Appointment
        fields = ["user", "role", "unit", "starts_on", "ends_on"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        receiver = cleaned.get("user") or (self.instance.user if self.instance.user_id else None)
        if self.has_changed() and self.giver is not None and receiver == self.giver:
            raise ValidationError(_("不能给自己任职，请由另一位管理员办理。"))
        return cleaned


class UnitStepForm(forms.Form):
    """One step in the life of a unit, from the day `on`; its fields are the arguments of the service."""

    on = forms.DateField(label=_("生效日期"), initial=today)

    def __init__(self, *args, unit: Unit, choices: QuerySet[Unit], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = choices.active().exclude(path__startswith=unit.path).order_by("path")


class RenameUnitForm(UnitStepForm):
    name = forms.CharField(label=_("新名称"), max_length=80)


class MoveUnitForm(UnitStepForm):
    parent = forms.ModelChoiceField(Unit.objects.none(), label=_("新的上级单位"))


class RetireUnitForm(UnitStepForm):
    merged_into = forms.ModelChoiceField(Unit.objects.none(), label=_("并入单位"), required=False)


class HolidayNoticeForm(forms.Form):
    text = forms.CharField(
        label=_("通知全文"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 16, "cols": 80}),
        help_text=_("从国务院办公厅的放假安排通知中整篇复制，连同标题粘贴到这里。"),
    )
    year = forms.IntegerField(
        label=_("年份"), required=False, min_value=2010, max_value=2100, help_text=_("通知里没有写年份时填写。")
    )
