"""Care for workers in need: marks and aid on the worker's page, the office's list, sums for those who lead."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial
from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lib.acting import Question, confirmed, posted
from lib.errors import Refused
from lib.htmx import render_page_or_fragment, see_other
from lib.once import save_once
from lib.periods import today, year
from organization.guards import requires
from organization.roles import Verb
from records.downloads import send_list

from .. import care
from ..forms.care import AidForm, CareFlagForm, ConsentForm, PurposeForm
from ..lists.aid import AIDS
from ..models import Aid, CareFlag, Worker
from ..permissions import can_care
from .friends import friend_of

PAGE = require_http_methods(["GET", "HEAD", "POST"])
#: Years that the sums are shown for.
YEARS = 3


@requires(Verb.GIVE_AID)
@PAGE
def aid_list(request: HttpRequest) -> HttpResponse:
    """The Excel button leads to the question what for."""
    listing = AIDS.open_for(request)
    if request.method == "POST":
        if not listing.may_export:
            raise PermissionDenied
        return see_other(request, f"{reverse('friends:aid_export')}?{request.GET.urlencode()}")
    return listing.render(request, "friends/aid_list.html", "friends/_aid_rows.html")


@requires(Verb.GIVE_AID)
@PAGE
def aid_export(request: HttpRequest) -> HttpResponse:
    listing = AIDS.open_for(request)
    if not listing.may_export:
        raise PermissionDenied
    form = PurposeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        return send_list(request, listing, purpose=form.cleaned_data["purpose"])
    context = {
        "title": _("导出帮扶记录"),
        "question": _("导出的文件含职工姓名，不含情况说明。请写明用途。"),
        "confirm_label": _("导出"),
        "cancel_url": f"{reverse('friends:aid_list')}?{request.GET.urlencode()}",
        "form": form,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "components/confirm_page.html", context, status=status)


@requires(Verb.COUNT_AID)
@require_safe
def aid_figures(request: HttpRequest) -> HttpResponse:
    last = today().year
    sums = [(year(number), care.aid_sum(request.actor, year(number))) for number in range(last, last - YEARS, -1)]
    context = {"sums": sums, "threshold": care.threshold_for(request.actor)}
    return render(request, "friends/aid_figures.html", context)


def cared_for(request: HttpRequest, key: uuid.UUID) -> Worker:
    worker = friend_of(request.actor, key)
    if not can_care(request.actor, worker):
        raise PermissionDenied
    return worker


@requires(Verb.GIVE_AID)
@require_safe
def friend_aid(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Fragment for the page of a friend."""
    worker = cared_for(request, key)
    context = {
        "worker": worker,
        "flags": CareFlag.objects.visible_to(request.actor).in_force().filter(worker=worker),
        "aids": Aid.objects.visible_to(request.actor).filter(worker=worker).select_related("recorded_by"),
    }
    return render_page_or_fragment(request, "friends/friend_aid.html", "friends/_friend_aid.html", context)


@requires(Verb.GIVE_AID)
@PAGE
def friend_aid_create(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    form = AidForm(posted(request))
    return write_down(request, key, form, Aid, care.give_aid, title=_("登记帮扶"), done=_("帮扶已登记。"))


@requires(Verb.GIVE_AID)
@PAGE
def friend_care_create(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    form = CareFlagForm(posted(request))
    return write_down(request, key, form, CareFlag, care.flag_worker, title=_("登记困难标记"), done=_("已登记。"))


def write_down(
    request: HttpRequest,
    key: uuid.UUID,
    form: ConsentForm,
    model: type[Aid] | type[CareFlag],
    service: Callable,
    *,
    title: str,
    done: str,
) -> HttpResponse:
    """Never kept as a draft on the device: it is about somebody's need."""
    worker = cared_for(request, key)
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            said = dict(form.cleaned_data)
            create = partial(service, worker=worker, by=request.user, **{k: v for k, v in said.items() if k != "key"})
            try:
                save_once(model, create, key=said["key"], fingerprint=form.fingerprint(request.user, worker))
            except Refused as refusal:
                status = form.refuse(refusal)
            else:
                messages.success(request, done)
                return see_other(request, worker.get_absolute_url())
    return render(request, "friends/care_form.html", {"form": form, "worker": worker, "title": title}, status=status)


@requires(Verb.GIVE_AID)
@PAGE
def care_end(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    flag = get_object_or_404(CareFlag.objects.visible_to(request.actor).select_related("worker"), key=key)
    question = Question(
        title=_("解除困难标记"),
        question=_("解除 %(name)s 的困难标记？") % {"name": flag.worker.name},
        confirm_label=_("解除"),
        cancel_url=flag.get_absolute_url(),
        consequences=[_("情况说明立即清除，不能恢复。")],
    )
    return confirmed(request, question, forms.Form(posted(request)), partial(care.end_flag, flag), done=_("已解除。"))


@requires(Verb.GIVE_AID)
@PAGE
def aid_remove(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    aid = get_object_or_404(Aid.objects.visible_to(request.actor).select_related("worker"), key=key)
    question = Question(
        title=_("删除帮扶记录"),
        question=_("删除 %(name)s 的这条帮扶记录？") % {"name": aid.worker.name},
        confirm_label=_("删除"),
        cancel_url=aid.get_absolute_url(),
        consequences=[_("用于误登或本人要求删除的，删除后不能恢复。")],
    )
    return confirmed(request, question, forms.Form(posted(request)), partial(care.remove_aid, aid), done=_("已删除。"))
