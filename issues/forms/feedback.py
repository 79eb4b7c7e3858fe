"""The answer goes back to the workers."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from friends.enums import ContactChannel
from lib.fields import DayField
from lib.names import LineField
from lib.periods import SHANGHAI, today

from ..enums import Rating
from ..models import Feedback


class TellForm(forms.Form):
    """Whom of an issue's reporters, how, and what they said to it."""

    feedbacks = forms.ModelMultipleChoiceField(
        label=_("告知了谁"),
        queryset=Feedback.objects.none(),
        to_field_name="key",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": _("请勾选已经告知的人。"),
            "invalid_choice": _("选中的人里有的已经登记过反馈，请按现在的名单重新勾选。"),
        },
    )
    channel = forms.ChoiceField(
        label=_("怎么告知的"),
        choices=ContactChannel.choices,
        initial=ContactChannel.FACE_TO_FACE,
    )
    told_on = DayField(label=_("告知日期"), initial=today)
    reaction = LineField(
        label=_("职工怎么说"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    rating = forms.TypedChoiceField(
        label=_("满意度（联络员代填）"),
        choices=Rating.choices,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        help_text=_("职工说了再填，没说就不填；统计时会注明是联络员代填。"),
    )

    def __init__(self, *args, feedbacks, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["feedbacks"].queryset = feedbacks
        self.fields["feedbacks"].label_from_instance = whom

    def clean_told_on(self) -> dt.date:
        day = self.cleaned_data["told_on"]
        if day > today():
            raise forms.ValidationError(_("告知日期不能晚于今天。"))
        return day

    @property
    def told_at(self) -> dt.datetime:
        """Now for today, noon for an earlier day: the hour of it was not asked for."""
        day = self.cleaned_data["told_on"]
        return timezone.now() if day == today() else dt.datetime.combine(day, dt.time(12), SHANGHAI)


def whom(feedback: Feedback) -> str:
    opinion = feedback.opinion
    name = opinion.reporter_label
    return f"{name}（{opinion.unit.label}）"


class UnreachableForm(forms.Form):
    reason = LineField(label=_("联系不上的原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class UpholdForm(forms.Form):
    reason = LineField(
        label=_("核实的情况"),
        max_length=300,
        help_text=_("职工会在回执上看到。"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
