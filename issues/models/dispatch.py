from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lib.models import Keyed, SentOnce, Versioned
from organization.models import Unit
from organization.roles import Role
from records.models import Attachment

from ..enums import (
    ENDED_DISPATCH_STATES,
    OPEN_DISPATCH_STATES,
    Approval,
    DispatchState,
    ExplainReason,
    Outcome,
)
from .issue import Issue
from .vocabulary import PolicyClause

if TYPE_CHECKING:
    from organization.actors import Actor


def rest_due(day: dt.date) -> Q:
    """Of the leading department, which answers for what is left."""
    return Q(state=DispatchState.ANSWERED, is_lead=True, issue__outcome=Outcome.PARTLY, issue__follow_up_on__lte=day)


class DispatchQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> DispatchQuerySet:
        """A handler's right comes from the dispatch to his department, never from the unit subtree."""
        match actor.role:
            case Role.HANDLER:
                return self.filter(department=actor.unit).exclude(state=DispatchState.WITHDRAWN)
            case Role.OFFICE:
                return self.filter(issue__unit__path__startswith=actor.unit.path)
        return self.none()

    def open(self) -> DispatchQuerySet:
        return self.filter(state__in=OPEN_DISPATCH_STATES)

    def binding(self) -> DispatchQuerySet:
        return self.exclude(state__in=ENDED_DISPATCH_STATES)

    def to_do(self, day: dt.date) -> DispatchQuerySet:
        """Open, or the rest of what it solved in part is due."""
        return self.filter(Q(state__in=OPEN_DISPATCH_STATES) | rest_due(day))

    def to_follow_up(self, day: dt.date) -> DispatchQuerySet:
        return self.filter(rest_due(day))

    def in_approval(self) -> DispatchQuerySet:
        return self.filter(state=DispatchState.IN_APPROVAL)

    def overdue(self, day: dt.date) -> DispatchQuerySet:
        return self.open().filter(due_on__lt=day)

    def with_list_relations(self) -> DispatchQuerySet:
        return self.select_related("issue__unit", "issue__category", "department")


class Dispatch(Keyed, Versioned):
    """交办: an issue goes to a department, which leads or supports.

    `title` and `wording` are what the department was given at the time; `matter_unit` the unit named to it, never
    below a base unit.
    """

    issue = models.ForeignKey(
        Issue, models.PROTECT, verbose_name=pgettext_lazy("一条", "问题"), related_name="dispatches"
    )
    department = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("责任部门"), related_name="dispatches")
    is_lead = models.BooleanField(_("牵头"), default=True)
    title = models.CharField(_("问题名称"), max_length=80)
    wording = models.TextField(_("交办内容"))
    matter_unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("涉及单位"), related_name="+")
    attachments = models.ManyToManyField(Attachment, verbose_name=_("附件"), blank=True, related_name="dispatches")
    state = models.CharField(_("状态"), max_length=12, choices=DispatchState, default=DispatchState.SENT)
    due_on = models.DateField(_("办理时限"))
    dispatched_at = models.DateTimeField(_("交办时间"))
    dispatched_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("交办人"),
        related_name="+",
    )
    accepted_at = models.DateTimeField(_("接收时间"), null=True, blank=True)
    return_reason = models.CharField(_("退回原因"), max_length=200, blank=True)

    objects = DispatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("交办")
        verbose_name_plural = _("交办")
        ordering = ["-is_lead", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["issue", "department"],
                condition=~Q(state__in=sorted(ENDED_DISPATCH_STATES)),
                name="dispatch_once_per_department",
                violation_error_message=_("该问题已交办给这个部门。"),
            ),
            models.UniqueConstraint(
                fields=["issue"],
                condition=Q(is_lead=True) & ~Q(state__in=sorted(ENDED_DISPATCH_STATES)),
                name="dispatch_one_lead",
                violation_error_message=_("一个问题只能有一个牵头部门。"),
            ),
            models.CheckConstraint(
                condition=~Q(state=DispatchState.RETURNED) | ~Q(return_reason=""),
                name="dispatch_returned_has_reason",
                violation_error_message=_("退回须写明原因。"),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[DispatchState.ACCEPTED, DispatchState.ANSWERED]) | Q(accepted_at__isnull=False),
                name="dispatch_accepted_has_time",
                violation_error_message=_("已接收的交办须有接收时间。"),
            ),
        ]
        indexes = [models.Index(fields=["department", "state", "due_on"], name="dispatch_desk")]

    def __str__(self) -> str:
        return f"{self.issue_id} → {self.department_id}"

    def get_absolute_url(self) -> str:
        return reverse("issues:dept_detail", args=[self.key])

    def is_overdue(self, day: dt.date) -> bool:
        return self.state in OPEN_DISPATCH_STATES and self.due_on < day


class ReplyQuerySet(models.QuerySet):
    def in_force(self) -> ReplyQuerySet:
        """What counts as said: neither waiting for its approval nor sent back."""
        return self.exclude(approval__in=[Approval.WAITING, Approval.SENT_BACK])

    def in_force_before(self, moment: dt.datetime) -> ReplyQuerySet:
        """What counted as said at the moment, from the rows of today."""
        said = Q(approval="", replied_at__lt=moment) | Q(approval=Approval.APPROVED, approved_at__lt=moment)
        return self.filter(said)

    def waiting(self) -> ReplyQuerySet:
        return self.filter(approval=Approval.WAITING)

    def deciding(self) -> ReplyQuerySet:
        """Replies with an outcome in force, the one that decides first."""
        return self.in_force().exclude(outcome="").order_by("-replied_at", "-pk")

    def on_ended_clause(self, day: dt.date) -> ReplyQuerySet:
        """Explanations that decide their issue today and rely on a clause that is no longer in force on `day`."""
        deciding = Reply.objects.deciding().filter(dispatch__issue=OuterRef("dispatch__issue"))
        ended = self.filter(outcome=Outcome.EXPLAINED, clause__ends_on__lte=day)
        return ended.filter(dispatch__issue__outcome=Outcome.EXPLAINED, pk=Subquery(deciding.values("pk")[:1]))


