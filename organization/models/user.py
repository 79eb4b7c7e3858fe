from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lib.encryption import EncryptedTextField

from ..enums import Language, TextSize, Theme


class User(AbstractUser):
    """An account. Chinese names are one field; what a person may do comes from roles, not from permissions."""

    first_name = None
    last_name = None
    name = models.CharField(_("姓名"), max_length=60)
    phone = EncryptedTextField(_("手机号码"), blank=True, default="")
    language = models.CharField(_("语言"), max_length=10, choices=Language, default=Language.CHINESE)
    text_size = models.CharField(_("字号"), max_length=12, choices=TextSize, default=TextSize.STANDARD)
    theme = models.CharField(pgettext_lazy("界面", "主题"), max_length=8, choices=Theme, default=Theme.AUTO)

    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("账号")
        verbose_name_plural = pgettext_lazy("复数", "账号")
        ordering = ["username"]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)
