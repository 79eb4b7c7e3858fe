from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class WorkdayOverride(models.Model):
    """One day of the yearly notice that differs from the packaged calendar."""

    day = models.DateField(_("日期"), unique=True)
    is_workday = models.BooleanField(_("是否上班"), help_text=_("调休上班选“是”，放假选“否”。"))
    note = models.CharField(_("说明"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("工作日调整")
        verbose_name_plural = pgettext_lazy("复数", "工作日调整")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {_('上班') if self.is_workday else _('放假')}"
