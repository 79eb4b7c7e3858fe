"""To which departments an issue goes, one at a time or many at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from lib.fields import DayField
from lib.names import LineField
from lib.periods import today
from organization.models import Appointment, Unit
from organization.roles import Role
from records.models import Attachment

from ..attachments import photos_of
from ..models import Issue
from ..services.proposing import Proposal, departments_of


class Departments:
    """What the forms of one page offer, asked once for all of them."""

    def __init__(self, unit: Unit) -> None:
        self.units = {department.code: department for department in departments_of(unit)}
        held = Appointment.objects.open().filter(role=Role.HANDLER, unit__in=[u.pk for u in self.units.values()])
        staffed = set(held.values_list("unit_id", flat=True))
        self.choices = [(code, department_label(unit, staffed)) for code, unit in self.units.items()]


def department_label(unit: Unit, staffed: Collection[int]) -> str:
    return unit.label if unit.pk in staffed else _("%(unit)s（还没有承办人）") % {"unit": unit.label}


class DepartmentsForm(forms.Form):
    """Lead, supporting and limit, filled in as proposed."""

    lead = forms.ChoiceField(label=_("牵头部门"), error_messages={"required": _("请选择牵头部门。")})
    supporting = forms.MultipleChoiceField(label=_("协办部门"), required=False, widget=forms.CheckboxSelectMultiple)
    due_on = DayField(label=_("办理时限"))

    def __init__(
        self, *args, issue: Issue, departments: Departments, proposal: Proposal | None = None, **kwargs
    ) -> None:
        initial = {"due_on": max(issue.due_on, today())}
        if proposal:
            initial |= {"lead": proposal.lead.code, "supporting": [unit.code for unit in proposal.supporting]}
        super().__init__(*args, initial=initial, **kwargs)
        self.departments = departments
        self.fields["lead"].choices = [("", _("请选择")), *departments.choices]
        self.fields["supporting"].choices = departments.choices
        if proposal:
            self.fields["lead"].help_text = proposal.reason

    def keep_typed(self, data: QueryDict) -> None:
        """Shows what was sent without asking whether it is right."""
        for name, field in self.fields.items():
            typed = field.widget.value_from_datadict(data, {}, self.add_prefix(name))
            if typed is not None:
                self.initial[name] = typed

    def clean_lead(self) -> Unit:
        return self.departments.units[self.cleaned_data["lead"]]

    def clean_supporting(self) -> list[Unit]:
        return [self.departments.units[code] for code in self.cleaned_data["supporting"]]

    def clean_due_on(self) -> dt.date:
        day = self.cleaned_data["due_on"]
        if day < today():
            raise forms.ValidationError(_("办理时限不能早于今天。"))
        return day

    def clean(self) -> dict:
        lead = self.cleaned_data.get("lead")
        if lead and lead in self.cleaned_data.get("supporting", ()):
            self.add_error("supporting", _("牵头部门不必再列为协办部门。"))
        return self.cleaned_data


class DispatchForm(DepartmentsForm):
    note = LineField(label=_("交办说明"), max_length=200, required=False, help_text=_("只留在工会的办理过程里。"))
    photos = forms.ModelMultipleChoiceField(
        label=_("随交办转给责任部门的照片"),
        queryset=Attachment.objects.none(),
        to_field_name="key",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, issue: Issue, **kwargs) -> None:
        super().__init__(*args, issue=issue, **kwargs)
        self.fields["photos"].queryset = photos_of(issue)
