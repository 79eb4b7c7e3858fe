from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lib.errors import Refused
from lib.htmx import see_other
from lib.periods import month_of, today
from organization.guards import requires, signed_in
from organization.models import Unit
from organization.roles import Role, Verb

from . import page
from .definitions import definitions
from .exports import may_make_workbook, request_monthly
from .figures import DoesNotAddUp
from .forms import MonthForm
from .home import desk_for, year_so_far
from .monthly import HIDDEN, MonthlyReport, published_line
from .scopes import NoGroup, report_scope


@signed_in
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """工作台. A department has its desk; who only reads figures sees the year so far."""
    actor, day = request.actor, today()
    if actor.role == Role.HANDLER:
        return redirect("issues:dept_list")
    context = {"desk": desk_for(actor, day), "day": day, "may_log": actor.may(Verb.LOG_CONTACT)}
    if actor.role in (Role.OFFICE, Role.LEADER):
        month = month_of(day)
        context |= {"overview": year_so_far(actor, day), "month": month, "before": month.previous(), "hidden": HIDDEN}
        context["may_hide"] = not page.may_look_back(actor)
    return render(request, "reports/home.html", context)


@requires(Verb.READ_FIGURES)
@require_safe
def report_month(request: HttpRequest) -> HttpResponse:
    """The month of a unit: the closed loop and the contacts, each figure with its rows; what the workbook holds."""
    actor, day = request.actor, today()
    unit = unit_from(request, request.GET.get("unit", ""))
    # Without a month, or with one that is none, the present one; the form says what is wrong.
    form = MonthForm(request.GET or None)
    asked = form.cleaned_data if form.is_bound and (form.is_valid() or form.cleaned_data) else {}
    period = asked.get("month") or month_of(day)
    before, after = page.neighbours(period)
    context = {
        "form": form,
        "period": period,
        "unit": unit,
        "this_month": month_of(day).code,
        "today": day,
        "as_of": asked.get("as_of"),
        "may_look_back": page.may_look_back(actor) and period.last_day < day,
        "before_url": page.report_url(before, unit),
        "after_url": page.report_url(after, unit) if after else "",
        "before": before,
    }
    try:
        report = page.report_for(actor, period, unit, asked.get("as_of"))
    except NoGroup:
        return render(request, "reports/report_month.html", context | {"has_no_group": True})
    except DoesNotAddUp as refusal:
        return render(request, "reports/report_month.html", context | {"refusal": str(refusal)})
    return render(request, "reports/report_month.html", context | shown(request, report))


def shown(request: HttpRequest, report: MonthlyReport) -> dict:
    """The context of a report that adds up."""
    actor = request.actor
    return {
        "report": report,
        "crumbs": page.crumbs(report, actor),
        "tables": page.tables_of(report, actor),
        "month_line": published_line(report.total, "month"),
        "year_line": published_line(report.total, "year"),
        "rates": page.year_rates(report),
        "hidden": HIDDEN,
        "may_hide": not page.may_look_back(actor),
        "definitions": definitions(),
        "may_export": may_make_workbook(actor),
    }


@requires(Verb.EXPORT)
@require_POST
def report_export(request: HttpRequest) -> HttpResponse:
    """Asks the worker for the workbook; the exports page shows how far it is."""
    form = MonthForm(request.POST)
    unit = unit_from(request, request.POST.get("unit", ""))
    if not form.is_valid():
        messages.error(request, next(iter(form.errors.values()))[0])
        return see_other(request, reverse("reports:report_month"))
    month, day = form.cleaned_data["month"], form.cleaned_data["as_of"]
    try:
        request_monthly(request.actor, report_scope(request.actor, unit).unit, month, day)
    except NoGroup:
        raise Http404 from None
    except Refused as refusal:
        messages.error(request, str(refusal))
        return see_other(request, page.report_url(month, unit))
    messages.success(request, _("月报正在生成，完成后在这里下载。"))
    return see_other(request, reverse("records:export_list"))


def unit_from(request: HttpRequest, code: str) -> Unit | None:
    """The unit asked for; one that the reader may not ask for does not exist."""
    if not code:
        return None
    unit = page.unit_asked(request.actor, code)
    if unit is None:
        raise Http404
    return unit
