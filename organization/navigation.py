"""The one table behind the menus: side menu and top bar of the desktop, bottom bar of the phone.

An app registers its entries from `AppConfig.ready`; organization knows no app above it. Which entries a page shows
follows from the role that is active.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from .actors import Actor
from .demo import demo_users, is_open
from .enums import TextSize, Theme
from .roles import Role

if TYPE_CHECKING:
    from django.utils.functional import Promise

ALL_ROLES = frozenset(Role)


class Group(models.TextChoices):
    """Where an entry stands on the desktop, in this order."""

    HOME = "home", ""
    CONTACT = "contact", _("联系")
    ISSUES = "issues", _("诉求")
    MEETINGS = "meetings", _("例会与报告")
    FIGURES = "figures", _("统计")
    ADMIN = "admin", _("管理")
    TOPBAR = "topbar", _("顶栏")
    PHONE_ONLY = "phone_only", _("仅手机")


@dataclass(frozen=True)
class Entry:
    """One menu entry. `phone_slot` 1–5 puts it into the bottom bar; `count` tells the number on its badge."""

    label: str | Promise
    icon: str
    url_name: str
    group: Group
    roles: frozenset[Role] = ALL_ROLES
    order: int = 50
    phone_slot: int | None = None
    phone_label: str | Promise = ""
    is_primary: bool = False
    count: Callable[[Actor], int] | None = None


@dataclass
class MenuItem:
    """An entry as one page shows it."""

    entry: Entry
    url: str
    is_current: bool = False
    count: int = 0

    @property
    def label(self) -> str:
        return str(self.entry.label)

    @property
    def phone_label(self) -> str:
        return str(self.entry.phone_label or self.entry.label)


@dataclass
class Menu:
    """What base.html draws."""

    items: list[MenuItem] = field(default_factory=list)

    @property
    def groups(self) -> list[tuple[str, list[MenuItem]]]:
        """Side menu: (heading, entries) without the empty groups."""
        shown = [group for group in Group if group not in {Group.TOPBAR, Group.PHONE_ONLY}]
        found = [(str(group.label), self.in_group(group)) for group in shown]
        return [(heading, items) for heading, items in found if items]

    @property
    def topbar(self) -> list[MenuItem]:
        return self.in_group(Group.TOPBAR)

    @property
    def phone(self) -> list[MenuItem]:
        slotted = [item for item in self.items if item.entry.phone_slot]
        return sorted(slotted, key=lambda item: item.entry.phone_slot)

    @property
    def beyond_phone(self) -> list[MenuItem]:
        """What the phone's bottom bar has no room for; 我的 lists it there."""
        return [item for _heading, items in self.groups for item in items if not item.entry.phone_slot]

    def in_group(self, group: Group) -> list[MenuItem]:
        return [item for item in self.items if item.entry.group == group]


_entries: list[Entry] = []


def register(*entries: Entry) -> None:
    """Called from AppConfig.ready. Registering an equal entry twice changes nothing."""
    _entries.extend(entry for entry in entries if entry not in _entries)


def registered() -> tuple[Entry, ...]:
    return tuple(sorted(_entries, key=lambda entry: entry.order))


def menu_for(actor: Actor, path: str) -> Menu:
    """The entries of the active role; the one with the longest address that begins `path` is the current one."""
    items = [
        MenuItem(entry, reverse(entry.url_name), count=entry.count(actor) if entry.count else 0)
        for entry in registered()
        if actor.role in entry.roles or (actor.role is None and entry.roles == ALL_ROLES)
    ]
    fitting = [item for item in items if path == item.url or (item.url != "/" and path.startswith(item.url))]
    longest = max((len(item.url) for item in fitting), default=0)
    for item in fitting:
        item.is_current = len(item.url) == longest
    return Menu(items)


def face(request: HttpRequest) -> dict:
    """Context processor: menu, roles, theme and text size of every page.

    Error pages may come before the middleware has run, so the user may be missing.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {
            "theme": Theme.AUTO,
            "text_size": TextSize.STANDARD,
            "demo_users": SimpleLazyObject(lambda: demo_users() if is_open(request) else []),
        }
    return {
        "theme": user.theme,
        "text_size": user.text_size,
        "menu": SimpleLazyObject(lambda: menu_for(request.actor, request.path)),
        "actors": request.actors,
    }
