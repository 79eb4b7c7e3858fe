from django.db import models
from django.utils.translation import gettext_lazy as _


class TopicKind(models.TextChoices):
    INFORMATION = "information", _("资讯传递")
    MOOD = "mood", _("思想动态")
    SERVICE = "service", _("多层服务")


class Grade(models.TextChoices):
    """How an issue is handled; Norms gives each grade its limit in working days."""

    SHORT_TERM = "short_term", _("限时办理")
    SEVERAL_DEPARTMENTS = "several_departments", _("部门协同")
    SYSTEMIC = "systemic", _("上报争取")
