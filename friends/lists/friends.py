"""朋友: the open friendships that the actor sees, and how long each has waited for a contact."""

from __future__ import annotations

import datetime as dt
import re

from django.db.models import F, QuerySet, Value
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, ModelChoiceFilter

from liaison import choices
from liaison.models import Cadre
from liaison.norms import norms_for
from lib.lists import Column, ListFilter, ListSpec, matching
from lib.periods import today
from organization.actors import Actor
from organization.roles import Role

from ..models import Friendship

#: Steps of the filter "not contacted for".
SILENCE = {"30": _("30 天以上未联系"), "60": _("60 天以上未联系"), "90": _("90 天以上未联系")}


class FriendFilter(ListFilter):
    orders = {
        "worker__last_contact_on": _("最久未联系在前"),
        "-worker__last_contact_on": _("最近联系在前"),
        "worker__search": _("按姓名拼音"),
        "worker__unit__path": _("按单位"),
        "-starts_on": _("最近建立在前"),
        "starts_on": _("最早建立在前"),
    }
    silent = ChoiceFilter(
        label=_("未联系"), choices=list(SILENCE.items()), method="not_contacted_for", empty_label=_("不限")
    )
    unit = ModelChoiceFilter(
        label=_("单位"), queryset=choices.units, to_field_name="code", method="within", empty_label=_("全部单位")
    )
    post = CharFilter(label=_("岗位"), field_name="worker__post", lookup_expr="icontains", max_length=40)
    group = ModelChoiceFilter(label=_("小组"), queryset=choices.groups, method="in_group", empty_label=_("全部小组"))
    cadre = ModelChoiceFilter(label=_("联络员"), queryset=choices.cadres, empty_label=_("全部联络员"))

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        days = self.data.get("silent", "")
        if days not in SILENCE and re.fullmatch(r"[1-9]\d{1,2}", days):
            # A unit may have set another number of days: the pages that count by it lead here.
            steps = {**SILENCE, days: _("%(days)s 天以上未联系") % {"days": days}}
            self.filters["silent"].extra["choices"] = sorted(steps.items(), key=lambda step: int(step[0]))
        # Where there is one answer only, there is nothing to choose.
        if self.actor.role == Role.CADRE:
            del self.filters["cadre"]
        if self.actor.role in (Role.CADRE, Role.GROUP_LEADER):
            del self.filters["group"]

    def search(self, friendships: QuerySet[Friendship], name: str, query: str) -> QuerySet[Friendship]:
        return friendships.filter(matching(query, text=["worker__post"], names=["worker", "worker__unit"]))

    def sort(self, friendships: QuerySet[Friendship], name: str, order: str) -> QuerySet[Friendship]:
        """Who was never contacted has waited longest, on either database."""
        if order == "worker__last_contact_on":
            return friendships.order_by(F("worker__last_contact_on").asc(nulls_first=True), "pk")
        if order == "-worker__last_contact_on":
            return friendships.order_by(F("worker__last_contact_on").desc(nulls_last=True), "-pk")
        return super().sort(friendships, name, order)

    def not_contacted_for(self, friendships: QuerySet[Friendship], name: str, days: str) -> QuerySet[Friendship]:
        return friendships.silent_since(today() - dt.timedelta(days=int(days)))

    def within(self, friendships: QuerySet[Friendship], name: str, unit) -> QuerySet[Friendship]:
        return friendships.filter(worker__unit__path__startswith=unit.path)

    def in_group(self, friendships: QuerySet[Friendship], name: str, group) -> QuerySet[Friendship]:
        return friendships.filter(cadre__in=Cadre.objects.in_group(group))


def friendships_of(actor: Actor) -> QuerySet[Friendship]:
    silence = norms_for(actor.unit).silence_days if actor.unit else 0
    friendships = Friendship.objects.visible_to(actor).open().with_list_relations().with_next_contact()
    return friendships.annotate(silence_days=Value(silence))


def is_silent(friendship: Friendship) -> bool:
    return friendship.is_silent(friendship.silence_days)


FRIENDS = ListSpec(
    name="friends.friends",
    title=_("联系人名册"),
    rows=friendships_of,
    filter_class=FriendFilter,
    is_alarm=is_silent,
    columns=(
        Column(_("姓名"), "worker.name", cell="title", order="worker__search", width=10),
        Column(_("未联系天数"), "days_since_contact", cell="friends/_cell_days.html", width=12),
        Column(_("单位"), "worker.unit.label", order="worker__unit__path", width=18),
        Column(_("岗位"), "worker.post", width=12),
        Column(_("性别"), "worker.get_gender_display", width=6, on_page=False),
        Column(_("联系方式"), "worker.masked_phone", width=14, on_page=False),
        Column(_("最近联系"), "worker.last_contact_on", cell="day", order="worker__last_contact_on", width=12),
        Column(_("下次联系"), "next_contact_on", cell="day", width=12),
        Column(_("联络员"), "cadre.user.name", width=10, roles={Role.GROUP_LEADER, Role.OFFICE}),
        Column(_("建立日期"), "starts_on", cell="day", order="starts_on", width=12, on_page=False),
        Column(
            _("记一笔"),
            "worker.key",
            cell="friends/_cell_log.html",
            in_file=False,
            roles={Role.CADRE, Role.GROUP_LEADER},
            is_action=True,
        ),
    ),
)
