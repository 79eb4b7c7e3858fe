from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from liaison.models import Cadre, LiaisonGroup, Topic
from lib.models import Keyed, Recorded, Versioned
from lib.periods import Period
from organization.models import Unit
from organization.roles import Role
from records.models import Attachment

from ..enums import ContactChannel, Mood, WorkKind
from .worker import Worker

if TYPE_CHECKING:
    from organization.actors import Actor


class ContactLogQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> ContactLogQuerySet:
        """Cadre: own and those he took part in. Group leader: the group's. Office: the unit subtree."""
        match actor.role:
            case Role.CADRE:
                taken_part = ContactLog.companions.through.objects.filter(cadre_id=actor.cadre_id)
                return self.filter(Q(cadre=actor.cadre_id) | Q(pk__in=taken_part.values("contactlog_id")))
            case Role.GROUP_LEADER:
                return self.filter(group=actor.group_id)
            case Role.OFFICE:
                return self.filter(unit__path__startswith=actor.unit.path)
        return self.none()

    def for_period(self, period: Period) -> ContactLogQuerySet:
        return self.filter(happened_on__gte=period.start, happened_on__lt=period.end)

    def with_list_relations(self) -> ContactLogQuerySet:
        taking_part = models.Prefetch("participations", Participation.objects.select_related("worker__unit"))
        return self.select_related("cadre__user", "unit").prefetch_related(taking_part, "topics")


class ContactLog(Keyed, Recorded, Versioned):
    """One contact with one or several friends: counts once as contact, once per friend as person-contact.

    `unit` and `group` are those of the time: the nearest unit that holds all participants, the cadre's group on
    the day. `happened_on` is the local date of `happened_at`, stored because months are counted by it.
    """

    cadre = models.ForeignKey(Cadre, models.PROTECT, verbose_name=_("联络员"), related_name="logs")
    group = models.ForeignKey(
        LiaisonGroup,
        models.PROTECT,
        verbose_name=_("小组"),
        null=True,
        related_name="logs",
    )
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("单位"), related_name="logs")
    companions = models.ManyToManyField(Cadre, verbose_name=_("同行人员"), blank=True, related_name="accompanied_logs")
    workers = models.ManyToManyField(Worker, through="Participation", related_name="logs")
    happened_at = models.DateTimeField(_("联系时间"))
    happened_on = models.DateField(_("联系日期"), editable=False)
    channel = models.CharField(_("联系方式"), max_length=20, choices=ContactChannel)
    work_kind = models.CharField(_("工作类型"), max_length=12, choices=WorkKind, default=WorkKind.FRIENDSHIP)
    place = models.CharField(_("地点"), max_length=60, blank=True)
    minutes = models.PositiveSmallIntegerField(_("时长（分钟）"), null=True, blank=True)
    labour_minutes = models.PositiveSmallIntegerField(_("同劳动（分钟）"), null=True, blank=True)
    topics = models.ManyToManyField(Topic, verbose_name=_("主题"), blank=True, related_name="logs")
    text = models.TextField(_("主要内容"), blank=True)
    photos = models.ManyToManyField(Attachment, verbose_name=_("照片"), blank=True, related_name="logs")
    mood = models.CharField(_("思想动态"), max_length=16, choices=Mood, blank=True)
    next_contact_on = models.DateField(_("下次联系"), null=True, blank=True)
    #: How long the form took and how many taps: the light-burden measure, never shown per person.
    fill_seconds = models.PositiveIntegerField(null=True, blank=True, editable=False)
    taps = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    #: Digest of what the form sent under this key, so that a copy sent again is told from another text.
    fingerprint = models.CharField(max_length=64, blank=True, default="", db_default="", editable=False)

    objects = ContactLogQuerySet.as_manager()

    class Meta:
        verbose_name = _("联系记录")
        verbose_name_plural = _("联系记录")
        ordering = ["-happened_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__isnull=True) | Q(minutes__gte=1),
                name="log_minutes_at_least_one",
                violation_error_message=_("时长须在 1 分钟以上，不清楚可以不填。"),
            ),
            models.CheckConstraint(
                condition=Q(next_contact_on__isnull=True) | Q(next_contact_on__gt=F("happened_on")),
                name="log_next_contact_later",
                violation_error_message=_("下次联系的日期须在本次联系之后。"),
            ),
        ]
        indexes = [
            models.Index(fields=["cadre", "-happened_at"], name="log_of_cadre"),
            models.Index(fields=["unit", "happened_on"], name="log_of_unit"),
            models.Index(fields=["group", "happened_on"], name="log_of_group"),
            models.Index(fields=["happened_on"], name="log_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.happened_on:%Y-%m-%d} {self.get_channel_display()}"

    def get_absolute_url(self) -> str:
        return reverse("friends:visit_detail", args=[self.key])

    # Of rows read with `with_list_relations`.

    def names(self) -> str:
        return "、".join(row.worker.name for row in self.participations.all())

    def people(self) -> int:
        """人次 of this contact."""
        return len(self.participations.all())

    def topic_titles(self) -> str:
        return "、".join(topic.title for topic in self.topics.all())


class LogRevision(Recorded):
    """What a contact log said before a correction; `version` is the one that the correction replaced."""

    log = models.ForeignKey(ContactLog, models.CASCADE, related_name="revisions", db_index=False)
    version = models.PositiveIntegerField(_("版本"))
    values = models.JSONField(_("修改前内容"))

    class Meta:
        verbose_name = _("联系记录修改历史")
        verbose_name_plural = _("联系记录修改历史")
        ordering = ["log", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["log", "version"],
                name="log_revision_once",
                violation_error_message=_("这个版本已有修改记录。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.log_id} v{self.version}"


class Participation(models.Model):
    """A worker took part in a contact; `unit` is the worker's of the time."""

    log = models.ForeignKey(ContactLog, models.CASCADE, related_name="participations", db_index=False)
    worker = models.ForeignKey(Worker, models.PROTECT, verbose_name=_("职工"), related_name="participations")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("单位"), related_name="+")
    note = models.CharField(_("单独补充"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("联系对象")
        verbose_name_plural = _("联系对象")
        constraints = [
            models.UniqueConstraint(
                fields=["log", "worker"],
                name="participation_once",
                violation_error_message=_("同一位职工在一次联系中只记一次。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.log_id} · {self.worker_id}"
