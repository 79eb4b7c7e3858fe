from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from liaison.models import Cadre, LiaisonGroup, Membership
from lib.fields import ClockField, DayField
from lib.names import LineField, ProseField
from lib.once import SentOnceForm
from organization.roles import Role

from .enums import MeetingKind

if TYPE_CHECKING:
    from organization.actors import Actor

    from .models import Meeting

LONGEST_TEXT = 20_000


class MeetingForm(SentOnceForm, forms.Form):
    """The plan of a meeting. A leader plans for his group; the office for one group or for all of them."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    group = forms.ModelChoiceField(
        label=_("小组"),
        queryset=LiaisonGroup.objects.none(),
        required=False,
        empty_label=_("全体小组"),
        error_messages={"invalid_choice": _("请从列表中选择小组。")},
    )
    kind = forms.ChoiceField(label=_("类型"), choices=MeetingKind)
    held_on = DayField(label=_("日期"), error_messages={"required": _("请填写日期。")})
    starts_at = ClockField(label=_("时间"), required=False)
    place = LineField(label=_("地点"), max_length=60, required=False)
    title = LineField(
        label=_("会议名称"),
        max_length=80,
        required=False,
        help_text=_("不填则按月份和类型命名，例如“8月信息交流例会”。"),
    )
    focus = ProseField(
        label=_("议题"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("一行一个。超期问题、久未联系的朋友、新意见会自动列出，不必填写。"),
    )

    def __init__(self, *args, actor: Actor, meeting: Meeting | None = None, **kwargs) -> None:
        if meeting is not None:
            names = ("key", "version", "kind", "held_on", "starts_at", "place", "title", "focus")
            kwargs.setdefault("initial", {name: getattr(meeting, name) for name in names})
        super().__init__(*args, **kwargs)
        if meeting is not None or actor.role != Role.OFFICE:
            # Whose meeting it is never changes afterwards; a leader has one group only.
            del self.fields["group"]
        else:
            self.fields["group"].queryset = LiaisonGroup.objects.visible_to(actor).active()


class AttendeesField(forms.ModelMultipleChoiceField):
    """Those who were there, by number."""

    def clean(self, value):
        try:
            return super().clean(value)
        except OverflowError as no_number:
            # SQLite fails on a number beyond its integers, where PostgreSQL finds nothing.
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice") from no_number


class HeldForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    held_on = DayField(label=_("召开日期"), error_messages={"required": _("请填写召开日期。")})
    attendees = AttendeesField(
        label=_("参会人员"),
        queryset=Cadre.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请选择参会人员。"), "invalid_choice": _("请从列表中选择参会人员。")},
    )
    minutes = ProseField(
        label=_("会议记录"),
        max_length=LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 10, "data-counter": "", "maxlength": LONGEST_TEXT}),
        help_text=_("可稍后补记。"),
    )

    def __init__(self, *args, meeting: Meeting, **kwargs) -> None:
        invited = those_invited(meeting)
        kwargs.setdefault(
            "initial",
            {
                "version": meeting.version,
                "held_on": meeting.held_on,
                "minutes": meeting.minutes,
                "attendees": meeting.attendees.all() if meeting.attendees.exists() else invited,
            },
        )
        super().__init__(*args, **kwargs)
        self.fields["attendees"].queryset = invited


def those_invited(meeting: Meeting):
    """Members on the day of the meeting, and whoever was taken down as present."""
    members = Membership.objects.open_on(meeting.held_on)
    if meeting.group_id:
        members = members.filter(group=meeting.group_id)
    else:
        members = members.filter(group__unit__path__startswith=meeting.unit.path)
    return (
        Cadre.objects.filter(Q(pk__in=members.values("cadre")) | Q(meetings=meeting))
        .select_related("user")
        .distinct()
        .order_by("pk")
    )


class CancelForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = LineField(label=_("取消原因"), max_length=200, error_messages={"required": _("请写明取消原因。")})
