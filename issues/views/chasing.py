"""What the office does about an open dispatch: urge, supervise, grant or refuse more time."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lib.acting import Question, confirmed, posted
from lib.formats import screen_date
from lib.htmx import see_other
from lib.once import OtherWords
from organization.guards import requires
from organization.roles import Verb

from .. import services
from ..enums import ExtensionState
from ..forms.chasing import SettleExtensionForm, SuperviseForm, UrgeForm
from ..models import Dispatch
from ..permissions import can_chase

PAGE = require_http_methods(["GET", "HEAD", "POST"])


def office_dispatch(request: HttpRequest, key: uuid.UUID) -> Dispatch:
    dispatches = Dispatch.objects.visible_to(request.actor).select_related("issue", "department")
    return get_object_or_404(dispatches, key=key)


def ended(request: HttpRequest, dispatch: Dispatch) -> HttpResponse | None:
    """Back to the issue when the department owes nothing on it any more; what was typed is refused by the service."""
    if request.method == "POST" or can_chase(request.actor, dispatch):
        return None
    messages.error(request, str(services.NotOpen()))
    return see_other(request, dispatch.issue.get_absolute_url())


def named(dispatch: Dispatch) -> str:
    return f"{dispatch.issue.number} {dispatch.title} · {dispatch.department.label}"


def sent_once(service: Callable[..., object], form: forms.Form, request: HttpRequest) -> Callable[..., object]:
    """The service, told from which words; a form whose key stands for other words goes on under a new one."""

    def send(**said: Any) -> object:
        try:
            return service(by=request.user, fingerprint=form.fingerprint(request.user), **said)
        except OtherWords:
            form.renew_key()
            raise

    return send


@requires(Verb.DISPATCH)
@PAGE
def dispatch_urge(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    dispatch = office_dispatch(request, key)
    if answer := ended(request, dispatch):
        return answer
    question = Question(
        title=_("催办"),
        question=named(dispatch),
        confirm_label=_("催办"),
        cancel_url=dispatch.issue.get_absolute_url(),
        consequences=[_("承办人会收到提醒，在交办页面上看到这句话。")],
    )
    form = UrgeForm(posted(request))
    urge = sent_once(partial(services.urge_department, dispatch), form, request)
    return confirmed(request, question, form, urge, done=_("已催办。"))


@requires(Verb.DISPATCH)
@PAGE
def dispatch_supervise(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    dispatch = office_dispatch(request, key)
    if answer := ended(request, dispatch):
        return answer
    question = Question(
        title=_("督办"),
        question=named(dispatch),
        confirm_label=_("发出督办单"),
        cancel_url=dispatch.issue.get_absolute_url(),
        consequences=[
            _("督办单单独编号，部门答复后自动解除。"),
            _("部门按新的时限办理；问题原来的时限不变，超期仍计入统计。"),
        ],
    )
    form = SuperviseForm(posted(request))
    supervise = sent_once(partial(services.supervise_dispatch, dispatch), form, request)
    return confirmed(request, question, form, supervise, done=_("督办单已发出。"))


@requires(Verb.DISPATCH)
@PAGE
def dispatch_extension(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """批复 the request that waits, or waited when the page was opened."""
    dispatch = office_dispatch(request, key)
    extension = dispatch.extensions.last()
    if extension is None or (request.method != "POST" and extension.state != ExtensionState.ASKED):
        messages.error(request, _("这件交办没有待批的延期申请。"))
        return see_other(request, dispatch.issue.get_absolute_url())
    if answer := ended(request, dispatch):
        return answer
    days = {"due": screen_date(dispatch.due_on), "until": screen_date(extension.asked_until)}
    question = Question(
        title=_("批复延期申请"),
        question=named(dispatch),
        confirm_label=_("批复"),
        cancel_url=dispatch.issue.get_absolute_url(),
        consequences=[
            _("现在的时限是 %(due)s，申请延至 %(until)s。") % days,
            _("申请理由：%(reason)s") % {"reason": extension.reason},
        ],
    )

    def settle(*, decision: str, until, remark: str) -> None:
        if decision == ExtensionState.GRANTED:
            services.grant_extension(extension, until=until, remark=remark, by=request.user)
        else:
            services.refuse_extension(extension, remark=remark, by=request.user)

    form = SettleExtensionForm(posted(request), asked_until=extension.asked_until)
    return confirmed(request, question, form, settle, done=_("已批复。"))
