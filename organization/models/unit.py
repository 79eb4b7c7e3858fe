from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lib.models import DateRange, ends_after_start
from lib.names import text_search

from ..enums import AgeBand, Gender, UnitKind

if TYPE_CHECKING:
    from ..actors import Actor

#: Characters that one level takes in Unit.path: 36 ** 6 units fit.
PATH_STEP = 6
#: Units are older than the union's own days: the first year that one may have been founded in.
FOUNDED_FROM = 1900
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


def path_step(pk: int) -> str:
    """The fixed-width base-36 name of one unit within a path."""
    digits = ""
    while pk:
        pk, rest = divmod(pk, 36)
        digits = _DIGITS[rest] + digits
    return digits.rjust(PATH_STEP, "0")


class UnitQuerySet(models.QuerySet):
    def within(self, unit: Unit) -> UnitQuerySet:
        """The unit and everything below it."""
        return self.filter(path__startswith=unit.path)

    def above(self, unit: Unit) -> UnitQuerySet:
        """The unit and everything above it, root first."""
        return self.filter(path__in=unit.paths_to_root()).order_by("path")

    def visible_to(self, actor: Actor) -> UnitQuerySet:
        """The organisation chart of the own enterprise is no secret: who may see facts in it is another rule."""
        if actor.unit is None:
            return self.none()
        return self.filter(path__startswith=actor.unit.path[:PATH_STEP])

    def active(self, day: dt.date | None = None) -> UnitQuerySet:
        """Units that are not retired, or were not yet on `day`."""
        if day is None:
            return self.filter(closed_on__isnull=True)
        return self.filter(Q(opened_on__isnull=True) | Q(opened_on__lte=day)).filter(
            Q(closed_on__isnull=True) | Q(closed_on__gt=day)
        )

    def of_kind(self, *kinds: str) -> UnitQuerySet:
        return self.filter(kind__in=kinds)


class Unit(models.Model):
    """One node of the organisation tree.

    `path` is kept by `organization.services.place_unit`, the one door for a new parent: it joins the
    fixed-width steps of all ancestors, so that a subtree is one prefix condition.
    A unit in use is retired (`closed_on`, `merged_into`), never deleted.
    """

    kind = models.CharField(_("类别"), max_length=16, choices=UnitKind)
    name = models.CharField(_("单位名称"), max_length=80)
    short_name = models.CharField(_("简称"), max_length=40, blank=True)
    code = models.CharField(_("单位编码"), max_length=32, unique=True)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("上级单位"),
        null=True,
        blank=True,
        related_name="children",
    )
    path = models.CharField(max_length=PATH_STEP * 12, db_index=True, editable=False, default="")
    search = models.CharField(max_length=200, editable=False, default="")
    opened_on = models.DateField(_("设立日期"), null=True, blank=True)
    closed_on = models.DateField(_("停用日期"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        verbose_name=_("并入单位"),
        null=True,
        blank=True,
        related_name="merged_from",
    )

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("单位")
        verbose_name_plural = pgettext_lazy("复数", "单位")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                name="unit_not_its_own_parent",
                violation_error_message=_("上级单位不能是本单位。"),
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(opened_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                name="unit_closed_after_opened",
                violation_error_message=_("停用日期不能早于设立日期。"),
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(closed_on__isnull=False),
                name="unit_merged_only_when_closed",
                violation_error_message=_("填写并入单位时，须同时填写停用日期。"),
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="unit_not_merged_into_itself",
                violation_error_message=_("并入单位不能是本单位。"),
            ),
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(closed_on__isnull=True, parent__isnull=True),
                name="unit_root_name_once",
                violation_error_message=_("已有同名的最上级单位。"),
            ),
            models.UniqueConstraint(
                fields=["parent", "name"],
                condition=Q(closed_on__isnull=True),
                name="unit_name_once_under_parent",
                violation_error_message=_("同一上级单位下已有同名单位。"),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, **kwargs) -> None:
        self.search = text_search(f"{self.name} {self.short_name}")
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "search"}
        super().save(**kwargs)

    @property
    def label(self) -> str:
        """The name that fits a table cell."""
        return self.short_name or self.name

    def paths_to_root(self) -> list[str]:
        return [self.path[:end] for end in range(PATH_STEP, len(self.path) + 1, PATH_STEP)]

    def contains(self, other: Unit) -> bool:
        """True for itself and for every unit below it."""
        return other.path.startswith(self.path)

    def in_use_below(self) -> UnitQuerySet:
        """What stands below it and is not retired."""
        return Unit.objects.within(self).active().exclude(pk=self.pk)

    def name_on(self, day: dt.date) -> str:
        """The name that the unit bore on `day`, so that an old month prints the old name."""
        former = self.former_names.filter(until_on__gte=day).order_by("until_on").first()
        return former.name if former else self.name


