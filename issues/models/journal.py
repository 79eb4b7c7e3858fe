from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lib.models import SentOnce
from organization.roles import Role

from .dispatch import Dispatch
from .issue import Issue

if TYPE_CHECKING:
    from organization.actors import Actor


class JournalEntryQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> JournalEntryQuerySet:
        """Office and department each keep a journal of their own, and neither reads the other's."""
        match actor.role:
            case Role.OFFICE:
                return self.filter(dispatch__isnull=True, issue__unit__path__startswith=actor.unit.path)
            case Role.HANDLER:
                return self.filter(dispatch__in=Dispatch.objects.visible_to(actor))
        return self.none()


class JournalEntry(SentOnce):
    """工作记事: what was done or heard on the way, for those who work on it. No move and no part of the history.

    With `dispatch` it is the department's, without it the office's. Never changed; a mistake is put right by the next.
    """

    issue = models.ForeignKey(Issue, models.PROTECT, verbose_name=pgettext_lazy("一条", "问题"), related_name="journal")
    dispatch = models.ForeignKey(
        Dispatch, models.PROTECT, verbose_name=_("交办"), null=True, blank=True, related_name="journal"
    )
    text = models.TextField(_("记事"))
    at = models.DateTimeField(_("时间"), default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("记录人"), related_name="+")

    objects = JournalEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("工作记事")
        verbose_name_plural = _("工作记事")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""), name="journal_entry_has_text", violation_error_message=_("记事不能为空。")
            )
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d} {self.issue_id}"
