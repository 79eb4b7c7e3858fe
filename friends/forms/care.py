"""Forms for what is written down about a worker in need, with his consent."""

from __future__ import annotations

import datetime as dt
import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from lib.fields import DayField
from lib.names import LineField, ProseField
from lib.once import SentOnceForm
from lib.periods import today

from ..enums import AidKind, CareKind

#: A mark holds no longer; who is still in need then is asked again.
LONGEST = dt.timedelta(days=366)


class ConsentForm(SentOnceForm, forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    note = ProseField(
        label=_("情况说明"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("只写帮扶需要的，加密保存；只有本人的联络员和工会办公室能看。"),
    )
    consent_on = DayField(
        label=_("本人同意日期"), initial=today, help_text=_("没有征得本人同意的，不登记。本人可以随时要求删除。")
    )

    def clean_consent_on(self) -> dt.date:
        return not_ahead(self.cleaned_data["consent_on"])


def not_ahead(day: dt.date) -> dt.date:
    if day > today():
        raise forms.ValidationError(_("日期不能晚于今天。"))
    return day


class AidForm(ConsentForm):
    kind = forms.ChoiceField(label=_("帮扶方式"), choices=[("", _("请选择")), *AidKind.choices])
    given_on = DayField(label=_("帮扶日期"), initial=today)
    amount = forms.DecimalField(
        label=_("金额（元）"),
        max_digits=10,
        decimal_places=2,
        min_value=0.01,
        required=False,
        help_text=_("物资折价或慰问金数额，没有金额的不填。"),
    )
    field_order = ["key", "kind", "given_on", "amount", "note", "consent_on"]

    def clean_given_on(self) -> dt.date:
        return not_ahead(self.cleaned_data["given_on"])


class CareFlagForm(ConsentForm):
    kind = forms.ChoiceField(label=_("困难类型"), choices=[("", _("请选择")), *CareKind.choices])
    expires_on = DayField(label=_("到期日期"), help_text=_("一年以内；到期后说明自动清除，仍有困难的再征得同意登记。"))
    field_order = ["key", "kind", "note", "consent_on", "expires_on"]

    def clean(self) -> dict:
        since, until = self.cleaned_data.get("consent_on"), self.cleaned_data.get("expires_on")
        if until and until <= today():
            self.add_error("expires_on", _("到期日期须在今天之后。"))
        elif since and until and until > since + LONGEST:
            self.add_error("expires_on", _("最长一年，到期后可再登记。"))
        return self.cleaned_data


class PurposeForm(forms.Form):
    purpose = LineField(label=_("导出用途"), max_length=200, help_text=_("写入下载登记，如“向上级申报困难职工档案”。"))
