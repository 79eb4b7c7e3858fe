"""帮扶记录: of the workers whom one cares for. The notes stay on the worker's page, and out of every file."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, ModelChoiceFilter

from liaison import choices
from lib.lists import Column, DayFilter, ListFilter, ListSpec, matching
from organization.actors import Actor
from organization.models import Unit
from organization.roles import Role

from ..enums import AidKind
from ..models import Aid


class AidFilter(ListFilter):
    orders = {
        "-given_on": _("最近帮扶在前"),
        "given_on": _("最早帮扶在前"),
        "-amount": _("金额大的在前"),
        "worker__search": _("按姓名拼音"),
        "unit__path": _("按单位"),
    }
    kind = ChoiceFilter(label=_("帮扶方式"), choices=AidKind.choices, empty_label=_("全部方式"))
    unit = ModelChoiceFilter(
        label=_("单位"), queryset=choices.units, to_field_name="code", method="within", empty_label=_("全部单位")
    )
    since = DayFilter(label=_("帮扶日期从"), field_name="given_on", lookup_expr="gte")
    until = DayFilter(label=_("到"), field_name="given_on", lookup_expr="lte")

    def search(self, aids: QuerySet[Aid], name: str, query: str) -> QuerySet[Aid]:
        return aids.filter(matching(query, names=["worker", "unit"]))

    def within(self, aids: QuerySet[Aid], name: str, unit: Unit) -> QuerySet[Aid]:
        return aids.filter(unit__path__startswith=unit.path)


def aids_of(actor: Actor) -> QuerySet[Aid]:
    return Aid.objects.visible_to(actor).with_list_relations()


AIDS = ListSpec(
    name="friends.aid",
    title=_("帮扶记录"),
    rows=aids_of,
    filter_class=AidFilter,
    may_export=lambda actor: actor.role == Role.OFFICE,
    columns=(
        Column(_("职工"), "worker.name", cell="title", order="worker__search", width=10),
        Column(_("帮扶方式"), "get_kind_display", width=12),
        Column(_("帮扶日期"), "given_on", cell="day", order="given_on", width=12),
        Column(_("金额（元）"), "amount", cell="number", order="amount", width=12),
        Column(_("单位"), "unit.label", order="unit__path", width=18),
        Column(_("本人同意日期"), "consent_on", cell="day", width=14),
        Column(_("登记人"), "recorded_by.name", width=10, roles={Role.OFFICE}),
    ),
)
