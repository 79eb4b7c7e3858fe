from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FriendsConfig(AppConfig):
    name = "friends"
    verbose_name = _("朋友")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from organization.audit import keep_trail
        from organization.navigation import Entry, Group, register
        from organization.roles import Role
        from records.attachments import register_owner
        from records.downloads import register_list
        from records.kinds import name_kind

        from .attachments import goes_with_visible_log
        from .lists.friends import FRIENDS
        from .lists.visits import VISITS
        from .models import Friendship, Worker

        keep_trail(
            Worker,
            secret=["name", "employee_no", "phone", "phone_2", "strengths", "birth_year"],
            derived=[*Worker.derived_fields, "last_contact_on"],
        )
        keep_trail(Friendship)
        register_owner(goes_with_visible_log)
        register_list(FRIENDS)
        register_list(VISITS)
        name_kind("reveal_phone", _("查看手机号"))
        readers = frozenset({Role.CADRE, Role.GROUP_LEADER, Role.OFFICE})
        register(
            Entry(_("朋友"), "people", "friends:friend_list", Group.CONTACT, roles=readers, order=11, phone_slot=2),
            Entry(_("联系记录"), "journal-text", "friends:visit_list", Group.CONTACT, roles=readers, order=12),
        )
