"""例会: planned and held, with who met and whether there are minutes."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, ModelChoiceFilter

from issues.lists import choices
from lib.lists import Column, DayFilter, ListFilter, ListSpec, TabFilter, matching
from lib.periods import today
from organization.actors import Actor
from organization.roles import Role

from .enums import MeetingKind, MeetingState
from .models import Meeting

TABS = {"all": _("全部"), **dict(MeetingState.choices)}


class MeetingFilter(ListFilter):
    orders = {"-held_on": _("最近日期在前"), "held_on": _("最早日期在前")}
    tab = TabFilter(choices=list(TABS.items()), method="in_tab")
    group = ModelChoiceFilter(label=_("小组"), queryset=choices.groups, empty_label=_("全部小组"))
    kind = ChoiceFilter(label=_("类型"), choices=MeetingKind.choices, empty_label=_("全部类型"))
    since = DayFilter(label=_("日期从"), field_name="held_on", lookup_expr="gte")
    until = DayFilter(label=_("到"), field_name="held_on", lookup_expr="lte")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.actor.role != Role.OFFICE:
            del self.filters["group"]

    @classmethod
    def defaults(cls, actor: Actor) -> dict[str, str]:
        return {"tab": "all"}

    def in_tab(self, meetings: QuerySet[Meeting], name: str, tab: str) -> QuerySet[Meeting]:
        return meetings.filter(state=tab) if tab in MeetingState.values else meetings

    def search(self, meetings: QuerySet[Meeting], name: str, query: str) -> QuerySet[Meeting]:
        return meetings.filter(matching(query, text=["title", "place", "focus"]))


def meetings_of(actor: Actor) -> QuerySet[Meeting]:
    return Meeting.objects.visible_to(actor).with_list_relations()


def clock(meeting: Meeting) -> str:
    return f"{meeting.starts_at:%H:%M}" if meeting.starts_at else ""


def minutes_in_words(meeting: Meeting) -> str:
    if meeting.state != MeetingState.HELD:
        return ""
    return gettext("有") if meeting.has_minutes else gettext("未记")


def attendance(meeting: Meeting) -> str:
    return str(meeting.attendee_count) if meeting.state == MeetingState.HELD else ""


MEETINGS = ListSpec(
    name="meetings.meetings",
    title=_("例会"),
    rows=meetings_of,
    filter_class=MeetingFilter,
    columns=(
        Column(_("会议名称"), "title", cell="title", width=28),
        Column(_("状态"), "state", cell="state", width=10),
        Column(_("日期"), "held_on", cell="day", order="held_on", width=12),
        Column(_("时间"), clock, width=8),
        Column(_("小组"), "who", width=16),
        Column(_("类型"), "get_kind_display", width=14),
        Column(_("地点"), "place", width=18, on_page=False),
        Column(_("到会人数"), attendance, cell="number", width=10),
        Column(_("会议记录"), minutes_in_words, width=10),
    ),
    is_alarm=lambda meeting: meeting.state == MeetingState.PLANNED and meeting.held_on < today(),
)
