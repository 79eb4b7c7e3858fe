"""Forms of the office for issues."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from friends.services import common_unit
from liaison.enums import Grade
from lib.fields import DayField
from lib.names import LineField, ProseField
from lib.once import SentOnceForm
from organization.actors import Actor
from organization.enums import UnitKind
from organization.models import Unit

from ..discretion import names_unwilling
from ..enums import Scope
from ..models import Category, Opinion


class IssueForm(SentOnceForm, forms.Form):
    """Title and wording, written apart from the opinions: they are all that a department reads.

    `merged_into`: numbers of the issues that opinions of a new one belong to already.
    """

    UNSAID = SentOnceForm.UNSAID | {"although_merged", "first"}

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    #: What the form was filled from: where two people edit at once, both see what each has changed.
    first = forms.JSONField(widget=forms.HiddenInput, required=False)
    title = LineField(label=_("问题名称"), max_length=80, help_text=_("一句话说清是什么事，不写是谁反映的。"))
    wording = ProseField(
        label=_("交办内容"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=_("责任部门只看到问题名称和这段文字。交办前必须写好。"),
    )
    category = forms.ModelChoiceField(label=_("类别"), queryset=Category.objects.active(), empty_label=None)
    scope = forms.ChoiceField(label=_("范围"), choices=Scope.choices, widget=forms.RadioSelect)
    grade = forms.ChoiceField(label=_("办理等级"), choices=Grade.choices, widget=forms.RadioSelect)
    unit = forms.ModelChoiceField(
        label=_("涉及单位"), queryset=Unit.objects.none(), to_field_name="code", empty_label=None
    )

    although_merged = forms.BooleanField(required=False)

    def __init__(
        self, *args, actor: Actor, opinions: Collection[Opinion], merged_into: Collection[str] = (), **kwargs
    ) -> None:
        super().__init__(*args, **kwargs)
        if merged_into:
            words = {"numbers": "、".join(merged_into)}
            self.fields["although_merged"].label = _("其中有意见已归并到 %(numbers)s，仍要另立问题") % words
        else:
            del self.fields["although_merged"]
        self.opinions = opinions
        self.fields["unit"].queryset = units_for(actor, opinions)
        for name in ("category", "unit"):
            # Read once: the page goes through the choices twice, and each time would ask the database.
            self.fields[name].choices = [choice for choice in self.fields[name].choices]  # noqa: C416 - list() counts

    def clean(self) -> dict:
        for name in ("title", "wording"):
            if names_unwilling(self.cleaned_data.get(name, ""), self.opinions):
                self.add_error(name, _("这里出现了反映人的姓名、电话或工号，责任部门会看到，请改写。"))
        return self.cleaned_data

    @property
    def facts(self) -> dict:
        """What the services take: the issue itself, without what the form needs for its own."""
        own = ("key", "version", "first")
        return {name: value for name, value in self.cleaned_data.items() if name not in own}


def units_for(actor: Actor, opinions: Collection[Opinion]) -> QuerySet[Unit]:
    """The units that the opinions come from, what stands above them, and the base units beside."""
    common = common_unit({opinion.unit_id: opinion.unit for opinion in opinions}.values())
    own = Q(path__in=common.paths_to_root()) | Q(pk__in=[opinion.unit_id for opinion in opinions])
    beside = Q(path__startswith=actor.unit.path, kind=UnitKind.BASE_UNIT, closed_on__isnull=True)
    return Unit.objects.filter(own | beside, path__startswith=actor.unit.path).order_by("path")


def first_guess(opinions: Collection[Opinion]) -> dict:
    """What a new issue starts with: the category most named, the unit that holds all."""
    categories = [opinion.category_id for opinion in opinions]
    units = {opinion.unit_id: opinion.unit for opinion in opinions}
    return {
        "category": max(set(categories), key=categories.count),
        "unit": common_unit(units.values()).code,
        "scope": Scope.INDIVIDUAL if len({opinion.worker_id for opinion in opinions}) < 2 else Scope.COMMON,
        "grade": Grade.SHORT_TERM,
    }


class ReasonForm(forms.Form):
    """Why an issue is taken back or taken up again."""

    reason = LineField(label=_("原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 3}))


class RecheckForm(forms.Form):
    """Looked at again: nothing has changed."""

    reason = LineField(
        label=_("复核情况"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("写明核实了什么，为什么仍按原答复。"),
    )
    recheck_on = DayField(label=_("下次复核日期"), help_text=_("今天之后、一年以内。"))


class CloseForm(forms.Form):
    note = LineField(label=_("销号意见"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2}))
