"""The page for an error that nobody expected."""

import sys

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import server_error

#: Seconds after which to try again when the database takes nothing.
RETRY_AFTER = 30


def problem(request: HttpRequest) -> HttpResponse:
    """503 where the database takes nothing now: its disk is full, somebody holds it, a statement took too long.

    Called while the error is being handled, wherever it rose: in a view, or when the session was saved after it.
    """
    if not isinstance(sys.exc_info()[1], OperationalError):
        return server_error(request)
    return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": str(RETRY_AFTER)})
