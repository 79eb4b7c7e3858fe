from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "notices"
    verbose_name = _("提醒")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from organization.accounts import register_teller
        from organization.navigation import Entry, Group, register

        from .services import tell_at_once
        from .views import unread_count

        register_teller(tell_at_once)
        register(Entry(_("提醒"), "bell", "notices:notice_list", Group.TOPBAR, order=1, count=unread_count))
