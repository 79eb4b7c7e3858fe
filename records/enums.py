from django.db import models
from django.utils.translation import gettext_lazy as _


class ExportState(models.TextChoices):
    WAITING = "waiting", _("排队中")
    RUNNING = "running", _("生成中")
    DONE = "done", _("已完成")
    FAILED = "failed", _("生成失败")
    CANCELLED = "cancelled", _("已取消")


#: States in which the worker still has something to do.
OPEN_EXPORT_STATES = frozenset({ExportState.WAITING, ExportState.RUNNING})
