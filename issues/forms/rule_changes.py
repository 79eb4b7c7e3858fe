"""Forms of the office for the register of changed rules."""

from __future__ import annotations

import uuid

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lib.fields import DayField
from lib.names import LineField, ProseField
from lib.once import SentOnceForm
from lib.periods import today
from organization.actors import Actor
from organization.enums import UnitKind
from organization.models import Unit

from ..enums import RuleLevel

#: No rule is made for one of these alone, and none is so large that nobody counted.
NOT_RULED = (UnitKind.WORKSHOP, UnitKind.TEAM, UnitKind.DEPARTMENT)
MOST_BENEFICIARIES = 100_000_000


class RuleChangeForm(SentOnceForm, forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    title = LineField(
        label=_("制度成果名称"), max_length=80, help_text=_("一句话说清改了什么。各单位都能看到，不写人名。")
    )
    level = forms.ChoiceField(label=_("制度层级"), choices=RuleLevel.choices, widget=forms.RadioSelect)
    unit = forms.ModelChoiceField(
        label=_("适用单位"), queryset=Unit.objects.none(), to_field_name="code", empty_label=None
    )
    before = ProseField(label=_("原规定"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    after = ProseField(label=_("新规定"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    document_number = LineField(
        label=_("文号"), max_length=60, required=False, help_text=_("没有文号的可不填，如集体合同条款写条款号。")
    )
    issued_on = DayField(label=_("印发日期"))
    effective_on = DayField(label=_("施行日期"), required=False, help_text=_("不填即自印发之日起施行。"))
    beneficiary_group = LineField(
        label=_("受益人群"), max_length=100, help_text=_("哪一类职工受益，如“海拔3000米以上项目职工”。")
    )
    beneficiaries = forms.IntegerField(
        label=_("受益人数"),
        min_value=1,
        max_value=MOST_BENEFICIARIES,
        required=False,
        help_text=_("尚未统计的可不填。"),
    )
    counted_by = LineField(
        label=_("人数依据"), max_length=200, required=False, help_text=_("按什么统计，如“2026年6月项目在册人数”。")
    )

    def __init__(self, *args, actor: Actor, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = ruled_units(actor)

    def clean_issued_on(self):
        day = self.cleaned_data["issued_on"]
        if day > today():
            raise forms.ValidationError(_("印发日期不能晚于今天。"))
        return day

    def clean(self) -> dict:
        said = self.cleaned_data
        if said.get("beneficiaries") and not said.get("counted_by") and "counted_by" not in self.errors:
            self.add_error("counted_by", _("填了受益人数，须写明人数依据。"))
        return said

    @property
    def facts(self) -> dict:
        """What the services take: everything but key and version."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("key", "version")}


def ruled_units(actor: Actor) -> QuerySet[Unit]:
    return Unit.objects.within(actor.unit).active().exclude(kind__in=NOT_RULED).order_by("path")


class WithdrawForm(forms.Form):
    reason = LineField(label=_("撤销原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))
