from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from lib.models import SentOnce

from .issue import Issue


class PauseQuerySet(models.QuerySet):
    def running(self, day: dt.date) -> PauseQuerySet:
        return self.filter(starts_on__lte=day, ends_on__gt=day)


class Pause(SentOnce):
    """暂停计时: the limits of an issue stand still from `starts_on`; on `ends_on` they run again.

    The limits were moved when it began, and are moved back when it ends earlier (`issues.services.pausing`): what is
    paused is never late, today or as of an earlier day.
    """

    issue = models.ForeignKey(Issue, models.PROTECT, verbose_name=_("问题"), related_name="pauses")
    reason = models.CharField(_("暂停原因"), max_length=200)
    starts_on = models.DateField(_("暂停日期"))
    ends_on = models.DateField(_("恢复计时日期"))
    paused_at = models.DateTimeField(_("登记时间"))
    paused_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("登记人"), related_name="+")
    #: When the end was entered in the history.
    resumed_at = models.DateTimeField(_("恢复时间"), null=True, blank=True)

    objects = PauseQuerySet.as_manager()

    class Meta:
        verbose_name = _("暂停计时")
        verbose_name_plural = _("暂停计时")
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="pause_has_reason",
                violation_error_message=_("暂停计时须写明原因。"),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="pause_ends_after_start",
                violation_error_message=_("恢复计时日期不能早于暂停日期。"),
            ),
            models.UniqueConstraint(
                fields=["issue"],
                condition=Q(resumed_at__isnull=True),
                name="pause_one_at_a_time",
                violation_error_message=_("这个问题已在暂停计时。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.issue_id} {self.starts_on:%Y-%m-%d}"
