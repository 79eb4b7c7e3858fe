from django.utils.translation import gettext_lazy as _

from organization.navigation import Entry, Group, register
from organization.roles import Role


def register_menu() -> None:
    register(
        Entry(
            _("工作台"),
            "house",
            "reports:home",
            Group.HOME,
            roles=frozenset({Role.CADRE, Role.GROUP_LEADER, Role.OFFICE, Role.ROSTER_ADMIN, Role.AUDITOR}),
            order=1,
            phone_slot=1,
        ),
        Entry(_("总览"), "graph-up", "reports:home", Group.HOME, roles=frozenset({Role.LEADER}), order=1, phone_slot=1),
        Entry(
            _("月报"),
            "bar-chart",
            "reports:report_month",
            Group.FIGURES,
            roles=frozenset({Role.GROUP_LEADER, Role.OFFICE, Role.LEADER}),
            order=40,
        ),
    )
