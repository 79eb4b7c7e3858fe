from typing import Any

from django.http import HttpRequest


class ActingRequest(HttpRequest):
    """What a view gets behind the middleware that finds out who acts; the base knows no roles, so `actor` is open."""

    actor: Any
