from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from liaison.models import Cadre, LiaisonGroup
from lib.models import Recorded, SentOnce, Versioned
from lib.periods import SHANGHAI, Period, local_date
from organization.models import Unit
from organization.roles import Role

from .enums import MeetingKind, MeetingState

if TYPE_CHECKING:
    from organization.actors import Actor


class MeetingQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> MeetingQuerySet:
        """A cadre sees the meetings that his group takes part in; without a group, none."""
        match actor.role:
            case Role.CADRE | Role.GROUP_LEADER:
                return self.concerning(actor.group_id)
            case Role.OFFICE:
                return self.filter(unit__path__startswith=actor.unit.path)
        return self.none()

    def planned(self) -> MeetingQuerySet:
        return self.filter(state=MeetingState.PLANNED)

    def held(self) -> MeetingQuerySet:
        return self.filter(state=MeetingState.HELD)

    def for_period(self, period: Period) -> MeetingQuerySet:
        return self.filter(held_on__gte=period.start, held_on__lt=period.end)

    def concerning(self, group: int | None) -> MeetingQuerySet:
        """Meetings that the group takes part in: its own and those of all groups of its unit or of one above."""
        if group is None:
            return self.none()
        below = LiaisonGroup.objects.filter(pk=group, unit__path__startswith=OuterRef("unit__path"))
        return self.filter(Q(group=group) | Q(Exists(below), group__isnull=True))

    def with_list_relations(self) -> MeetingQuerySet:
        return self.select_related("unit", "group").annotate(attendee_count=models.Count("attendees"))


class Meeting(SentOnce, Recorded, Versioned):
    """例会 of one group, or (group empty) of all groups of the unit. `held_on` is the planned day until it is held."""

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("单位"), related_name="meetings")
    group = models.ForeignKey(
        LiaisonGroup,
        models.PROTECT,
        verbose_name=_("小组"),
        null=True,
        blank=True,
        related_name="meetings",
    )
    kind = models.CharField(_("类型"), max_length=12, choices=MeetingKind, default=MeetingKind.EXCHANGE)
    title = models.CharField(_("会议名称"), max_length=80)
    held_on = models.DateField(_("日期"))
    starts_at = models.TimeField(_("时间"), null=True, blank=True)
    place = models.CharField(_("地点"), max_length=60, blank=True)
    state = models.CharField(_("状态"), max_length=12, choices=MeetingState, default=MeetingState.PLANNED)
    focus = models.TextField(_("议题"), blank=True)
    minutes = models.TextField(_("会议记录"), blank=True)
    cancel_reason = models.CharField(_("取消原因"), max_length=200, blank=True)
    attendees = models.ManyToManyField(Cadre, verbose_name=_("参会人员"), blank=True, related_name="meetings")

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("例会")
        verbose_name_plural = _("例会")
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state=MeetingState.CANCELLED) | ~Q(cancel_reason=""),
                name="meeting_cancelled_has_reason",
                violation_error_message=_("取消例会须写明原因。"),
            ),
            models.UniqueConstraint(
                fields=["group", "kind", "held_on"],
                condition=Q(state=MeetingState.PLANNED, group__isnull=False),
                name="meeting_of_group_planned_once",
                violation_error_message=_("这一天已排了同类例会，请换个日期，或修改已排的例会。"),
            ),
            models.UniqueConstraint(
                fields=["unit", "kind", "held_on"],
                condition=Q(state=MeetingState.PLANNED, group__isnull=True),
                name="meeting_of_all_planned_once",
                violation_error_message=_("这一天已排了同类例会，请换个日期，或修改已排的例会。"),
            ),
        ]
        indexes = [models.Index(fields=["unit", "held_on"], name="meeting_of_unit")]

    def __str__(self) -> str:
        return f"{self.held_on:%Y-%m-%d} {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("meetings:meeting_detail", args=[self.key])

    @property
    def who(self) -> str:
        """The group that meets, or all of them."""
        return self.group.name if self.group else gettext("全体小组")

    @property
    def has_minutes(self) -> bool:
        return bool(self.minutes)

    def is_over(self, now: dt.datetime) -> bool:
        """Past its beginning; without a time of day, past its day."""
        day = local_date(now)
        if self.starts_at is None or self.held_on != day:
            return self.held_on < day
        return now.astimezone(SHANGHAI).time() >= self.starts_at
