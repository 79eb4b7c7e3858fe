"""What views that act have in common."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from lib.errors import Refused
from lib.htmx import see_other
from lib.once import SentOnceForm


class ActingRequest(HttpRequest):
    """What a view gets behind the middleware that finds out who acts; the base knows no roles, so `actor` is open."""

    actor: Any


def act(
    request: HttpRequest, service: Callable[..., Any], *args: Any, done: str, undo: str = "", **kwargs: Any
) -> bool:
    """Calls the service and tells the user: `done`, with an undo button where `undo` is an address, or why not."""
    try:
        service(*args, **kwargs)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return False
    messages.success(request, done, extra_tags=f"undo:{undo}" if undo else "")
    return True


@dataclass(frozen=True)
class Question:
    """What components/confirm_page.html asks before a step that is not easily taken back."""

    title: str
    question: str
    confirm_label: str
    cancel_url: str
    consequences: Sequence[str] = ()


def confirmed(
    request: HttpRequest,
    question: Question,
    form: forms.Form,
    service: Callable[..., object],
    *,
    done: str,
    then: str = "",
) -> HttpResponse:
    """Asks first; sent, calls the service with what the form says, and goes on to `then` or back.

    A refusal is shown on the question, above everything that was typed.
    """
    if request.method == "POST" and form.is_valid():
        try:
            service(**form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, done)
            return see_other(request, then or question.cancel_url)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "components/confirm_page.html", {**asdict(question), "form": form}, status=status)


def saved_or_shown(
    request: HttpRequest, form: SentOnceForm, save: Callable[[], HttpResponse], template: str, **context: Any
) -> HttpResponse:
    """Saves what was sent, or shows the form with everything that was typed."""
    status = HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                return save()
            except Refused as refusal:
                status = form.refuse(refusal)
    return render(request, template, {"form": form, **context}, status=status)


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: an empty POST was sent too."""
    return request.POST if request.method == "POST" else None
