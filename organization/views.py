from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lib.acting import posted
from lib.htmx import see_other

from . import demo
from .actors import ACTIVE_ROLE, actors_of
from .forms import PreferencesForm
from .guards import public, signed_in


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def me(request: HttpRequest) -> HttpResponse:
    """Text size, theme and language; the roles one holds; password and second factor by link."""
    form = PreferencesForm(posted(request), instance=request.user)
    if not form.is_valid():
        return render(request, "organization/me.html", {"form": form})
    user = form.save()
    with translation.override(user.language):
        messages.success(request, _("已保存。"))
    return remember_language(see_other(request, request.path), user.language)


def remember_language(response: HttpResponse, language: str) -> HttpResponse:
    """For the pages before the next sign-in."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )
    return response


@signed_in
@require_POST
def role_switch(request: HttpRequest) -> HttpResponse:
    """From now on the user acts in another of his roles."""
    chosen = request.POST.get("role")
    if all(actor.key != chosen for actor in actors_of(request.user)):
        messages.error(request, _("您现在不担任这个角色，请另选。"))
        return see_other(request, "/")
    # A new key, as at sign-in: what somebody copied of the old session is worth nothing in the new role.
    request.session.cycle_key()
    request.session[ACTIVE_ROLE] = chosen
    return see_other(request, local_address(request, request.POST.get("next", "")))


def local_address(request: HttpRequest, address: str) -> str:
    is_local = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if is_local else "/"


@public
@require_POST
def demo_login(request: HttpRequest) -> HttpResponse:
    """Signs in by one click, in the demo and from this computer only; elsewhere the address does not exist."""
    if not demo.is_open(request):
        raise Http404
    username = request.POST.get("username")
    user = next((user for user in demo.demo_users() if user.username == username), None)
    if user is None:
        raise Http404
    login(request, user.actor.user, backend="django.contrib.auth.backends.ModelBackend")
    request.session[ACTIVE_ROLE] = user.actor.key
    return see_other(request, "/")
