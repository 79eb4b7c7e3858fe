from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from lib.fields import DayField
from lib.periods import today

from ..enums import EndReason


class EndForm(forms.Form):
    """有进有出: when and why a friendship ends."""

    on = DayField(label=_("结束日期"), initial=today)
    reason = forms.ChoiceField(label=_("调整原因"), choices=[("", _("请选择")), *EndReason.choices])

    def clean_on(self) -> dt.date:
        day = self.cleaned_data["on"]
        if day > today():
            raise forms.ValidationError(_("结束日期不能晚于今天。"))
        return day


def picked_keys(values: Iterable[str]) -> set[uuid.UUID]:
    """The boxes that were ticked; what is no key names nobody."""
    found = set()
    for value in values:
        try:
            found.add(uuid.UUID(value))
        except ValueError:
            continue
    return found
