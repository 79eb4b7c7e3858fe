from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from lib.encryption import EncryptedTextField
from lib.models import Recorded, SentOnce
from lib.periods import today
from organization.models import Unit
from organization.roles import Role

from ..enums import AidKind, CareKind
from .friendship import Friendship
from .worker import Worker

if TYPE_CHECKING:
    from organization.actors import Actor


class CareQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> Self:
        """The cadre while he keeps the friendship, and the office: nobody else, whatever else they see of a worker."""
        match actor.role:
            case Role.CADRE:
                kept = Friendship.objects.open().filter(cadre=actor.cadre_id, worker=OuterRef("worker"))
                return self.filter(Exists(kept))
            case Role.OFFICE:
                return self.filter(worker__unit__path__startswith=actor.unit.path)
        return self.none()

    def with_list_relations(self) -> Self:
        return self.select_related("worker__unit", "unit", "recorded_by")


class CareFlagQuerySet(CareQuerySet):
    def in_force(self) -> CareFlagQuerySet:
        return self.filter(ended_on__isnull=True, expires_on__gt=today())

    def to_forget(self, day: dt.date) -> CareFlagQuerySet:
        """Expired, with words that are still there."""
        return self.filter(expires_on__lte=day).exclude(note="")


class ForPerson(SentOnce, Recorded):
    """Written down about a worker with his consent; the words are encrypted. `unit` is his of the time."""

    worker = models.ForeignKey(Worker, models.PROTECT, verbose_name=_("职工"), related_name="%(class)ss")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("单位"), related_name="+")
    note = EncryptedTextField(_("情况说明"), blank=True, default="")
    consent_on = models.DateField(_("本人同意日期"))

    class Meta:
        abstract = True

    def get_absolute_url(self) -> str:
        return self.worker.get_absolute_url()


class CareFlag(ForPerson):
    """困难标记: that a worker is in need, until a day; then the words are removed and the mark is gone."""

    kind = models.CharField(_("困难类型"), max_length=16, choices=CareKind)
    expires_on = models.DateField(_("到期日期"))
    ended_on = models.DateField(_("解除日期"), null=True, blank=True)

    objects = CareFlagQuerySet.as_manager()

    class Meta:
        verbose_name = _("困难标记")
        verbose_name_plural = _("困难标记")
        ordering = ["-consent_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_on__gt=F("consent_on")),
                name="care_flag_expires_after_consent",
                violation_error_message=_("到期日期须在本人同意日期之后。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"


class Aid(ForPerson):
    """帮扶: what the union gave or did for a worker in need."""

    kind = models.CharField(_("帮扶方式"), max_length=16, choices=AidKind)
    given_on = models.DateField(_("帮扶日期"))
    amount = models.DecimalField(_("金额（元）"), max_digits=10, decimal_places=2, null=True, blank=True)

    objects = CareQuerySet.as_manager()

    class Meta:
        verbose_name = _("帮扶记录")
        verbose_name_plural = _("帮扶记录")
        ordering = ["-given_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gt=0),
                name="aid_amount_positive",
                violation_error_message=_("金额须大于 0，没有金额的不填。"),
            ),
        ]
        indexes = [models.Index(fields=["unit", "-given_on"], name="aid_of_unit")]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
