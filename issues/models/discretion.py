from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ..enums import KeepReason
from .dispatch import Dispatch
from .issue import Issue


class KeptHitQuerySet(models.QuerySet):
    def in_force(self) -> KeptHitQuerySet:
        """A consent holds for one dispatch; what it was given for is spent."""
        return self.filter(dispatch__isnull=True)


class KeptHit(models.Model):
    """保留: the office leaves a hit in the wording, and says why.

    `place` stands for the words in their sentence (`issues.discretion.Hit`): when either changes, it is asked again.
    `dispatch` is the one that a consent was given for.
    """

    issue = models.ForeignKey(
        Issue, models.PROTECT, verbose_name=pgettext_lazy("一条", "问题"), related_name="kept_hits"
    )
    place = models.CharField(max_length=64, editable=False)
    text = models.CharField(_("保留的文字"), max_length=2000)
    reason = models.CharField(_("保留原因"), max_length=12, choices=KeepReason)
    kept_at = models.DateTimeField(_("保留时间"))
    kept_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("保留人"), related_name="+")
    dispatch = models.ForeignKey(
        Dispatch, models.PROTECT, verbose_name=_("交办"), null=True, blank=True, related_name="consents"
    )

    objects = KeptHitQuerySet.as_manager()

    class Meta:
        verbose_name = _("保留的疑点")
        verbose_name_plural = _("保留的疑点")
        ordering = ["kept_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["issue", "place"],
                condition=Q(dispatch__isnull=True),
                name="kept_hit_in_force_once",
                violation_error_message=_("这处疑点已经处理过。"),
            ),
            models.CheckConstraint(
                condition=Q(dispatch__isnull=True) | Q(reason=KeepReason.CONSENT),
                name="kept_hit_only_consent_is_spent",
                violation_error_message=_("只有署名同意记在某一次交办上。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.issue_id} {self.get_reason_display()}"
