"""Abstract bases that the apps' models are put together from."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lib.errors import Stale

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from lib.periods import Period


class Keyed(models.Model):
    """A row whose identity in addresses and forms is a key made by the client.

    A form or a phone makes the key before it sends, so the same submission twice is one row.
    """

    key = models.UUIDField(_("标识"), default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        abstract = True


class SentOnce(Keyed):
    """Saved from a form: `fingerprint` says from which words, so that others under the same key are no copy of it."""

    fingerprint = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)

    class Meta:
        abstract = True


class Recorded(models.Model):
    """When the row came into the system and who put it in; not when the thing itself happened.

    ``recorded_at`` is a default and not ``auto_now_add``: import and demo data set it themselves.
    """

    recorded_at = models.DateTimeField(_("录入时间"), default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("录入人"),
    )

    class Meta:
        abstract = True


class Versioned(models.Model):
    """A row that two people may edit at once; the second to save is told, not overwritten."""

    version = models.PositiveIntegerField(_("版本"), default=1, editable=False)

    class Meta:
        abstract = True

    def save_if_current(self, update_fields: Iterable[str], *, version: int | None = None) -> None:
        """Save the fields and raise the version, or raise ``Stale`` if the row has moved on.

        ``version`` is the one that the form was filled from; without it the one this instance was read with.
        """
        expected = self.version if version is None else version
        with transaction.atomic():
            # The guarded update decides the race and holds the row; save() then runs with its signals,
            # so that the audit trail sees the change.
            rows = type(self)._base_manager.filter(pk=self.pk, version=expected)
            if not rows.update(version=F("version") + 1):
                raise Stale
            self.save(update_fields=[name for name in update_fields if name != "version"])
            self.version = expected + 1


class DateRangeQuerySet(models.QuerySet):
    """Words for rows that hold from a day until a day."""

    def open_on(self, day: date) -> Self:
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=day), starts_on__lte=day)

    def open(self) -> Self:
        return self.open_on(timezone.localdate())

    def during(self, period: Period) -> Self:
        """Rows that held on at least one day of the period."""
        still_open = Q(ends_on__isnull=True) | Q(ends_on__gt=period.start)
        not_empty = Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on"))
        return self.filter(still_open, not_empty, starts_on__lt=period.end)


class DateRange(models.Model):
    """Holds from ``starts_on`` up to, and without, ``ends_on``: on that day it no longer holds.

    Half-open like the periods, so a handover ends one row and starts the next on the same day.
    """

    starts_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("结束日期"), null=True, blank=True)

    objects = DateRangeQuerySet.as_manager()

    class Meta:
        abstract = True

    def is_open_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or self.ends_on > day)

    @property
    def is_open(self) -> bool:
        return self.is_open_on(timezone.localdate())


class OneAtATime(DateRange):
    """Of the rows with the same `alone_by`, the first of which is a relation, no two hold on one day.

    Both databases promise that no two are open (a constraint that each names itself); the rest `clean` asks.
    """

    alone_by: tuple[str, ...]
    overlap_message: str | Promise

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        if self.starts_on is not None and self.overlapping().exists():
            raise ValidationError(str(self.overlap_message), code="overlap")

    def overlapping(self) -> models.QuerySet:
        same = {name: self.serializable_value(name) for name in self.alone_by}
        rows = type(self)._base_manager.filter(**same).exclude(pk=self.pk).exclude(ends_on=F("starts_on"))
        if None in same.values() or self.ends_on == self.starts_on:
            return rows.none()
        first = self.alone_by[0]
        if connection.in_atomic_block:
            # Two who enter such rows at once come one after the other.
            holders = type(getattr(self, first))._base_manager
            list(holders.select_for_update(no_key=True).filter(pk=same[first]).values_list("pk"))
        rows = rows.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=self.starts_on))
        return rows.filter(starts_on__lt=self.ends_on) if self.ends_on else rows.exclude(ends_on__isnull=True)


def ends_after_start(name: str) -> models.CheckConstraint:
    """The constraint every ``DateRange`` names in its own Meta."""
    return models.CheckConstraint(
        condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
        name=name,
        violation_error_message=_("结束日期不能早于开始日期。"),
    )
