"""/dept/: a department's desk. It works on the dispatch alone; nothing here reaches an opinion, a worker or a cadre."""

from __future__ import annotations

import uuid
from functools import partial
from http import HTTPStatus

from django.contrib import messages
from django.db.models import Count, Q, QuerySet
from django.forms import model_to_dict
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lib.acting import Question, act, confirmed, posted
from lib.errors import Refused
from lib.formats import screen_date
from lib.htmx import see_other
from lib.periods import today
from organization.guards import requires
from organization.roles import Verb

from .. import services
from ..enums import ENDED_DISPATCH_STATES, DispatchState, ExtensionState
from ..forms.chasing import AskExtensionForm
from ..forms.replies import ReplyForm, ReturnForm
from ..lists.dispatches import DESK, DONE, TABS, desk_dispatches, narrowed
from ..models import AnswerTemplate, Dispatch, Reply
from ..permissions import can_answer, can_follow_up
from .chasing import sent_once
from .replies import approval_of

COUNTED_TABS = ("sent", "soon", "overdue", "supervised", "in_approval", "follow_up")
#: What the picker offers at once; the search finds the others.
MOST_TEMPLATES = 12


@requires(Verb.ANSWER)
@require_safe
def dept_list(request: HttpRequest) -> HttpResponse:
    dispatches = desk_dispatches(request.actor)
    held = {tab: narrowed(dispatches, tab).order_by().values("pk") for tab in COUNTED_TABS}
    counts = dispatches.aggregate(**{tab: Count("pk", filter=Q(pk__in=keys)) for tab, keys in held.items()})
    context = {"tabs": TABS, "counts": counts}
    return DESK.open_for(request).render(request, "issues/dept_list.html", "issues/_dept_rows.html", context)


@requires(Verb.ANSWER)
@require_safe
def dept_done_list(request: HttpRequest) -> HttpResponse:
    return DONE.open_for(request).render(request, "issues/dept_done_list.html", "issues/_dept_done_rows.html")


def own_dispatch(request: HttpRequest, key: uuid.UUID) -> Dispatch:
    dispatches = Dispatch.objects.visible_to(request.actor)
    dispatches = dispatches.select_related("matter_unit", "issue__category", "supervision")
    return get_object_or_404(dispatches, key=key)