class Reply(SentOnce):
    """答复 of a department. Without an outcome it is an interim answer, or that of a supporting department.

    `approval` is empty where an answer takes effect at once (services.approving.needs_approval); otherwise nobody is
    told it before it is approved.
    """

    dispatch = models.ForeignKey(Dispatch, models.PROTECT, verbose_name=_("交办"), related_name="replies")
    outcome = models.CharField(_("办理结果"), max_length=16, choices=Outcome, blank=True)
    text = models.TextField(_("答复内容"), help_text=_("将原样反馈给职工。"))
    evidence = models.TextField(_("办理依据"), blank=True, help_text=_("做了什么、何时完成、依据什么材料。"))
    left_to_do = models.TextField(_("尚未解决的部分"), blank=True)
    follow_up_on = models.DateField(_("后续办理日期"), null=True, blank=True)
    reason = models.CharField(_("暂不能解决的原因"), max_length=16, choices=ExplainReason, blank=True)
    rule_relied_on = models.CharField(_("政策或制度依据"), max_length=200, blank=True)
    clause = models.ForeignKey(
        PolicyClause, models.PROTECT, verbose_name=_("政策条款"), null=True, blank=True, related_name="replies"
    )
    recheck_on = models.DateField(_("复核日期"), null=True, blank=True)
    attachments = models.ManyToManyField(Attachment, verbose_name=_("附件"), blank=True, related_name="replies")
    replied_at = models.DateTimeField(_("答复时间"))
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("答复人"),
        related_name="+",
    )
    approval = models.CharField(_("审批"), max_length=12, choices=Approval, blank=True)
    approved_at = models.DateTimeField(_("审批时间"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("审批人"),
        null=True,
        blank=True,
        related_name="+",
    )
    send_back_reason = models.CharField(_("退回修改的原因"), max_length=200, blank=True)

    objects = ReplyQuerySet.as_manager()

    class Meta:
        verbose_name = _("答复")
        verbose_name_plural = _("答复")
        ordering = ["replied_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""),
                name="reply_has_text",
                violation_error_message=_("答复内容不能为空。"),
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=[Outcome.SOLVED, Outcome.PARTLY]) | ~Q(evidence=""),
                name="reply_solved_has_evidence",
                violation_error_message=_("解决的问题须写明办理依据。"),
            ),
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.PARTLY) | (~Q(left_to_do="") & Q(follow_up_on__isnull=False)),
                name="reply_partly_says_what_is_left",
                violation_error_message=_("部分解决须写明尚未解决的部分和后续办理日期。"),
            ),
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.EXPLAINED)
                | (~Q(reason="") & ~Q(rule_relied_on="") & Q(recheck_on__isnull=False)),
                name="reply_explained_has_reason",
                violation_error_message=_("解释答复须写明原因、依据和复核日期。"),
            ),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.PARTLY) | Q(left_to_do="", follow_up_on__isnull=True),
                name="reply_rest_only_when_partly",
                violation_error_message=_("只有部分解决的答复才填尚未解决的部分和后续办理日期。"),
            ),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.EXPLAINED) | Q(reason="", rule_relied_on="", recheck_on__isnull=True),
                name="reply_reason_only_when_explained",
                violation_error_message=_("只有解释答复才填暂不能解决的原因、依据和复核日期。"),
            ),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.EXPLAINED) | Q(clause__isnull=True),
                name="reply_clause_only_when_explained",
                violation_error_message=_("只有解释答复才选政策条款。"),
            ),
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.EXPLAINED) | ~Q(approval=""),
                name="reply_explained_in_force_has_approver",
                violation_error_message=_("解释答复须经审批才生效。"),
            ),
            models.CheckConstraint(
                condition=Q(approval=Approval.APPROVED, approved_by__isnull=False, approved_at__isnull=False)
                | (~Q(approval=Approval.APPROVED) & Q(approved_by__isnull=True, approved_at__isnull=True)),
                name="reply_approved_says_by_whom",
                violation_error_message=_("审批须记录审批人和时间。"),
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("replied_by")),
                name="reply_approved_by_somebody_else",
                violation_error_message=_("答复须由答复人以外的同志审批。"),
            ),
            models.CheckConstraint(
                condition=Q(approval=Approval.SENT_BACK) & ~Q(send_back_reason="")
                | ~Q(approval=Approval.SENT_BACK) & Q(send_back_reason=""),
                name="reply_sent_back_has_reason",
                violation_error_message=_("退回修改须写明原因。"),
            ),
            models.CheckConstraint(
                condition=Q(approval="") | ~Q(outcome=""),
                name="reply_approval_is_of_an_outcome",
                violation_error_message=_("没有办理结果的答复不用审批。"),
            ),
            models.UniqueConstraint(
                fields=["dispatch"],
                condition=Q(approval=Approval.WAITING),
                name="reply_one_in_approval",
                violation_error_message=_("这件交办已有一份答复待审批。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.replied_at:%Y-%m-%d} {self.get_outcome_display()}"

    @property
    def is_in_approval(self) -> bool:
        return self.approval == Approval.WAITING

    @property
    def is_sent_back(self) -> bool:
        return self.approval == Approval.SENT_BACK
