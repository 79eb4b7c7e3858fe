"""典型案例: the stories that the actor may read."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, ModelChoiceFilter

from lib.lists import Column, ListFilter, ListSpec, TabFilter, matching
from organization.actors import Actor
from organization.models import Unit
from organization.roles import Role

from ..enums import CaseState
from ..forms.cases import half_choices
from ..models import CaseNomination
from . import choices

TABS = {"all": _("全部"), **dict(CaseState.choices)}


class CaseFilter(ListFilter):
    orders = {"-half": _("最近的评选期在前"), "half": _("最早的评选期在前"), "unit__path": _("按单位")}
    tab = TabFilter(choices=list(TABS.items()), method="in_tab")
    half = ChoiceFilter(label=_("评选期"), choices=half_choices, empty_label=_("全部评选期"))
    unit = ModelChoiceFilter(
        label=_("申报单位"), queryset=choices.units, to_field_name="code", method="within", empty_label=_("全部单位")
    )

    @classmethod
    def defaults(cls, actor: Actor) -> dict[str, str]:
        return {"tab": "all"}

    def in_tab(self, cases: QuerySet[CaseNomination], name: str, tab: str) -> QuerySet[CaseNomination]:
        return cases.filter(state=tab) if tab in CaseState.values else cases

    def search(self, cases: QuerySet[CaseNomination], name: str, query: str) -> QuerySet[CaseNomination]:
        return cases.filter(matching(query, text=["title", "background", "action", "result"], names=["unit"]))

    def within(self, cases: QuerySet[CaseNomination], name: str, unit: Unit) -> QuerySet[CaseNomination]:
        return choices.within(cases, name, unit)


def cases_of(actor: Actor) -> QuerySet[CaseNomination]:
    return CaseNomination.objects.visible_to(actor).with_list_relations()


CASES = ListSpec(
    name="issues.cases",
    title=_("典型案例"),
    rows=cases_of,
    filter_class=CaseFilter,
    columns=(
        Column(_("案例名称"), "title", cell="title", width=36),
        Column(_("状态"), "state", cell="state", width=10),
        Column(_("评选期"), "half_label", order="half", width=14),
        Column(_("申报单位"), "unit.label", order="unit__path", width=16),
        Column(_("申报小组"), "group.name", width=14, roles={Role.OFFICE}),
        Column(_("申报日期"), "nominated_on", cell="day", width=12),
        Column(_("背景"), "background", width=40, on_page=False),
        Column(_("做法"), "action", width=40, on_page=False),
        Column(_("成效"), "result", width=40, on_page=False),
        Column(_("职工评价"), "voice", width=30, on_page=False),
    ),
)
