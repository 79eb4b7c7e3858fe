from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    name = "meetings"
    verbose_name = _("例会")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from notices.rules import register_rule
        from organization.navigation import Entry, Group, register
        from organization.roles import Role
        from records.downloads import register_list

        from .lists import MEETINGS
        from .notices import RULES

        register_rule(*RULES)
        register_list(MEETINGS)
        roles = frozenset({Role.CADRE, Role.GROUP_LEADER, Role.OFFICE})
        register(Entry(_("例会"), "calendar-event", "meetings:meeting_list", Group.MEETINGS, roles=roles, order=30))
