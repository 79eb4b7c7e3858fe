"""Every address of the URLconf, with the rule of its view."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from organization.guards import Rule

#: Views of packages, which cannot carry our rule; what guards them instead.
FOREIGN = {
    "admin": "organization.administration.HouseAdminSite, by the active role: tests/access/test_admin.py",
    "allauth": "sign-in and password, allauth's own checks; each serves only the visitor himself",
    "mfa": "second factor, allauth's own checks; each serves only the visitor himself",
}


@dataclass(frozen=True)
class Address:
    """`name` as in `{% url %}`; `arguments` the names of its parts."""

    name: str
    view: Callable
    arguments: tuple[str, ...] = ()
    converters: dict = field(default_factory=dict, compare=False, hash=False)

    @property
    def rule(self) -> Rule | None:
        return getattr(self.view, "rule", None)

    @property
    def foreign(self) -> str | None:
        """Why the view needs no rule of ours."""
        if self.name.startswith("admin:"):
            return FOREIGN["admin"]
        package = self.view.__module__.split(".")
        return FOREIGN["allauth"] if package[0] == "allauth" else None

    def url(self, **values) -> str:
        return reverse(self.name, kwargs=values or None)


def walk(resolver: URLResolver | None = None, prefix: str = "", outer: tuple = ()) -> Iterator[Address]:
    resolver = resolver or get_resolver()
    for pattern in resolver.url_patterns:
        parts = (*outer, pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from walk(pattern, inner, parts)
        else:
            yield address_of(pattern, prefix, parts)


def address_of(pattern: URLPattern, prefix: str, parts: tuple) -> Address:
    converters = {name: converter for part in parts for name, converter in part.converters.items()}
    named = [name for part in parts for name in part.regex.groupindex]
    name = f"{prefix}{pattern.name}" if pattern.name else f"{prefix}({pattern.pattern})"
    return Address(name, pattern.callback, tuple(dict.fromkeys(named)), converters)


def addresses() -> list[Address]:
    return list(walk())


def own_addresses() -> list[Address]:
    return [address for address in addresses() if not address.foreign]
