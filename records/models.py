from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lib.models import Keyed
from lib.periods import month_of

from .enums import ExportState

if TYPE_CHECKING:
    from organization.actors import Actor
    from organization.models import Unit


class Attachment(Keyed):
    """A file that belongs to a row of an app above and is seen by whoever sees that row.

    Stored under a random name after checking and re-encoding (`records.services.store_attachment`).
    """

    file = models.FileField(upload_to="attachments/%Y/%m/")
    display_name = models.CharField(_("名称"), max_length=120)
    content_type = models.CharField(max_length=80)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("附件")
        verbose_name_plural = _("附件")

    def __str__(self) -> str:
        return self.display_name


class ExportQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> ExportQuerySet:
        """Who asked for a file fetches it; what was in it was decided by the role it was asked in."""
        return self.filter(requested_by=actor.user, actor_key=actor.key)

    def claimable(self, now: dt.datetime) -> ExportQuerySet:
        """Waiting, or running in a worker that has not given a sign of life within its lease."""
        return self.filter(
            Q(state=ExportState.WAITING) | Q(state=ExportState.RUNNING, lease_until__lt=now),
        )


class Export(Keyed):
    """A file to be made by the worker: the row comes first, so that a killed worker loses nothing.

    `parameters` holds filters and period, never text of people. `kind` names a maker registered with
    `records.exports.register_export`.
    """

    kind = models.CharField(_("种类"), max_length=40)
    parameters = models.JSONField(default=dict)
    purpose = models.CharField(_("用途"), max_length=100, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("申请人"),
        related_name="exports",
    )
    role = models.CharField(_("角色"), max_length=16)
    unit = models.ForeignKey(
        "organization.Unit",
        models.PROTECT,
        verbose_name=_("单位"),
        null=True,
        related_name="exports",
    )
    actor_key = models.CharField(max_length=60, editable=False)
    state = models.CharField(_("状态"), max_length=12, choices=ExportState, default=ExportState.WAITING)
    rows_done = models.PositiveIntegerField(default=0)
    rows_total = models.PositiveIntegerField(default=0)
    file = models.FileField(upload_to="exports/%Y/%m/", blank=True)
    file_name = models.CharField(_("文件名"), max_length=160, blank=True)
    error = models.CharField(_("原因"), max_length=200, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    #: Claims since it was asked for, and the one that holds: an attempt that was overtaken writes nothing.
    tries = models.PositiveSmallIntegerField(default=0, editable=False)
    run = models.UUIDField(null=True, editable=False)
    requested_at = models.DateTimeField(_("申请时间"), auto_now_add=True)
    finished_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    expires_at = models.DateTimeField(_("有效期至"), null=True, blank=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("导出")
        verbose_name_plural = _("导出")
        ordering = ["-requested_at", "-pk"]
        indexes = [models.Index(fields=["state", "lease_until"], name="export_claimable")]

    def __str__(self) -> str:
        return self.file_name or self.kind

    @property
    def is_available(self) -> bool:
        return self.state == ExportState.DONE and (self.expires_at is None or self.expires_at > timezone.now())


class Download(models.Model):
    """The register: every file with personal data that left, whose hands it went to and why."""

    export = models.ForeignKey(Export, models.PROTECT, null=True, blank=True, related_name="downloads")
    attachment = models.ForeignKey(Attachment, models.PROTECT, null=True, blank=True, related_name="downloads")
    #: What was fetched when it was neither: a list as shown, a template, a returned roster.
    kind = models.CharField(_("种类"), max_length=40)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("账号"),
        related_name="+",
    )
    role = models.CharField(_("角色"), max_length=16, blank=True)
    rows = models.PositiveIntegerField(_("行数"), default=0)
    purpose = models.CharField(_("用途"), max_length=100, blank=True)
    #: The filters that held; never what was searched for, which is somebody's name as a rule.
    parameters = models.JSONField(_("筛选条件"), default=dict, blank=True)
    at = models.DateTimeField(_("时间"), auto_now_add=True)

    class Meta:
        verbose_name = _("下载登记")
        verbose_name_plural = _("下载登记")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.kind} · {self.at:%Y-%m-%d %H:%M}"


class StaleMonthQuerySet(models.QuerySet):
    def mark(self, units: Iterable[Unit | int], day: dt.date) -> None:
        """Call inside the transaction of the change: the month of `day` must be summed again for these units."""
        ids = {unit if isinstance(unit, int) else unit.pk for unit in units}
        month = month_of(day)
        first = dt.date(month.year, month.number, 1)
        self.bulk_create([StaleMonth(unit_id=pk, month=first) for pk in sorted(ids)])


class StaleMonth(models.Model):
    """A month of a unit whose sums must be made again.

    Append-only while in use: writers never wait for each other or for the roll-up. The roll-up takes all rows it
    sees, sums from the facts (a row is visible only with its fact), and deletes just those rows. `month` is named
    by its first calendar day, also where the statistical month begins on another.
    """

    unit = models.ForeignKey("organization.Unit", models.CASCADE, related_name="+", db_index=False)
    month = models.DateField()

    objects = StaleMonthQuerySet.as_manager()

    class Meta:
        verbose_name = _("待重算月份")
        verbose_name_plural = _("待重算月份")

    def __str__(self) -> str:
        return f"{self.unit_id} {self.month:%Y-%m}"


class SavedFilterQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> SavedFilterQuerySet:
        """One's own in this role, and what colleagues in the same role of the same unit share."""
        shared = Q(is_shared=True, role=actor.role, unit=actor.unit) if actor.unit else Q(pk__in=[])
        return self.filter(Q(owner=actor.user, role=actor.role or "") | shared)


class SavedFilter(Keyed):
    """常用筛选: a list with its filters, under a name. Search words are somebody's name as a rule and are never kept.

    `address` is the name of the list's address ("issues:issue_list"), `query` its filters as they stand there.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("保存人"), related_name="saved_filters"
    )
    role = models.CharField(_("角色"), max_length=16, blank=True)
    unit = models.ForeignKey(
        "organization.Unit", models.PROTECT, verbose_name=_("单位"), null=True, blank=True, related_name="+"
    )
    address = models.CharField(max_length=80)
    name = models.CharField(_("名称"), max_length=20)
    query = models.CharField(max_length=500, blank=True)
    is_shared = models.BooleanField(_("同单位同角色的同事可用"), default=False)
    saved_at = models.DateTimeField(_("保存时间"), auto_now=True)

    objects = SavedFilterQuerySet.as_manager()

    class Meta:
        verbose_name = _("常用筛选")
        verbose_name_plural = _("常用筛选")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "role", "address", "name"],
                name="saved_filter_name_once",
                violation_error_message=_("已有同名的常用筛选。"),
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse(self.address)}?{self.query}"
