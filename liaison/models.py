from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lib.models import DateRange, OneAtATime, ends_after_start
from lib.periods import today
from organization.models import Unit
from organization.roles import Role

from .enums import Grade, TopicKind

if TYPE_CHECKING:
    from organization.actors import Actor


class CadreQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> CadreQuerySet:
        match actor.role:
            case Role.CADRE:
                return self.filter(pk=actor.cadre_id)
            case Role.GROUP_LEADER:
                return self.in_group(actor.group_id)
            case Role.OFFICE | Role.ROSTER_ADMIN:
                return self.filter(unit__path__startswith=actor.unit.path)
        return self.none()

    def active(self) -> CadreQuerySet:
        return self.filter(is_active=True)

    def in_group(self, group: LiaisonGroup | int | None, on: dt.date | None = None) -> CadreQuerySet:
        """Its members on the day, by default today: whoever leaves at the month's end belongs to it until then."""
        members = Membership.objects.open_on(on or today()).filter(group=group)
        return self.filter(pk__in=members.values("cadre"))


class Cadre(models.Model):
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name=_("账号"),
        related_name="cadre",
    )
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("所在单位"), related_name="cadres")
    duty = models.CharField(_("职务"), max_length=40, blank=True)
    is_full_time = models.BooleanField(_("专职"), default=False)
    is_active = models.BooleanField(_("在任"), default=True)

    objects = CadreQuerySet.as_manager()

    class Meta:
        verbose_name = _("工会干部")
        verbose_name_plural = pgettext_lazy("复数", "工会干部")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.user.name


class LiaisonGroupQuerySet(models.QuerySet):
    def visible_to(self, actor: Actor) -> LiaisonGroupQuerySet:
        match actor.role:
            case Role.CADRE | Role.GROUP_LEADER:
                return self.filter(pk=actor.group_id)
            case Role.OFFICE | Role.LEADER | Role.ROSTER_ADMIN:
                return self.filter(unit__path__startswith=actor.unit.path)
        return self.none()

    def active(self, day: dt.date | None = None) -> LiaisonGroupQuerySet:
        """Groups that are not dissolved, or were not yet on `day`."""
        if day is None:
            return self.filter(closed_on__isnull=True)
        return self.filter(Q(opened_on__isnull=True) | Q(opened_on__lte=day)).filter(
            Q(closed_on__isnull=True) | Q(closed_on__gt=day)
        )


class LiaisonGroup(models.Model):
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        verbose_name=_("所属单位"),
        related_name="liaison_groups",
        help_text=_("小组所属的工会。"),
    )
    name = models.CharField(_("小组名称"), max_length=40)
    opened_on = models.DateField(_("成立日期"), null=True, blank=True)
    closed_on = models.DateField(_("撤销日期"), null=True, blank=True)

    objects = LiaisonGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("联系工作小组")
        verbose_name_plural = pgettext_lazy("复数", "联系工作小组")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name"],
                name="liaison_group_name_once",
                violation_error_message=_("本单位已有同名小组。"),
            )
        ]

    def __str__(self) -> str:
        return self.name


