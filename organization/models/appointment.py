from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lib.models import OneAtATime, ends_after_start

from ..roles import APPOINTED_ROLES, Role
from .unit import Unit


class Appointment(OneAtATime):
    """A person holds a role in a unit, from a day until a day (half-open)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("账号"),
        related_name="appointments",
    )
    role = models.CharField(
        _("角色"),
        max_length=16,
        choices=[(role.value, role.label) for role in APPOINTED_ROLES],
    )
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("单位"), related_name="appointments")
    is_head = models.BooleanField(_("部门负责人"), default=False)

    alone_by = ("user", "role", "unit")
    overlap_message = _("此人在这段时间已在该单位担任这一角色，请核对起止日期。")

    class Meta:
        verbose_name = _("任职")
        verbose_name_plural = pgettext_lazy("复数", "任职")
        ordering = ["user", "role"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "unit"],
                condition=Q(ends_on__isnull=True),
                name="appointment_open_once",
                violation_error_message=_("此人在该单位已担任这一角色。"),
            ),
            models.CheckConstraint(
                condition=Q(is_head=False) | Q(role=Role.HANDLER),
                name="appointment_head_of_department",
                violation_error_message=_("只有责任部门承办人可以同时是部门负责人。"),
            ),
            ends_after_start("appointment_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {Role(self.role).label} · {self.unit}"
