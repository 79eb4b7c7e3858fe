from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lib.codes import code_behind, code_index, code_indexes, codes_of, read_code
from lib.models import Keyed, SentOnce

from .opinion import Opinion


class SlipQuerySet(models.QuerySet):
    def in_force(self) -> SlipQuerySet:
        return self.filter(replaced_at__isnull=True)

    def with_code(self, text: str) -> SlipQuerySet:
        """Found by what was typed; nothing that cannot be a code is found, at the same cost."""
        return self.filter(code_index__in=code_indexes(Slip.KIND, read_code(text)))


class Slip(Keyed):
    """回执: by its code a worker without account follows his own matter. A new one ends the one before.

    The code follows from `key` (lib.codes) and is shown when the slip is issued; the table holds its digest alone.
    `issued_by` is empty where the worker got it at a door.
    """

    KIND = "slip"

    opinion = models.ForeignKey(
        Opinion, models.PROTECT, verbose_name=pgettext_lazy("一条", "意见建议"), related_name="slips"
    )
    code_index = models.CharField(max_length=32, unique=True, editable=False)
    issued_at = models.DateTimeField(_("发放时间"))
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("发放人"),
        null=True,
        blank=True,
        related_name="+",
    )
    replaced_at = models.DateTimeField(_("作废时间"), null=True, blank=True)

    objects = SlipQuerySet.as_manager()

    class Meta:
        verbose_name = _("回执")
        verbose_name_plural = _("回执")
        ordering = ["issued_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["opinion"],
                condition=Q(replaced_at__isnull=True),
                name="slip_in_force_once",
                violation_error_message=_("这条意见已有有效的回执。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.opinion_id} {self.issued_at:%Y-%m-%d}"

    def save(self, **kwargs) -> None:
        self.code_index = self.code_index or code_index(self.KIND, codes_of(self.KIND, self.key)[0])
        super().save(**kwargs)

    @property
    def code(self) -> str:
        """For whoever is being handed the slip, and for nobody later."""
        return code_behind(self.KIND, self.key, self.code_index)


class Addition(SentOnce):
    """补充: what the worker adds to his own matter, on his slip."""

    opinion = models.ForeignKey(
        Opinion, models.PROTECT, verbose_name=pgettext_lazy("一条", "意见建议"), related_name="additions"
    )
    text = models.CharField(_("补充内容"), max_length=300)
    added_at = models.DateTimeField(_("补充时间"))

    class Meta:
        verbose_name = _("补充")
        verbose_name_plural = _("补充")
        ordering = ["added_at", "pk"]

    def __str__(self) -> str:
        return f"{self.opinion_id} {self.added_at:%Y-%m-%d}"
