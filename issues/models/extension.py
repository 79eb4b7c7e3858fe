from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lib.models import SentOnce

from ..enums import OPEN_DISPATCH_STATES, ExtensionState
from .dispatch import Dispatch


class ExtensionQuerySet(models.QuerySet):
    def waiting(self) -> ExtensionQuerySet:
        """For the office to settle; with the end of the dispatch the request is without object."""
        return self.filter(state=ExtensionState.ASKED, dispatch__state__in=OPEN_DISPATCH_STATES)


class Extension(SentOnce):
    """延期: a department asks for a later limit; the office grants it, maybe another day, or refuses it."""

    dispatch = models.ForeignKey(Dispatch, models.PROTECT, verbose_name=_("交办"), related_name="extensions")
    asked_until = models.DateField(_("申请延至"))
    reason = models.CharField(_("申请理由"), max_length=200)
    asked_at = models.DateTimeField(_("申请时间"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("申请人"), related_name="+")
    state = models.CharField(_("状态"), max_length=12, choices=ExtensionState, default=ExtensionState.ASKED)
    granted_until = models.DateField(_("同意延至"), null=True, blank=True)
    remark = models.CharField(_("批复意见"), max_length=200, blank=True)
    settled_at = models.DateTimeField(_("批复时间"), null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("批复人"), null=True, blank=True, related_name="+"
    )

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        verbose_name = _("延期")
        verbose_name_plural = _("延期")
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["dispatch"],
                condition=Q(state=ExtensionState.ASKED),
                name="extension_one_open_per_dispatch",
                violation_error_message=_("这件交办已有一份延期申请待批。"),
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="extension_has_reason",
                violation_error_message=_("申请延期须写明理由。"),
            ),
            models.CheckConstraint(
                condition=Q(state=ExtensionState.GRANTED, granted_until__isnull=False)
                | (~Q(state=ExtensionState.GRANTED) & Q(granted_until__isnull=True)),
                name="extension_granted_until_a_day",
                violation_error_message=_("同意延期须写明延至哪一天。"),
            ),
            models.CheckConstraint(
                condition=~Q(state=ExtensionState.REFUSED) | ~Q(remark=""),
                name="extension_refused_has_reason",
                violation_error_message=_("不同意延期须写明原因。"),
            ),
            models.CheckConstraint(
                condition=Q(state=ExtensionState.ASKED, settled_at__isnull=True, settled_by__isnull=True)
                | (~Q(state=ExtensionState.ASKED) & Q(settled_at__isnull=False, settled_by__isnull=False)),
                name="extension_settled_by_somebody",
                violation_error_message=_("批复须记录批复人和时间。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dispatch_id} {self.get_state_display()}"
