from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lib.fields import DayField
from lib.periods import today

from .models import Appointment, Unit, User
from .models.unit import PATH_STEP
from .permissions import NOT_TO_ONESELF


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


class GivenForm(forms.ModelForm):
    """Of a row that gives somebody a role, or a part in one: nobody gives it to himself.

    `holder` is the path from the row to the account. The admin binds the giver (`GivenByAnother`).
    """

    giver: User | None = None
    holder = "user"

    @classmethod
    def given_by(cls, giver: User) -> type[GivenForm]:
        return type(cls.__name__, (cls,), {"giver": giver, "__module__": cls.__module__})

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.has_changed() and self.giver is not None and self.giver in self.holders(cleaned):
            raise ValidationError(NOT_TO_ONESELF)
        return cleaned

    def holders(self, cleaned: dict[str, Any]) -> Iterator[User | None]:
        """Whose the row was, and whose it would be."""
        field, *rest = self.holder.split(".")
        stored = getattr(self.instance, field) if getattr(self.instance, f"{field}_id") else None
        for holder in (stored, cleaned.get(field)):
            for name in rest:
                holder = getattr(holder, name, None)
            yield holder


class AppointmentForm(GivenForm):
    class Meta:
        model = Appointment
        fields = ["user", "role", "unit", "is_head", "starts_on", "ends_on"]


class UnitChoiceField(forms.ModelChoiceField):
    """A unit with what stands above it, for workshops of many plants bear one name: 球团厂 / 维检车间."""

    names: dict[str, str]

    def offer(self, units: QuerySet[Unit], *, within: QuerySet[Unit]) -> None:
        """Only units `within` are named; the enterprise itself only where there are several."""
        self.names = dict(within.order_by().values_list("path", "name"))
        self.are_many = len({path[:PATH_STEP] for path in self.names}) > 1
        self.queryset = units

    def label_from_instance(self, unit: Unit) -> str:
        paths = unit.paths_to_root()
        shown = paths if self.are_many else paths[1:] or paths
        return " / ".join(self.names[path] for path in shown if path in self.names)


class UnitStepForm(forms.Form):
    """One step in the life of a unit, from the day `on`; its fields are the arguments of the service.

    The step is taken at once, so its day has come.
    """

    on = DayField(label=_("生效日期"), initial=today)

    def __init__(self, *args, unit: Unit, choices: QuerySet[Unit], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, UnitChoiceField):
                units = choices.active().exclude(path__startswith=unit.path).order_by("path")
                field.offer(units, within=choices)

    def clean_on(self) -> dt.date:
        day = self.cleaned_data["on"]
        if day > today():
            raise ValidationError(_("不能晚于今天，请到当天再办理。"))
        return day


class RenameUnitForm(UnitStepForm):
    name = forms.CharField(label=_("新名称"), max_length=80)


class MoveUnitForm(UnitStepForm):
    parent = UnitChoiceField(Unit.objects.none(), label=_("新的上级单位"))


class RetireUnitForm(UnitStepForm):
    merged_into = UnitChoiceField(Unit.objects.none(), label=_("并入单位"), required=False)


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
