"""记一笔: the page that cadres use most. A form for the browser, and the same address in JSON for a queue."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from friends.enums import ContactChannel
from friends.models import ContactLog
from lib.errors import Refused
from lib.htmx import see_other
from lib.once import once
from organization.actors import Actor
from organization.guards import requires
from organization.roles import Verb

from ..categories import keywords_of
from ..forms.log import LogForm, card_numbers
from ..models import Category
from ..services import record_visit

#: Name of the draft in the browser.
DRAFT = "log"


@requires(Verb.LOG_CONTACT)
@require_http_methods(["GET", "HEAD", "POST"])
def log_create(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return show(request, new_form(request.actor, friend=request.GET.get("friend", "")))
    if "add_card" in request.POST or "remove_card" in request.POST:
        return show(request, rearranged(request.actor, request.POST))
    known = known_log(request.POST.get("key", ""))
    own = known if known and known.cadre_id == request.actor.cadre_id else None
    form = LogForm(request.POST, request.FILES, actor=request.actor, categories=categories(own), log=own)
    if not form.is_valid():
        return refuse(request, form)
    visit = form.visit()
    try:
        log, is_new = save_once(request.actor, visit)
    except Refused as refused:
        form.add_error(None, str(refused))
        return refuse(request, form)
    if log.cadre_id != request.actor.cadre_id or log.fingerprint != visit["fingerprint"]:
        return conflict(request, log)
    return receipt(request, log, is_new=is_new)


def new_form(actor: Actor, *, friend: str = "") -> LogForm:
    last = ContactLog.objects.filter(cadre=actor.cadre_id).values_list("channel", flat=True).first()
    initial = {
        "key": uuid.uuid4(),
        "channel": last or ContactChannel.FACE_TO_FACE,
        "workers": [friend] if friend else [],
    }
    return LogForm(actor=actor, categories=categories(), initial=initial)


def categories(log: ContactLog | None = None) -> list[Category]:
    """A copy that is sent again may name a category that was retired since."""
    return list(Category.objects.all() if log else Category.objects.active())


def rearranged(actor: Actor, data: QueryDict) -> LogForm:
    """One card more or less without a script: everything typed stays, and nothing is judged yet."""
    gone = data.get("remove_card", "")
    cards = [typed_card(data, number) for number in card_numbers(data) if str(number) != gone]
    if "add_card" in data:
        cards.append({})
    many = ("workers", "topics", "companions")
    initial = {name: data.getlist(name) if name in many else data[name] for name in data}
    return LogForm(actor=actor, categories=categories(), initial=initial, cards=cards)


def typed_card(data: QueryDict, number: int) -> Mapping[str, Any]:
    prefix = f"opinion-{number}-"
    return {
        "text": data.get(f"{prefix}text", ""),
        "category": data.get(f"{prefix}category", ""),
        "workers": data.getlist(f"{prefix}workers"),
        "is_urgent": f"{prefix}is_urgent" in data,
        "may_be_named": f"{prefix}may_be_named" in data,
    }


def known_log(key: str) -> ContactLog | None:
    try:
        return ContactLog.objects.filter(key=uuid.UUID(key)).first()
    except ValueError:
        return None


def save_once(actor: Actor, visit: Mapping[str, Any]) -> tuple[ContactLog, bool]:
    return once(lambda: record_visit(**visit, by=actor.user, cadre=actor.user.cadre))


def wants_json(request: HttpRequest) -> bool:
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def show(request: HttpRequest, form: LogForm, *, status: int = HTTPStatus.OK, **context: Any) -> HttpResponse:
    found = {
        "form": form,
        "draft": DRAFT,
        "keywords": [{"id": str(c.pk), "words": keywords_of(c)} for c in form.categories],
        **context,
    }
    return render(request, "issues/log_create.html", found, status=status)


def refuse(request: HttpRequest, form: LogForm) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"errors": form.all_errors}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    if "key" in form.errors:
        form.renew_key()
    return show(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def receipt(request: HttpRequest, log: ContactLog, *, is_new: bool) -> HttpResponse:
    """The same answer to the first copy and to every later one."""
    url = reverse("friends:visit_detail", args=[log.key])
    if wants_json(request):
        return JsonResponse(
            {"key": str(log.key), "url": url, "opinions": log.opinions.count()},
            status=HTTPStatus.CREATED if is_new else HTTPStatus.OK,
        )
    messages.success(request, _("已保存，可以再记一笔。"), extra_tags=f"saved:{DRAFT}")
    return see_other(request, url)


def conflict(request: HttpRequest, log: ContactLog) -> HttpResponse:
    """This key was saved with another text. Nothing is overwritten; sent once more it becomes a visit of its own."""
    is_own = log.cadre_id == request.actor.cadre_id
    url = reverse("friends:visit_detail", args=[log.key]) if is_own else ""
    if wants_json(request):
        return JsonResponse({"key": str(log.key), "url": url}, status=HTTPStatus.CONFLICT)
    form = LogForm(request.POST, actor=request.actor, categories=categories(), log=log if is_own else None)
    form.renew_key()
    return show(request, form, status=HTTPStatus.CONFLICT, known_url=url, is_known=True)
