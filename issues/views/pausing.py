"""暂停计时 and 恢复计时, by the office."""

from __future__ import annotations

import uuid
from functools import partial

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from lib.acting import Question, confirmed, posted
from lib.formats import screen_date
from organization.guards import requires
from organization.roles import Verb

from .. import services
from ..enums import Move
from ..forms.chasing import PauseForm
from .chasing import PAGE, sent_once
from .desk import not_now, office_issue


@requires(Verb.DISPATCH)
@PAGE
def issue_pause(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    issue = office_issue(request, key)
    if request.method != "POST" and (answer := not_now(request, issue, Move.PAUSE)):
        return answer
    question = Question(
        title=_("暂停计时"),
        question=f"{issue.number} {issue.title}",
        confirm_label=_("暂停计时"),
        cancel_url=issue.get_absolute_url(),
        consequences=[
            _("从今天起停止计时，现在的时限是 %(due)s，按暂停的工作日顺延。") % {"due": screen_date(issue.due_on)},
            _("到恢复计时的日期自动继续；也可以提前恢复，多顺延的工作日会扣回。"),
        ],
    )
    form = PauseForm(posted(request))
    pause = sent_once(partial(services.pause_issue, issue), form, request)
    return confirmed(request, question, form, pause, done=_("已暂停计时，时限已顺延。"))


@requires(Verb.DISPATCH)
@PAGE
def issue_resume(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    issue = office_issue(request, key)
    if request.method != "POST" and (answer := not_now(request, issue, Move.RESUME)):
        return answer
    question = Question(
        title=_("恢复计时"),
        question=f"{issue.number} {issue.title}",
        confirm_label=_("恢复计时"),
        cancel_url=issue.get_absolute_url(),
        consequences=[_("从今天起继续计时，没有用完的暂停天数从时限里扣回。")],
    )
    resume = partial(services.resume_issue, issue, by=request.user)
    return confirmed(request, question, forms.Form(posted(request)), resume, done=_("已恢复计时。"))
