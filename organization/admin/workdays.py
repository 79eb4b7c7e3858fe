"""The working-day calendar: single days, and the yearly notice pasted as text."""

from __future__ import annotations

import datetime as dt

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from lib.acting import posted
from lib.errors import Refused
from lib.holiday_notice import parse_notice

from ..administration import RoleAdmin
from ..calendars import working_calendar
from ..forms import HolidayNoticeForm
from ..models import WorkdayOverride


@admin.register(WorkdayOverride)
class WorkdayOverrideAdmin(RoleAdmin):
    list_display = ["on", "works", "note"]
    list_filter = ["is_workday"]
    date_hierarchy = "day"
    ordering = ["-day"]
    change_list_template = "admin/organization/workdayoverride/change_list.html"

    @admin.display(description=_("日期"), ordering="day")
    def on(self, override: WorkdayOverride) -> str:
        return f"{override.day.isoformat()} {date_format(override.day, 'D')}"

    @admin.display(description=_("上班还是放假"), ordering="is_workday")
    def works(self, override: WorkdayOverride) -> str:
        """A red cross before every holiday looks like an error."""
        return _("上班") if override.is_workday else _("放假")

    def rows_within(self, rows: models.QuerySet, path: str) -> models.QuerySet:
        """One calendar for the whole installation."""
        return rows

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self.has_change_permission(request, obj)

    def get_urls(self) -> list:
        notice = path(
            "notice/", self.admin_site.admin_view(self.notice_view), name="organization_workdayoverride_notice"
        )
        return [notice, *super().get_urls()]

    def notice_view(self, request: HttpRequest) -> HttpResponse:
        """Paste the notice, look at the days that were read from it, save them."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        form = HolidayNoticeForm(posted(request))
        days: dict[dt.date, bool] = {}
        if form.is_valid():
            try:
                days = parse_notice(form.cleaned_data["text"], year=form.cleaned_data["year"])
            except Refused as error:
                form.add_error("text", str(error))
            else:
                if "confirm" in request.POST:
                    save_days(days)
                    self.message_saved(request, len(days))
                    return redirect(reverse("admin:organization_workdayoverride_changelist"))
        calendar = working_calendar()
        context = {
            **self.admin_site.each_context(request),
            "title": _("录入放假通知"),
            "opts": self.opts,
            "form": form,
            "days": [
                {"day": day, "is_workday": worked, "is_new": calendar.is_workday(day) != worked}
                for day, worked in days.items()
            ],
        }
        return render(request, "admin/organization/workdayoverride/notice.html", context)

    def message_saved(self, request: HttpRequest, count: int) -> None:
        text = ngettext("已保存 %(count)d 天。", "已保存 %(count)d 天。", count) % {"count": count}
        messages.success(request, text)


@transaction.atomic
def save_days(days: dict[dt.date, bool]) -> None:
    for day, worked in days.items():
        WorkdayOverride.objects.update_or_create(
            day=day, defaults={"is_workday": worked, "note": _("调休上班") if worked else _("放假")}
        )
