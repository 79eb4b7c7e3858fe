from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from lib.errors import Refused
from lib.periods import Period, today

from .exports import month_from


class MonthField(forms.CharField):
    """A month as browsers write it: 2016-08. Cleans to its Period."""

    widget = forms.TextInput(attrs={"type": "month", "pattern": "[0-9]{4}-[0-9]{2}", "placeholder": "2016-08"})

    def clean(self, value) -> Period:
        text = super().clean(value)
        try:
            period = month_from(text)
        except Refused as refusal:
            raise forms.ValidationError(str(refusal), code=refusal.code) from None
        if period.start > today():
            raise forms.ValidationError(_("这个月还没有到，请选择本月或以前的月份。"), code="future")
        return period


class MonthForm(forms.Form):
    """The month, and the day as of which its outcomes are asked for; without one as they stand now."""

    month = MonthField(label=_("月份"), max_length=7, error_messages={"required": _("请选择月份。")})
    as_of = forms.DateField(
        label=_("办理结果截至"), required=False, error_messages={"invalid": _("截至日期请写成 2016-08-31 的样子。")}
    )

    def clean(self):
        cleaned = super().clean()
        period, day = cleaned.get("month"), cleaned.get("as_of")
        if period and day and not period.last_day <= day <= today():
            self.add_error("as_of", _("截至日期应在当月最后一天到今天之间。"))
        return cleaned
