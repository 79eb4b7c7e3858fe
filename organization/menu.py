from django.utils.translation import gettext_lazy as _

from .navigation import Entry, Group, register
from .roles import ROLES


def register_menu() -> None:
    register(
        Entry(_("我的"), "person-circle", "organization:me", Group.PHONE_ONLY, order=90, phone_slot=5),
        Entry(
            _("后台管理"),
            "gear",
            "admin:index",
            Group.ADMIN,
            roles=frozenset(role for role, spec in ROLES.items() if spec.enters_admin),
            order=80,
            phone_slot=2,
        ),
    )
