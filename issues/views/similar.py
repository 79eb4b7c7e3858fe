"""“类似诉求 3 条，＋1 附议”: a hint while an opinion is typed, within what its writer may see."""

from __future__ import annotations

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from organization.guards import requires
from organization.roles import Verb

from ..forms.opinions import OPINION_LIMIT
from ..matching import similar_opinions

MOST_SHOWN = 3
#: Less than what the desk proposes: who types sees at once whether it is the same, and nothing is merged by it.
SHOWN_FROM = 0.5
#: Which card of the log is being typed; empty for a form of one opinion.
_card = re.compile(r"|opinion-[0-9]{1,3}")


@requires(Verb.READ_OPINIONS)
@require_POST
def opinion_similar(request: HttpRequest) -> HttpResponse:
    """Fragment. A POST that only reads: what somebody said must stand in no address."""
    card = request.POST.get("of", "")
    if not _card.fullmatch(card):
        raise Http404
    prefix = f"{card}-" if card else ""
    text = request.POST.get(f"{prefix}text", "")[:OPINION_LIMIT].strip()
    found = similar_opinions(request.actor, text, limit=MOST_SHOWN) if text else []
    alike = [opinion for opinion, likeness in found if likeness.score >= SHOWN_FROM]
    chosen = request.POST.get(f"{prefix}seconds", "")
    return render(request, "issues/_similar.html", {"alike": alike, "name": f"{prefix}seconds", "chosen": chosen})
