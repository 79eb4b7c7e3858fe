"""A letter or a call reaches the office, which writes the opinion down."""

from __future__ import annotations

import datetime as dt
from functools import partial
from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from friends.models import Worker
from lib.acting import posted
from lib.htmx import see_other
from lib.lists import matching
from lib.once import OtherWords, save_once
from lib.periods import SHANGHAI, today
from organization.actors import Actor
from organization.guards import requires
from organization.roles import Verb

from .. import services
from ..enums import ReporterKind
from ..forms.opinions import OpinionForm
from ..models import Opinion

MOST_FOUND = 20


@requires(Verb.MERGE)
@require_http_methods(["GET", "HEAD", "POST"])
def opinion_create(request: HttpRequest) -> HttpResponse:
    """First who spoke, then what was said: the first choice is in the address (`?who=` or `?kind=`)."""
    worker = reporter_in_address(request)
    kind = ReporterKind.WORKER if worker else request.GET.get("kind", "")
    if kind not in ReporterKind.values or (kind == ReporterKind.WORKER and not worker):
        return choose_reporter(request)
    form = OpinionForm(posted(request), actor=request.actor, kind=kind)
    status = HTTPStatus.OK
    if request.method == "POST" and form.is_valid():
        try:
            return save_opinion(request, form, kind=kind, worker=worker)
        except OtherWords as refusal:
            form.keep_for_another(refusal)
            status = HTTPStatus.CONFLICT
    context = {"form": form, "worker": worker, "kind": ReporterKind(kind)}
    return render(request, "issues/opinion_form.html", context, status=status)


def reporters(actor: Actor):
    return Worker.objects.visible_to(actor).active().select_related("unit__parent")


def reporter_in_address(request: HttpRequest) -> Worker | None:
    key = request.GET.get("who")
    if not key:
        return None
    try:
        return get_object_or_404(reporters(request.actor), key=key)
    except ValidationError as no_key:
        raise Http404 from no_key


def choose_reporter(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "").strip()[:60]
    found = []
    if query:
        workers = reporters(request.actor).filter(matching(query, text=["employee_no"], names=[""]))
        found = workers.order_by("name_key", "pk")[:MOST_FOUND]
    return render(request, "issues/opinion_reporter.html", {"query": query, "workers": found})


def save_opinion(request: HttpRequest, form: OpinionForm, *, kind: str, worker: Worker | None) -> HttpResponse:
    said = dict(form.cleaned_data)
    key, day = said.pop("key"), said.pop("raised_on")
    at = timezone.now() if day == today() else dt.datetime.combine(day, dt.time(12), SHANGHAI)
    friendship = worker.friendships.open().select_related("cadre").first() if worker else None
    create = partial(
        services.raise_opinion,
        by=request.user,
        at=at,
        worker=worker,
        reporter_kind=kind,
        cadre=friendship.cadre if friendship else None,
        **said,
    )
    fingerprint = form.fingerprint(request.user, kind, worker)
    opinion, is_new = save_once(Opinion, create, key=key, fingerprint=fingerprint)
    if is_new:
        messages.success(request, _("意见建议已登记。"), extra_tags="saved:opinion")
    return see_other(request, opinion.get_absolute_url())
