"""What holds for every request, before any view: whose address counts, what is refused, which headers go out."""

from collections.abc import Callable, Iterable

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.template.loader import render_to_string

GetResponse = Callable[[HttpRequest], HttpResponse]


class ProxyAddressMiddleware:
    """Settle REMOTE_ADDR once, from the hop that our own proxy wrote, and drop what a client may have forged."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        forwarded = request.META.pop("HTTP_X_FORWARDED_FOR", "")
        hops = [hop.strip() for hop in forwarded.split(",") if hop.strip()]
        if settings.PROXY_COUNT and len(hops) >= settings.PROXY_COUNT:
            request.META["REMOTE_ADDR"] = hops[-settings.PROXY_COUNT]
        return self.get_response(request)


class RequestLimitsMiddleware:
    """Answer 413 to a body that is too large, 400 to one that cannot be read or holds a NUL character.

    PostgreSQL cannot store that one.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if body_size(request) > settings.MAX_BODY_BYTES:
            return refusal(413)
        try:
            if has_nul(request):
                return refusal(400)
        except RequestDataTooBig:
            return refusal(413)
        except (UnreadablePostError, BadRequest, SuspiciousOperation, MultiPartParserError):
            # Left to the views, the check against forged forms would read it once more, and fail in Django's own page.
            return refusal(400)
        return self.get_response(request)


class ResponseHeadersMiddleware:
    """Headers that Django has no setting for. Pages are never kept by browser or proxy: phones get lost."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "HEAD" and not response.streaming:
            # The length stays; gunicorn would complain about each body that it has to drop.
            response.content = b""
        response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cache-Control", "private, no-store")
        if request.method == "POST" and getattr(request.resolver_match, "url_name", "") == "account_logout":
            # Drafts leave the device also where no script ran; pages are never kept, so there is no cache to empty.
            response.headers["Clear-Site-Data"] = '"storage"'
        return response


def body_size(request: HttpRequest) -> int:
    """The declared length; a body without one is not read by Django at all."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


def has_nul(request: HttpRequest) -> bool:
    """Whether the path, any parameter or a JSON body holds a NUL character, plain or escaped."""
    if "\0" in request.path_info or holds_nul(request.GET.lists()):
        return True
    if request.content_type == "application/json":
        return b"\0" in request.body or b"\\u0000" in request.body
    return request.method == "POST" and holds_nul(request.POST.lists())


def holds_nul(parameters: Iterable[tuple[str, list[str]]]) -> bool:
    return any("\0" in name or any("\0" in value for value in values) for name, values in parameters)


def refusal(status: int) -> HttpResponse:
    """The page for this status; it stands alone, as there is neither session nor user yet."""
    return HttpResponse(render_to_string(f"{status}.html"), status=status)
