from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from lib.htmx import SeeOther
from lib.pagination import page_of
from organization.guards import signed_in

from . import services
from .models import Notice


@signed_in
@require_safe
def notice_list(request: HttpRequest) -> HttpResponse:
    page = page_of(request, Notice.objects.visible_to(request.actor))
    return render(request, "notices/notice_list.html", {"page": page, "unread": unread_count(request.actor)})


@signed_in
@require_POST
def notice_read(request: HttpRequest, pk: int) -> HttpResponse:
    """Opens a notice: it is read, and the browser goes where it leads."""
    notice = get_object_or_404(Notice.objects.visible_to(request.actor), pk=pk)
    services.mark_read(notice)
    return SeeOther(place_of(notice))


@signed_in
@require_POST
def notice_read_all(request: HttpRequest) -> HttpResponse:
    services.mark_all_read(request.user)
    return SeeOther(reverse("notices:notice_list"))


def place_of(notice: Notice) -> str:
    """The notice's page in this house; a row that leads elsewhere leads nowhere."""
    if notice.link.startswith("/") and url_has_allowed_host_and_scheme(notice.link, allowed_hosts=None):
        return notice.link
    return reverse("notices:notice_list")


def unread_count(actor) -> int:
    """The number on the bell."""
    return Notice.objects.visible_to(actor).unread().count()
