"""What views that act have in common."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, QueryDict

from lib.errors import Refused


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


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: an empty POST was sent too."""
    return request.POST if request.method == "POST" else None
