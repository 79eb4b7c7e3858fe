"""审批: the office, or the head of the department, approves an answer or sends it back."""

from __future__ import annotations

import uuid
from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lib.acting import Question, act, confirmed, posted
from lib.htmx import see_other
from organization.guards import requires
from organization.roles import Verb

from .. import services
from ..forms.replies import SeenReplyForm, SendBackForm
from ..models import Issue, Reply
from ..permissions import can_approve
from .department import own_dispatch
from .desk import office_issue


@requires(Verb.CLOSE)
@require_POST
def issue_approve(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    issue = office_issue(request, key)
    return approve(request, issue, back=issue.get_absolute_url())


@requires(Verb.CLOSE)
@require_http_methods(["GET", "HEAD", "POST"])
def issue_send_back(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    issue = office_issue(request, key)
    return send_back(request, issue, back=issue.get_absolute_url())


@requires(Verb.ANSWER)
@require_POST
def dept_approve(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    dispatch = own_dispatch(request, key)
    return approve(request, dispatch.issue, back=dispatch.get_absolute_url())


@requires(Verb.ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
def dept_send_back(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    dispatch = own_dispatch(request, key)
    return send_back(request, dispatch.issue, back=dispatch.get_absolute_url(), title=dispatch.title)


def approve(request: HttpRequest, issue: Issue, *, back: str) -> HttpResponse:
    if not can_approve(request.actor):
        raise PermissionDenied
    form = SeenReplyForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(services.NothingToApprove()))
    else:
        done = _("已审批通过，答复生效。")
        act(request, services.approve_reply, issue, by=request.user, done=done, **form.cleaned_data)
    return see_other(request, back)


def send_back(request: HttpRequest, issue: Issue, *, back: str, title: str = "") -> HttpResponse:
    """`title`: what a department knows the issue by; the office reads its number."""
    if not can_approve(request.actor):
        raise PermissionDenied
    waiting = reply_in_approval(issue)
    if request.method != "POST" and waiting is None:
        messages.error(request, str(services.NothingToApprove()))
        return see_other(request, back)
    question = Question(
        title=_("退回修改"),
        question=title or f"{issue.number} {issue.title}",
        confirm_label=_("退回修改"),
        cancel_url=back,
        consequences=[_("承办人看到原因后重新填写答复，原来的答复留在办理过程里。")],
    )
    form = SendBackForm(posted(request), initial={"seen": waiting.key if waiting else None})
    give_back = partial(services.send_back_reply, issue, by=request.user)
    return confirmed(request, question, form, give_back, done=_("答复已退回修改。"))


def reply_in_approval(issue: Issue) -> Reply | None:
    return Reply.objects.waiting().filter(dispatch__issue=issue).first()
