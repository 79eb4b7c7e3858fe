from django.db import models
from django.utils.translation import gettext_lazy as _


class UnitKind(models.TextChoices):
    FEDERATION = "federation", _("总工会")
    DISTRICT = "district", _("区级工会")
    STREET = "street", _("街道（乡镇）工会")
    ENTERPRISE = "enterprise", _("企业")
    BASE_UNIT = "base_unit", _("基层单位")
    WORKSHOP = "workshop", _("车间")
    TEAM = "team", _("班组")
    DEPARTMENT = "department", _("职能部门")


class Gender(models.TextChoices):
    MALE = "male", _("男")
    FEMALE = "female", _("女")


class AgeBand(models.TextChoices):
    """The bands in which unions report the workforce."""

    TO_35 = "to_35", _("35 岁及以下")
    TO_45 = "to_45", _("36–45 岁")
    TO_55 = "to_55", _("46–55 岁")
    FROM_56 = "from_56", _("56 岁及以上")


class Theme(models.TextChoices):
    AUTO = "auto", _("跟随系统")
    LIGHT = "light", _("浅色")
    DARK = "dark", _("深色")


class TextSize(models.TextChoices):
    STANDARD = "standard", _("标准")
    LARGE = "large", _("大")
    EXTRA_LARGE = "extra_large", _("特大")


class Language(models.TextChoices):
    # Written in its own language, so that a reader who is lost in the other one finds it.
    CHINESE = "zh-hans", "中文"
    ENGLISH = "en", "English"
