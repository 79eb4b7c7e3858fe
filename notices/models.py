from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .enums import Channel, DeliveryState

if TYPE_CHECKING:
    from organization.actors import Actor


class NoticeQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> NoticeQuerySet:
        return self.filter(recipient=actor.user)

    def unread(self) -> NoticeQuerySet:
        return self.filter(read_at__isnull=True)


class Notice(models.Model):
    """One message to one person. Text and link are built by the rule from counts: never a name or a story.

    `dedup_key` (rule, period, subject, recipient) is unique: a rule that runs twice sends once.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        verbose_name=_("接收人"),
        related_name="notices",
    )
    rule = models.CharField(_("规则"), max_length=40)
    dedup_key = models.CharField(max_length=160, unique=True, editable=False)
    text = models.CharField(_("内容"), max_length=200)
    link = models.CharField(_("链接"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("时间"), auto_now_add=True)
    read_at = models.DateTimeField(_("已读时间"), null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("提醒")
        verbose_name_plural = _("提醒")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["recipient", "-created_at"], name="notice_inbox")]

    def __str__(self) -> str:
        return self.text


class DeliveryQuerySet(models.QuerySet):
    def due(self) -> DeliveryQuerySet:
        return self.filter(state=DeliveryState.WAITING, next_try_at__lte=timezone.now())


class Delivery(models.Model):
    """The outbox: written in the transaction of the notice, sent later by the worker."""

    notice = models.ForeignKey(Notice, models.CASCADE, verbose_name=_("提醒"), related_name="deliveries")
    channel = models.CharField(_("渠道"), max_length=12, choices=Channel)
    state = models.CharField(_("状态"), max_length=12, choices=DeliveryState, default=DeliveryState.WAITING)
    tries = models.PositiveSmallIntegerField(_("已试次数"), default=0)
    next_try_at = models.DateTimeField(_("下次发送"), default=timezone.now)
    sent_at = models.DateTimeField(_("发送时间"), null=True, blank=True)
    last_error = models.CharField(_("最近一次错误"), max_length=200, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("发送记录")
        verbose_name_plural = _("发送记录")
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["notice", "channel"], name="delivery_once_per_channel")]
        indexes = [models.Index(fields=["state", "next_try_at"], name="delivery_due")]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} · {self.get_state_display()}"
