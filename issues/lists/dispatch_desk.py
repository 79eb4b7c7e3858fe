"""分办台: the issues that wait to be given to departments."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, ModelChoiceFilter

from lib.lists import ListFilter, ListSpec
from organization.actors import Actor
from organization.models import Unit

from ..enums import DISPATCHABLE_STATES, IssueState
from ..models import Issue
from . import choices


class DispatchDeskFilter(ListFilter):
    orders = {
        "due_on": _("时限近的在前"),
        "-registered_on": _("最近登记在前"),
        "category__position": _("按类别"),
        "unit__path": _("按单位"),
    }
    state = ChoiceFilter(
        label=_("状态"),
        choices=[choice for choice in IssueState.choices if choice[0] in DISPATCHABLE_STATES],
        empty_label=_("全部状态"),
    )
    category = ModelChoiceFilter(label=_("类别"), queryset=choices.categories, empty_label=_("全部类别"))
    unit = ModelChoiceFilter(
        label=_("涉及单位"), queryset=choices.units, to_field_name="code", method="within", empty_label=_("全部单位")
    )

    def within(self, issues: QuerySet[Issue], name: str, unit: Unit) -> QuerySet[Issue]:
        return choices.within(issues, name, unit)

    def search(self, issues: QuerySet[Issue], name: str, query: str) -> QuerySet[Issue]:
        return issues.found_by(query)


def dispatchable_of(actor: Actor) -> QuerySet[Issue]:
    issues = Issue.objects.visible_to(actor).filter(state__in=DISPATCHABLE_STATES)
    return issues.select_related("unit", "category")


#: Its workbook is that of the issues' list, under the tab 待交办.
DISPATCHABLE = ListSpec(
    name="issues.dispatchable",
    title=_("分办台"),
    rows=dispatchable_of,
    filter_class=DispatchDeskFilter,
    columns=(),
    may_export=lambda actor: False,
)
