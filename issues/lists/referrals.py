"""上报: what went to higher units and waits, and what came from below to be answered."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from lib.lists import Column, DayFilter, ListFilter, ListSpec, TabFilter, matching
from lib.periods import today
from organization.actors import Actor
from organization.roles import Role

from ..models import Referral

TABS = {"waiting": _("待复"), "to_answer": _("待我答复"), "answered": _("已答复"), "all": _("全部")}


class ReferralFilter(ListFilter):
    orders = {"-sent_on": _("最近上报在前"), "sent_on": _("等得最久在前")}
    tab = TabFilter(choices=list(TABS.items()), method="in_tab")
    since = DayFilter(label=_("上报日期从"), field_name="sent_on", lookup_expr="gte")
    until = DayFilter(label=_("到"), field_name="sent_on", lookup_expr="lte")

    @classmethod
    def defaults(cls, actor: Actor) -> dict[str, str]:
        return {"tab": "waiting"}

    def in_tab(self, referrals: QuerySet[Referral], name: str, tab: str) -> QuerySet[Referral]:
        match tab:
            case "waiting":
                return referrals.waiting()
            case "to_answer":
                return referrals.waiting().filter(to_unit=self.actor.unit)
            case "answered":
                return referrals.answered()
        return referrals

    def search(self, referrals: QuerySet[Referral], name: str, query: str) -> QuerySet[Referral]:
        text = ["number", "issue__title", "question", "answer", "to_name"]
        return referrals.filter(matching(query, text=text, names=["to_unit", "office"]))


def referrals_of(actor: Actor) -> QuerySet[Referral]:
    return Referral.objects.visible_to(actor).with_list_relations()


def standing_of(referral: Referral) -> str:
    if not referral.is_waiting:
        return gettext("已答复")
    return gettext("上报待复 %(days)d 天") % {"days": referral.days_waiting(today())}


REFERRALS = ListSpec(
    name="issues.referrals",
    title=_("上报"),
    rows=referrals_of,
    filter_class=ReferralFilter,
    may_export=lambda actor: actor.role == Role.OFFICE and actor.may("export"),
    columns=(
        Column(pgettext_lazy("一条", "问题"), "title", cell="title", width=32),
        Column(_("上报编号"), "number", cell="code", width=22),
        Column(_("状态"), standing_of, width=14),
        Column(_("上报单位"), "office.label", width=16),
        Column(_("受理单位"), "to", width=16),
        Column(_("上报日期"), "sent_on", cell="day", order="sent_on", width=12),
        Column(_("上级答复日期"), "answered_on", cell="day", width=12),
        Column(_("上报内容"), "question", width=48, on_page=False),
        Column(_("上级答复"), "answer", width=48, on_page=False),
    ),
)
