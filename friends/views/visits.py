"""联系记录: the list, one log, and its correction by the author."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from liaison.models import Cadre
from lib.errors import Refused, Stale
from lib.htmx import see_other
from lib.periods import local_date, month_of, today
from organization.guards import requires
from organization.roles import Verb
from records.downloads import send_list

from ..corrections import compare, initial_of_revision, merged_data
from ..forms.correction import CorrectionForm
from ..lists.visits import VISITS
from ..models import ContactLog
from ..permissions import can_correct, can_read_notes
from ..services import correct_contact


@requires(Verb.READ_FRIENDS)
@require_http_methods(["GET", "HEAD", "POST"])
def visit_list(request: HttpRequest) -> HttpResponse:
    listing = VISITS.open_for(request)
    if request.method == "POST":
        return send_list(request, listing)
    return listing.render(request, "friends/visit_list.html", "friends/_visit_rows.html")


def log_of(request: HttpRequest, key) -> ContactLog:
    logs = ContactLog.objects.visible_to(request.actor).with_list_relations()
    return get_object_or_404(
        logs.prefetch_related(Prefetch("companions", Cadre.objects.select_related("user"))), key=key
    )


@requires(Verb.READ_FRIENDS)
@require_safe
def visit_detail(request: HttpRequest, key) -> HttpResponse:
    log = log_of(request, key)
    actor = request.actor
    context = {
        "log": log,
        "photos": log.photos.order_by("pk"),
        "companions": log.companions.all(),
        "opinions": log.opinions.visible_to(actor).with_list_relations().order_by("pk"),
        "notes": [row for row in log.participations.all() if row.note] if can_read_notes(actor, log) else [],
        "revisions": log.revisions.select_related("recorded_by"),
        "may_correct": can_correct(actor, log, on=today()),
        "may_log": actor.may(Verb.LOG_CONTACT),
        "is_late": (local_date(log.recorded_at) - log.happened_on).days > 1,
    }
    return render(request, "friends/visit_detail.html", context)


@requires(Verb.LOG_CONTACT)
@require_http_methods(["GET", "HEAD", "POST"])
def visit_edit(request: HttpRequest, key) -> HttpResponse:
    log = log_of(request, key)
    if not can_correct(request.actor, log, on=today()):
        raise PermissionDenied
    if request.method != "POST":
        return show(request, log, CorrectionForm(actor=request.actor, log=log))
    form = CorrectionForm(request.POST, actor=request.actor, log=log)
    if not form.is_valid():
        return show(request, log, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        correct_contact(log, by=request.user, version=form.cleaned_data["version"], **form.contact())
    except Stale:
        return conflict(request, form)
    except Refused as refused:
        form.add_error(None, str(refused))
        return show(request, log, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    messages.success(request, _("已保存修改。"), extra_tags=f"saved:{form.draft}")
    return see_other(request, log.get_absolute_url())


def show(
    request: HttpRequest, log: ContactLog, form: CorrectionForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"log": log, "form": form, "month": month_of(today()), **more}
    return render(request, "friends/visit_edit.html", context, status=status)


def conflict(request: HttpRequest, form: CorrectionForm) -> HttpResponse:
    """Somebody saved a later version: mine, theirs and what both began from; saving once more decides."""
    log = log_of(request, form.log.key)
    base = log.revisions.filter(version=form.cleaned_data["version"]).first()
    differences = compare(form, log, initial_of_revision(log, base) if base else form.initial_of(log))
    data = merged_data(request.POST, differences, version=log.version)
    fresh = CorrectionForm(data, actor=request.actor, log=log)
    asked = [difference for difference in differences if difference.is_conflict]
    return show(request, log, fresh, status=HTTPStatus.CONFLICT, differences=asked, is_stale=True)
