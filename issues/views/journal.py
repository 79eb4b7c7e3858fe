"""工作记事: notes on the way of an issue, apart from its history. Office and department have their own."""

from __future__ import annotations

import uuid
from functools import partial
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lib.acting import posted
from lib.errors import Refused
from lib.htmx import render_page_or_fragment, see_other
from lib.once import save_once
from organization.guards import requires
from organization.roles import Verb

from ..forms.journal import JournalForm
from ..models import Dispatch, Issue, JournalEntry

PAGE = require_http_methods(["GET", "HEAD", "POST"])


@requires(Verb.DISPATCH)
@PAGE
def issue_journal(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    issue = get_object_or_404(Issue.objects.visible_to(request.actor), key=key)
    return journal(request, issue, issue=issue)


@requires(Verb.ANSWER)
@PAGE
def dept_journal(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    dispatch = get_object_or_404(Dispatch.objects.visible_to(request.actor), key=key)
    return journal(request, dispatch, issue_id=dispatch.issue_id, dispatch=dispatch)


def journal(request: HttpRequest, subject: Issue | Dispatch, **place) -> HttpResponse:
    """The fragment for the page of `subject`, or a page of its own; what was typed stays on any error."""
    form = JournalForm(posted(request), initial={"key": uuid.uuid4()})
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            said = dict(form.cleaned_data)
            write = partial(JournalEntry.objects.create, by=request.user, text=said["text"], **place)
            try:
                save_once(JournalEntry, write, key=said["key"], fingerprint=form.fingerprint(request.user, subject))
            except Refused as refusal:
                status = form.refuse(refusal)
            else:
                messages.success(request, _("已记下。"))
                return see_other(request, subject.get_absolute_url())
    entries = JournalEntry.objects.visible_to(request.actor).filter(**place).select_related("by")
    context = {"form": form, "entries": entries, "subject": subject, "title": subject.title}
    return render_page_or_fragment(request, "issues/journal.html", "issues/_journal.html", context, status=status)
