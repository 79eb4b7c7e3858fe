"""The addresses of the house and, beside them, views that break its rules: what the gates are tried on."""

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import include, path

from issues.models import Dispatch, Issue
from organization.guards import public, requires, signed_in
from organization.models import User
from organization.roles import Verb

PAGE = '<!doctype html><html lang="zh-CN"><body><h1>试</h1>{}</body></html>'


@public
def inline(request: HttpRequest) -> HttpResponse:
    return HttpResponse(PAGE.format('<p style="color: red">红</p>'))


@public
def broken(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(1 / 0))


def ungated(request: HttpRequest) -> HttpResponse:
    """No rule at all."""
    return HttpResponse(PAGE.format(""))


@requires(Verb.READ_ISSUES)
def unscoped(request: HttpRequest, key: str) -> HttpResponse:
    """Shows any issue to anybody who may see issues."""
    issue = Issue.objects.filter(key=key).first()
    return HttpResponse(PAGE.format(issue.number if issue else ""))


@requires(Verb.READ_ISSUES)
def telling(request: HttpRequest, key: str) -> HttpResponse:
    """Says 403 of what one may not see, and so that it exists."""
    status = 200 if Issue.objects.visible_to(request.actor).filter(key=key).exists() else 403
    return HttpResponse(PAGE.format(""), status=status)


@signed_in
def unverbed(request: HttpRequest, key: str) -> HttpResponse:
    """Declares less than it demands."""
    return HttpResponse(status=403)


@signed_in
def counting(request: HttpRequest) -> HttpResponse:
    """Changes a row when it is read."""
    Issue.objects.update(version=F("version") + 1)
    return HttpResponse(PAGE.format(""))


@requires(Verb.ANSWER)
def leaking(request: HttpRequest, key: str) -> HttpResponse:
    """Tells a department in a comment who spoke."""
    dispatch = get_object_or_404(Dispatch.objects.visible_to(request.actor), key=key)
    worker = dispatch.issue.opinions().first().worker
    return HttpResponse(PAGE.format(f"<!-- {worker.phone} -->"))


@signed_in
def loud(request: HttpRequest) -> HttpResponse:
    """Names everybody."""
    names = User.objects.values_list("name", flat=True)
    return HttpResponse(PAGE.format("".join(names)))


urlpatterns = [
    path("inline/", inline, name="inline"),
    path("broken/", broken, name="broken"),
    path("", include("config.urls")),
]