@requires(Verb.ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
def dept_detail(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The matter, and below it the form that answers it; what was typed stays on any error."""
    dispatch = own_dispatch(request, key)
    replies = list(dispatch.replies.select_related("clause").prefetch_related("attachments"))
    is_rest = can_follow_up(request.actor, dispatch)
    whose = {"is_lead": dispatch.is_lead, "is_rest": is_rest}
    form = ReplyForm(posted(request), request.FILES or None, initial=to_begin_with(replies), **whose)
    status = HTTPStatus.OK
    if template := asked_template(request):
        form = ReplyForm.with_template(request.POST, template, **whose)
    elif request.method == "POST" and form.is_valid():
        try:
            fingerprint = form.fingerprint(request.user)
            reply = services.answer_dispatch(dispatch, by=request.user, fingerprint=fingerprint, **form.cleaned_data)
        except Refused as refusal:
            status = form.refuse(refusal)
        else:
            messages.success(request, thanks(dispatch, reply), extra_tags=f"saved:reply-{dispatch.key}")
            return see_other(request, dispatch.get_absolute_url())
    extensions = list(dispatch.extensions.all())
    is_asking = any(extension.state == ExtensionState.ASKED for extension in extensions)
    pause = dispatch.issue.pauses.running(today()).first() if can_answer(request.actor, dispatch) else None
    others = dispatch.issue.dispatches.binding().exclude(pk=dispatch.pk).select_related("department")
    context = {
        "dispatch": dispatch,
        "form": form,
        "replies": replies,
        "photos": dispatch.attachments.order_by("pk"),
        "approval": approval_of(request.actor, dispatch.issue, replies),
        "handling_label": "" if dispatch.state in ENDED_DISPATCH_STATES else dispatch.issue.handling_label,
        "referrals": dispatch.issue.referrals.answered().select_related("to_unit") if dispatch.is_lead else [],
        "others": others,
        "extensions": extensions,
        "urgings": dispatch.urgings.all(),
        "pause": pause,
        "templates": templates_for(dispatch),
        "is_overdue": dispatch.is_overdue(today()),
        # After a refusal the form stays, so that nothing typed is lost.
        "may_answer": can_answer(request.actor, dispatch) or is_rest or form.is_bound,
        "is_rest": is_rest,
        "may_accept": can_answer(request.actor, dispatch) and dispatch.state == DispatchState.SENT,
        "may_return": can_answer(request.actor, dispatch),
        "may_ask_extension": can_answer(request.actor, dispatch) and not is_asking and not pause,
    }
    return render(request, "issues/dept_detail.html", context, status=status)


def asked_template(request: HttpRequest) -> AnswerTemplate | None:
    """The template whose button sent the form, instead of the button that answers."""
    asked = request.POST.get("insert", "")
    if not asked:
        return None
    try:
        return get_object_or_404(AnswerTemplate.objects.open(), pk=asked)
    except (ValueError, OverflowError) as no_number:
        raise Http404 from no_number


def templates_for(dispatch: Dispatch, query: str = "") -> QuerySet[AnswerTemplate]:
    found = AnswerTemplate.objects.open().for_category(dispatch.issue.category)
    return (found.found_by(query) if query else found)[:MOST_TEMPLATES]


@requires(Verb.ANSWER)
@require_safe
def dept_templates(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Fragment: the templates that the search finds."""
    dispatch = own_dispatch(request, key)
    context = {"dispatch": dispatch, "templates": templates_for(dispatch, request.GET.get("q", "").strip()[:60])}
    return render(request, "issues/_templates.html", context)


def to_begin_with(replies: list[Reply]) -> dict:
    """What was sent back stands in the form again, to be put right."""
    written = replies[-1] if replies and replies[-1].is_sent_back else None
    words = model_to_dict(written, ReplyForm.Meta.fields) if written else {}
    return {**words, "key": uuid.uuid4()}


def thanks(dispatch: Dispatch, reply: Reply) -> str:
    if reply.approval:
        return _("答复已提交，待审批后生效。")
    return _("答复已提交。") if reply.outcome or not dispatch.is_lead else _("阶段答复已提交。")


@requires(Verb.ANSWER)
@require_POST
def dept_accept(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    dispatch = own_dispatch(request, key)
    act(request, services.accept_dispatch, dispatch, by=request.user, done=_("已接收，请在时限内答复。"))
    return see_other(request, dispatch.get_absolute_url())


@requires(Verb.ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
def dept_return(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    dispatch = own_dispatch(request, key)
    question = Question(
        title=_("退回交办"),
        question=dispatch.title,
        confirm_label=_("退回"),
        cancel_url=dispatch.get_absolute_url(),
        consequences=[_("问题回到工会办公室，由办公室重新交办。")],
    )
    give_back = partial(services.return_dispatch, dispatch, by=request.user)
    return confirmed(request, question, ReturnForm(posted(request)), give_back, done=_("已退回工会办公室。"))


@requires(Verb.ANSWER)
@require_http_methods(["GET", "HEAD", "POST"])
def dept_extension(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    dispatch = own_dispatch(request, key)
    question = Question(
        title=_("申请延期"),
        question=dispatch.title,
        confirm_label=_("提交申请"),
        cancel_url=dispatch.get_absolute_url(),
        consequences=[
            _("现在的时限是 %(due)s；工会办公室批复以前，仍按这个时限办理。") % {"due": screen_date(dispatch.due_on)}
        ],
    )
    form = AskExtensionForm(posted(request))
    ask = sent_once(partial(services.ask_extension, dispatch), form, request)
    return confirmed(request, question, form, ask, done=_("延期申请已提交，等待工会办公室批复。"))
