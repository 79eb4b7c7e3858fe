"""Forms for cases and for the polls about them."""

from __future__ import annotations

import uuid

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lib.fields import DayField
from lib.names import LineField, ProseField
from lib.once import SentOnceForm
from lib.periods import half, today

from ..enums import MOST_VOTES
from ..models import CaseNomination

#: Half-years that are still told of.
HALVES = 4


def half_choices() -> list[tuple[str, str]]:
    """This half-year and those before it, the latest first."""
    year, number = today().year, 1 if today().month <= 6 else 2
    found = []
    for _each in range(HALVES):
        period = half(year, number)
        found.append((period.code, period.label))
        year, number = (year, 1) if number == 2 else (year - 1, 2)
    return found


class CaseForm(SentOnceForm, forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    half = forms.ChoiceField(label=_("评选期"), choices=half_choices)
    title = LineField(label=_("案例名称"), max_length=60)
    background = ProseField(
        label=_("背景"),
        max_length=1500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("什么问题、影响多少人。写“一名职工”“不少职工”，不写姓名、工号，也不写让人猜得出是谁的细节。"),
    )
    action = ProseField(
        label=_("做法"),
        max_length=1500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("工会和责任部门做了什么。"),
    )
    result = ProseField(
        label=_("成效"),
        max_length=1500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("解决到什么程度，是否由此改了制度。"),
    )
    voice = ProseField(
        label=_("职工评价"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("可不填。"),
    )

    @property
    def facts(self) -> dict:
        """What the services take: everything but key and version."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("key", "version")}


class PollForm(forms.Form):
    half = forms.ChoiceField(label=_("评选期"), choices=half_choices)
    opens_on = DayField(label=_("开始投票日期"))
    closes_on = DayField(label=_("截止日期"), help_text=_("当天仍可投票。截止后才公布票数。"))

    def clean(self) -> dict:
        first, last = self.cleaned_data.get("opens_on"), self.cleaned_data.get("closes_on")
        if first and last and last < first:
            self.add_error("closes_on", _("截止日期不能早于开始日期。"))
        return self.cleaned_data


class PollDaysForm(PollForm):
    half = None


class PickedCasesForm(forms.Form):
    """Cases ticked on a page of a poll."""

    cases = forms.ModelMultipleChoiceField(queryset=CaseNomination.objects.none(), to_field_name="key", required=False)

    def __init__(self, *args, cases: QuerySet[CaseNomination], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cases"].queryset = cases


class BallotForm(PickedCasesForm):
    def clean_cases(self):
        cases = self.cleaned_data["cases"]
        if len(cases) > MOST_VOTES:
            raise forms.ValidationError(_("每人最多投 10 票，请减少后再提交。"))
        return cases


class SelectionForm(PickedCasesForm):
    note = LineField(
        label=_("评定说明"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("评定结果与得票次序不一致时必须写明原因，会随结果公布。"),
    )
