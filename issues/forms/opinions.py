"""Forms for opinions: one comes in by letter or is added to a visit; they are merged or set aside."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from friends.models import ContactLog, Worker
from lib.fields import DayField
from lib.names import LineField, ProseField
from lib.once import SentOnceForm
from lib.periods import today
from organization.actors import Actor
from organization.enums import UnitKind
from organization.models import Unit
from records.photos import PhotosField

from ..enums import ReporterKind, Source
from ..models import Category, Issue, Opinion

#: Characters of one opinion, wherever it is taken down.
OPINION_LIMIT = 1000
#: Sources that have no record of their own: what the office writes down itself.
OFFICE_SOURCES = (Source.LETTER, Source.PUBLIC_ACCOUNT, Source.MOMENTS)
#: Units that speak as an enterprise, for all who work there.
EMPLOYERS = (UnitKind.ENTERPRISE, UnitKind.BASE_UNIT)


def opinion_text() -> ProseField:
    return ProseField(
        label=pgettext_lazy("一条", "意见建议"),
        max_length=OPINION_LIMIT,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("按职工原话记录。"),
    )


class SimilarHint(forms.Widget):
    """A place under the words that fills itself while they are typed, with radios of the field's name."""

    template_name = "issues/_similar_hint.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        prefix = name.removesuffix("seconds")
        return {**super().get_context(name, value, attrs), "prefix": prefix, "of": prefix.removesuffix("-")}


def seconds_field() -> forms.ModelChoiceField:
    """One of those that the hint offers (`issues:opinion_similar`); nothing is the rule."""
    return forms.ModelChoiceField(
        label="",
        queryset=Opinion.objects.none(),
        to_field_name="key",
        required=False,
        widget=SimilarHint,
        error_messages={"invalid_choice": _("要附议的意见已经看不到了，请重新选择。")},
    )


class OpinionForm(SentOnceForm, forms.Form):
    """An opinion that reached the office. Who spoke is chosen before (`?who=` or `?kind=`)."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    text = opinion_text()
    seconds = seconds_field()
    category = forms.ModelChoiceField(label=_("类别"), queryset=Category.objects.active(), empty_label=_("请选择"))
    source = forms.ChoiceField(label=_("来源"), choices=[(source.value, source.label) for source in OFFICE_SOURCES])
    raised_on = DayField(label=_("提出日期"), initial=today)
    unit = forms.ModelChoiceField(
        label=_("涉及单位"), queryset=Unit.objects.none(), to_field_name="code", empty_label=_("请选择")
    )
    is_urgent = forms.BooleanField(label=_("紧急"), required=False)
    may_be_named = forms.BooleanField(label=_("本人愿意署名"), required=False)
    photos = PhotosField()

    def __init__(self, *args, actor: Actor, kind: ReporterKind, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seconds"].queryset = Opinion.objects.visible_to(actor)
        if kind == ReporterKind.WORKER:
            # The worker's own unit counts.
            del self.fields["unit"]
        else:
            self.fields["unit"].queryset = Unit.objects.within(actor.unit).active().order_by("path")
            del self.fields["may_be_named"]
        if kind == ReporterKind.ENTERPRISE:
            self.fields["unit"].queryset = self.fields["unit"].queryset.of_kind(*EMPLOYERS)
            self.fields["unit"].label = _("反映企业（单位）")
            self.fields["unit"].help_text = _("由单位提出，不记联系人姓名和电话；办理结果反馈给这个单位。")

    def clean_raised_on(self):
        day = self.cleaned_data["raised_on"]
        if day > today():
            raise forms.ValidationError(_("提出日期不能晚于今天。"))
        return day


class VisitOpinionForm(SentOnceForm, forms.Form):
    """What was forgotten when the visit was logged; who spoke is one of those who took part."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    worker = forms.ModelChoiceField(
        label=_("谁提的"),
        queryset=Worker.objects.none(),
        to_field_name="key",
        widget=forms.RadioSelect,
        empty_label=None,
    )
    text = opinion_text()
    seconds = seconds_field()
    category = forms.ModelChoiceField(label=_("类别"), queryset=Category.objects.active(), empty_label=_("请选择"))
    is_urgent = forms.BooleanField(label=_("紧急"), required=False)
    may_be_named = forms.BooleanField(label=_("愿意署名"), required=False)

    def __init__(self, *args, actor: Actor, log: ContactLog, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seconds"].queryset = Opinion.objects.visible_to(actor)
        workers = [row.worker for row in log.participations.all()]
        self.fields["worker"].queryset = Worker.objects.filter(pk__in=[worker.pk for worker in workers])
        if len(workers) == 1:
            self.initial["worker"] = workers[0].key


class CorrectionForm(forms.Form):
    """A slip in an opinion that one took down oneself."""

    text = opinion_text()
    category = forms.ModelChoiceField(label=_("类别"), queryset=Category.objects.active(), empty_label=None)


class SetAsideForm(forms.Form):
    reason = LineField(
        label=_("不予受理的原因"),
        max_length=200,
        help_text=_("写明理由，联络员会据此向职工说明。"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class MergeForm(forms.Form):
    """The issue is one of those that the search on the page found."""

    issue = forms.ModelChoiceField(
        label=_("并入的问题"),
        queryset=Issue.objects.none(),
        to_field_name="key",
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("请选择要并入的问题。")},
    )

    def __init__(self, *args, issues, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["issue"].queryset = issues
