"""单据 on the screen, for the printer, and as Word. Office and department get the same sheet."""

from __future__ import annotations

import uuid

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import override
from django.views.decorators.http import require_http_methods

from lib.docx import CONTENT_TYPE
from organization.guards import requires
from organization.roles import Verb
from records.services import record_download

from ..enums import PaperKind
from ..models import Dispatch, Reply
from ..paper_slips import as_word, file_name_of, kinds_of, paper_slip

PAGE = require_http_methods(["GET", "HEAD", "POST"])


@requires(Verb.DISPATCH)
@PAGE
def dispatch_slip(request: HttpRequest, key: uuid.UUID, kind: str) -> HttpResponse:
    dispatch = found(request, key)
    return slip(request, dispatch, kind, page="issues:dispatch_slip", back=dispatch.issue.get_absolute_url())


@requires(Verb.ANSWER)
@PAGE
def dept_slip(request: HttpRequest, key: uuid.UUID, kind: str) -> HttpResponse:
    dispatch = found(request, key)
    return slip(request, dispatch, kind, page="issues:dept_slip", back=dispatch.get_absolute_url())


def found(request: HttpRequest, key: uuid.UUID) -> Dispatch:
    dispatches = Dispatch.objects.visible_to(request.actor)
    dispatches = dispatches.select_related(
        "issue__category", "issue__office", "department", "matter_unit", "supervision"
    )
    return get_object_or_404(dispatches.prefetch_related(Prefetch("replies", Reply.objects.in_force())), key=key)


def slip(request: HttpRequest, dispatch: Dispatch, kind: str, *, page: str, back: str) -> HttpResponse:
    """A POST gives the file, because it writes into the register that one left."""
    kinds = kinds_of(dispatch)
    if kind not in kinds:
        raise Http404
    with override("zh-hans"):
        form = paper_slip(dispatch, PaperKind(kind))
    if request.method != "POST":
        sheets = [(each, reverse(page, args=[dispatch.key, each])) for each in kinds]
        context = {"form_on_paper": form, "sheets": sheets, "kind": kind, "back_url": back}
        return render(request, "issues/paper_slip.html", context)
    record_download(request.actor, kind="issues.paper_slip", rows=1, parameters={"kind": kind})
    response = HttpResponse(as_word(form), content_type=CONTENT_TYPE)
    response.headers["Content-Disposition"] = content_disposition_header(True, file_name_of(dispatch, PaperKind(kind)))
    return response
