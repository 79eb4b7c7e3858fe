from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from liaison.enums import Grade
from liaison.models import LiaisonGroup
from lib.models import Recorded, SentOnce, Versioned
from lib.names import clean_name, text_search
from lib.periods import Period
from organization.models import Unit
from organization.roles import Role

from ..enums import IN_HAND_STATES, OPEN_STATES, DispatchState, FeedbackState, IssueState, Outcome, Scope
from .category import Category
from .opinion import Merge, Opinion

if TYPE_CHECKING:
    from organization.actors import Actor


class IssueQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> IssueQuerySet:
        """Cadre and group leader: issues with an opinion of theirs. Office and leader: the unit subtree.

        A department reaches its issues through Dispatch.visible_to, never through here.
        """
        match actor.role:
            case Role.CADRE | Role.GROUP_LEADER:
                theirs = Merge.objects.in_force().filter(
                    issue=OuterRef("pk"), opinion__in=Opinion.objects.visible_to(actor)
                )
                return self.filter(Exists(theirs))
            case Role.OFFICE | Role.LEADER:
                return self.filter(unit__path__startswith=actor.unit.path)
        return self.none()

    def open(self) -> IssueQuerySet:
        return self.filter(state__in=OPEN_STATES)

    def counting(self) -> IssueQuerySet:
        """A void one counts nowhere."""
        return self.exclude(state=IssueState.VOID)

    def in_hand(self) -> IssueQuerySet:
        return self.filter(state__in=IN_HAND_STATES)

    def overdue(self, day: dt.date) -> IssueQuerySet:
        return self.in_hand().filter(due_on__lt=day)

    def handled_again(self) -> IssueQuerySet:
        return self.filter(handling__gt=1)

    def in_approval(self) -> IssueQuerySet:
        """The leading department has answered, and somebody else has to approve it."""
        return self.filter(dispatches__state=DispatchState.IN_APPROVAL)

    def to_recheck(self, day: dt.date) -> IssueQuerySet:
        """Explained, and the day on which the explanation comes back is there; also when it is struck off."""
        return self.filter(outcome=Outcome.EXPLAINED, recheck_on__lte=day)

    def to_follow_up(self, day: dt.date) -> IssueQuerySet:
        """Partly solved, and what is left is due; also when it is struck off."""
        return self.filter(outcome=Outcome.PARTLY, follow_up_on__lte=day)

    def told_to_all(self) -> IssueQuerySet:
        """Nobody is owed the answer any more."""
        return self._with_owed().filter(owed=0)

    def owing_feedback(self) -> IssueQuerySet:
        return self._with_owed().filter(owed__gt=0)

    def _with_owed(self) -> IssueQuerySet:
        owed = Q(feedbacks__state=FeedbackState.OWED, feedbacks__superseded_on__isnull=True)
        return self.alias(owed=Count("feedbacks", filter=owed))

    def found_by(self, query: str) -> IssueQuerySet:
        """By words of the title or the wording, by the title's pinyin or initials, and by the number as it is typed."""
        words = clean_name(query)
        found = Q(number__icontains=words) | Q(title__icontains=words) | Q(wording__icontains=words)
        letters = squeezed(words)
        if letters.isascii() and letters.isalnum():
            found |= Q(search__contains=letters)
        return self.filter(found)

    def for_period(self, period: Period) -> IssueQuerySet:
        return self.filter(registered_on__gte=period.start, registered_on__lt=period.end)

    def with_opinion_count(self) -> IssueQuerySet:
        return self.annotate(opinion_count=Count("merges", filter=Q(merges__undone_at__isnull=True), distinct=True))

    def with_list_relations(self) -> IssueQuerySet:
        waiting = self.model._meta.get_field("referrals").related_model.objects.waiting()
        rows = self.annotate(is_referred=Exists(waiting.filter(issue=OuterRef("pk"))))
        return rows.select_related("unit", "category", "group").prefetch_related("dispatches__department")


def squeezed(number: str) -> str:
    """A number without its hyphens: SGKY-2026-007 is sgky2026007."""
    return "".join(number.replace("-", " ").casefold().split())


def search_of(*, number: str, title: str) -> str:
    """What `found_by` looks into, besides the words themselves."""
    return f"{text_search(title)} {squeezed(number)}"


