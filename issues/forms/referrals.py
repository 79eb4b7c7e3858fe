"""Forms of a referral upward."""

from __future__ import annotations

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from lib.names import LineField, ProseField
from lib.once import SentOnceForm
from organization.actors import Actor
from organization.models import Unit


class ReferForm(SentOnceForm, forms.Form):
    """To a unit above the own one, or outside the house."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    to_unit = forms.ModelChoiceField(
        label=_("上级单位"),
        queryset=Unit.objects.none(),
        to_field_name="code",
        required=False,
        empty_label=_("不在系统内"),
    )
    to_name = LineField(
        label=_("其他受理单位"),
        max_length=60,
        required=False,
        help_text=_("不在系统内的填这里，如市总工会、12351 热线。"),
    )
    question = ProseField(
        label=_("上报内容"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=_("这段文字会离开本单位，不写是谁反映的。"),
    )

    def __init__(self, *args, actor: Actor, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_unit"].queryset = Unit.objects.above(actor.unit).exclude(pk=actor.unit.pk)

    def clean(self) -> dict:
        chosen = self.cleaned_data
        if not self.errors and bool(chosen.get("to_unit")) == bool(chosen.get("to_name")):
            self.add_error("to_name", _("上级单位和其他受理单位填一个。"))
        return chosen


class AnswerReferralForm(forms.Form):
    answer = ProseField(label=_("上级答复"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5}))
