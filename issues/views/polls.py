"""Polls about the cases of a half-year: opened by the office, secret, and settled by the office."""

from __future__ import annotations

import uuid
from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lib.acting import posted
from lib.docx import CONTENT_TYPE
from lib.errors import Refused
from lib.formats import file_name
from lib.htmx import see_other
from organization.guards import requires
from organization.roles import Verb
from records.services import record_download

from ..enums import MOST_SELECTED
from ..forms.cases import BallotForm, PollDaysForm, PollForm, SelectionForm, half_choices
from ..models import CasePoll
from ..permissions import can_run_poll
from ..selection import selected_cases, selection_document, selection_title
from ..services import cases as services

PAGE = require_http_methods(["GET", "HEAD", "POST"])


def visible_poll(request: HttpRequest, key: uuid.UUID) -> CasePoll:
    return get_object_or_404(CasePoll.objects.visible_to(request.actor).select_related("unit"), key=key)


def own_poll(request: HttpRequest, key: uuid.UUID) -> CasePoll:
    """One that the visitor's office runs: read by more than run it."""
    poll = visible_poll(request, key)
    if not can_run_poll(request.actor, poll):
        raise PermissionDenied
    return poll


@requires(Verb.VOTE)
@PAGE
def poll_detail(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Before the closing the ballot, afterwards the votes."""
    poll = visible_poll(request, key)
    cases = poll.cases().select_related("unit")
    mine = set(poll.votes.filter(voter=request.user).values_list("case__key", flat=True))
    form = BallotForm(posted(request), cases=cases, initial={"cases": mine})
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                services.cast_votes(poll, by=request.user, **form.cleaned_data)
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                done = _("选票已保存，共投 %(count)d 票。截止前可以修改。") % {"count": len(form.cleaned_data["cases"])}
                messages.success(request, done)
                return see_other(request, poll.get_absolute_url())
    context = {
        "poll": poll,
        "form": form,
        "cases": cases,
        "ticked": {str(key) for key in (form["cases"].value() or [])},
        "ranking": services.ranked(poll.counted().select_related("unit")) if poll.has_closed() else [],
        "may_run": can_run_poll(request.actor, poll),
    }
    return render(request, "issues/poll_detail.html", context, status=status)


@requires(Verb.RUN_POLLS)
@PAGE
def poll_create(request: HttpRequest) -> HttpResponse:
    form = PollForm(posted(request), initial={"half": half_choices()[1][0]})
    if request.method == "POST" and form.is_valid():
        try:
            poll = services.open_poll(unit=request.actor.unit, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("投票已安排。"))
            return see_other(request, poll.get_absolute_url())
    return render(request, "issues/poll_form.html", {"form": form, "title": _("发起投票")})


@requires(Verb.RUN_POLLS)
@PAGE
def poll_update(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    poll = own_poll(request, key)
    form = PollDaysForm(posted(request), initial={"opens_on": poll.opens_on, "closes_on": poll.closes_on})
    if request.method == "POST" and form.is_valid():
        try:
            services.change_poll(poll, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("修改已保存。"))
            return see_other(request, poll.get_absolute_url())
    return render(request, "issues/poll_form.html", {"form": form, "poll": poll, "title": _("修改投票日期")})


@requires(Verb.RUN_POLLS)
@PAGE
def poll_select(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The ten best, proposed by the votes; equal votes at the edge are left to the office."""
    poll = own_poll(request, key)
    if poll.finished_on or not poll.has_closed():
        return see_other(request, poll.get_absolute_url())
    ranking = services.ranked(poll.counted().select_related("unit"))
    proposed = [case.key for rank, _shared, case in ranking if case.vote_count and within_ten(rank, ranking)]
    form = SelectionForm(posted(request), cases=poll.cases(), initial={"cases": proposed})
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                services.select_cases(poll, **form.cleaned_data)
            except Refused as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, _("评定结果已公布。"))
                return see_other(request, poll.get_absolute_url())
    ticked = {str(key) for key in (form["cases"].value() or [])}
    context = {"poll": poll, "form": form, "ranking": ranking, "ticked": ticked}
    return render(request, "issues/poll_select.html", context, status=status)


def within_ten(rank: int, ranking: list) -> bool:
    """Whether all who share the rank find room."""
    return sum(1 for other, _shared, _case in ranking if other <= rank) <= MOST_SELECTED


@requires(Verb.VOTE)
@require_safe
def poll_selection(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The stories that were selected, to be read and printed."""
    poll = visible_poll(request, key)
    if not poll.finished_on:
        return see_other(request, poll.get_absolute_url())
    context = {"poll": poll, "cases": selected_cases(poll), "title": selection_title(poll)}
    return render(request, "issues/poll_selection.html", context)


@requires(Verb.VOTE)
@require_POST
def poll_document(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The same as a Word document: a POST, because it writes to the register."""
    poll = visible_poll(request, key)
    if not poll.finished_on:
        return see_other(request, poll.get_absolute_url())
    record_download(request.actor, kind="case_selection", rows=len(selected_cases(poll)))
    response = HttpResponse(selection_document(poll), content_type=CONTENT_TYPE)
    name = file_name(selection_title(poll), poll.unit.label, poll.finished_on, "docx")
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    return response
