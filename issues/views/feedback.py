"""/callbacks/: what the union owes to those who spoke, and telling them."""

from __future__ import annotations

import uuid
from functools import partial
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lib.acting import Question, act, confirmed, posted
from lib.htmx import see_other
from organization.guards import requires
from organization.roles import Verb
from records.downloads import send_list

from .. import services
from ..enums import FeedbackState
from ..forms.feedback import TellForm, UnreachableForm, UpholdForm
from ..lists.feedback import FEEDBACKS, TABS
from ..models import Feedback, Reply
from ..permissions import can_publish, can_settle_without_telling, can_uphold
from .picking import picked, picked_query


@requires(Verb.GIVE_FEEDBACK)
@require_http_methods(["GET", "HEAD", "POST"])
def feedback_list(request: HttpRequest) -> HttpResponse:
    listing = FEEDBACKS.open_for(request)
    if request.method == "POST":
        return send_list(request, listing)
    return listing.render(request, "issues/feedback_list.html", "issues/_feedback_rows.html", {"tabs": TABS})


def own_feedback(request: HttpRequest, key: uuid.UUID) -> Feedback:
    feedbacks = Feedback.objects.visible_to(request.actor).in_force().with_list_relations()
    return get_object_or_404(feedbacks, key=key)


@requires(Verb.GIVE_FEEDBACK)
@require_http_methods(["GET", "HEAD", "POST"])
def feedback_detail(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """What was said, what was answered, and the form that says who has been told: one talk may reach several."""
    feedback = own_feedback(request, key)
    owed = Feedback.objects.visible_to(request.actor).owed().filter(issue=feedback.issue_id).with_list_relations()
    form = TellForm(posted(request), feedbacks=owed, initial={"feedbacks": [feedback.key]})
    is_owed = feedback.state == FeedbackState.OWED
    if request.method == "POST" and is_owed and form.is_valid():
        told = form.cleaned_data
        count = len(told["feedbacks"])
        is_told = act(
            request,
            services.tell_several,
            told["feedbacks"],
            by=request.user,
            at=form.told_at,
            channel=told["channel"],
            reaction=told["reaction"],
            rating=told["rating"],
            done=ngettext("已登记反馈 %(count)d 人。", "已登记反馈 %(count)d 人。", count) % {"count": count},
        )
        if is_told:
            return see_other(request, reverse("issues:feedback_list"))
    context = {
        "feedback": feedback,
        "answer": Reply.objects.filter(dispatch__issue=feedback.issue_id).deciding().first(),
        "form": form,
        "is_owed": is_owed,
        # Sent from a page that was there before somebody told the worker; nothing that was typed is lost.
        "too_late": "" if is_owed or not form.is_bound else services.AlreadySettled.by_somebody(feedback),
        "may_uphold": can_uphold(request.actor, feedback),
        "may_publish": can_publish(request.actor, feedback),
        "unreachable": UnreachableForm() if can_settle_without_telling(request.actor, feedback) else None,
    }
    status = HTTPStatus.CONFLICT if context["too_late"] else HTTPStatus.OK
    return render(request, "issues/feedback_detail.html", context, status=status)


@requires(Verb.CLOSE)
@require_http_methods(["GET", "HEAD", "POST"])
def feedback_unreachable(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    feedback = own_feedback(request, key)
    issue = feedback.issue
    question = Question(
        title=_("登记为无法联系"),
        question=_("%(number)s %(title)s：确认已多次联系%(name)s，仍联系不上？")
        % {
            "number": issue.number,
            "title": issue.title,
            "name": feedback.opinion.reporter_label,
        },
        confirm_label=_("登记为无法联系"),
        cancel_url=feedback.get_absolute_url(),
        consequences=[_("不再要求反馈，原因留在办理过程里。")],
    )
    settle = partial(services.mark_unreachable, feedback, by=request.user)
    return confirmed(request, question, UnreachableForm(posted(request)), settle, done=_("已登记为无法联系。"))


@requires(Verb.CLOSE)
@require_POST
def feedback_publish(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The answer to an anonymous voice is made public."""
    feedback = own_feedback(request, key)
    act(request, services.publish_feedback, feedback, by=request.user, done=_("已登记为公布答复。"))
    return see_other(request, feedback.get_absolute_url())


@requires(Verb.CLOSE)
@require_http_methods(["GET", "HEAD", "POST"])
def feedback_uphold(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The worker said once more that it is not solved: looked into, the answer stands."""
    feedback = own_feedback(request, key)
    question = Question(
        title=_("核实后维持答复"),
        question=_("职工表示没有解决：%(words)s") % {"words": feedback.dispute_reason},
        confirm_label=_("维持答复"),
        cancel_url=feedback.get_absolute_url(),
        consequences=[_("说明会显示在职工的回执上；这个问题随后可以销号。")],
    )
    uphold = partial(services.uphold_answer, feedback, by=request.user)
    return confirmed(request, question, UpholdForm(posted(request)), uphold, done=_("已维持答复。"))


@requires(Verb.GIVE_FEEDBACK)
@require_safe
def feedback_slips(request: HttpRequest) -> HttpResponse:
    """On to the slips of those who were chosen in the list."""
    feedbacks = picked(request, Feedback.objects.visible_to(request.actor).in_force().select_related("opinion"))
    if not feedbacks:
        messages.warning(request, _("请先勾选要打印回执的职工。"))
        return see_other(request, reverse("issues:feedback_list"))
    opinions = list({feedback.opinion_id: feedback.opinion for feedback in feedbacks}.values())
    return see_other(request, f"{reverse('issues:slip_create')}?{picked_query(opinions)}")
