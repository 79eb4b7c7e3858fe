"""Rows that were chosen in a list."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

#: More are not chosen by hand; it keeps addresses short enough for every proxy.
MOST_PICKED = 100


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
