from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecordsConfig(AppConfig):
    name = "records"
    verbose_name = _("档案")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from organization.navigation import Entry, Group, register
        from organization.roles import ROLES, Verb

        from .kinds import name_kind

        name_kind("attachment", _("附件"))
        roles = frozenset(role for role, spec in ROLES.items() if Verb.EXPORT in spec.verbs)
        register(Entry(_("导出记录"), "download", "records:export_list", Group.FIGURES, roles=roles, order=41))
