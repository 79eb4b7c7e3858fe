from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from liaison.models import LiaisonGroup
from lib.models import Keyed, Recorded, SentOnce, Versioned
from lib.periods import parse, today
from organization.models import Unit
from organization.models.unit import PATH_STEP
from organization.roles import Role

from ..enums import MOST_VOTES, CaseState
from .issue import Issue

if TYPE_CHECKING:
    from organization.actors import Actor

IS_HALF = Q(half__endswith="-H1") | Q(half__endswith="-H2")


class CaseQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> CaseQuerySet:
        """Drafts: the office below it, a group leader those of the group. Nominated stories name nobody and are read
        in the whole tree by all who vote; cadres read those that were selected."""
        if actor.role not in (Role.CADRE, Role.GROUP_LEADER, Role.OFFICE, Role.LEADER):
            return self.none()
        shown = [CaseState.SELECTED] if actor.role == Role.CADRE else [s for s in CaseState if s != CaseState.DRAFT]
        seen = Q(unit__path__startswith=actor.unit.path[:PATH_STEP], state__in=shown)
        if actor.role == Role.OFFICE:
            seen |= Q(unit__path__startswith=actor.unit.path)
        elif actor.role == Role.GROUP_LEADER:
            seen |= Q(group=actor.group_id)
        return self.filter(seen)

    def nominated(self) -> CaseQuerySet:
        return self.exclude(state=CaseState.DRAFT)

    def with_list_relations(self) -> CaseQuerySet:
        return self.select_related("unit", "group")


class CaseNomination(SentOnce, Recorded, Versioned):
    """典型案例: how a matter was solved, told without names, for the ten best of a half-year.

    `unit` nominates it, through its office or, with `group`, through the leader of a group.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("申报单位"), related_name="cases")
    group = models.ForeignKey(
        LiaisonGroup, models.PROTECT, verbose_name=_("申报小组"), null=True, blank=True, related_name="cases"
    )
    half = models.CharField(_("评选期"), max_length=7)
    title = models.CharField(_("案例名称"), max_length=60)
    background = models.TextField(_("背景"))
    action = models.TextField(_("做法"), blank=True)
    result = models.TextField(_("成效"), blank=True)
    voice = models.TextField(_("职工评价"), blank=True)
    issues = models.ManyToManyField(Issue, verbose_name=_("相关问题"), related_name="cases")
    state = models.CharField(_("状态"), max_length=12, choices=CaseState, default=CaseState.DRAFT)
    nominated_on = models.DateField(_("申报日期"), null=True, blank=True)
    return_reason = models.CharField(_("退回原因"), max_length=200, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("典型案例")
        verbose_name_plural = _("典型案例")
        ordering = ["-half", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=IS_HALF, name="case_half_is_one", violation_error_message=_("评选期应为某年上半年或下半年。")
            ),
            models.CheckConstraint(
                condition=Q(state=CaseState.DRAFT, nominated_on__isnull=True)
                | ~Q(state=CaseState.DRAFT)
                & Q(nominated_on__isnull=False, return_reason="")
                & ~Q(action="")
                & ~Q(result=""),
                name="case_nominated_is_whole",
                violation_error_message=_("申报的案例须写全背景、做法和成效。"),
            ),
        ]
        indexes = [models.Index(fields=["half", "state"], name="case_of_half")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("issues:case_detail", args=[self.key])

    @property
    def half_label(self) -> str:
        return parse(self.half).label

    @property
    def nominated_from(self) -> str:
        return f"{self.unit.label} {self.group}" if self.group else self.unit.label


class CasePollQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> CasePollQuerySet:
        """Polls of one's unit and of those above it: in these one votes."""
        if actor.role not in (Role.GROUP_LEADER, Role.OFFICE, Role.LEADER):
            return self.none()
        return self.filter(unit__path__in=actor.unit.paths_to_root())

    def covering(self, case: CaseNomination) -> CasePollQuerySet:
        return self.filter(half=case.half, unit__path__in=case.unit.paths_to_root())


class CasePoll(Keyed, Recorded, Versioned):
    """典型案例评选: office, leaders and group leaders vote for the cases of a half-year, secretly.

    One votes from `opens_on` to `closes_on`, both included. Once the office has selected (`finished_on`), the votes
    no longer say whose they were, and `turnout` keeps how many voted.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("组织单位"), related_name="case_polls")
    half = models.CharField(_("评选期"), max_length=7)
    opens_on = models.DateField(_("开始投票日期"))
    closes_on = models.DateField(_("截止日期"))
    finished_on = models.DateField(_("评定日期"), null=True, blank=True)
    turnout = models.PositiveIntegerField(_("投票人数"), null=True, blank=True)
    selection_note = models.CharField(_("评定说明"), max_length=300, blank=True)

    objects = CasePollQuerySet.as_manager()

    class Meta:
        verbose_name = _("典型案例评选")
        verbose_name_plural = _("典型案例评选")
        ordering = ["-half", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "half"],
                name="case_poll_once",
                violation_error_message=_("这个评选期已经发起过投票。"),
            ),
            models.CheckConstraint(
                condition=IS_HALF,
                name="case_poll_half_is_one",
                violation_error_message=_("评选期应为某年上半年或下半年。"),
            ),
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on")),
                name="case_poll_closes_after_opening",
                violation_error_message=_("截止日期不能早于开始日期。"),
            ),
            models.CheckConstraint(
                condition=Q(finished_on__isnull=True, turnout__isnull=True)
                | Q(finished_on__gt=F("closes_on"), turnout__isnull=False),
                name="case_poll_finished_after_closing",
                violation_error_message=_("投票截止后才能评定。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.half}"

    def get_absolute_url(self) -> str:
        return reverse("issues:poll_detail", args=[self.key])

    @property
    def half_label(self) -> str:
        return parse(self.half).label

    def has_begun(self, day: dt.date | None = None) -> bool:
        return self.opens_on <= (day or today())

    def has_closed(self, day: dt.date | None = None) -> bool:
        return self.closes_on < (day or today())

    def is_open(self) -> bool:
        return self.has_begun() and not self.has_closed()

    def cases(self) -> CaseQuerySet:
        below = CaseNomination.objects.filter(unit__path__startswith=self.unit.path, half=self.half)
        return below.nominated().order_by("nominated_on", "pk")

    def counted(self) -> CaseQuerySet:
        """The cases with their votes, most first. Only for after the closing."""
        votes = Count("votes", filter=Q(votes__poll=self))
        return self.cases().annotate(vote_count=votes).order_by("-vote_count", "pk")


class CaseVote(models.Model):
    """One vote. `slot` numbers the votes of an account, so that the database itself allows no more than there are."""

    poll = models.ForeignKey(CasePoll, models.CASCADE, related_name="votes")
    case = models.ForeignKey(CaseNomination, models.PROTECT, related_name="votes")
    voter = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    slot = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("选票")
        verbose_name_plural = _("选票")
        constraints = [
            models.UniqueConstraint(
                fields=["poll", "case", "voter"],
                name="case_vote_once",
                violation_error_message=_("每个案例只能投一票。"),
            ),
            models.UniqueConstraint(
                fields=["poll", "voter", "slot"],
                name="case_vote_slot_once",
                violation_error_message=_("选票重复，请重试。"),
            ),
            models.CheckConstraint(
                condition=Q(slot__gte=1, slot__lte=MOST_VOTES),
                name="case_vote_at_most_ten",
                violation_error_message=_("每人最多投 10 票。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.poll_id} {self.case_id}"
