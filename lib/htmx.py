"""One URL, one view: the whole page for a browser, the fragment for htmx."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django_htmx.http import HttpResponseClientRedirect


def wants_fragment(request: HttpRequest) -> bool:
    """A boosted link and a return through the history both need the whole page."""
    htmx = getattr(request, "htmx", None)
    return bool(htmx and not htmx.boosted and not htmx.history_restore_request)


def render_page_or_fragment(
    request: HttpRequest,
    page: str,
    fragment: str,
    context: dict[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    response = render(request, fragment if wants_fragment(request) else page, context, status=status)
    # Without it a cache, or the browser's own on "back", shows the bare fragment as the page.
    patch_vary_headers(response, ["HX-Request"])
    return response


class SeeOther(HttpResponseRedirect):
    status_code = 303


def see_other(request: HttpRequest, url: str) -> HttpResponse:
    """The answer to a POST that worked: the browser, or htmx, goes on by GET."""
    return HttpResponseClientRedirect(url) if wants_fragment(request) else SeeOther(url)
