"""The same step for several issues: first what would become of each, then all of them, each by itself."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from http import HTTPStatus

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from lib.errors import Refused
from lib.htmx import see_other
from organization.guards import requires
from organization.models import User
from organization.roles import Verb

from .. import services
from ..forms.chasing import UrgeForm
from ..forms.issues import CloseForm
from ..models import Issue
from .picking import picked

#: Takes an issue, who acts and what the form says.
Step = Callable[..., object]
#: Stands for the words that are not written yet when the preview is made.
UNWRITTEN = "…"


@requires(Verb.CLOSE)
@require_POST
def bulk_close(request: HttpRequest) -> HttpResponse:
    return bulk(request, CloseForm, services.close_issue, title=_("批量销号"))


@requires(Verb.DISPATCH)
@require_POST
def bulk_urge(request: HttpRequest) -> HttpResponse:
    return bulk(request, UrgeForm, urge_departments, title=_("批量催办"), text=UNWRITTEN)


def urge_departments(issue: Issue, *, by: User, text: str, key: uuid.UUID | None = None) -> None:
    """Every department that still owes something on it; sent twice each is urged once."""
    dispatches = list(issue.dispatches.open())
    if not dispatches:
        raise Refused(_("没有部门正在办理，不需要催办。"), code="nobody_to_urge")
    for dispatch in dispatches:
        own_key = uuid.uuid5(key, str(dispatch.key)) if key else None
        services.urge_department(dispatch, text=text, by=by, key=own_key)


def bulk(request: HttpRequest, form_class: type[forms.Form], step: Step, *, title: str, **unwritten) -> HttpResponse:
    """The preview rehearses the step for each issue (`unwritten` in place of the form); sent again it is done."""
    chosen = picked(request, Issue.objects.visible_to(request.actor).select_related("unit", "category"))
    back = reverse("issues:issue_list")
    if not chosen:
        messages.warning(request, _("请先勾选问题。"))
        return see_other(request, back)
    chosen.sort(key=lambda issue: issue.number)
    is_sent = "send" in request.POST
    form = form_class(request.POST if is_sent else None)
    context = {"title": title, "form": form, "back_url": back}
    if not is_sent or not form.is_valid():
        context["rows"] = [(issue, rehearsed(step, issue, by=request.user, **unwritten)) for issue in chosen]
        status = HTTPStatus.UNPROCESSABLE_ENTITY if is_sent else HTTPStatus.OK
        return render(request, "issues/bulk_preview.html", context, status=status)
    rows = [(issue, attempted(step, issue, by=request.user, **form.cleaned_data)) for issue in chosen]
    if any(refusal for _issue, refusal in rows):
        return render(request, "issues/bulk_result.html", {**context, "rows": rows}, status=422)
    words = ngettext("%(title)s：%(count)d 项已完成。", "%(title)s：%(count)d 项已完成。", len(rows))
    messages.success(request, words % {"title": title, "count": len(rows)})
    return see_other(request, back)


def attempted(step: Step, issue: Issue, **said) -> str:
    """Why it was refused, or nothing."""
    try:
        step(issue, **said)
    except Refused as refusal:
        return str(refusal)
    return ""


def rehearsed(step: Step, issue: Issue, **said) -> str:
    """The same, with nothing of it kept."""
    with transaction.atomic():
        refusal = attempted(step, issue, **said)
        transaction.set_rollback(True)
    return refusal
