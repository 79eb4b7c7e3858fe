"""我欠的答复: who is still to be told what became of his matter."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_filters import ModelChoiceFilter

from lib.lists import Column, ListFilter, ListSpec, TabFilter, matching
from lib.periods import today
from organization.actors import Actor
from organization.models import Unit
from organization.roles import Role

from ..enums import SETTLED_FEEDBACK_STATES, FeedbackState
from ..models import Feedback
from . import choices

TABS = {"owed": _("待反馈"), "settled": _("已反馈"), "disputed": _("表示没有解决"), "all": _("全部")}
#: After so many days a worker has been waiting too long for an answer that is there.
TOO_LONG = dt.timedelta(days=7)


class FeedbackFilter(ListFilter):
    orders = {"owed_since": _("欠得久的在前"), "-owed_since": _("最近的在前"), "issue__number": _("按问题编号")}
    tab = TabFilter(choices=list(TABS.items()), method="in_tab")
    unit = ModelChoiceFilter(
        label=_("单位"), queryset=choices.units, to_field_name="code", method="within", empty_label=_("全部单位")
    )
    cadre = ModelChoiceFilter(
        label=_("联络员"), field_name="opinion__cadre", queryset=choices.cadres, empty_label=_("全部联络员")
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.actor.role == Role.CADRE:
            del self.filters["cadre"]

    @classmethod
    def defaults(cls, actor: Actor) -> dict[str, str]:
        return {"tab": "owed"}

    def in_tab(self, feedbacks: QuerySet[Feedback], name: str, tab: str) -> QuerySet[Feedback]:
        if tab == "owed":
            return feedbacks.owed()
        if tab == "disputed":
            return feedbacks.disputed()
        return feedbacks.filter(state__in=SETTLED_FEEDBACK_STATES) if tab == "settled" else feedbacks

    def within(self, feedbacks: QuerySet[Feedback], name: str, unit: Unit) -> QuerySet[Feedback]:
        return feedbacks.filter(opinion__unit__path__startswith=unit.path)

    def search(self, feedbacks: QuerySet[Feedback], name: str, query: str) -> QuerySet[Feedback]:
        text = ["opinion__text", "issue__title", "issue__number"]
        return feedbacks.filter(matching(query, text=text, names=["opinion__worker"]))


def feedbacks_of(actor: Actor) -> QuerySet[Feedback]:
    return Feedback.objects.visible_to(actor).in_force().with_list_relations()


def has_waited_too_long(feedback: Feedback) -> bool:
    return feedback.state == FeedbackState.OWED and feedback.owed_since + TOO_LONG < today()


FEEDBACKS = ListSpec(
    name="issues.feedbacks",
    title=_("反馈"),
    rows=feedbacks_of,
    filter_class=FeedbackFilter,
    is_alarm=has_waited_too_long,
    columns=(
        Column(_("反映人"), "opinion.reporter_label", cell="title", width=10),
        Column(_("反映的意见"), "opinion.text", cell="words", width=40),
        Column(pgettext_lazy("一条", "问题"), "issue.title", width=30),
        Column(_("办理结果"), "issue.outcome", cell="issues/_feedback_outcome.html", on_page=True, in_file=False),
        Column(_("办理结果"), "issue.get_outcome_display", width=12, on_page=False),
        Column(_("单位"), "opinion.unit.label", width=16, on_page=False),
        Column(_("联络员"), "opinion.cadre.user.name", width=10, roles={Role.GROUP_LEADER, Role.OFFICE}),
        Column(_("状态"), "state", cell="state", width=10),
        Column(_("应反馈"), "owed_since", cell="day", order="owed_since", width=12),
        Column(_("反馈日期"), "told_on", cell="day", width=12, on_page=False),
        Column(_("方式"), "get_channel_display", width=12, on_page=False),
        Column(_("满意度"), "rating", cell="issues/_feedback_rating.html", on_page=True, in_file=False),
        Column(_("满意度"), "get_rating_display", width=10, on_page=False),
        Column(_("评价来源"), "get_rated_by_display", width=12, on_page=False),
        Column(_("职工查看日期"), "read_on", cell="day", width=12, on_page=False),
        Column(_("哪里没有解决"), "dispute_reason", width=30, on_page=False),
    ),
)
