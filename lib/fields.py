"""Fields of the forms that are filled in on the phone."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from lib.periods import validate_business_date

#: Typed by hand where the browser has no calendar.
DAY_FORMATS = ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d"]


class DayField(forms.DateField):
    """A business day: the browser's calendar, or typed in one of the usual notations."""

    default_validators = [validate_business_date]
    default_error_messages = {"invalid": _("日期不对，请按 2026-08-31 的样子填写。")}

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(input_formats=DAY_FORMATS, widget=widget, **kwargs)


class ClockField(forms.TimeField):
    """Hours and minutes."""

    default_error_messages = {"invalid": _("时间不对，请按 14:30 的样子填写。")}

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
        super().__init__(input_formats=["%H:%M", "%H:%M:%S"], widget=widget, **kwargs)

    def to_python(self, value: Any) -> dt.time | None:
        return super().to_python(value.replace("：", ":") if isinstance(value, str) else value)


class MeasureField(forms.IntegerField):
    """What a script counted. It is no part of what the user says, so a wrong value is dropped and never an error."""

    widget = forms.HiddenInput

    def __init__(self, *, most: int) -> None:
        super().__init__(required=False)
        self.most = most

    def clean(self, value: Any) -> int | None:
        try:
            number = super().clean(value)
        except ValidationError:
            return None
        return number if number is not None and 0 <= number <= self.most else None
