from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from issues.models import Category
from liaison.models import Cadre, LiaisonGroup
from organization.models import Unit


class Rollup(models.Model):
    """Sums of one month of one unit (not of the units below it), split by group, cadre and category.

    Only sums live here: they add up over months, units and groups. Distinct figures and stocks are counted from
    the facts at each level. Rows of a (unit, month) are replaced as a whole by `reports.services.roll_up`; those of
    one fact family leave the others' columns at 0. Contacts have a cadre and no category; opinions both; issues a
    category and no cadre. Keys follow design: the English names of the figures.
    """

    month = models.DateField()
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+", db_index=False)
    group = models.ForeignKey(LiaisonGroup, models.CASCADE, null=True, related_name="+")
    cadre = models.ForeignKey(Cadre, models.CASCADE, null=True, related_name="+")
    category = models.ForeignKey(Category, models.CASCADE, null=True, related_name="+")
    contacts = models.PositiveIntegerField(default=0)
    person_contacts = models.PositiveIntegerField(default=0)
    briefings = models.PositiveIntegerField(default=0)
    visits = models.PositiveIntegerField(default=0)
    rights_cases = models.PositiveIntegerField(default=0)
    friendship_contacts = models.PositiveIntegerField(default=0)
    problem_contacts = models.PositiveIntegerField(default=0)
    opinions = models.PositiveIntegerField(default=0)
    opinions_merged = models.PositiveIntegerField(default=0)
    opinions_waiting = models.PositiveIntegerField(default=0)
    opinions_set_aside = models.PositiveIntegerField(default=0)
    issues = models.PositiveIntegerField(default=0)
    solved = models.PositiveIntegerField(default=0)
    partly_solved = models.PositiveIntegerField(default=0)
    in_hand = models.PositiveIntegerField(default=0)
    explained = models.PositiveIntegerField(default=0)
    struck_off = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("月度汇总")
        verbose_name_plural = _("月度汇总")
        constraints = [
            models.UniqueConstraint(
                "month",
                "unit",
                Coalesce("group", 0),
                Coalesce("cadre", 0),
                Coalesce("category", 0),
                name="rollup_once_per_cell",
            ),
            # The first identity of the ledger, held by the database itself.
            models.CheckConstraint(
                condition=Q(issues=F("solved") + F("partly_solved") + F("in_hand") + F("explained")),
                name="rollup_outcomes_sum_to_issues",
            ),
            models.CheckConstraint(
                condition=Q(opinions=F("opinions_merged") + F("opinions_waiting") + F("opinions_set_aside")),
                name="rollup_opinions_add_up",
            ),
        ]
        indexes = [models.Index(fields=["unit", "month"], name="rollup_of_unit")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.unit_id}"


class Reconciliation(models.Model):
    """One nightly recount of all months from the facts, and what it found; `on` is unique: one a night.

    It goes on in slices: `next_month` is the first that is not compared yet.
    """

    on = models.DateField(_("日期"), unique=True)
    started_at = models.DateTimeField(_("开始时间"), auto_now_add=True)
    finished_at = models.DateTimeField(_("完成时间"), null=True, blank=True)
    next_month = models.DateField(null=True, blank=True, editable=False)
    months = models.PositiveIntegerField(_("核对月份"), default=0)
    differences = models.PositiveIntegerField(_("差异"), default=0)
    #: (month, unit id, figure, stored, counted) of the first differences; numbers and ids only.
    detail = models.JSONField(_("明细"), default=list, blank=True)

    class Meta:
        verbose_name = _("汇总核对")
        verbose_name_plural = _("汇总核对")
        ordering = ["-on"]

    def __str__(self) -> str:
        return f"{self.on:%Y-%m-%d}"
