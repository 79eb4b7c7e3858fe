"""Who may become a friend: workers of the group's contracted units whom nobody keeps in touch with yet."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, ModelChoiceFilter

from liaison.models import Contract
from lib.lists import Asker, Column, ListFilter, ListSpec, matching
from lib.periods import today
from organization.actors import Actor
from organization.enums import Gender
from organization.models import Unit

from ..models import Worker


def contracted_units(asker: Asker) -> QuerySet[Unit]:
    contracts = Contract.objects.open().filter(group=asker.actor.group_id)
    return Unit.objects.filter(pk__in=contracts.values("unit")).order_by("path")


class CandidateFilter(ListFilter):
    orders = {"unit__path": _("按单位"), "search": _("按姓名拼音")}
    unit = ModelChoiceFilter(
        label=_("单位"), queryset=contracted_units, to_field_name="code", method="within", empty_label=_("全部承包单位")
    )
    post = CharFilter(label=_("岗位"), lookup_expr="icontains", max_length=40)
    gender = ChoiceFilter(label=_("性别"), choices=Gender.choices, empty_label=_("不限"))

    def search(self, workers: QuerySet[Worker], name: str, query: str) -> QuerySet[Worker]:
        return workers.filter(matching(query, text=["post", "employee_no"], names=["", "unit"]))

    def within(self, workers: QuerySet[Worker], name: str, unit: Unit) -> QuerySet[Worker]:
        return workers.filter(unit__path__startswith=unit.path)


def candidates_of(actor: Actor) -> QuerySet[Worker]:
    return Worker.objects.befriendable_by(actor, on=today()).select_related("unit__parent")


CANDIDATES = ListSpec(
    name="friends.candidates",
    title=_("可建立联系的职工"),
    rows=candidates_of,
    filter_class=CandidateFilter,
    # A roster to choose from, not one to carry away.
    may_export=lambda actor: False,
    columns=(
        Column(_("姓名"), "name", cell="friends/_cell_name.html", order="search"),
        Column(_("单位"), "unit.label", order="unit__path"),
        Column(_("上级单位"), "unit.parent.label"),
        Column(_("岗位"), "post"),
        Column(_("性别"), "get_gender_display"),
        Column(_("工号"), "employee_no", cell="code"),
    ),
)
