from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lib.models import SentOnce
from organization.models import Unit

from .dispatch import Dispatch


class Urging(SentOnce):
    """催办: the office tells a department to get on with it, in a sentence."""

    dispatch = models.ForeignKey(Dispatch, models.PROTECT, verbose_name=_("交办"), related_name="urgings")
    text = models.CharField(_("催办内容"), max_length=200)
    urged_at = models.DateTimeField(_("催办时间"))
    urged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("催办人"), related_name="+")

    class Meta:
        verbose_name = _("催办")
        verbose_name_plural = _("催办")
        ordering = ["urged_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="urging_has_text",
                violation_error_message=_("催办内容不能为空。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.dispatch_id} {self.urged_at:%Y-%m-%d}"


class Supervision(SentOnce):
    """督办: the formal step after urging, with a number of its own per office and year; lifted by the answer.

    `due_on` is the day that was set then; the dispatch's own may have been moved since.
    """

    dispatch = models.OneToOneField(
        Dispatch,
        models.PROTECT,
        verbose_name=_("交办"),
        related_name="supervision",
        error_messages={"unique": _("这件交办已经督办。")},
    )
    office = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("督办单位"), related_name="+")
    year = models.PositiveSmallIntegerField(editable=False)
    serial = models.PositiveIntegerField(editable=False)
    number = models.CharField(_("督办编号"), max_length=48, unique=True, editable=False)
    requirement = models.CharField(_("督办要求"), max_length=500)
    due_on = models.DateField(_("督办时限"))
    supervised_at = models.DateTimeField(_("督办时间"))
    supervised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("督办人"), related_name="+"
    )

    class Meta:
        verbose_name = _("督办")
        verbose_name_plural = _("督办")
        ordering = ["-supervised_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "year", "serial"],
                name="supervision_number_once",
                violation_error_message=_("编号重复，请重试。"),
            ),
            models.CheckConstraint(
                condition=~Q(requirement=""),
                name="supervision_has_requirement",
                violation_error_message=_("督办须写明要求。"),
            ),
        ]

    def __str__(self) -> str:
        return self.number
