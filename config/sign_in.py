"""Who is signing in, and from where, for the lock after wrong passwords (django-axes)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def submitted_username(request: HttpRequest, credentials: dict[str, str] | None = None) -> str | None:
    """The account name as typed. allauth's field is `login`, the admin's `username`; without this
    the lock would know the address only and shut out everybody behind it."""
    given = credentials or {}
    name = given.get("username") or given.get("login")
    if name is None and request is not None:
        name = request.POST.get("login") or request.POST.get("username")
    return name.strip().casefold() if name else None


def client_address(request: HttpRequest) -> str:
    """The address that `ProxyAddressMiddleware` has already settled."""
    return request.META.get("REMOTE_ADDR", "")


def locked_page(request: HttpRequest, *_details: object) -> HttpResponse:
    """What is shown while the account is locked at this address."""
    return render(request, "429.html", status=429)
