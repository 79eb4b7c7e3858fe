from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from friends.models import ContactLog, Worker
from liaison.models import Cadre, LiaisonGroup
from lib.models import Recorded, SentOnce
from lib.periods import Period
from organization.models import Unit
from organization.roles import Role
from records.models import Attachment

from ..enums import FeedbackState, OpinionState, ReporterKind, Source
from .category import Category

if TYPE_CHECKING:
    from organization.actors import Actor


class OpinionQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> OpinionQuerySet:
        """Text and reporter are for the union only: departments and leaders see none, ever."""
        match actor.role:
            case Role.CADRE:
                taken_part = ContactLog.companions.through.objects.filter(cadre_id=actor.cadre_id)
                return self.filter(Q(cadre=actor.cadre_id) | Q(contact_log__in=taken_part.values("contactlog_id")))
            case Role.GROUP_LEADER:
                return self.filter(group=actor.group_id)
            case Role.OFFICE:
                return self.filter(unit__path__startswith=actor.unit.path)
        return self.none()

    def waiting(self) -> OpinionQuerySet:
        return self.filter(state=OpinionState.WAITING)

    def for_period(self, period: Period) -> OpinionQuerySet:
        return self.filter(raised_on__gte=period.start, raised_on__lt=period.end)

    def owed_an_answer(self) -> OpinionQuerySet:
        return self.filter(feedbacks__state=FeedbackState.OWED, feedbacks__superseded_on__isnull=True).distinct()

    def with_list_relations(self) -> OpinionQuerySet:
        return self.select_related("worker", "unit", "category", "cadre__user", "group", "door").prefetch_related(
            models.Prefetch("merges", Merge.objects.in_force().select_related("issue"))
        )


class Opinion(SentOnce, Recorded):
    """One voice. A card about four friends makes four rows with one `batch`.

    `unit` and `group` are those of the time. `cadre` took it down and owes the answer. `seconds` is the one that this
    worker joined in with (＋1); it counts as a voice of its own. The state changes only in `issues.services`.
    """

    reporter_kind = models.CharField(_("反映人"), max_length=12, choices=ReporterKind, default=ReporterKind.WORKER)
    worker = models.ForeignKey(
        Worker,
        models.PROTECT,
        verbose_name=_("职工"),
        null=True,
        blank=True,
        related_name="opinions",
    )
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("单位"), related_name="opinions")
    group = models.ForeignKey(
        LiaisonGroup,
        models.PROTECT,
        verbose_name=_("小组"),
        null=True,
        blank=True,
        related_name="opinions",
    )
    cadre = models.ForeignKey(
        Cadre,
        models.PROTECT,
        verbose_name=_("联络员"),
        null=True,
        blank=True,
        related_name="opinions",
    )
    source = models.CharField(_("来源"), max_length=20, choices=Source, default=Source.CONTACT_LOG)
    contact_log = models.ForeignKey(
        ContactLog,
        models.PROTECT,
        verbose_name=_("联系记录"),
        null=True,
        blank=True,
        related_name="opinions",
    )
    door = models.ForeignKey(
        "issues.Door", models.PROTECT, verbose_name=_("扫码入口"), null=True, blank=True, related_name="opinions"
    )
    #: The notice that the worker agreed to when he wrote it himself (forms.doors.NOTICES).
    consent_version = models.CharField(_("告知书版本"), max_length=12, blank=True, default="", db_default="")
    attachments = models.ManyToManyField(Attachment, verbose_name=_("照片"), blank=True, related_name="opinions")
    batch = models.UUIDField(default=uuid.uuid4, editable=False, db_index=True)
    text = models.TextField(pgettext_lazy("一条", "意见建议"))
    seconds = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("附议"), null=True, blank=True, related_name="seconded_by"
    )
    category = models.ForeignKey(Category, models.PROTECT, verbose_name=_("类别"), related_name="opinions")
    is_urgent = models.BooleanField(_("紧急"), default=False)
    may_be_named = models.BooleanField(_("愿意署名"), default=False)
    raised_on = models.DateField(_("提出日期"))
    state = models.CharField(_("状态"), max_length=12, choices=OpinionState, default=OpinionState.WAITING)
    set_aside_reason = models.CharField(_("不予受理原因"), max_length=200, blank=True)

    objects = OpinionQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("一条", "意见建议")
        verbose_name_plural = _("意见建议")
        ordering = ["-raised_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(source=Source.CONTACT_LOG, contact_log__isnull=False)
                | (~Q(source=Source.CONTACT_LOG) & Q(contact_log__isnull=True)),
                name="opinion_one_source",
                violation_error_message=_("来源与来源记录不一致。"),
            ),
            models.CheckConstraint(
                condition=(Q(source=Source.QR_FORM, door__isnull=False) & ~Q(consent_version=""))
                | (~Q(source=Source.QR_FORM) & Q(door__isnull=True, consent_version="")),
                name="opinion_door_fits_source",
                violation_error_message=_("扫码提出的意见须有入口和本人同意的告知书版本。"),
            ),
            models.CheckConstraint(
                condition=Q(reporter_kind=ReporterKind.WORKER, worker__isnull=False)
                | (~Q(reporter_kind=ReporterKind.WORKER) & Q(worker__isnull=True)),
                name="opinion_reporter_fits_kind",
                violation_error_message=_("职工反映的意见须选择职工；匿名或企业反映的不能选。"),
            ),
            models.CheckConstraint(
                condition=(Q(state=OpinionState.SET_ASIDE) & ~Q(set_aside_reason=""))
                | (~Q(state=OpinionState.SET_ASIDE) & Q(set_aside_reason="")),
                name="opinion_set_aside_has_reason",
                violation_error_message=_("不予受理须写明原因。"),
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "raised_on"], name="opinion_of_unit"),
            models.Index(fields=["state", "-raised_on"], name="opinion_by_state"),
            models.Index(fields=["cadre", "-raised_on"], name="opinion_of_cadre"),
        ]

    def __str__(self) -> str:
        return f"{self.raised_on:%Y-%m-%d} {self.get_state_display()}"

    def get_absolute_url(self) -> str:
        return reverse("issues:opinion_detail", args=[self.key])

    @property
    def reporter_label(self) -> str:
        """Who spoke, for those who may know: of an enterprise its name, for nobody's own is kept."""
        if self.worker:
            return self.worker.name
        kind = str(self.get_reporter_kind_display())
        return f"{self.unit.label}（{kind}）" if self.reporter_kind == ReporterKind.ENTERPRISE else kind


