from __future__ import annotations

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from lib.names import ProseField
from lib.once import SentOnceForm


class JournalForm(SentOnceForm, forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    text = ProseField(label=_("记一条"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
