from __future__ import annotations

from functools import partial
from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from liaison.models import LiaisonGroup
from lib.acting import Question, confirmed, posted
from lib.errors import Refused
from lib.htmx import see_other
from lib.periods import today
from organization.calendars import working_calendar
from organization.guards import requires
from organization.roles import Role, Verb
from records.downloads import send_list

from . import services
from .agenda import agenda_for, previous_meeting
from .enums import MeetingState
from .forms import CancelForm, HeldForm, MeetingForm
from .lists import MEETINGS, TABS
from .models import Meeting
from .permissions import can_manage


@requires(Verb.READ_MEETINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_list(request: HttpRequest) -> HttpResponse:
    listing = MEETINGS.open_for(request)
    if request.method == "POST":
        return send_list(request, listing)
    context = {"tabs": TABS, "may_plan": request.actor.may(Verb.HOLD_MEETINGS)}
    return listing.render(request, "meetings/meeting_list.html", "meetings/_meeting_rows.html", context)


@requires(Verb.HOLD_MEETINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_create(request: HttpRequest) -> HttpResponse:
    form = MeetingForm(posted(request), actor=request.actor)
    status = HTTPStatus.OK
    if request.method == "POST" and form.is_valid():
        plan = {name: value for name, value in form.cleaned_data.items() if name not in ("version", "group")}
        group = form.cleaned_data.get("group") or group_of(request.actor)
        unit = group.unit if group else request.actor.unit
        try:
            fingerprint = form.fingerprint(request.user)
            meeting, is_new = services.plan_meeting(
                by=request.user, unit=unit, group=group, fingerprint=fingerprint, **plan
            )
        except Refused as refusal:
            status = form.refuse(refusal)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            if is_new:
                messages.success(request, _("例会已排定，会前 7 天和 1 天自动提醒小组成员。"))
                warn_of_day_off(request, meeting)
            return see_other(request, meeting.get_absolute_url())
    return render(request, "meetings/meeting_create.html", {"form": form}, status=status)


@requires(Verb.READ_MEETINGS)
@require_safe
def meeting_detail(request: HttpRequest, key) -> HttpResponse:
    meeting = visible_meeting(request, key)
    previous = previous_meeting(meeting)
    is_planned = meeting.state == MeetingState.PLANNED
    context = {
        "meeting": meeting,
        "previous": previous,
        "attendees": meeting.attendees.select_related("user"),
        "agenda": agenda_for(meeting, today(), request.actor, previous) if is_planned else [],
        "may_manage": can_manage(request.actor, meeting),
        "is_planned": is_planned,
        "is_past": is_planned and meeting.held_on < today(),
    }
    return render(request, "meetings/meeting_detail.html", context)


@requires(Verb.HOLD_MEETINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_change(request: HttpRequest, key) -> HttpResponse:
    meeting = managed_meeting(request, key)
    form = MeetingForm(posted(request), actor=request.actor, meeting=meeting)
    if request.method == "POST" and form.is_valid():
        changes = {name: form.cleaned_data[name] for name in services.PLAN_FIELDS}
        if done(request, form, services.change_meeting, meeting, changes, _("例会安排已修改。")):
            warn_of_day_off(request, meeting)
            return see_other(request, meeting.get_absolute_url())
    return render(request, "meetings/meeting_change.html", {"form": form, "meeting": meeting})


@requires(Verb.HOLD_MEETINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_hold(request: HttpRequest, key) -> HttpResponse:
    meeting = managed_meeting(request, key)
    form = HeldForm(posted(request), meeting=meeting)
    if request.method == "POST" and form.is_valid():
        held = {name: form.cleaned_data[name] for name in ("held_on", "attendees", "minutes")}
        if done(request, form, services.hold_meeting, meeting, held, _("会议情况已登记。")):
            return see_other(request, meeting.get_absolute_url())
    return render(request, "meetings/meeting_hold.html", {"form": form, "meeting": meeting})


@requires(Verb.HOLD_MEETINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_cancel(request: HttpRequest, key) -> HttpResponse:
    meeting = managed_meeting(request, key)
    question = Question(
        title=_("取消例会"),
        question=_("取消“%(title)s”（%(day)s）？") % {"title": meeting.title, "day": meeting.held_on.isoformat()},
        confirm_label=_("确认取消例会"),
        cancel_url=meeting.get_absolute_url(),
    )
    return confirmed(
        request,
        question,
        CancelForm(posted(request), initial={"version": meeting.version}),
        partial(services.cancel_meeting, meeting),
        done=_("例会已取消，小组成员会收到提醒。"),
        then=reverse("meetings:meeting_list"),
    )


def visible_meeting(request: HttpRequest, key) -> Meeting:
    meetings = Meeting.objects.visible_to(request.actor).select_related("unit", "group")
    return get_object_or_404(meetings, key=key)


def managed_meeting(request: HttpRequest, key) -> Meeting:
    meeting = visible_meeting(request, key)
    if not can_manage(request.actor, meeting):
        raise PermissionDenied
    return meeting


def group_of(actor) -> LiaisonGroup | None:
    """The group that a leader plans for; the office chooses one in the form."""
    if actor.role == Role.OFFICE:
        return None
    return LiaisonGroup.objects.select_related("unit").get(pk=actor.group_id)


def done(request: HttpRequest, form: Form, service, meeting: Meeting, arguments: dict, words: str) -> bool:
    """Calls the service with the version that the form was filled from; a refusal is shown on the form."""
    try:
        service(meeting, version=form.cleaned_data["version"], **arguments)
    except Refused as refusal:
        form.add_error(None, str(refusal))
    except ValidationError as error:
        form.add_error(None, error.messages)
    else:
        messages.success(request, words)
    return form.is_valid()


def warn_of_day_off(request: HttpRequest, meeting: Meeting) -> None:
    """A meeting on a day off is allowed, and pointed out."""
    if meeting.state == MeetingState.PLANNED and not working_calendar().is_workday(meeting.held_on):
        messages.warning(request, _("请留意：%(day)s 是休息日。") % {"day": meeting.held_on.isoformat()})
