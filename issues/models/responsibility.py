from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organization.models import Unit

from .category import Category


class Responsibility(models.Model):
    """职责分工: which department answers for which category; proposed where no earlier issue says it."""

    department = models.ForeignKey(
        Unit,
        models.CASCADE,
        verbose_name=_("责任部门"),
        related_name="responsibilities",
        limit_choices_to={"kind": "department"},
    )
    category = models.ForeignKey(Category, models.CASCADE, verbose_name=_("问题类别"), related_name="responsibilities")
    is_lead = models.BooleanField(_("牵头"), default=True, help_text=_("不勾选的为协办部门。"))

    class Meta:
        verbose_name = _("职责分工")
        verbose_name_plural = pgettext_lazy("复数", "职责分工")
        ordering = ["category", "-is_lead", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["department", "category"],
                name="responsibility_once",
                violation_error_message=_("这个部门对该类别的职责已经登记。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.category} → {self.department}"
