"""The check of a wording: while it is written, and before it is dispatched."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from friends.services import common_unit
from lib.htmx import render_page_or_fragment
from organization.guards import requires
from organization.models import Unit
from organization.roles import Verb

from .. import services
from ..discretion import Hit, Matter, check_wording, pieces_of
from ..models import Category, Issue
from .merging import picked_opinions

#: Of a field name in the form of kept hits; the place follows.
PLACE = "place-"
LONGEST_WORDING = 2000


@requires(Verb.DISPATCH)
@require_POST
def wording_check(request: HttpRequest) -> HttpResponse:
    """What of title and wording, as typed so far, may tell who spoke. Nothing is saved."""
    title, wording = (request.POST.get(name, "")[:LONGEST_WORDING] for name in ("title", "wording"))
    matter = matter_in(request)
    hits = check_wording(title, wording, matter) if matter else []
    context = {"is_checked": matter is not None, **marked(title, wording, hits)}
    return render_page_or_fragment(request, "issues/wording_check.html", "issues/_wording_hits.html", context)


def matter_in(request: HttpRequest) -> Matter | None:
    """The matter of a form of an issue: its opinions, its unit (else theirs), its category (else theirs)."""
    opinions = picked_opinions(request)
    if not opinions:
        return None
    typed = request.POST.get("unit", "")
    unit = Unit.objects.within(request.actor.unit).filter(code=typed).first()
    category = request.POST.get("category", "")
    kind = Category.objects.filter(pk=category).first() if category.isdecimal() and len(category) < 10 else None
    return services.matter_of(
        unit=unit or common_unit(opinion.unit for opinion in opinions),
        category=kind or opinions[0].category,
        scope=request.actor.unit,
        opinions=opinions,
    )


def marked(title: str, wording: str, hits: list[Hit]) -> dict[str, Any]:
    """Both texts cut at their hits, and each hit once, however often its words stand in their sentence."""
    return {
        "title_pieces": pieces_of(title, [hit for hit in hits if hit.part == "title"]),
        "wording_pieces": pieces_of(wording, [hit for hit in hits if hit.part == "wording"]),
        "hits": list({hit.place: hit for hit in hits}.values()),
    }


def check_of(issue: Issue) -> dict[str, Any]:
    """For the page that dispatches: the hits, what was decided about each, how many are left."""
    hits = services.hits_of(issue)
    kept = services.kept_hits(issue, hits)
    context = marked(issue.title, issue.wording, hits)
    return {
        **context,
        "settled_hits": [(hit, kept.get(hit.place), f"{PLACE}{hit.place}") for hit in context["hits"]],
        "unsettled": sum(hit.place not in kept for hit in context["hits"]),
    }


def reasons_in(request: HttpRequest) -> dict[str, str]:
    """The reasons that were chosen on that page, by the place of the hit."""
    chosen = {name.removeprefix(PLACE): reason for name, reason in request.POST.items() if name.startswith(PLACE)}
    return {place: reason for place, reason in chosen.items() if reason}
