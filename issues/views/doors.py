"""/doors/: the office opens doors for workers without account, and prints their posters."""

from __future__ import annotations

import uuid
from functools import partial
from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lib.acting import Question, act, confirmed, posted
from lib.errors import Refused
from lib.htmx import see_other
from lib.once import save_once
from lib.qr import qr_picture
from organization.guards import requires
from organization.roles import Verb
from records.downloads import send_list

from .. import services
from ..forms.doors import DoorForm, LabelForm
from ..lists.doors import DOORS, TABS
from ..models import Door

PAGE = require_http_methods(["GET", "HEAD", "POST"])
#: Sizes of paper that the poster is made for.
PAPERS = {"a4": "A4", "a5": "A5"}


def kept_door(request: HttpRequest, key: uuid.UUID) -> Door:
    return get_object_or_404(Door.objects.visible_to(request.actor).select_related("unit", "recorded_by"), key=key)


@requires(Verb.KEEP_DOORS)
@PAGE
def door_list(request: HttpRequest) -> HttpResponse:
    listing = DOORS.open_for(request)
    if request.method == "POST":
        return send_list(request, listing)
    return listing.render(request, "issues/door_list.html", "issues/_door_rows.html", {"tabs": TABS})


@requires(Verb.KEEP_DOORS)
@PAGE
def door_create(request: HttpRequest) -> HttpResponse:
    form = DoorForm(posted(request), actor=request.actor)
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            said = dict(form.cleaned_data)
            create = partial(services.open_door, unit=said["unit"], label=said["label"], by=request.user)
            try:
                door, _is_new = save_once(
                    Door, create, key=said["key"], fingerprint=form.fingerprint(request.user, said["unit"])
                )
            except Refused as refusal:
                status = form.refuse(refusal)
            else:
                messages.success(request, _("扫码入口已启用，请打印海报张贴。"))
                return see_other(request, door.get_absolute_url())
    return render(request, "issues/door_form.html", {"form": form}, status=status)


@requires(Verb.KEEP_DOORS)
@require_safe
def door_detail(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    door = kept_door(request, key)
    context = {"door": door, "qr": qr_picture(door.address), "opinion_count": door.opinions.count(), "papers": PAPERS}
    return render(request, "issues/door_detail.html", context)


@requires(Verb.KEEP_DOORS)
@PAGE
def door_update(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    door = kept_door(request, key)
    form = LabelForm(posted(request), initial={"label": door.label})
    if request.method == "POST" and form.is_valid():
        door.label = form.cleaned_data["label"]
        door.save(update_fields=["label"])
        messages.success(request, _("已保存修改。已经贴出的海报不受影响。"))
        return see_other(request, door.get_absolute_url())
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "issues/door_form.html", {"form": form, "door": door}, status=status)


@requires(Verb.KEEP_DOORS)
@PAGE
def door_close(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    door = kept_door(request, key)
    question = Question(
        title=_("停用扫码入口"),
        question=f"{door.label}（{door.unit.label}）",
        confirm_label=_("停用"),
        cancel_url=door.get_absolute_url(),
        consequences=[
            _("再扫这张海报的职工会看到“入口已停用”。"),
            _("已经提出的意见照常办理，回执照常能查。"),
            _("以后可以重新启用，海报不用重印。"),
        ],
    )
    return confirmed(
        request, question, forms.Form(posted(request)), partial(services.close_door, door), done=_("已停用。")
    )


@requires(Verb.KEEP_DOORS)
@require_POST
def door_reopen(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    door = kept_door(request, key)
    act(request, services.reopen_door, door, done=_("已重新启用。"))
    return see_other(request, door.get_absolute_url())


@requires(Verb.KEEP_DOORS)
@require_safe
def door_poster(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    door = kept_door(request, key)
    paper = request.GET.get("paper", "")
    context = {
        "door": door,
        "paper": paper if paper in PAPERS else next(iter(PAPERS)),
        "papers": PAPERS,
        "qr": qr_picture(door.address),
        "address": door.address.partition("://")[2],
    }
    return render(request, "issues/door_poster.html", context)
