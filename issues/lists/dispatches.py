"""The department's desk. Nothing here reaches an opinion, a worker, a cadre or a count of voices."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_filters import ModelChoiceFilter

from lib.lists import Column, ListFilter, ListSpec, TabFilter, matching
from lib.periods import local_date, today
from organization.actors import Actor
from organization.calendars import working_calendar

from ..enums import DispatchState, ExtensionState
from ..models import Dispatch, Pause
from . import choices

#: 即将到期: due within so many working days.
SOON_WORKDAYS = 3

TABS = {
    "open": _("全部待办"),
    "sent": _("待接收"),
    "accepted": _("办理中"),
    "soon": _("即将到期"),
    "overdue": _("超期"),
    "extension": _("已申请延期"),
    "supervised": _("督办"),
    "in_approval": _("待审批"),
    "follow_up": _("待跟进"),
}


class DeskFilter(ListFilter):
    orders = {"due_on": _("时限近的在前"), "-dispatched_at": _("最近交办在前")}
    tab = TabFilter(choices=list(TABS.items()), method="in_tab")
    category = ModelChoiceFilter(
        label=_("类别"), field_name="issue__category", queryset=choices.categories, empty_label=_("全部类别")
    )

    @classmethod
    def defaults(cls, actor: Actor) -> dict[str, str]:
        return {"tab": "open"}

    def in_tab(self, dispatches: QuerySet[Dispatch], name: str, tab: str) -> QuerySet[Dispatch]:
        return narrowed(dispatches, tab)

    def search(self, dispatches: QuerySet[Dispatch], name: str, query: str) -> QuerySet[Dispatch]:
        return dispatches.filter(matching(query, text=["title", "wording"]))


class DoneFilter(ListFilter):
    orders = {
        "-done_at": _("最近办结在前"),
        "done_at": _("最早办结在前"),
        "-dispatched_at": _("最近交办在前"),
        "dispatched_at": _("最早交办在前"),
    }
    category = ModelChoiceFilter(
        label=_("类别"), field_name="issue__category", queryset=choices.categories, empty_label=_("全部类别")
    )

    def search(self, dispatches: QuerySet[Dispatch], name: str, query: str) -> QuerySet[Dispatch]:
        return dispatches.filter(matching(query, text=["title", "wording"]))


def narrowed(dispatches: QuerySet[Dispatch], tab: str) -> QuerySet[Dispatch]:
    match tab:
        case "open":
            return dispatches.to_do(today())
        case "follow_up":
            return dispatches.to_follow_up(today())
        case "sent" | "accepted" | "in_approval":
            return dispatches.filter(state=tab)
        case "soon":
            return dispatches.open().filter(due_on__gte=today(), due_on__lte=soon())
        case "overdue":
            return dispatches.overdue(today())
        case "extension":
            return dispatches.filter(extensions__state=ExtensionState.ASKED)
        case "supervised":
            return dispatches.filter(supervision__isnull=False)
    return dispatches


def soon() -> dt.date:
    return working_calendar().add_workdays(today(), SOON_WORKDAYS)


def desk_dispatches(actor: Actor) -> QuerySet[Dispatch]:
    """What the department still has to do, and what it has answered and waits for approval."""
    theirs = Dispatch.objects.visible_to(actor)
    found = theirs.to_do(today()) | theirs.in_approval()
    found = found.annotate(is_paused=Exists(Pause.objects.running(today()).filter(issue=OuterRef("issue"))))
    return found.select_related("matter_unit", "issue__category", "supervision")


def done_dispatches(actor: Actor) -> QuerySet[Dispatch]:
    done = [DispatchState.ANSWERED, DispatchState.RETURNED, DispatchState.REOPENED]
    found = Dispatch.objects.visible_to(actor).filter(state__in=done)
    # Answered, sent back or reopened: whatever ended the department's work was its last move.
    found = found.annotate(done_at=Max("transitions__at"))
    return found.select_related("matter_unit", "issue__category")


def desk_day(dispatch: Dispatch) -> dt.date:
    """The limit; of what is left of a partly solved issue the day on which it was to be taken up."""
    return dispatch.issue.follow_up_on if dispatch.state == DispatchState.ANSWERED else dispatch.due_on


def part(dispatch: Dispatch) -> str:
    return str(_("牵头") if dispatch.is_lead else _("协办"))


def done_on(dispatch: Dispatch) -> dt.date:
    return local_date(dispatch.done_at)


def is_overdue(dispatch: Dispatch) -> bool:
    return dispatch.is_overdue(today())


DESK = ListSpec(
    name="issues.desk",
    title=_("待办"),
    rows=desk_dispatches,
    filter_class=DeskFilter,
    is_alarm=is_overdue,
    columns=(
        Column(pgettext_lazy("一条", "问题"), "title", cell="title"),
        Column(_("状态"), "state", cell="issues/_dispatch_state.html"),
        Column(_("涉及单位"), "matter_unit.label"),
        Column(_("类别"), "issue.category.name"),
        Column(_("分工"), part),
        Column(_("时限"), desk_day, cell="day", order="due_on"),
    ),
)

DONE = ListSpec(
    name="issues.desk_done",
    title=_("已办"),
    rows=done_dispatches,
    filter_class=DoneFilter,
    columns=(
        Column(pgettext_lazy("一条", "问题"), "title", cell="title"),
        Column(_("状态"), "state", cell="state"),
        Column(_("涉及单位"), "matter_unit.label"),
        Column(_("类别"), "issue.category.name"),
        Column(_("分工"), part),
        Column(_("办结日期"), done_on, cell="day", order="done_at"),
    ),
)
