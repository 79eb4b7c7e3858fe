"""How accounts sign in, and what their owners are told when somebody else changed it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from .models import User

Teller = Callable[["User", str, "str | Promise"], None]
_tellers: list[Teller] = []

#: What an administrator changed → what its owner reads.
CHANGES = {
    "account_password": _("管理员重置了您的登录密码。如非您本人要求，请立即联系工会核实。"),
    "account_email": _("管理员修改了您账号的电子邮件地址。如非您本人要求，请立即联系工会核实。"),
}


def register_teller(teller: Teller) -> None:
    """Called from AppConfig.ready by the app that carries messages."""
    if teller not in _tellers:
        _tellers.append(teller)


def tell_owner(account: User, change: str) -> None:
    """Tells it in the caller's transaction: no such change stays a secret."""
    for teller in _tellers:
        teller(account, change, CHANGES[change])


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by the roster admin; nobody signs himself up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """In the language of the account; whose browser asked for it does not matter."""
        with override(getattr(context.get("user"), "language", settings.LANGUAGE_CODE)):
            super().send_mail(template_prefix, email, context)