class UnitFormerName(models.Model):
    unit = models.ForeignKey(Unit, models.CASCADE, verbose_name=_("单位"), related_name="former_names")
    name = models.CharField(_("曾用名"), max_length=80)
    until_on = models.DateField(
        _("使用至"),
        null=True,
        blank=True,
        help_text=_("不清楚可不填，仅用于识别旧名册。"),
    )

    class Meta:
        verbose_name = _("曾用名")
        verbose_name_plural = pgettext_lazy("复数", "曾用名")
        ordering = ["until_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name", "until_on"],
                name="unit_former_name_once_until",
                violation_error_message=_("这个曾用名已登记。"),
            )
        ]

    def __str__(self) -> str:
        return self.name


class UnitAlias(models.Model):
    """A spelling met in an import and confirmed once; `root` is the tree in which it holds."""

    root = models.ForeignKey(Unit, models.CASCADE, related_name="+", verbose_name=_("适用范围"))
    spelling = models.CharField(_("写法"), max_length=120, help_text=_("按原样比对，忽略空格与全半角差别。"))
    unit = models.ForeignKey(Unit, models.CASCADE, verbose_name=_("对应单位"), related_name="aliases")
    confirmed_by = models.ForeignKey("organization.User", models.PROTECT, null=True, related_name="+", editable=False)
    confirmed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("单位别名")
        verbose_name_plural = pgettext_lazy("复数", "单位别名")
        constraints = [
            models.UniqueConstraint(
                fields=["root", "spelling"],
                name="unit_alias_once_in_root",
                violation_error_message=_("这个写法已经对应了单位。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.spelling} → {self.unit}"


class UnitPlacement(DateRange):
    """Where a unit stood and from when to when: facts keep their own unit, this keeps the chart."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="placements", verbose_name=_("单位"))
    parent = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("上级单位"),
    )

    class Meta:
        verbose_name = _("隶属沿革")
        verbose_name_plural = pgettext_lazy("复数", "隶属沿革")
        ordering = ["starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit"],
                condition=Q(ends_on__isnull=True),
                name="unit_one_open_placement",
                violation_error_message=_("一个单位同时只能有一个上级单位。"),
            ),
            ends_after_start("unit_placement_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} ← {self.parent}" if self.parent else str(self.unit)


class Headcount(models.Model):
    """The workforce where no complete roster is loaded: people of a unit by band, not counting units below."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="headcounts", verbose_name=_("单位"))
    gender = models.CharField(_("性别"), max_length=8, choices=Gender)
    age_band = models.CharField(_("年龄段"), max_length=8, choices=AgeBand)
    post = models.CharField(_("岗位"), max_length=40, blank=True)
    shift = models.CharField(_("班次"), max_length=20, blank=True)
    employment = models.CharField(_("用工形式"), max_length=20, blank=True)
    people = models.PositiveIntegerField(_("人数"))

    class Meta:
        verbose_name = _("职工人数")
        verbose_name_plural = _("职工人数")
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "gender", "age_band", "post", "shift", "employment"],
                name="headcount_once_per_cell",
                violation_error_message=_("这一组人数已登记。"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.get_gender_display()} {self.get_age_band_display()}: {self.people}"
