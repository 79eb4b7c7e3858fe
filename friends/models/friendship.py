from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from liaison.models import Cadre
from lib.models import DateRange, DateRangeQuerySet, Keyed, ends_after_start
from lib.periods import today
from organization.models import Unit
from organization.roles import Role

from ..enums import EndReason
from .contact import Participation
from .worker import Worker

if TYPE_CHECKING:
    from organization.actors import Actor


class FriendshipQuerySet(DateRangeQuerySet):
    def visible_to(self, actor: Actor) -> FriendshipQuerySet:
        """Cadre: own ones. Group leader: those that members of the group have today. Office, roster: the subtree."""
        match actor.role:
            case Role.CADRE:
                return self.filter(cadre=actor.cadre_id)
            case Role.GROUP_LEADER:
                return self.open().filter(cadre__in=Cadre.objects.in_group(actor.group_id))
            case Role.OFFICE | Role.ROSTER_ADMIN:
                return self.filter(worker__unit__path__startswith=actor.unit.path)
        return self.none()

    def silent_since(self, day: dt.date) -> FriendshipQuerySet:
        """No contact since `day`; without any contact the friendship's beginning counts."""
        last = Coalesce("worker__last_contact_on", "starts_on")
        return self.alias(last=last).filter(last__lt=day)

    def with_next_contact(self) -> FriendshipQuerySet:
        """The date set in the latest contact; any contact sets it anew, to nothing too."""
        latest = Participation.objects.filter(worker=OuterRef("worker")).order_by("-log__happened_at", "-log")
        return self.annotate(next_contact_on=Subquery(latest.values("log__next_contact_on")[:1]))

    def with_list_relations(self) -> FriendshipQuerySet:
        return self.select_related("worker__unit__parent", "cadre__user")


class Friendship(Keyed, DateRange):
    """A cadre keeps in touch with a worker, from a day until a day (half-open).

    One open friendship per worker, and no two overlap (`friends.services.befriend` checks under a lock).
    `unit` is the worker's unit when the friendship began. Ended ones stay.
    """

    worker = models.ForeignKey(Worker, models.PROTECT, verbose_name=_("职工"), related_name="friendships")
    cadre = models.ForeignKey(Cadre, models.PROTECT, verbose_name=_("联络员"), related_name="friendships")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("单位"), related_name="+")
    end_reason = models.CharField(_("调整原因"), max_length=16, choices=EndReason, blank=True)

    objects = FriendshipQuerySet.as_manager()

    class Meta:
        verbose_name = _("联系关系")
        verbose_name_plural = pgettext_lazy("复数", "联系关系")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["worker"],
                condition=Q(ends_on__isnull=True),
                name="friendship_one_open_per_worker",
                violation_error_message=_("这位职工已有联络员。"),
            ),
            ends_after_start("friendship_ends_after_start"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True, end_reason="") | Q(ends_on__isnull=False) & ~Q(end_reason=""),
                name="friendship_end_has_reason",
                violation_error_message=_("结束联系须选择原因。"),
            ),
        ]
        indexes = [models.Index(fields=["cadre", "ends_on"], name="friendship_of_cadre")]

    def __str__(self) -> str:
        return f"{self.worker} ↔ {self.cadre}"

    def days_since_contact(self) -> int | None:
        last = self.worker.last_contact_on
        return (today() - last).days if last else None

    def is_silent(self, days: int) -> bool:
        """No contact for longer than so many days; a new friend has the same time for the first."""
        return (today() - (self.worker.last_contact_on or self.starts_on)).days > days

    def get_absolute_url(self) -> str:
        return reverse("friends:friend_detail", args=[self.worker.key])
