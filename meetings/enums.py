from django.db import models
from django.utils.translation import gettext_lazy as _


class MeetingKind(models.TextChoices):
    EXCHANGE = "exchange", _("信息交流例会")
    THEMATIC = "thematic", _("专题座谈会")
    BRAINSTORM = "brainstorm", _("头脑风暴")


class MeetingState(models.TextChoices):
    PLANNED = "planned", _("已排定")
    HELD = "held", _("已召开")
    CANCELLED = "cancelled", _("已取消")
