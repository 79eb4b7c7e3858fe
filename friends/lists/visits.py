"""联系记录: all contacts that the actor sees."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, ModelChoiceFilter

from liaison import choices
from lib.lists import Column, DayFilter, ListFilter, ListSpec, matching
from organization.actors import Actor
from organization.roles import Role

from ..enums import ContactChannel, WorkKind
from ..models import ContactLog, Participation


class VisitFilter(ListFilter):
    # By day and not by moment: ten million logs are indexed by day.
    orders = {"-happened_on": _("最近联系在前"), "happened_on": _("最早联系在前"), "unit__path": _("按单位")}
    since = DayFilter(label=_("联系日期从"), field_name="happened_on", lookup_expr="gte")
    until = DayFilter(label=_("到"), field_name="happened_on", lookup_expr="lte")
    unit = ModelChoiceFilter(
        label=_("单位"), queryset=choices.units, to_field_name="code", method="within", empty_label=_("全部单位")
    )
    group = ModelChoiceFilter(label=_("小组"), queryset=choices.groups, empty_label=_("全部小组"))
    cadre = ModelChoiceFilter(label=_("联络员"), queryset=choices.cadres, empty_label=_("全部联络员"))
    channel = ChoiceFilter(label=_("联系方式"), choices=ContactChannel.choices, empty_label=_("全部方式"))
    kind = ChoiceFilter(
        label=_("工作类型"), field_name="work_kind", choices=WorkKind.choices, empty_label=_("全部类型")
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        # Where there is one answer only, there is nothing to choose.
        if self.actor.role == Role.CADRE:
            del self.filters["cadre"]
        if self.actor.role in (Role.CADRE, Role.GROUP_LEADER):
            del self.filters["group"]

    def search(self, logs: QuerySet[ContactLog], name: str, query: str) -> QuerySet[ContactLog]:
        with_them = Participation.objects.filter(matching(query, names=["worker"])).values("log")
        return logs.filter(matching(query, text=["text", "place"], names=["unit"]) | Q(pk__in=with_them))

    def within(self, logs: QuerySet[ContactLog], name: str, unit) -> QuerySet[ContactLog]:
        return logs.filter(unit__path__startswith=unit.path)


def logs_of(actor: Actor) -> QuerySet[ContactLog]:
    return ContactLog.objects.visible_to(actor).with_list_relations().prefetch_related("opinions")


def opinions_raised(log: ContactLog) -> int | None:
    """None where there are none: an empty cell says it better than a nought."""
    return len(log.opinions.all()) or None


VISITS = ListSpec(
    name="friends.visits",
    title=_("互动交流记录"),
    rows=logs_of,
    filter_class=VisitFilter,
    columns=(
        Column(_("对象"), "names", cell="title", width=20),
        Column(_("联系日期"), "happened_on", cell="day", order="happened_on", width=12),
        Column(_("联系方式"), "get_channel_display", width=12),
        Column(_("主要内容"), "text", cell="words", width=40),
        Column(_("意见数"), opinions_raised, cell="number", width=8),
        Column(_("人次"), "people", width=8, on_page=False),
        Column(_("主题"), "topic_titles", width=16, on_page=False),
        Column(_("工作类型"), "get_work_kind_display", width=10, on_page=False),
        Column(_("单位"), "unit.label", order="unit__path", width=16),
        Column(_("联络员"), "cadre.user.name", width=10, roles={Role.GROUP_LEADER, Role.OFFICE}),
        Column(_("小组"), "group.name", width=12, roles={Role.OFFICE}, on_page=False),
    ),
)
