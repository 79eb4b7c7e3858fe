"""The worker's door: what stands behind the code on a poster. No account, no script, no cookie but the form's own."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from lib.acting import posted
from lib.codes import read_code
from lib.errors import Refused
from lib.htmx import see_other
from lib.once import save_once
from lib.throttle import Throttle, whence
from organization.guards import public

from .. import services
from ..forms.doors import NOTICE_VERSION, NOTICES, SayForm
from ..models import Door, Opinion
from .outside import discreet, too_many
from .slips import face_of

#: After a meeting a whole shift speaks from behind one address; a program would go on for hours.
SENT_HERE = Throttle("said", most=60, seconds=3600)
SENT_AT_DOOR = Throttle("said_at_door", most=300, seconds=3600)


def found_door(request: HttpRequest, code: str) -> Door | HttpResponse:
    door = Door.objects.with_code(code).select_related("unit").first()
    if door is None:
        return render(request, "issues/door/unknown.html", status=HTTPStatus.NOT_FOUND)
    if not door.is_open:
        return render(request, "issues/door/closed.html", {"door": door}, status=HTTPStatus.GONE)
    return door


@public
@discreet
@require_safe
def door_entry(request: HttpRequest, code: str) -> HttpResponse:
    clean = read_code(code)
    if clean and clean != code:
        return see_other(request, reverse("issues:door_entry", args=[clean]))
    door = found_door(request, code)
    if isinstance(door, HttpResponse):
        return door
    return render(request, "issues/door/entry.html", {"door": door, "code": code, "notice": NOTICES[NOTICE_VERSION]})


@public
@discreet
@require_http_methods(["GET", "HEAD", "POST"])
def door_say(request: HttpRequest, code: str) -> HttpResponse:
    """说一说. Sent twice it is one opinion, and shows the same slip."""
    door = found_door(request, code)
    if isinstance(door, HttpResponse):
        return door
    form = SayForm(posted(request), request.FILES or None)
    status = HTTPStatus.OK
    if request.method == "POST":
        if wait := max(SENT_HERE.wait(whence(request)), SENT_AT_DOOR.wait(str(door.pk))):
            return too_many(request, wait)
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                return said(request, door, form)
            except Refused as refusal:
                status = form.refuse(refusal)
    context = {"door": door, "form": form, "notice": NOTICES[NOTICE_VERSION], "code": code}
    return render(request, "issues/door/say.html", context, status=status)


def said(request: HttpRequest, door: Door, form: SayForm) -> HttpResponse:
    create = partial(services.say_at_door, door, consent_version=NOTICE_VERSION, **form.words)
    key, fingerprint = form.cleaned_data["key"], form.fingerprint(door)
    opinion, is_new = save_once(Opinion, create, key=key, fingerprint=fingerprint)
    if is_new:
        SENT_HERE.count(whence(request))
        SENT_AT_DOOR.count(str(door.pk))
    context = {
        "card": face_of(services.slip_of_sending(opinion).code),
        "lookup": settings.PUBLIC_ADDRESS + reverse("issues:slip_lookup"),
    }
    return render(request, "issues/door/sent.html", context)
