"""制度成果: the rules that were changed because of issues."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, ModelChoiceFilter

from lib.lists import Column, DayFilter, ListFilter, ListSpec, TabFilter, matching
from lib.periods import today
from organization.actors import Actor
from organization.models import Unit

from ..enums import RuleLevel
from ..models import RuleChange
from . import choices

TABS = {"standing": _("有效"), "withdrawn": _("已撤销"), "all": _("全部")}


class RuleChangeFilter(ListFilter):
    orders = {
        "-issued_on": _("最近印发在前"),
        "issued_on": _("最早印发在前"),
        "-beneficiaries": _("受益人数多的在前"),
        "unit__path": _("按单位"),
    }
    tab = TabFilter(choices=list(TABS.items()), method="in_tab")
    level = ChoiceFilter(label=_("制度层级"), choices=RuleLevel.choices, empty_label=_("全部层级"))
    unit = ModelChoiceFilter(
        label=_("适用单位"), queryset=choices.units, to_field_name="code", method="within", empty_label=_("全部单位")
    )
    since = DayFilter(label=_("印发日期从"), field_name="issued_on", lookup_expr="gte")
    until = DayFilter(label=_("到"), field_name="issued_on", lookup_expr="lte")

    @classmethod
    def defaults(cls, actor: Actor) -> dict[str, str]:
        return {"tab": "standing"}

    def in_tab(self, changes: QuerySet[RuleChange], name: str, tab: str) -> QuerySet[RuleChange]:
        if tab == "withdrawn":
            return changes.filter(withdrawn_on__isnull=False)
        return changes.standing() if tab == "standing" else changes

    def search(self, changes: QuerySet[RuleChange], name: str, query: str) -> QuerySet[RuleChange]:
        text = ["title", "before", "after", "document_number", "beneficiary_group"]
        return changes.filter(matching(query, text=text, names=["unit"]))

    def within(self, changes: QuerySet[RuleChange], name: str, unit: Unit) -> QuerySet[RuleChange]:
        return choices.within(changes, name, unit)


def rule_changes_of(actor: Actor) -> QuerySet[RuleChange]:
    return RuleChange.objects.visible_to(actor).with_list_relations()


def standing_of(change: RuleChange) -> str:
    if change.is_withdrawn:
        return gettext("已撤销")
    return gettext("已施行") if (change.effective_on or change.issued_on) <= today() else gettext("尚未施行")


RULE_CHANGES = ListSpec(
    name="issues.rule_changes",
    title=_("制度成果"),
    rows=rule_changes_of,
    filter_class=RuleChangeFilter,
    columns=(
        Column(_("制度成果名称"), "title", cell="title", width=36),
        Column(_("状态"), standing_of, width=10),
        Column(_("制度层级"), "get_level_display", width=14),
        Column(_("适用单位"), "unit.label", order="unit__path", width=16),
        Column(_("文号"), "document_number", width=20),
        Column(_("印发日期"), "issued_on", cell="day", order="issued_on", width=12),
        Column(_("施行日期"), "effective_on", cell="day", width=12, on_page=False),
        Column(_("受益人群"), "beneficiary_group", width=24, on_page=False),
        Column(_("受益人数"), "beneficiaries", cell="number", order="beneficiaries", width=10),
        Column(_("人数依据"), "counted_by", width=24, on_page=False),
        Column(_("相关问题数"), "issue_count", cell="number", width=10),
        Column(_("原规定"), "before", width=40, on_page=False),
        Column(_("新规定"), "after", width=40, on_page=False),
    ),
)
