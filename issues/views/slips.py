"""The slip: handed out by the union, read by the worker without an account."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from http import HTTPStatus

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lib.acting import posted
from lib.codes import grouped, read_code
from lib.errors import Refused
from lib.htmx import see_other
from lib.qr import qr_picture
from lib.throttle import Throttle, whence
from organization.guards import public, requires
from organization.roles import Verb

from .. import services
from ..enums import Rating
from ..forms.slips import ADD, DISPUTE, RATE, AdditionForm, CodeForm, DisputeForm, RatingForm
from ..models import Feedback, Opinion, Slip
from .merging import nothing_picked
from .outside import discreet, too_many
from .picking import picked
from .progress import matters_of, status_of

#: Wrong codes: a whole shift behind one address may mistype, and nobody tries out the 10^11 that there are.
GUESSES_HERE = Throttle("slip", most=20, seconds=15 * 60)
GUESSES = Throttle("slips", most=500, seconds=3600)


def found_slip(request: HttpRequest, code: str) -> Slip | HttpResponse:
    """The slip; or the page for none, the same for a code that never was, was replaced, or cannot be one."""
    if wait := max(GUESSES.wait(), GUESSES_HERE.wait(whence(request))):
        return too_many(request, wait)
    if slip := services.find_slip(code):
        return slip
    GUESSES.count()
    GUESSES_HERE.count(whence(request))
    form = CodeForm({"code": code[:40]})
    form.add_error("code", _("没有这个编号的回执。请对照回执再输一遍；补发过新回执的，旧编号不再有效。"))
    return render(request, "issues/door/lookup.html", {"form": form}, status=HTTPStatus.NOT_FOUND)


@public
@discreet
@require_safe
def slip_status(request: HttpRequest, code: str) -> HttpResponse:
    """Scanned. Reading changes nothing, for scanners of links read too."""
    clean = read_code(code)
    if clean and clean != code:
        return see_other(request, reverse("issues:slip_status", args=[clean]))
    slip = found_slip(request, code)
    return slip if isinstance(slip, HttpResponse) else slip_page(request, slip)


@public
@discreet
@require_http_methods(["GET", "HEAD", "POST"])
def slip_lookup(request: HttpRequest) -> HttpResponse:
    """Typed: the page stays at this address, which names nobody. So does what the worker says on it."""
    form = CodeForm(posted(request))
    if not form.is_valid():
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
        return render(request, "issues/door/lookup.html", {"form": form}, status=status)
    slip = found_slip(request, form.cleaned_data["code"])
    if isinstance(slip, HttpResponse):
        return slip
    said = SAYINGS.get(request.POST.get("do", ""))
    if said:
        return said(request, slip)
    services.note_reading(slip)
    return slip_page(request, slip)


def slip_page(
    request: HttpRequest, slip: Slip, *, form: forms.Form | None = None, done: str = "", refused: str = ""
) -> HttpResponse:
    """`form` is the one that was sent and has a fault."""
    opinion = slip.opinion
    matters = matters_of(opinion)
    context = {
        "code": slip.code,
        "printed_code": grouped(slip.code),
        "opinion": opinion,
        "matters": matters,
        "status_words": "" if matters else status_of(opinion),
        "form": form,
        "rating": form if isinstance(form, RatingForm) else RatingForm(feedbacks=Feedback.objects.none()),
        "dispute": form if isinstance(form, DisputeForm) else DisputeForm(feedbacks=Feedback.objects.none()),
        "addition": form if isinstance(form, AdditionForm) else AdditionForm(),
        "additions": opinion.additions.all(),
        "ratings": Rating.choices,
        "may_add": opinion.additions.count() < services.MOST_ADDITIONS,
        "done": done,
        "refused": refused,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form else HTTPStatus.CONFLICT if refused else HTTPStatus.OK
    return render(request, "issues/door/slip.html", context, status=status)


def answers_on(slip: Slip):
    return Feedback.objects.in_force().filter(opinion=slip.opinion_id)


def say(request: HttpRequest, slip: Slip, form: forms.Form, act: Callable[[], str]) -> HttpResponse:
    """Does what the form says, and shows the slip as it is then."""
    if not form.is_valid():
        if "feedback" in form.errors:
            return slip_page(request, slip, refused=str(services.Outdated()))
        return slip_page(request, slip, form=form)
    try:
        done = act()
    except Refused as refusal:
        return slip_page(request, slip, refused=str(refusal))
    slip.opinion.refresh_from_db()
    return slip_page(request, slip, done=done)


def say_rating(request: HttpRequest, slip: Slip) -> HttpResponse:
    form = RatingForm(request.POST, feedbacks=answers_on(slip))

    def act() -> str:
        services.rate_answer(form.cleaned_data["feedback"], rating=form.cleaned_data["rating"])
        return _("您的评价已收到，谢谢。")

    return say(request, slip, form, act)


def say_unsolved(request: HttpRequest, slip: Slip) -> HttpResponse:
    form = DisputeForm(request.POST, feedbacks=answers_on(slip))

    def act() -> str:
        reopened = services.dispute_answer(form.cleaned_data["feedback"], reason=form.cleaned_data["reason"])
        return _("已转为重新办理，请过些天再来看。") if reopened else _("工会已收到，正在核实。")

    return say(request, slip, form, act)


def say_more(request: HttpRequest, slip: Slip) -> HttpResponse:
    form = AdditionForm(request.POST)

    def act() -> str:
        said = form.cleaned_data
        services.add_words(slip, text=said["text"], key=said["key"], fingerprint=form.fingerprint(slip.opinion_id))
        return _("补充的内容已收到。")

    return say(request, slip, form, act)


SAYINGS = {RATE: say_rating, DISPUTE: say_unsolved, ADD: say_more}


@requires(Verb.GIVE_FEEDBACK)
@require_http_methods(["GET", "HEAD", "POST"])
def slip_create(request: HttpRequest) -> HttpResponse:
    """Slips for the workers of some opinions, shown once, to be printed or copied."""
    opinions = picked(request, Opinion.objects.visible_to(request.actor).with_list_relations())
    if not opinions:
        return nothing_picked(request)
    form = KeyForm(posted(request))
    refused, status = "", HTTPStatus.OK
    if request.method == "POST":
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        if form.is_valid():
            try:
                slips = services.issue_slips(opinions, by=request.user, key=form.cleaned_data["key"])
            except Refused as refusal:
                refused, status = str(refusal), HTTPStatus.CONFLICT
                form = KeyForm()
            else:
                return cards(request, list(zip(opinions, slips, strict=True)))
    have = set(Slip.objects.in_force().filter(opinion__in=opinions).values_list("opinion_id", flat=True))
    context = {"opinions": opinions, "have": have, "form": form, "refused": refused}
    return render(request, "issues/slip_create.html", context, status=status)


class KeyForm(forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


def cards(request: HttpRequest, handed: list[tuple[Opinion, Slip]]) -> HttpResponse:
    found = [{"opinion": opinion, "slip": slip, **face_of(slip.code)} for opinion, slip in handed]
    context = {"cards": found, "lookup": settings.PUBLIC_ADDRESS + reverse("issues:slip_lookup")}
    return render(request, "issues/slip_cards.html", context)


def face_of(code: str) -> dict[str, str]:
    """What a card shows of a code."""
    address = settings.PUBLIC_ADDRESS + reverse("issues:slip_status", args=[code])
    return {"code": grouped(code), "qr": qr_picture(address)}