class Issue(SentOnce, Recorded, Versioned):
    """The merged case that departments work on. Its state changes only in `issues.services`.

    `wording` is written apart from the opinions: it is all that a department reads. `office` is the unit whose
    office keeps the number; `unit` the one the matter is about; `group` the one that heard it most often
    before the first dispatch: an issue counts once, in these. `due_on` is the limit for an outcome,
    `first_answer_due_on` for the first answer. `handling` is 1, and one more each time it is taken up again.
    The fields from `outcome` on repeat the deciding reply, so that lists and sums need not look for it; a re-check
    that stays with the explanation puts `recheck_on` off.
    """

    office = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("登记单位"), related_name="+")
    year = models.PositiveSmallIntegerField(editable=False)
    serial = models.PositiveIntegerField(editable=False)
    number = models.CharField(_("编号"), max_length=48, unique=True, editable=False)
    title = models.CharField(_("问题名称"), max_length=80)
    #: Pinyin and initials of the title, and the number without hyphens.
    search = models.CharField(max_length=700, editable=False, default="")
    wording = models.TextField(
        _("交办内容"),
        blank=True,
        help_text=_("责任部门只看到这段文字，不写是谁反映的。"),
    )
    category = models.ForeignKey(Category, models.PROTECT, verbose_name=_("类别"), related_name="issues")
    scope = models.CharField(_("范围"), max_length=12, choices=Scope, default=Scope.INDIVIDUAL)
    grade = models.CharField(_("办理等级"), max_length=20, choices=Grade, default=Grade.SHORT_TERM)
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("涉及单位"), related_name="issues")
    group = models.ForeignKey(
        LiaisonGroup,
        models.PROTECT,
        verbose_name=_("小组"),
        null=True,
        blank=True,
        related_name="issues",
    )
    state = models.CharField(_("状态"), max_length=12, choices=IssueState, default=IssueState.REGISTERED)
    handling = models.PositiveSmallIntegerField(_("第几次办理"), default=1, editable=False)
    registered_on = models.DateField(_("登记日期"))
    first_answer_due_on = models.DateField(_("首次答复时限"))
    due_on = models.DateField(_("办理时限"))
    first_answered_on = models.DateField(_("首次答复日期"), null=True, blank=True)
    outcome = models.CharField(_("办理结果"), max_length=16, choices=Outcome, blank=True)
    outcome_on = models.DateField(_("答复日期"), null=True, blank=True)
    recheck_on = models.DateField(_("复核日期"), null=True, blank=True)
    follow_up_on = models.DateField(_("后续办理日期"), null=True, blank=True)
    closed_on = models.DateField(_("销号日期"), null=True, blank=True)

    objects = IssueQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("一条", "问题")
        verbose_name_plural = _("问题")
        ordering = ["-registered_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "year", "serial"],
                name="issue_number_once",
                violation_error_message=_("编号重复，请重试。"),
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[IssueState.ANSWERED, IssueState.CLOSED],
                    outcome_on__isnull=False,
                )
                & ~Q(outcome="")
                | Q(
                    state__in=sorted({*IN_HAND_STATES, IssueState.VOID}),
                    outcome="",
                    outcome_on__isnull=True,
                ),
                name="issue_outcome_fits_state",
                violation_error_message=_("有办理结果的问题须处于“已答复”或“销号”状态。"),
            ),
            models.CheckConstraint(
                condition=Q(state=IssueState.CLOSED, closed_on__isnull=False)
                | (~Q(state=IssueState.CLOSED) & Q(closed_on__isnull=True)),
                name="issue_closed_has_date",
                violation_error_message=_("销号须有日期。"),
            ),
            models.CheckConstraint(
                condition=(Q(outcome=Outcome.EXPLAINED) & Q(recheck_on__isnull=False))
                | (~Q(outcome=Outcome.EXPLAINED) & Q(recheck_on__isnull=True)),
                name="issue_explained_has_recheck",
                violation_error_message=_("解释答复须写明复核日期。"),
            ),
            models.CheckConstraint(
                condition=(Q(outcome=Outcome.PARTLY) & Q(follow_up_on__isnull=False))
                | (~Q(outcome=Outcome.PARTLY) & Q(follow_up_on__isnull=True)),
                name="issue_partly_has_follow_up",
                violation_error_message=_("部分解决须写明后续办理日期。"),
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("registered_on")),
                name="issue_due_after_registered",
                violation_error_message=_("办理时限不能早于登记日期。"),
            ),
            models.CheckConstraint(
                condition=Q(outcome="") | Q(first_answered_on__isnull=False),
                name="issue_outcome_is_an_answer",
                violation_error_message=_("有办理结果的问题须有首次答复日期。"),
            ),
            models.CheckConstraint(
                condition=(Q(first_answered_on__isnull=True) | Q(first_answered_on__gte=F("registered_on")))
                & (Q(outcome_on__isnull=True) | Q(outcome_on__gte=F("registered_on")))
                & (Q(closed_on__isnull=True) | Q(closed_on__gte=F("outcome_on"))),
                name="issue_days_in_order",
                violation_error_message=_("登记、答复、销号日期须先后一致。"),
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "registered_on"], name="issue_of_unit"),
            models.Index(fields=["state", "due_on"], name="issue_due"),
            models.Index(fields=["group", "registered_on"], name="issue_of_group"),
        ]

    def __str__(self) -> str:
        return self.number

    def save(self, **kwargs) -> None:
        changed = kwargs.get("update_fields")
        if changed is None or {"title", "number"} & set(changed):
            self.search = search_of(number=self.number, title=self.title)
            if changed is not None:
                kwargs["update_fields"] = {*changed, "search"}
        super().save(**kwargs)

    def get_absolute_url(self) -> str:
        return reverse("issues:issue_detail", args=[self.key])

    @property
    def handling_label(self) -> str:
        """Empty for the first time, which needs no word."""
        if self.handling == 1:
            return ""
        return str(_("第二次办理") if self.handling == 2 else _("第 %(count)d 次办理") % {"count": self.handling})

    @property
    def is_in_approval(self) -> bool:
        """Of the dispatches as they were read with the issue."""
        return any(dispatch.state == DispatchState.IN_APPROVAL for dispatch in self.dispatches.all())

    def is_overdue(self, day: dt.date) -> bool:
        return self.state in IN_HAND_STATES and self.due_on < day

    def opinions(self) -> models.QuerySet[Opinion]:
        """The opinions merged into it, in force."""
        return Opinion.objects.filter(merges__issue=self, merges__undone_at__isnull=True)


class IssueCounter(models.Model):
    """The last numbers given in a unit and year; locked while one is drawn, so that there are no gaps."""

    office = models.ForeignKey(Unit, models.CASCADE, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)
    last_supervision = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "year"], name="issue_counter_once")]

    def __str__(self) -> str:
        return f"{self.office_id} {self.year}: {self.last}"
