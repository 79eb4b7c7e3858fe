from __future__ import annotations

import uuid

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..enums import ConceptKind
from .issue import Issue
from .opinion import Opinion


class Concept(models.Model):
    """近义词组: the ways in which workers say one thing. Kept in admin; one out of use is retired, never deleted."""

    kind = models.CharField(_("说的是"), max_length=8, choices=ConceptKind, default=ConceptKind.THING)
    name = models.CharField(_("词组"), max_length=20)
    part_of = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("属于"),
        null=True,
        blank=True,
        related_name="parts",
        limit_choices_to={"kind": ConceptKind.THING},
        help_text=_("例如“餐具卫生”属于“食堂”。"),
    )
    words = models.TextField(
        _("说法"),
        help_text=_("一行一个；“没…热水”中间可隔几个字；“+太贵”指说到所属词组又说太贵。同音错字不用写。"),
    )
    is_company_wide = models.BooleanField(
        _("全公司统一办理"), default=False, help_text=_("不同单位的人说的也是同一件事，例如夜班津贴。")
    )
    is_active = models.BooleanField(_("在用"), default=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("近义词组")
        verbose_name_plural = _("近义词组")
        ordering = ["kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "name"], name="concept_once", violation_error_message=_("已有同名的词组。")
            )
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        above = self.part_of
        while above is not None:
            if above.pk == self.pk:
                raise ValidationError({"part_of": _("不能属于自己。")})
            above = above.part_of


class LearntWord(models.Model):
    """学到的说法: a word that merges have shown to mean a concept. Never shown: opinions may hold a name."""

    word = models.CharField(max_length=20)
    concept = models.CharField(max_length=20)
    learnt_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["word", "concept"], name="learnt_word_once")]

    def __str__(self) -> str:
        return self.concept


class Gist(models.Model):
    """要点: what could be compared of one text when it was read last, kept so that nobody reads it twice.

    A text that changes loses it in the same transaction; the worker reads what has none.
    """

    opinion = models.OneToOneField(Opinion, models.CASCADE, null=True, blank=True, related_name="gist")
    issue = models.OneToOneField(Issue, models.CASCADE, null=True, blank=True, related_name="gist")
    said = models.JSONField()
    #: Another whenever the text was read again: what was unpacked from it once stays good.
    stamp = models.UUIDField(default=uuid.uuid4, editable=False)
    #: Of the thesaurus that it was read with.
    edition = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(opinion__isnull=False, issue__isnull=True) | Q(opinion__isnull=True, issue__isnull=False),
                name="gist_of_one_text",
            )
        ]

    def __str__(self) -> str:
        return f"{self.opinion_id or ''} {self.issue_id or ''}"
