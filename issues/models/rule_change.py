from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lib.models import Recorded, SentOnce, Versioned
from organization.models import Unit
from organization.roles import Role

from ..enums import RuleLevel
from .issue import Issue

if TYPE_CHECKING:
    from organization.actors import Actor

READERS = (Role.CADRE, Role.GROUP_LEADER, Role.OFFICE, Role.LEADER)


class RuleChangeQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> RuleChangeQuerySet:
        """Rules of one's unit, of what stands below it, and of what stands above it: those hold here too."""
        if actor.role not in READERS:
            return self.none()
        return self.filter(Q(unit__path__startswith=actor.unit.path) | Q(unit__path__in=actor.unit.paths_to_root()))

    def standing(self) -> RuleChangeQuerySet:
        return self.filter(withdrawn_on__isnull=True)

    def with_list_relations(self) -> RuleChangeQuerySet:
        return self.select_related("unit").annotate(issue_count=Count("issues"))


class RuleChange(SentOnce, Recorded, Versioned):
    """制度成果: a rule that was changed because of issues, so that a whole class of matters is settled.

    Read by leaders and cadres, so it names nobody. One that was entered wrongly is withdrawn with the reason.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("适用单位"), related_name="rule_changes")
    title = models.CharField(_("制度成果名称"), max_length=80)
    level = models.CharField(_("制度层级"), max_length=12, choices=RuleLevel, default=RuleLevel.OWN)
    before = models.TextField(_("原规定"))
    after = models.TextField(_("新规定"))
    document_number = models.CharField(_("文号"), max_length=60, blank=True)
    issued_on = models.DateField(_("印发日期"))
    effective_on = models.DateField(_("施行日期"), null=True, blank=True)
    beneficiaries = models.PositiveIntegerField(_("受益人数"), null=True, blank=True)
    beneficiary_group = models.CharField(_("受益人群"), max_length=100)
    counted_by = models.CharField(_("人数依据"), max_length=200, blank=True)
    issues = models.ManyToManyField(Issue, verbose_name=_("相关问题"), related_name="rule_changes")
    withdrawn_on = models.DateField(_("撤销日期"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("撤销人"),
        null=True,
        blank=True,
        related_name="+",
    )
    withdrawal_reason = models.CharField(_("撤销原因"), max_length=200, blank=True)

    objects = RuleChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("制度成果")
        verbose_name_plural = _("制度成果")
        ordering = ["-issued_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(beneficiaries__isnull=True) | ~Q(counted_by=""),
                name="rule_change_says_how_counted",
                violation_error_message=_("填了受益人数，须写明人数依据。"),
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True, withdrawn_by__isnull=True, withdrawal_reason="")
                | Q(withdrawn_on__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawal_reason=""),
                name="rule_change_withdrawn_has_reason",
                violation_error_message=_("撤销须写明原因。"),
            ),
        ]
        indexes = [models.Index(fields=["unit", "-issued_on"], name="rule_change_of_unit")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("issues:rule_detail", args=[self.key])

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_on is not None
