from .audit import AuditEntryAdmin
from .units import UnitAdmin, UnitAliasAdmin
from .users import AppointmentAdmin, UserAdmin
from .workdays import WorkdayOverrideAdmin

__all__ = [
    "AppointmentAdmin",
    "AuditEntryAdmin",
    "UnitAdmin",
    "UnitAliasAdmin",
    "UserAdmin",
    "WorkdayOverrideAdmin",
]
