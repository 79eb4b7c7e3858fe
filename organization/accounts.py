"""How accounts sign in, and who is told when somebody else changed it or gave a role that reads much."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from .permissions import GUARDED_ROLES
from .roles import Role

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from .models import Appointment, User

#: Account, kind of change, what its owner reads, and the address to look at.
Teller = Callable[["User", str, "str | Promise", str], None]
_tellers: list[Teller] = []

#: What an administrator did → what is read, and the page to look at.
CHANGES = {
    "account_password": (_("管理员重置了您的登录密码。如非您本人要求，请立即联系工会核实。"), "organization:me"),
    "account_email": (
        _("管理员修改了您账号的电子邮件地址。如非您本人要求，请立即联系工会核实。"),
        "organization:me",
    ),
    "guarded_role": (
        _("有账号新担任工会办公室、名册管理员或审计员，请在操作记录中核对。"),
        "admin:auditlog_logentry_changelist",
    ),
}


def register_teller(teller: Teller) -> None:
    """Called from AppConfig.ready by the app that carries messages."""
    if teller not in _tellers:
        _tellers.append(teller)


def tell(account: User, change: str) -> None:
    """Tells it in the caller's transaction: no such change stays a secret."""
    text, page = CHANGES[change]
    for teller in _tellers:
        teller(account, change, text, reverse(page))


def tell_auditors(appointment: Appointment) -> None:
    """Who gives roles could make himself a second account that reads everything: the auditors above hear of it."""
    if appointment.role not in GUARDED_ROLES:
        return
    held = type(appointment).objects.open().filter(role=Role.AUDITOR, unit__path__in=appointment.unit.paths_to_root())
    for auditor in held.exclude(user=appointment.user).select_related("user"):
        tell(auditor.user, "guarded_role")


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by the roster admin; nobody signs himself up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """In the language of the account; whose browser asked for it does not matter."""
        with override(getattr(context.get("user"), "language", settings.LANGUAGE_CODE)):
            super().send_mail(template_prefix, email, context)
