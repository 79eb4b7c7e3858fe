"""What the views that act have in common."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, QueryDict

from lib.errors import Refused

#: More are not chosen by hand; it keeps addresses short enough for every proxy.
MOST_PICKED = 100


def act(request: HttpRequest, service: Callable[..., Any], *args, done: str, undo: str = "", **kwargs) -> bool:
    """Calls the service and tells the user: `done`, with an undo button where `undo` is an address, or why not."""
    try:
        service(*args, **kwargs)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return False
    messages.success(request, done, extra_tags=f"undo:{undo}" if undo else "")
    return True


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: an empty POST was sent too."""
    return request.POST if request.method == "POST" else None


def picked(request: HttpRequest, rows: QuerySet) -> list:
    """The rows chosen in a list (`?picked=key`, or from the form); a key that is not in `rows` is 404."""
    asked = list(dict.fromkeys([*request.POST.getlist("picked"), *request.GET.getlist("picked")]))
    try:
        keys = {uuid.UUID(key) for key in asked}
    except ValueError:
        raise Http404 from None
    if len(keys) > MOST_PICKED:
        raise Http404
    found = list(rows.filter(key__in=keys))
    if len(found) != len(keys):
        raise Http404
    return found


def picked_query(rows: list) -> str:
    return "&".join(f"picked={row.key}" for row in rows)
