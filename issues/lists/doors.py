"""扫码入口: the doors of the office's units."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters import ModelChoiceFilter

from lib.lists import Column, ListFilter, ListSpec, TabFilter, matching
from organization.actors import Actor
from organization.models import Unit

from ..models import Door
from . import choices

TABS = {"open": _("正在使用"), "closed": _("已停用"), "all": _("全部")}


class DoorFilter(ListFilter):
    orders = {
        "-opened_on": _("最近启用在前"),
        "opened_on": _("最早启用在前"),
        "unit__path": _("按单位"),
        "-opinion_count": _("意见多的在前"),
    }
    tab = TabFilter(choices=list(TABS.items()), method="in_tab")
    unit = ModelChoiceFilter(
        label=_("单位"), queryset=choices.units, to_field_name="code", method="within", empty_label=_("全部单位")
    )

    @classmethod
    def defaults(cls, actor: Actor) -> dict[str, str]:
        return {"tab": "open"}

    def in_tab(self, doors: QuerySet[Door], name: str, tab: str) -> QuerySet[Door]:
        if tab == "closed":
            return doors.filter(closed_on__isnull=False)
        return doors.open() if tab == "open" else doors

    def search(self, doors: QuerySet[Door], name: str, query: str) -> QuerySet[Door]:
        return doors.filter(matching(query, text=["label"], names=["unit"]))

    def within(self, doors: QuerySet[Door], name: str, unit: Unit) -> QuerySet[Door]:
        return choices.within(doors, name, unit)


def doors_of(actor: Actor) -> QuerySet[Door]:
    return Door.objects.visible_to(actor).select_related("unit").with_opinion_count()


def standing(door: Door) -> str:
    return gettext("正在使用") if door.is_open else gettext("已停用")


DOORS = ListSpec(
    name="issues.doors",
    title=_("扫码入口"),
    rows=doors_of,
    filter_class=DoorFilter,
    columns=(
        Column(_("张贴地点或活动名称"), "label", cell="title", width=30),
        Column(_("单位"), "unit.label", order="unit__path", width=16),
        Column(_("状态"), standing, width=10),
        Column(_("收到意见"), "opinion_count", cell="number", width=10),
        Column(_("启用日期"), "opened_on", cell="day", order="opened_on", width=12),
        Column(_("停用日期"), "closed_on", cell="day", width=12),
    ),
)
