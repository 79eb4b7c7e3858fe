from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lib.models import SentOnce
from organization.models import Unit
from organization.roles import Role

from ..enums import IssueState
from .issue import Issue

if TYPE_CHECKING:
    from organization.actors import Actor


class ReferralQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> ReferralQuerySet:
        """The office that sent it, and every office above: the one that answers is among those."""
        if actor.role != Role.OFFICE:
            return self.none()
        return self.filter(office__path__startswith=actor.unit.path)

    def waiting(self) -> ReferralQuerySet:
        """Nobody waits for the answer to a question about an issue that is void."""
        return self.filter(answered_on__isnull=True).exclude(issue__state=IssueState.VOID)

    def answered(self) -> ReferralQuerySet:
        return self.filter(answered_on__isnull=False)

    def with_list_relations(self) -> ReferralQuerySet:
        return self.select_related("issue", "office", "to_unit")


class Referral(SentOnce):
    """上报: a matter beyond the own level goes to a higher unit, or outside the house; its answer comes down.

    `office` sent it. The question leaves the enterprise, so it names nobody who spoke.
    """

    issue = models.ForeignKey(
        Issue, models.PROTECT, verbose_name=pgettext_lazy("一条", "问题"), related_name="referrals"
    )
    number = models.CharField(_("上报编号"), max_length=56, unique=True, editable=False)
    office = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("上报单位"), related_name="+")
    to_unit = models.ForeignKey(
        Unit, models.PROTECT, verbose_name=_("上级单位"), null=True, blank=True, related_name="referrals"
    )
    to_name = models.CharField(_("其他受理单位"), max_length=60, blank=True)
    question = models.TextField(_("上报内容"))
    sent_on = models.DateField(_("上报日期"))
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("上报人"), related_name="+")
    answer = models.TextField(_("上级答复"), blank=True)
    answered_on = models.DateField(_("上级答复日期"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("答复登记人"),
        null=True,
        blank=True,
        related_name="+",
    )

    objects = ReferralQuerySet.as_manager()

    class Meta:
        verbose_name = _("上报")
        verbose_name_plural = _("上报")
        ordering = ["sent_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_unit__isnull=False, to_name="") | (Q(to_unit__isnull=True) & ~Q(to_name="")),
                name="referral_goes_to_one",
                violation_error_message=_("上级单位和其他受理单位填一个。"),
            ),
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True, answered_by__isnull=True, answer="")
                | (Q(answered_on__gte=F("sent_on"), answered_by__isnull=False) & ~Q(answer="")),
                name="referral_answer_is_whole",
                violation_error_message=_("上级答复须有内容、日期和登记人，日期不早于上报日期。"),
            ),
            models.UniqueConstraint(
                fields=["issue"],
                condition=Q(answered_on__isnull=True),
                name="referral_one_waiting",
                violation_error_message=_("这个问题已有一件上报在等答复。"),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def get_absolute_url(self) -> str:
        return reverse("issues:referral_detail", args=[self.key])

    @property
    def is_waiting(self) -> bool:
        return self.answered_on is None

    @property
    def to(self) -> str:
        return self.to_unit.label if self.to_unit else self.to_name

    @property
    def title(self) -> str:
        return self.issue.title

    def days_waiting(self, day: dt.date) -> int:
        return (day - self.sent_on).days
