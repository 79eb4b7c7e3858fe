from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganizationConfig(AppConfig):
    name = "organization"
    verbose_name = _("组织")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import audit
        from .menu import register_menu
        from .models import Appointment, Headcount, Unit, UnitAlias, UnitFormerName, User, WorkdayOverride

        audit.start()
        audit.keep_trail(Unit, derived=["search"])
        audit.keep_trail(UnitFormerName)
        audit.keep_trail(UnitAlias)
        audit.keep_trail(Headcount)
        audit.keep_trail(User, secret=["username", "name", "phone", "email", "password"], derived=["last_login"])
        audit.keep_trail(Appointment)
        audit.keep_trail(WorkdayOverride)
        register_menu()
