"""/referrals/: what was referred upward, and its answer."""

from __future__ import annotations

import uuid
from http import HTTPStatus

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lib.acting import posted
from lib.errors import Refused
from lib.htmx import see_other
from organization.guards import requires
from organization.roles import Verb
from records.downloads import send_list

from .. import services
from ..enums import Move
from ..forms.referrals import AnswerReferralForm, ReferForm
from ..lists.referrals import REFERRALS, TABS, standing_of
from ..models import Referral
from ..permissions import can_answer_referral
from .desk import not_now, office_issue

PAGE = require_http_methods(["GET", "HEAD", "POST"])


@requires(Verb.DISPATCH)
@PAGE
def referral_list(request: HttpRequest) -> HttpResponse:
    listing = REFERRALS.open_for(request)
    if request.method == "POST":
        return send_list(request, listing)
    to_answer = Referral.objects.visible_to(request.actor).waiting().filter(to_unit=request.actor.unit)
    context = {"tabs": TABS, "counts": {"to_answer": to_answer.count()}}
    return listing.render(request, "issues/referral_list.html", "issues/_referral_rows.html", context)


@requires(Verb.DISPATCH)
@PAGE
def issue_refer(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    issue = office_issue(request, key)
    if request.method != "POST" and (answer := not_now(request, issue, Move.REFER)):
        return answer
    initial = {"key": uuid.uuid4(), "question": issue.wording}
    form = ReferForm(posted(request), actor=request.actor, initial=initial)
    status = HTTPStatus.OK
    if request.method == "POST" and form.is_valid():
        sent = {"fingerprint": form.fingerprint(request.user, issue), **form.cleaned_data}
        try:
            referral = services.refer_issue(issue, office=request.actor.unit, by=request.user, **sent)
        except Refused as refusal:
            status = form.refuse(refusal)
        else:
            messages.success(request, _("已上报%(to)s。") % {"to": referral.to})
            return see_other(request, issue.get_absolute_url())
    return render(request, "issues/issue_refer.html", {"issue": issue, "form": form}, status=status)


@requires(Verb.DISPATCH)
@PAGE
def referral_detail(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """What was asked; whoever is to answer does so here."""
    referrals = Referral.objects.visible_to(request.actor).select_related("issue__category", "office", "to_unit")
    referral = get_object_or_404(referrals, key=key)
    may_answer = can_answer_referral(request.actor, referral)
    form = AnswerReferralForm(posted(request))
    status = HTTPStatus.OK
    if request.method == "POST":
        if not may_answer and referral.is_waiting:
            raise PermissionDenied
        if form.is_valid():
            try:
                services.answer_referral(referral, by=request.user, **form.cleaned_data)
            except Refused as refusal:
                form.add_error(None, str(refusal))
                status = HTTPStatus.UNPROCESSABLE_ENTITY
            else:
                messages.success(request, _("答复已登记，上报单位会收到提醒。"))
                return see_other(request, referral.get_absolute_url())
    context = {
        "referral": referral,
        "standing": standing_of(referral),
        "form": form,
        # After a refusal the form stays, so that nothing typed is lost.
        "may_answer": may_answer or form.is_bound,
    }
    return render(request, "issues/referral_detail.html", context, status=status)
