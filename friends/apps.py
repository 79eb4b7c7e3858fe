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
        from .lists.aid import AIDS
        from .lists.friends import FRIENDS
        from .lists.visits import VISITS
        from .models import Aid, CareFlag, Friendship, Worker

        keep_trail(
            Worker,
            secret=["name", "employee_no", "phone", "phone_2", "strengths", "birth_year"],
            derived=[*Worker.derived_fields, "last_contact_on"],
        )
        keep_trail(Friendship)
        register_owner(goes_with_visible_log)
        keep_trail(Aid, secret=["kind", "given_on", "amount", "note", "consent_on"])
        keep_trail(CareFlag, secret=["kind", "note", "consent_on", "expires_on", "ended_on"])
        register_list(FRIENDS)
        register_list(VISITS)
        register_list(AIDS)
        name_kind("reveal_phone", _("查看手机号"))
        readers = frozenset({Role.CADRE, Role.GROUP_LEADER, Role.OFFICE})
        register(
            Entry(_("朋友"), "people", "friends:friend_list", Group.CONTACT, roles=readers, order=11, phone_slot=2),
            Entry(_("联系记录"), "journal-text", "friends:visit_list", Group.CONTACT, roles=readers, order=12),
            Entry(
                _("帮扶记录"),
                "heart",
                "friends:aid_list",
                Group.CONTACT,
                roles=frozenset({Role.CADRE, Role.OFFICE}),
                order=14,
            ),
            Entry(
                _("帮扶合计"),
                "heart",
                "friends:aid_figures",
                Group.FIGURES,
                roles=frozenset({Role.GROUP_LEADER, Role.LEADER}),
                order=45,
            ),
        )
