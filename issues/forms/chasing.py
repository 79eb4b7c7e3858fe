"""What passes between office and department about an open dispatch: urging, supervision, more time, pauses."""

from __future__ import annotations

import datetime as dt
import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from lib.fields import DayField
from lib.names import LineField
from lib.once import SentOnceForm

from ..enums import ExtensionState


def lines(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class UrgeForm(SentOnceForm, forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    text = LineField(
        label=_("催办内容"), max_length=200, widget=lines(3), help_text=_("责任部门会看到这句话，不写是谁反映的。")
    )


class SuperviseForm(SentOnceForm, forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    requirement = LineField(
        label=_("督办要求"), max_length=500, widget=lines(4), help_text=_("写进督办单，责任部门会看到。")
    )
    due_on = DayField(label=_("督办时限"))


class AskExtensionForm(SentOnceForm, forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    until = DayField(label=_("申请延至"))
    reason = LineField(label=_("申请理由"), max_length=200, widget=lines(3))


class SettleExtensionForm(forms.Form):
    decision = forms.ChoiceField(
        label=_("批复"),
        choices=[(state.value, state.label) for state in (ExtensionState.GRANTED, ExtensionState.REFUSED)],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择同意还是不同意。")},
    )
    until = DayField(label=_("同意延至"), required=False, help_text=_("可以与申请的日期不同。"))
    remark = LineField(
        label=_("批复意见"), max_length=200, required=False, widget=lines(2), help_text=_("不同意的须写明原因。")
    )

    def __init__(self, *args, asked_until: dt.date, **kwargs) -> None:
        super().__init__(*args, initial={"until": asked_until}, **kwargs)

    def clean(self) -> dict:
        decision = self.cleaned_data.get("decision")
        if decision == ExtensionState.GRANTED and not self.cleaned_data.get("until") and "until" not in self.errors:
            self.add_error("until", _("请填延至哪一天。"))
        if decision == ExtensionState.REFUSED:
            # Nothing is granted, whatever stands there.
            self.errors.pop("until", None)
            if not self.cleaned_data.get("remark"):
                self.add_error("remark", _("请写明不同意的原因。"))
        return self.cleaned_data


class PauseForm(SentOnceForm, forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    until = DayField(label=_("恢复计时日期"), help_text=_("从这一天起继续计时。"))
    reason = LineField(label=_("暂停原因"), max_length=200, widget=lines(3), help_text=_("责任部门会看到。"))
