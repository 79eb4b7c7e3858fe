"""Wordings for answers, kept in admin: offered while they hold, ended and never deleted."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lib.models import DateRange, DateRangeQuerySet, ends_after_start
from lib.names import clean_name
from lib.periods import today

from .category import Category

ENDS_HELP = _("从这一天起不再提供选用；已用过的答复不受影响。只停用，不删除。")


class AnswerTemplateQuerySet(DateRangeQuerySet):
    def for_category(self, category: Category) -> AnswerTemplateQuerySet:
        """Those of the category first, then those for any."""
        own = Q(category=category)
        return self.filter(own | Q(category__isnull=True)).order_by(
            models.Case(models.When(own, then=0), default=1), "position", "pk"
        )

    def found_by(self, query: str) -> AnswerTemplateQuerySet:
        words = clean_name(query)
        return self.filter(Q(name__icontains=words) | Q(text__icontains=words))


class AnswerTemplate(DateRange):
    """答复模板: a text that a department puts into its answer and completes."""

    name = models.CharField(_("模板名称"), max_length=40, unique=True)
    text = models.TextField(_("模板内容"), help_text=_("需要填写的地方用“＿＿”表示。"))
    category = models.ForeignKey(
        Category,
        models.PROTECT,
        verbose_name=_("类别"),
        null=True,
        blank=True,
        related_name="answer_templates",
        help_text=_("不选则各类问题都可用。"),
    )
    starts_on = models.DateField(_("启用日期"))
    ends_on = models.DateField(_("停用日期"), null=True, blank=True, help_text=ENDS_HELP)
    position = models.PositiveSmallIntegerField(_("排序"), default=0)

    objects = AnswerTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("答复模板")
        verbose_name_plural = _("答复模板")
        ordering = ["position", "pk"]
        constraints = [ends_after_start("answer_template_ends_after_start")]

    def __str__(self) -> str:
        return self.name


class PolicyClauseQuerySet(DateRangeQuerySet):
    def ended(self, day: dt.date) -> PolicyClauseQuerySet:
        return self.filter(ends_on__lte=day)


class PolicyClause(DateRange):
    """政策条款: what an explained answer relies on, as long as it is in force.

    A clause that is changed ends, and the new wording is a clause of its own: what relied on the old one comes back.
    """

    title = models.CharField(_("条款"), max_length=60, help_text=_("如“第三条”“第四章 年休假”。"))
    source_document = models.CharField(_("来源文件"), max_length=120, help_text=_("文件名称和文号。"))
    text = models.TextField(_("条款内容"))
    starts_on = models.DateField(_("生效日期"))
    ends_on = models.DateField(
        _("失效日期"),
        null=True,
        blank=True,
        help_text=_("从这一天起失效，依据它的解释答复会提醒重新研究。修订的条款请另建一条。只填失效日期，不删除。"),
    )
    position = models.PositiveSmallIntegerField(_("排序"), default=0)

    objects = PolicyClauseQuerySet.as_manager()

    class Meta:
        verbose_name = _("政策条款")
        verbose_name_plural = _("政策条款")
        ordering = ["position", "pk"]
        constraints = [
            ends_after_start("policy_clause_ends_after_start"),
            models.UniqueConstraint(
                fields=["source_document", "title", "starts_on"],
                name="policy_clause_once",
                violation_error_message=_("这个条款已登记。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_document} {self.title}"

    def has_ended(self) -> bool:
        return self.ends_on is not None and self.ends_on <= today()