class OpinionRevision(Recorded):
    """What an opinion said before who took it down put it right; recorded when, and by whom, it was."""

    opinion = models.ForeignKey(Opinion, models.CASCADE, related_name="revisions")
    text = models.TextField(_("修改前内容"))
    category = models.ForeignKey(Category, models.PROTECT, verbose_name=_("类别"), related_name="+")

    class Meta:
        verbose_name = _("意见修改历史")
        verbose_name_plural = _("意见修改历史")
        ordering = ["-recorded_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.opinion_id} {self.recorded_at:%Y-%m-%d}"


class MergeQuerySet(models.QuerySet):
    def in_force(self) -> MergeQuerySet:
        return self.filter(undone_at__isnull=True)


class Merge(models.Model):
    """An opinion belongs to an issue. Many to many: one breath may name two matters."""

    opinion = models.ForeignKey(
        Opinion, models.PROTECT, verbose_name=pgettext_lazy("一条", "意见建议"), related_name="merges"
    )
    issue = models.ForeignKey(
        "issues.Issue", models.PROTECT, verbose_name=pgettext_lazy("一条", "问题"), related_name="merges"
    )
    merged_at = models.DateTimeField(_("归并时间"))
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("归并人"),
        related_name="+",
    )
    undone_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )

    objects = MergeQuerySet.as_manager()

    class Meta:
        verbose_name = _("归并")
        verbose_name_plural = _("归并")
        ordering = ["merged_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["opinion", "issue"],
                condition=Q(undone_at__isnull=True),
                name="merge_in_force_once",
                violation_error_message=_("这条意见已归并到该问题。"),
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="merge_undone_by_somebody",
                violation_error_message=_("撤销归并须记录撤销人。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.opinion_id} → {self.issue_id}"
