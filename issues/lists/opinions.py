"""意见建议: what workers said, for those who keep in touch with them and for the office."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_filters import ChoiceFilter, ModelChoiceFilter

from lib.lists import Column, DayFilter, ListFilter, ListSpec, TabFilter, matching
from organization.actors import Actor
from organization.roles import Role

from ..enums import OpinionState, ReporterKind, Source
from ..models import Opinion
from . import choices

TABS = {
    "waiting": _("待归并"),
    "merged": _("已归并"),
    "owed": _("待反馈"),
    "set_aside": _("不予受理"),
    "all": _("全部"),
}


class OpinionFilter(ListFilter):
    orders = {
        "-raised_on": _("最近提出在前"),
        "raised_on": _("最早提出在前"),
        "unit__path": _("按单位"),
        "category__position": _("按类别"),
    }
    tab = TabFilter(choices=list(TABS.items()), method="in_tab")
    unit = ModelChoiceFilter(
        label=_("单位"), queryset=choices.units, to_field_name="code", method="within", empty_label=_("全部单位")
    )
    group = ModelChoiceFilter(label=_("小组"), queryset=choices.groups, empty_label=_("全部小组"))
    cadre = ModelChoiceFilter(label=_("联络员"), queryset=choices.cadres, empty_label=_("全部联络员"))
    category = ModelChoiceFilter(label=_("类别"), queryset=choices.categories, empty_label=_("全部类别"))
    kind = ChoiceFilter(
        label=_("反映人"), field_name="reporter_kind", choices=ReporterKind.choices, empty_label=_("全部反映人")
    )
    source = ChoiceFilter(label=_("来源"), choices=Source.choices, empty_label=_("全部来源"))
    since = DayFilter(label=_("提出日期从"), field_name="raised_on", lookup_expr="gte")
    until = DayFilter(label=_("到"), field_name="raised_on", lookup_expr="lte")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        # Where there is one answer only, there is nothing to choose.
        if self.actor.role == Role.CADRE:
            del self.filters["cadre"]
        if self.actor.role in (Role.CADRE, Role.GROUP_LEADER):
            del self.filters["group"]

    @classmethod
    def defaults(cls, actor: Actor) -> dict[str, str]:
        return {"tab": "waiting" if actor.role == Role.OFFICE else "all"}

    def in_tab(self, opinions: QuerySet[Opinion], name: str, tab: str) -> QuerySet[Opinion]:
        if tab == "owed":
            return opinions.owed_an_answer()
        return opinions.filter(state=tab) if tab in OpinionState.values else opinions

    def search(self, opinions: QuerySet[Opinion], name: str, query: str) -> QuerySet[Opinion]:
        return opinions.filter(matching(query, text=["text"], names=["worker", "unit"]))

    def within(self, opinions: QuerySet[Opinion], name: str, unit) -> QuerySet[Opinion]:
        return choices.within(opinions, name, unit)


def opinions_of(actor: Actor) -> QuerySet[Opinion]:
    return Opinion.objects.visible_to(actor).with_list_relations()


def issue_numbers(opinion: Opinion) -> str:
    return "、".join(merge.issue.number for merge in opinion.merges.all())


OPINIONS = ListSpec(
    name="issues.opinions",
    title=_("意见建议"),
    rows=opinions_of,
    filter_class=OpinionFilter,
    columns=(
        Column(pgettext_lazy("一条", "意见建议"), "text", cell="title", width=48),
        Column(_("状态"), "state", cell="state", width=10),
        Column(_("反映人"), "reporter_label", width=10),
        Column(_("单位"), "unit.label", order="unit__path", width=16),
        Column(_("类别"), "category.name", order="category__position", width=12),
        Column(_("联络员"), "cadre.user.name", width=10, roles={Role.GROUP_LEADER, Role.OFFICE}),
        Column(_("小组"), "group.name", width=12, on_page=False),
        Column(_("来源"), "get_source_display", width=12, on_page=False),
        Column(_("提出日期"), "raised_on", cell="day", order="raised_on", width=12),
        Column(_("问题编号"), issue_numbers, cell="issues/_opinion_issues.html", width=18),
    ),
)
