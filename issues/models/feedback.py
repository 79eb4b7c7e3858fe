from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from friends.enums import ContactChannel
from lib.models import Keyed
from organization.roles import Role

from ..enums import FeedbackState, RatedBy, Rating
from .issue import Issue
from .opinion import Opinion

if TYPE_CHECKING:
    from organization.actors import Actor


class FeedbackQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> FeedbackQuerySet:
        """Whoever may see the opinion sees what is owed for it."""
        if actor.role not in (Role.CADRE, Role.GROUP_LEADER, Role.OFFICE):
            return self.none()
        return self.filter(opinion__in=Opinion.objects.visible_to(actor))

    def in_force(self) -> FeedbackQuerySet:
        return self.filter(superseded_on__isnull=True)

    def owed(self) -> FeedbackQuerySet:
        return self.in_force().filter(state=FeedbackState.OWED)

    def disputed(self) -> FeedbackQuerySet:
        """The worker said once more that it is not solved, and the office has not decided."""
        return self.in_force().filter(disputed_on__isnull=False, upheld_on__isnull=True)

    def with_list_relations(self) -> FeedbackQuerySet:
        return self.select_related(
            "issue",
            "told_by",
            "opinion__worker",
            "opinion__unit",
            "opinion__cadre__user",
            "opinion__category",
        )


class Feedback(Keyed):
    """反馈: what one reporter is owed for one issue, and how it reached him. Owed from the outcome on.

    Each outcome has its own round: reopening ends the one in force (`superseded_on`), the next outcome begins another.
    Former rounds are kept for the figures of a day that is past; who means today's says `in_force()` or `owed()`.
    `told_by` is empty where the worker read the answer on his slip and rated it. `rating` is his own, where he gave
    one: what a cadre put down before stands in the history.
    """

    opinion = models.ForeignKey(
        Opinion, models.PROTECT, verbose_name=pgettext_lazy("一条", "意见建议"), related_name="feedbacks"
    )
    issue = models.ForeignKey(
        Issue, models.PROTECT, verbose_name=pgettext_lazy("一条", "问题"), related_name="feedbacks"
    )
    state = models.CharField(_("状态"), max_length=12, choices=FeedbackState, default=FeedbackState.OWED)
    owed_since = models.DateField(_("应反馈日期"))
    told_on = models.DateField(_("反馈日期"), null=True, blank=True)
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("反馈人"),
        null=True,
        blank=True,
        related_name="+",
    )
    channel = models.CharField(_("反馈方式"), max_length=20, choices=ContactChannel, blank=True)
    reaction = models.CharField(_("职工反应"), max_length=300, blank=True)
    reason = models.CharField(_("无法联系的原因"), max_length=200, blank=True)
    rating = models.PositiveSmallIntegerField(_("满意度"), choices=Rating, null=True, blank=True)
    rated_by = models.CharField(_("评价来源"), max_length=8, choices=RatedBy, blank=True)
    rated_on = models.DateField(_("评价日期"), null=True, blank=True)
    read_on = models.DateField(_("职工查看日期"), null=True, blank=True)
    disputed_on = models.DateField(_("表示没有解决的日期"), null=True, blank=True)
    dispute_reason = models.CharField(_("哪里没有解决"), max_length=300, blank=True)
    upheld_on = models.DateField(_("维持答复的日期"), null=True, blank=True)
    upheld_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("核实人"),
        null=True,
        blank=True,
        related_name="+",
    )
    uphold_reason = models.CharField(_("维持答复的说明"), max_length=300, blank=True)
    superseded_on = models.DateField(_("失效日期"), null=True, blank=True)

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        verbose_name = _("反馈")
        verbose_name_plural = _("反馈")
        ordering = ["owed_since", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["opinion", "issue"],
                condition=Q(superseded_on__isnull=True),
                name="feedback_in_force_once",
                violation_error_message=_("这条意见在该问题下已有反馈记录。"),
            ),
            models.CheckConstraint(
                condition=Q(state=FeedbackState.OWED, told_on__isnull=True)
                | (
                    ~Q(state=FeedbackState.OWED)
                    & Q(told_on__isnull=False)
                    & (Q(told_by__isnull=False) | Q(read_on__isnull=False))
                ),
                name="feedback_settled_says_when",
                violation_error_message=_("反馈须记录日期和反馈人。"),
            ),
            models.CheckConstraint(
                condition=~Q(state=FeedbackState.UNREACHABLE) | ~Q(reason=""),
                name="feedback_unreachable_has_reason",
                violation_error_message=_("无法联系须写明原因。"),
            ),
            models.CheckConstraint(
                condition=Q(rating__isnull=True, rated_by="") | (Q(rating__gte=1, rating__lte=4) & ~Q(rated_by="")),
                name="feedback_rating_says_whose",
                violation_error_message=_("满意度须在 1–4 之间，并注明评价来源。"),
            ),
            models.CheckConstraint(
                condition=Q(disputed_on__isnull=True, dispute_reason="", upheld_on__isnull=True)
                | (Q(disputed_on__isnull=False) & ~Q(dispute_reason="")),
                name="feedback_dispute_has_reason",
                violation_error_message=_("没有解决须写明原因。"),
            ),
            models.CheckConstraint(
                condition=Q(upheld_on__isnull=True, upheld_by__isnull=True, uphold_reason="")
                | (Q(upheld_on__isnull=False, upheld_by__isnull=False) & ~Q(uphold_reason="")),
                name="feedback_upheld_has_reason",
                violation_error_message=_("维持答复须写明说明和核实人。"),
            ),
        ]
        indexes = [models.Index(fields=["state", "owed_since"], name="feedback_owed")]

    def __str__(self) -> str:
        return f"{self.issue_id} {self.get_state_display()}"

    def get_absolute_url(self) -> str:
        return reverse("issues:feedback_detail", args=[self.key])

    @property
    def teller(self) -> str:
        """Who told him, as the pages say it."""
        return str(self.told_by or _("职工本人（回执）"))

    @property
    def is_disputed(self) -> bool:
        return self.disputed_on is not None and self.upheld_on is None
