from .appointment import Appointment
from .unit import Headcount, Unit, UnitAlias, UnitFormerName, UnitPlacement
from .user import User
from .workday import WorkdayOverride

__all__ = [
    "Appointment",
    "Headcount",
    "Unit",
    "UnitAlias",
    "UnitFormerName",
    "UnitPlacement",
    "User",
    "WorkdayOverride",
]
