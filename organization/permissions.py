"""Who may do what to an account; which accounts the roster admin sees is `organization.admin`'s matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lib.periods import today

from .roles import Role

if TYPE_CHECKING:
    from .models import User

NOT_TO_ONESELF = _("不能给自己任职，请由另一位管理员办理。")
#: Who holds one of these reads what the roster admin must not, or could give him roles.
GUARDED_ROLES = (Role.OFFICE, Role.ROSTER_ADMIN, Role.AUDITOR)


def is_guarded(account: User) -> bool:
    """Whether only the set-up account may decide how this one signs in; a role to come counts as well."""
    held = account.appointments.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=today()), role__in=GUARDED_ROLES)
    return account.is_superuser or held.exists()
