from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lib.acting import act
from lib.htmx import render_page_or_fragment, see_other
from lib.pagination import page_of
from organization.guards import requires, signed_in
from organization.roles import Verb

from . import services
from .attachments import may_fetch
from .enums import OPEN_EXPORT_STATES, ExportState
from .kinds import kind_label
from .models import Attachment, Export
from .services.attachments import PICTURES

#: What the browser inside WeChat calls itself; it shows a blank page instead of a download.
WECHAT = "MicroMessenger"


@requires(Verb.EXPORT)
@require_safe
def export_list(request: HttpRequest) -> HttpResponse:
    page = page_of(request, Export.objects.visible_to(request.actor))
    for export in page:
        export.label = kind_label(export.kind)
        export.is_open = export.state in OPEN_EXPORT_STATES
        export.is_expired = export.state == ExportState.DONE and not export.is_available
        export.may_retry = export.is_expired or export.state in (ExportState.FAILED, ExportState.CANCELLED)
    context = {
        "page": page,
        "is_working": any(export.is_open for export in page),
        "in_wechat": WECHAT in request.headers.get("User-Agent", ""),
    }
    return render_page_or_fragment(request, "records/export_list.html", "records/_export_rows.html", context)


@requires(Verb.EXPORT)
@require_POST
def export_cancel(request: HttpRequest, key) -> HttpResponse:
    return moved(request, key, services.cancel_export, _("已取消。"))


@requires(Verb.EXPORT)
@require_POST
def export_retry(request: HttpRequest, key) -> HttpResponse:
    return moved(request, key, services.retry_export, _("正在重新生成。"))


@requires(Verb.EXPORT)
@require_POST
def export_download(request: HttpRequest, key) -> HttpResponse:
    """A POST, because it writes into the register that the file left."""
    export = get_object_or_404(Export.objects.visible_to(request.actor), key=key)
    if not export.is_available or not export.file:
        messages.error(request, _("文件已过期，请重新生成。"))
        return see_other(request, reverse("records:export_list"))
    services.record_download(
        request.actor, kind=export.kind, rows=export.rows_total, purpose=export.purpose, export=export
    )
    return FileResponse(export.file.open("rb"), as_attachment=True, filename=export.file_name)


@signed_in
@require_POST
def attachment_download(request: HttpRequest, key) -> HttpResponse:
    """Whoever sees the row that the file belongs to may have it; for everybody else it does not exist."""
    attachment = get_object_or_404(Attachment, key=key)
    if not may_fetch(request.actor, attachment):
        raise Http404
    services.record_download(request.actor, kind="attachment", attachment=attachment)
    name = PurePath(attachment.display_name).stem + PurePath(attachment.file.name).suffix
    return FileResponse(
        attachment.file.open("rb"), as_attachment=True, filename=name, content_type=attachment.content_type
    )


@signed_in
@require_safe
def attachment_photo(request: HttpRequest, key) -> HttpResponse:
    """A picture as a part of a page, `?small` beside others; whoever sees the row sees it."""
    pictures = Attachment.objects.filter(content_type__in=[kind for kind, _extension in PICTURES.values()])
    attachment = get_object_or_404(pictures, key=key)
    if not may_fetch(request.actor, attachment):
        raise Http404
    if "small" in request.GET:
        return HttpResponse(services.small_copy(attachment), content_type=attachment.content_type)
    # The name that it is stored under is random, and nobody's business.
    name = "photo" + PurePath(attachment.file.name).suffix
    return FileResponse(attachment.file.open("rb"), filename=name, content_type=attachment.content_type)


def moved(request: HttpRequest, key, service: Callable[[Export], None], words: str) -> HttpResponse:
    export = get_object_or_404(Export.objects.visible_to(request.actor), key=key)
    act(request, service, export, done=words)
    return see_other(request, reverse("records:export_list"))
