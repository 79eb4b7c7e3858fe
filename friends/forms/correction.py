"""The author corrects what he wrote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from lib.periods import month_of, today
from organization.actors import Actor

from ..models import ContactLog
from .contact import ContactForm


class CorrectionForm(ContactForm):
    """`version` is the one that the form was filled from; a draft keeps it, so that an old draft meets a conflict."""

    version = forms.IntegerField(widget=forms.HiddenInput(attrs={"data-draft-version": "", "data-keep": ""}))

    def __init__(self, data: Mapping[str, Any] | None = None, *, actor: Actor, log: ContactLog) -> None:
        super().__init__(data, actor=actor, log=log, initial={**self.initial_of(log), "version": log.version})
        self.log = log

    @property
    def draft(self) -> str:
        """Name of the draft in the browser: one per log."""
        return f"visit-{self.log.key}"

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day not in month_of(today()):
            raise forms.ValidationError(_("联系日期只能改为本月之内。"))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("text") and "text" not in self.errors and not self.log.opinions.exists():
            self.add_error("text", _("请写一句聊了什么。"))
        # The form shows no seconds: a time that was not touched is no change.
        if not {"day", "clock"} & set(self.changed_data) and "happened_at" in cleaned:
            cleaned["happened_at"] = self.log.happened_at
        return cleaned
