from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..enums import MOVES_BY_CLOCK, Move, Outcome
from .dispatch import Dispatch
from .issue import Issue
from .opinion import Opinion


class HistoryIsFixed(TypeError):
    """Somebody tries to change or delete what happened: a mistake of the programmer."""


class TransitionQuerySet(models.QuerySet):
    def of_issues(self) -> TransitionQuerySet:
        return self.filter(opinion__isnull=True)

    def of_opinions(self) -> TransitionQuerySet:
        return self.filter(opinion__isnull=False)

    def update(self, **kwargs) -> int:
        raise HistoryIsFixed

    def delete(self) -> tuple[int, dict[str, int]]:
        raise HistoryIsFixed


class Transition(models.Model):
    """One move of an opinion or an issue. Never changed, never deleted.

    With `opinion` set the states are the opinion's (`issue` then names the other side of a merge or a feedback);
    without it they are the issue's.
    `at` is when it happened, `recorded_at` when it was entered; `on` is the local date of `at`. `outcome` and the
    days after it are the issue's after the move. `by` is empty where a worker without an account did it, or the clock.
    History, as-of figures and audit are read from here.
    """

    opinion = models.ForeignKey(Opinion, models.PROTECT, null=True, blank=True, related_name="transitions")
    issue = models.ForeignKey(Issue, models.PROTECT, null=True, blank=True, related_name="transitions")
    dispatch = models.ForeignKey(Dispatch, models.PROTECT, null=True, blank=True, related_name="transitions")
    move = models.CharField(_("动作"), max_length=16, choices=Move)
    from_state = models.CharField(max_length=12, blank=True)
    to_state = models.CharField(max_length=12)
    outcome = models.CharField(_("办理结果"), max_length=16, choices=Outcome, blank=True)
    outcome_on = models.DateField(_("答复日期"), null=True, blank=True)
    due_on = models.DateField(_("办理时限"), null=True, blank=True)
    first_answer_due_on = models.DateField(_("首次答复时限"), null=True, blank=True)
    at = models.DateTimeField(_("时间"))
    on = models.DateField(_("日期"))
    recorded_at = models.DateTimeField(_("录入时间"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("经办人"),
        null=True,
        blank=True,
        related_name="+",
    )
    note = models.CharField(_("说明"), max_length=300, blank=True)

    objects = TransitionQuerySet.as_manager()

    class Meta:
        verbose_name = _("办理过程")
        verbose_name_plural = _("办理过程")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(opinion__isnull=False) | Q(issue__isnull=False),
                name="transition_has_subject",
                violation_error_message=_("办理过程须属于一条意见或一个问题。"),
            )
        ]
        indexes = [
            models.Index(fields=["issue", "on", "id"], name="transition_of_issue"),
            models.Index(fields=["opinion", "on", "id"], name="transition_of_opinion"),
        ]

    def __str__(self) -> str:
        return f"{self.on:%Y-%m-%d} {self.get_move_display()}"

    def save(self, *args, **kwargs) -> None:
        if not self._state.adding:
            raise HistoryIsFixed
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs) -> tuple[int, dict[str, int]]:
        raise HistoryIsFixed

    @property
    def who(self) -> str:
        """By whom, as the history says it."""
        if self.by_id:
            return str(self.by)
        if self.move in MOVES_BY_CLOCK:
            return str(_("系统"))
        return str(_("职工扫码") if self.move == Move.RAISE else _("职工本人（回执）"))
