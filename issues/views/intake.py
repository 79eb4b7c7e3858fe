"""Opinions besides /log/: a letter or a call reaches the office; what was forgotten is added to its visit."""

from __future__ import annotations

import datetime as dt
import uuid
from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from friends.models import ContactLog, Worker
from friends.permissions import can_correct
from lib.acting import posted, saved_or_shown
from lib.htmx import see_other
from lib.lists import matching
from lib.once import save_once
from lib.periods import SHANGHAI, today
from organization.actors import Actor
from organization.guards import requires
from organization.roles import Verb

from .. import services
from ..enums import ReporterKind
from ..forms.opinions import OpinionForm, VisitOpinionForm
from ..models import Opinion

MOST_FOUND = 20
#: Of whom the office writes something down; who is not in the roster gives his name at a door.
KINDS = frozenset({ReporterKind.WORKER, ReporterKind.ANONYMOUS, ReporterKind.ENTERPRISE})


@requires(Verb.MERGE)
@require_http_methods(["GET", "HEAD", "POST"])
def opinion_create(request: HttpRequest) -> HttpResponse:
    """First who spoke, then what was said: the first choice is in the address (`?who=` or `?kind=`)."""
    worker = reporter_in_address(request)
    kind = ReporterKind.WORKER if worker else request.GET.get("kind", "")
    if kind not in KINDS or (kind == ReporterKind.WORKER and not worker):
        return choose_reporter(request)
    form = OpinionForm(posted(request), request.FILES or None, actor=request.actor, kind=kind)
    save = partial(save_opinion, request, form, kind=kind, worker=worker)
    return saved_or_shown(request, form, save, "issues/opinion_form.html", worker=worker, kind=ReporterKind(kind))


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


@requires(Verb.LOG_CONTACT)
@require_http_methods(["GET", "HEAD", "POST"])
def visit_opinion(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """One more opinion of a visit, from who may still correct the visit itself; it counts on the visit's day."""
    logs = ContactLog.objects.visible_to(request.actor).select_related("cadre__user")
    log = get_object_or_404(logs.prefetch_related("participations__worker"), key=key)
    if not can_correct(request.actor, log, on=today()):
        raise PermissionDenied
    form = VisitOpinionForm(posted(request), actor=request.actor, log=log)
    save = partial(save_visit_opinion, request, form, log)
    return saved_or_shown(request, form, save, "issues/visit_opinion.html", log=log)


def save_visit_opinion(request: HttpRequest, form: VisitOpinionForm, log: ContactLog) -> HttpResponse:
    said = dict(form.cleaned_data)
    key = said.pop("key")
    create = partial(
        services.raise_opinion, by=request.user, at=log.happened_at, contact_log=log, cadre=log.cadre, **said
    )
    fingerprint = form.fingerprint(request.user, log)
    _opinion, is_new = save_once(Opinion, create, key=key, fingerprint=fingerprint)
    if is_new:
        messages.success(request, _("意见建议已补记。"), extra_tags="saved:visit-opinion")
    return see_other(request, log.get_absolute_url())
