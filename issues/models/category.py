from django.db import models
from django.utils.translation import gettext_lazy as _


class CategoryQuerySet(models.QuerySet):
    def active(self) -> "CategoryQuerySet":
        return self.filter(is_active=True)


class Category(models.Model):
    """问题类别: a vocabulary kept in admin; one that is in use is retired, never deleted."""

    name = models.CharField(_("类别"), max_length=20, unique=True)
    keywords = models.TextField(_("关键词"), blank=True, help_text=_("一行一个；登记意见时据此推荐类别。"))
    limit_workdays = models.PositiveSmallIntegerField(
        _("办理时限（工作日）"),
        null=True,
        blank=True,
        help_text=_("不填则按办理等级的时限。"),
    )
    position = models.PositiveSmallIntegerField(_("排序"), default=0)
    is_active = models.BooleanField(
        _("在用"),
        default=True,
        help_text=_("不再使用时取消勾选：新登记时不再出现，旧记录和统计照常显示。只停用，不删除。"),
    )

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("问题类别")
        verbose_name_plural = _("问题类别")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.name
