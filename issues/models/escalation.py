from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..enums import Rung
from .dispatch import Dispatch


class Escalation(models.Model):
    """超期逐级提醒: a dispatch whose limit has passed reached a rung of the ladder, once per limit and rung."""

    dispatch = models.ForeignKey(Dispatch, models.PROTECT, verbose_name=_("交办"), related_name="escalations")
    rung = models.CharField(_("提醒到"), max_length=12, choices=Rung)
    due_on = models.DateField(_("办理时限"))
    reached_on = models.DateField(_("日期"))

    class Meta:
        verbose_name = _("超期提醒")
        verbose_name_plural = _("超期提醒")
        ordering = ["reached_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["dispatch", "rung", "due_on"],
                name="escalation_once_per_rung",
                violation_error_message=_("这一级已经提醒过。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.dispatch_id} {self.rung}"
