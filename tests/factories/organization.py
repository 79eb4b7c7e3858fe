import datetime as dt
from itertools import count

from organization.enums import UnitKind
from organization.models import Appointment, Unit, User
from organization.roles import Role
from organization.services import appoint, open_unit

_numbers = count(1)
START = dt.date(2016, 1, 1)


def restart() -> None:
    global _numbers
    _numbers = count(1)


def unit(parent: Unit | None = None, *, kind: str = UnitKind.BASE_UNIT, name: str = "", **fields) -> Unit:
    number = next(_numbers)
    fields.setdefault("code", f"U{number:05d}")
    return open_unit(kind=kind, name=name or f"第{number}单位", parent=parent, opened_on=START, **fields)


def enterprise(name: str = "", **fields) -> Unit:
    return unit(kind=UnitKind.ENTERPRISE, name=name, **fields)


def user(name: str = "", *, username: str = "", **fields) -> User:
    number = next(_numbers)
    account = User(username=username or f"user{number}", name=name or f"账号{number}", **fields)
    account.set_unusable_password()
    account.save()
    return account


def appointment(role: Role, at: Unit, *, holder: User | None = None, is_head: bool = False) -> Appointment:
    return appoint(holder or user(), role=role, unit=at, starts_on=START, is_head=is_head)