class Membership(OneAtATime):
    cadre = models.ForeignKey(Cadre, models.PROTECT, verbose_name=_("工会干部"), related_name="memberships")
    group = models.ForeignKey(LiaisonGroup, models.PROTECT, verbose_name=_("小组"), related_name="memberships")
    is_leader = models.BooleanField(_("组长"), default=False)

    alone_by = ("cadre",)
    overlap_message = _("此人在这段时间已属于一个小组，请核对起止日期。")

    class Meta:
        verbose_name = _("小组成员")
        verbose_name_plural = pgettext_lazy("复数", "小组成员")
        ordering = ["group", "-is_leader", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cadre"],
                condition=Q(ends_on__isnull=True),
                name="membership_one_open_per_cadre",
                violation_error_message=_("此人已在一个小组中，请先办理离组。"),
            ),
            ends_after_start("membership_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.group} · {self.cadre}"


class Contract(OneAtATime):
    """The group answers for keeping in touch with a base unit."""

    group = models.ForeignKey(LiaisonGroup, models.PROTECT, verbose_name=_("小组"), related_name="contracts")
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("承包单位"), related_name="contracts")

    alone_by = ("group", "unit")
    overlap_message = _("该小组在这段时间已承包这个单位，请核对起止日期。")

    class Meta:
        verbose_name = _("承包")
        verbose_name_plural = pgettext_lazy("复数", "承包")
        ordering = ["group", "unit"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "unit"],
                condition=Q(ends_on__isnull=True),
                name="contract_open_once",
                violation_error_message=_("该小组已承包这个单位。"),
            ),
            ends_after_start("contract_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.group} · {self.unit}"


def _norm(label: str) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(label, null=True, blank=True)


def _low_to_high(name: str, label: str) -> models.CheckConstraint:
    low, high = f"{name}_min", f"{name}_max"
    return models.CheckConstraint(
        condition=Q(**{f"{low}__isnull": True}) | Q(**{f"{high}__isnull": True}) | Q(**{f"{low}__lte": F(high)}),
        name=f"norms_{name}_low_to_high",
        violation_error_message=format_lazy(_("{what}的下限不能大于上限。"), what=label),
    )


def _at_least_one(name: str, label: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__gte": 1}),
        name=f"norms_{name}_positive",
        violation_error_message=format_lazy(_("{what}须在 1 以上。"), what=label),
    )


_BANDS = (
    ("friends", _("每人联系朋友")),
    ("standing", _("在册朋友")),
    ("contracts", _("每组承包单位")),
    ("topics", _("每阶段主题")),
    ("meetings", _("每月例会")),
    ("focus", _("每季聚焦问题")),
)
_AT_LEAST_ONE = (
    ("silence_days", _("未联系提醒天数")),
    ("plan_meeting_by_workday", _("例会最迟在第几个工作日前排定")),
    ("first_answer_workdays", _("首次答复时限（工作日）")),
    ("short_term_workdays", _("限时办理时限（工作日）")),
    ("several_departments_workdays", _("部门协同时限（工作日）")),
    ("systemic_workdays", _("上报争取时限（工作日）")),
    ("escalate_handler_workdays", _("超期几个工作日提醒承办人")),
    ("escalate_head_workdays", _("超期几个工作日提醒部门负责人")),
    ("escalate_office_workdays", _("超期几个工作日提醒工会办公室")),
    ("escalate_leader_workdays", _("超期几个工作日提醒领导")),
)


class Norms(models.Model):
    """量化指标 of a unit. An empty field is inherited from the nearest ancestor (`liaison.norms.norms_for`)."""

    unit = models.OneToOneField(Unit, models.CASCADE, verbose_name=_("单位"), related_name="norms")
    friends_min = _norm(_("每人联系朋友下限"))
    friends_max = _norm(_("每人联系朋友上限"))
    standing_min = _norm(_("在册朋友下限"))
    standing_max = _norm(_("在册朋友上限"))
    contracts_min = _norm(_("每组承包单位下限"))
    contracts_max = _norm(_("每组承包单位上限"))
    topics_min = _norm(_("每阶段主题下限"))
    topics_max = _norm(_("每阶段主题上限"))
    meetings_min = _norm(_("每月例会下限"))
    meetings_max = _norm(_("每月例会上限"))
    silence_days = _norm(_("未联系提醒天数"))
    frontline_days = _norm(_("每月在一起天数"))
    focus_min = _norm(_("每季聚焦问题下限"))
    focus_max = _norm(_("每季聚焦问题上限"))
    plan_meeting_by_workday = _norm(_("例会最迟在第几个工作日前排定"))
    first_answer_workdays = _norm(_("首次答复时限（工作日）"))
    short_term_workdays = _norm(_("限时办理时限（工作日）"))
    several_departments_workdays = _norm(_("部门协同时限（工作日）"))
    systemic_workdays = _norm(_("上报争取时限（工作日）"))
    escalate_handler_workdays = _norm(_("超期几个工作日提醒承办人"))
    escalate_head_workdays = _norm(_("超期几个工作日提醒部门负责人"))
    escalate_office_workdays = _norm(_("超期几个工作日提醒工会办公室"))
    escalate_leader_workdays = _norm(_("超期几个工作日提醒领导"))

    class Meta:
        verbose_name = _("量化指标")
        verbose_name_plural = _("量化指标")
        constraints = [
            *(_low_to_high(*band) for band in _BANDS),
            *(_at_least_one(*limit) for limit in _AT_LEAST_ONE),
        ]

    def __str__(self) -> str:
        return str(self.unit)


class Phase(DateRange):
    unit = models.ForeignKey(Unit, models.PROTECT, verbose_name=_("单位"), related_name="phases")
    name = models.CharField(_("阶段名称"), max_length=60)

    class Meta:
        verbose_name = _("阶段")
        verbose_name_plural = pgettext_lazy("复数", "阶段")
        ordering = ["-starts_on"]
        constraints = [ends_after_start("phase_ends_after_start")]

    def __str__(self) -> str:
        return self.name


class Topic(models.Model):
    phase = models.ForeignKey(Phase, models.CASCADE, verbose_name=_("阶段"), related_name="topics")
    kind = models.CharField(_("类型"), max_length=12, choices=TopicKind)
    title = models.CharField(_("主题"), max_length=60)
    questions = models.TextField(_("引导问题"), blank=True, help_text=_("一行一个。"))

    class Meta:
        verbose_name = _("主题")
        verbose_name_plural = pgettext_lazy("复数", "主题")
        ordering = ["phase", "pk"]

    def __str__(self) -> str:
        return self.title


#: Norms field that holds the limit of each grade.
LIMIT_FIELD = {
    Grade.SHORT_TERM: "short_term_workdays",
    Grade.SEVERAL_DEPARTMENTS: "several_departments_workdays",
    Grade.SYSTEMIC: "systemic_workdays",
}
