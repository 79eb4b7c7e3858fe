"""/issues/dispatch/ 分办台: many issues go to departments at once, each as it is proposed or as the office decides."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from lib.errors import Refused
from lib.htmx import see_other
from organization.guards import requires
from organization.models import Unit
from organization.roles import Verb

from .. import services
from ..forms.dispatching import Departments, DepartmentsForm
from ..lists.dispatch_desk import DISPATCHABLE
from ..models import Issue
from .picking import picked

#: Button of the confirmation, and the way back from it.
SEND, EDIT = "send", "edit"


@dataclass
class Row:
    """An issue with the form that says where it goes."""

    issue: Issue
    form: DepartmentsForm
    is_picked: bool = False
    #: Why it was not dispatched.
    refusal: str = ""

    @property
    def departments(self) -> list[Unit]:
        return [self.form.cleaned_data["lead"], *self.form.cleaned_data["supporting"]]

    @property
    def matter_unit(self) -> Unit:
        return services.matter_unit_of(self.issue.unit)


@requires(Verb.DISPATCH)
@require_http_methods(["GET", "HEAD", "POST"])
def dispatch_desk(request: HttpRequest) -> HttpResponse:
    """Tick, look at the preview, send. Nothing is kept on the way: each page carries what was chosen to the next."""
    if request.method != "POST":
        return desk(request)
    chosen = picked(request, Issue.objects.visible_to(request.actor).select_related("unit", "category"))
    if not chosen:
        messages.warning(request, _("请先勾选要交办的问题。"))
        return desk(request)
    rows = rows_of(request, sorted(chosen, key=lambda issue: issue.number), request.POST)
    asked = request.POST.get("step", "")
    are_valid = all(row.form.is_valid() for row in rows)
    if asked == EDIT or not are_valid:
        return desk(request, status=HTTPStatus.OK if are_valid else HTTPStatus.UNPROCESSABLE_ENTITY)
    if asked != SEND:
        return render(request, "issues/dispatch_preview.html", {"rows": rows})
    return send(request, rows)


def desk(request: HttpRequest, *, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    """The list with a form per row; what was typed, ticked or refused stands there again."""
    listing = DISPATCHABLE.open_for(request)

    def with_rows(page) -> dict:
        return {"rows": rows_of(request, page.rows, request.POST or None)}

    response = listing.render(request, "issues/dispatch_desk.html", "issues/_dispatch_desk_rows.html", more=with_rows)
    response.status_code = status
    return response


def rows_of(request: HttpRequest, issues: Collection[Issue], data: QueryDict | None) -> list[Row]:
    """As proposed, or as it was sent; only what is ticked is checked, the others show what was typed."""
    proposals = services.propose_departments(issues, reach=request.actor.unit)
    units = {issue.unit.paths_to_root()[0]: issue.unit for issue in issues}
    departments = {root: Departments(unit) for root, unit in units.items()}
    ticked = set(data.getlist("picked")) if data else set()
    rows = []
    for issue in issues:
        is_picked = str(issue.key) in ticked
        form = DepartmentsForm(
            data if is_picked else None,
            prefix=str(issue.key),
            issue=issue,
            departments=departments[issue.unit.paths_to_root()[0]],
            proposal=proposals.get(issue.pk),
        )
        if data and not is_picked:
            form.keep_typed(data)
        rows.append(Row(issue, form, is_picked=is_picked))
    return rows


def send(request: HttpRequest, rows: list[Row]) -> HttpResponse:
    """Each through the one door: what one refuses does not keep the others. What was refused is shown with why."""
    for row in rows:
        try:
            check_unchanged(request, row.issue)
            services.dispatch_issue(row.issue, by=request.user, **row.form.cleaned_data)
        except Refused as refusal:
            row.refusal = str(refusal)
    refused = [row for row in rows if row.refusal]
    sent = [row for row in rows if not row.refusal]
    if refused:
        context = {"refused": refused, "sent": sent}
        return render(request, "issues/dispatch_result.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    words = ngettext("已交办 %(count)d 件。", "已交办 %(count)d 件。", len(sent)) % {"count": len(sent)}
    messages.success(request, words)
    return see_other(request, request.get_full_path())


def check_unchanged(request: HttpRequest, issue: Issue) -> None:
    """The departments get what the office saw in the preview."""
    if request.POST.get(f"{issue.key}-version", "") != str(issue.version):
        raise Refused(_("核对之后，问题的内容又有变动，请重新核对。"), code="changed")
