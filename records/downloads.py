"""Lists leave the house as workbooks: small ones at once, large ones by the worker, each written down."""

from __future__ import annotations

from io import BytesIO

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import override

from lib.errors import Refused
from lib.formats import file_name, screen_moment
from lib.htmx import see_other
from lib.lists import Listing, ListSpec
from lib.periods import today
from lib.xlsx import CONTENT_TYPE, write_flat
from organization.actors import Actor

from .exports import Made, Progress, register_export
from .models import Export
from .services import record_download, request_export

#: What a request answers at once; more is a job of the worker.
DIRECT_ROWS = 5_000
#: A sheet of Excel ends at 1,048,576.
MOST_ROWS = 1_000_000


def register_list(spec: ListSpec) -> None:
    """Called from AppConfig.ready: the worker makes the workbook of the list when it is too long for a request."""

    def maker(export: Export, progress: Progress) -> Made:
        listing = spec.open(progress.actor, export.parameters)
        with progress.path.open("wb") as target:
            rows = write_list(listing, target, limit=MOST_ROWS, progress=progress)
        return Made(list_file_name(listing), rows)

    register_export(spec.name, spec.title, maker)


def send_list(request: HttpRequest, listing: Listing, *, purpose: str = "") -> HttpResponse:
    """The answer to the POST of a list's Excel button: exactly the rows that its filters show, in their order."""
    if not listing.may_export:
        raise PermissionDenied
    if listing.rows.order_by()[: DIRECT_ROWS + 1].count() > DIRECT_ROWS:
        return ask_worker(request, listing, purpose=purpose)
    target = BytesIO()
    rows = write_list(listing, target, limit=DIRECT_ROWS)
    record_download(listing.actor, kind=listing.spec.name, rows=rows, purpose=purpose, parameters=listing.filter.chosen)
    response = HttpResponse(target.getvalue(), content_type=CONTENT_TYPE)
    response.headers["Content-Disposition"] = content_disposition_header(True, list_file_name(listing))
    return response


def ask_worker(request: HttpRequest, listing: Listing, *, purpose: str = "") -> HttpResponse:
    """What was searched for is not kept in an export's row: a list that long has to be cut by filters."""
    if listing.filter.data.get("q"):
        messages.error(request, _("搜索结果超过 %(limit)d 条，请改用筛选条件后再导出。") % {"limit": DIRECT_ROWS})
        return see_other(request, request.get_full_path())
    try:
        request_export(listing.actor, listing.spec.name, listing.filter.chosen, purpose=purpose)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("记录较多，正在后台生成，完成后在“导出记录”里下载。"))
    return see_other(request, request.get_full_path())


def write_list(listing: Listing, target, *, limit: int, progress: Progress | None = None) -> int:
    """Writes the workbook, in Chinese whatever language the pages are in; returns the number of rows."""
    with override("zh-hans"):
        total = listing.rows.order_by()[:limit].count() if progress else 0
        return write_flat(
            target,
            title=str(listing.spec.title),
            heads=listing.file_heads,
            widths=listing.file_widths,
            rows=listing.file_rows(limit),
            notes=notes_of(listing),
            progress=(lambda done: progress(done, total)) if progress else None,
        )


def list_file_name(listing: Listing) -> str:
    actor: Actor = listing.actor
    with override("zh-hans"):
        return file_name(str(listing.spec.title), actor.unit.label if actor.unit else "", today())


def notes_of(listing: Listing) -> list[str]:
    """Second sheet: who, when, and which filters."""
    return [
        f"导出人：{listing.actor.user}（{listing.actor.label}）",
        f"导出时间：{screen_moment(timezone.now())}",
        f"筛选条件：{'；'.join(listing.filter.in_words) or '无'}",
    ]
