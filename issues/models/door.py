from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lib.codes import code_behind, code_index, code_indexes, codes_of, read_code
from lib.encryption import EncryptedTextField
from lib.formats import mask_phone
from lib.models import Recorded, SentOnce
from organization.models import Unit
from organization.roles import Role

from .opinion import Opinion

if TYPE_CHECKING:
    from organization.actors import Actor


class DoorQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> DoorQuerySet:
        """The office hangs up the posters; whoever stands before one knows its code (`with_code`)."""
        if actor.role != Role.OFFICE:
            return self.none()
        return self.filter(unit__path__startswith=actor.unit.path)

    def open(self) -> DoorQuerySet:
        return self.filter(closed_on__isnull=True)

    def with_code(self, text: str) -> DoorQuerySet:
        return self.filter(code_index__in=code_indexes(Door.KIND, read_code(text)))

    def with_opinion_count(self) -> DoorQuerySet:
        return self.annotate(opinion_count=models.Count("opinions"))


class Door(SentOnce, Recorded):
    """扫码入口: a poster by which workers of a unit say something without an account.

    The code follows from `key` (lib.codes), so that the poster can be printed again; the table holds its digest alone.
    """

    KIND = "door"

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("单位"), related_name="doors")
    label = models.CharField(_("张贴地点或活动名称"), max_length=40)
    code_index = models.CharField(max_length=32, unique=True, editable=False)
    opened_on = models.DateField(_("启用日期"))
    closed_on = models.DateField(_("停用日期"), null=True, blank=True)

    objects = DoorQuerySet.as_manager()

    class Meta:
        verbose_name = _("扫码入口")
        verbose_name_plural = _("扫码入口")
        ordering = ["-opened_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                name="door_closed_after_opened",
                violation_error_message=_("停用日期不能早于启用日期。"),
            )
        ]

    def __str__(self) -> str:
        return self.label

    def save(self, **kwargs) -> None:
        self.code_index = self.code_index or code_index(self.KIND, codes_of(self.KIND, self.key)[0])
        super().save(**kwargs)

    def get_absolute_url(self) -> str:
        return reverse("issues:door_detail", args=[self.key])

    @property
    def is_open(self) -> bool:
        return self.closed_on is None

    @property
    def code(self) -> str:
        return code_behind(self.KIND, self.key, self.code_index)

    @property
    def address(self) -> str:
        """What is typed by who cannot scan."""
        return settings.PUBLIC_ADDRESS + reverse("issues:door_entry", args=[self.code])


class UnlistedReporterQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> UnlistedReporterQuerySet:
        """The office alone: it has to find out who it is, and to bring the answer back."""
        if actor.role != Role.OFFICE:
            return self.none()
        return self.filter(opinion__in=Opinion.objects.visible_to(actor))


class UnlistedReporter(models.Model):
    """名册外署名: who gave his name at a door and is not in the roster, as he wrote it; encrypted."""

    opinion = models.OneToOneField(
        Opinion, models.PROTECT, verbose_name=pgettext_lazy("一条", "意见建议"), related_name="unlisted_reporter"
    )
    name = EncryptedTextField(_("姓名"))
    phone = EncryptedTextField(_("手机号码"), blank=True, default="")
    employee_no = EncryptedTextField(_("工号"), blank=True, default="")

    #: Asked for as of a worker, who may have two (issues.discretion).
    phone_2 = ""

    objects = UnlistedReporterQuerySet.as_manager()

    class Meta:
        verbose_name = _("名册外署名")
        verbose_name_plural = _("名册外署名")

    def __str__(self) -> str:
        return str(self.opinion_id)

    @property
    def masked_phone(self) -> str:
        return mask_phone(self.phone)
