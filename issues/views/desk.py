"""What the office does with an issue: reword, dispatch, withdraw, strike off, reopen."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lib.acting import Question, act, confirmed, posted
from lib.errors import Refused, Stale
from lib.formats import screen_moment
from lib.htmx import see_other
from organization.guards import requires
from organization.models import Unit
from organization.roles import Verb

from .. import services
from ..enums import Move
from ..forms.dispatching import Departments, DispatchForm
from ..forms.issues import CloseForm, IssueForm, ReasonForm, RecheckForm
from ..models import Issue
from ..permissions import can_reword
from ..workflow import ISSUE_STEPS, allows
from .discretion import check_of, reasons_in
from .merging import due_of

PAGE = require_http_methods(["GET", "HEAD", "POST"])


def office_issue(request: HttpRequest, key: uuid.UUID) -> Issue:
    issues = Issue.objects.visible_to(request.actor).select_related("unit", "category")
    return get_object_or_404(issues, key=key)


def check_in_time(issue: Issue, move: Move) -> None:
    """Raises Refused with a sentence when the move no longer fits: a colleague was quicker."""
    if allows(ISSUE_STEPS, move, issue.state):
        return
    last = issue.transitions.of_issues().select_related("by", "dispatch__department").order_by("at", "pk").last()
    words = {"state": issue.get_state_display(), "move": move.label}
    if last is None:
        raise Refused(_("当前状态是“%(state)s”，不能%(move)s。") % words)
    done = last.get_move_display()
    if last.dispatch and last.move == Move.DISPATCH:
        done = _("交办给%(department)s") % {"department": last.dispatch.department.label}
    words |= {"who": last.who, "when": screen_moment(last.at), "done": done}
    raise Refused(_("%(who)s已于 %(when)s %(done)s，现在的状态是“%(state)s”，不能再%(move)s。") % words)


def not_now(request: HttpRequest, issue: Issue, move: Move) -> HttpResponse | None:
    """Back to the issue, with that sentence."""
    try:
        check_in_time(issue, move)
    except Refused as too_late:
        messages.error(request, str(too_late))
        return see_other(request, issue.get_absolute_url())
    return None


@requires(Verb.DISPATCH)
@PAGE
def issue_update(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Rewording while the issue is with the office; the second of two editors sees both versions."""
    issue = office_issue(request, key)
    if not can_reword(request.actor, issue):
        messages.error(request, _("问题已交办，内容不能再改。需要修改时请先撤回交办。"))
        return see_other(request, issue.get_absolute_url())
    opinions = list(issue.opinions().select_related("worker", "unit", "cadre__user", "category"))
    typed = as_typed(issue)
    form = IssueForm(posted(request), actor=request.actor, opinions=opinions, initial={**typed, "first": typed})
    context = {"form": form, "issue": issue, "opinions": opinions, "due": due_of(request, form, issue)}
    if request.method == "POST" and form.is_valid():
        try:
            services.reword_issue(issue, by=request.user, version=form.cleaned_data["version"] or 0, **form.facts)
        except Stale:
            context["theirs"] = differences(form, as_typed(office_issue(request, key)))
            return render(request, "issues/issue_conflict.html", context, status=409)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("修改已保存。"), extra_tags="saved:issue")
            return see_other(request, issue.get_absolute_url())
    return render(request, "issues/issue_form.html", context)


def as_typed(issue: Issue) -> dict:
    """The issue as the form holds it."""
    return {
        "version": issue.version,
        "title": issue.title,
        "wording": issue.wording,
        "category": issue.category_id,
        "scope": issue.scope,
        "grade": issue.grade,
        "unit": issue.unit.code,
    }


def differences(form: IssueForm, theirs: dict) -> dict:
    """For each field that differs: label, the original, mine and theirs, in words. `again`: for the next attempt."""
    first = form.cleaned_data["first"] if isinstance(form.cleaned_data["first"], dict) else {}
    rows = []
    for name in ("title", "wording", "category", "scope", "grade", "unit"):
        mine = str(form.data.get(name, "")).replace("\r\n", "\n").strip()
        if mine != str(theirs[name]):
            field = form.fields[name]
            versions = (str(first.get(name, "")), mine, str(theirs[name]))
            rows.append((field.label, *(in_words(field, value) for value in versions)))
    return {"rows": rows, "again": {"version": theirs["version"], "first": json.dumps(theirs)}}


def in_words(field, value: str) -> str:
    labels = {str(key): str(label) for key, label in getattr(field, "choices", ())}
    return labels.get(value, value)


@requires(Verb.DISPATCH)
@PAGE
def issue_dispatch(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    issue = office_issue(request, key)
    if answer := not_now(request, issue, Move.DISPATCH):
        return answer
    proposal = services.propose_departments([issue], reach=request.actor.unit).get(issue.pk)
    form = DispatchForm(posted(request), issue=issue, departments=Departments(issue.unit), proposal=proposal)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        try:
            services.dispatch_issue(issue, by=request.user, **chosen)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            names = "、".join(unit.label for unit in departments(chosen))
            messages.success(request, _("已交办给%(departments)s。") % {"departments": names})
            return see_other(request, issue.get_absolute_url())
    context = {"form": form, "issue": issue, "matter_unit": services.matter_unit_of(issue.unit), **check_of(issue)}
    return render(request, "issues/issue_dispatch.html", context)


@requires(Verb.DISPATCH)
@require_POST
def issue_keep(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The office says of hits why they stay in the wording."""
    issue = office_issue(request, key)
    act(request, services.keep_hits, issue, reasons_in(request), by=request.user, done=_("核对结果已保存。"))
    return see_other(request, reverse("issues:issue_dispatch", args=[issue.key]))


def departments(chosen: dict) -> list[Unit]:
    return [chosen["lead"], *chosen["supporting"]]


@requires(Verb.DISPATCH)
@PAGE
def issue_withdraw(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    def withdraw(issue: Issue, **words) -> None:
        services.withdraw_dispatch(get_object_or_404(issue.dispatches.open(), is_lead=True), **words)

    return step(
        request,
        office_issue(request, key),
        Move.WITHDRAW,
        withdraw,
        title=_("撤回交办"),
        consequences=[_("责任部门将看不到这件交办。"), _("问题变为“退回待重办”，可以重新交办；意见和反馈都不受影响。")],
        done=_("交办已撤回，可以重新交办。"),
    )


@requires(Verb.CLOSE)
@PAGE
def issue_close(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    issue = office_issue(request, key)
    return step(
        request,
        issue,
        Move.CLOSE,
        services.close_issue,
        form_class=CloseForm,
        title=_("销号"),
        consequences=services.obstacles_to_closing(issue),
        done=_("问题已销号。"),
    )


@requires(Verb.CLOSE)
@PAGE
def issue_recheck(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """仍按原答复: what stands against it is reopening."""
    return step(
        request,
        office_issue(request, key),
        Move.RECHECK,
        services.renew_explanation,
        form_class=RecheckForm,
        title=_("仍按原答复"),
        consequences=[
            _("解释答复继续有效，到下次复核日期再次提醒。"),
            _("条件已经具备的，请返回后选“重新办理”。"),
        ],
        done=_("已复核，仍按原答复。"),
    )


@requires(Verb.CLOSE)
@PAGE
def issue_reopen(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    return step(
        request,
        office_issue(request, key),
        Move.REOPEN,
        services.reopen_issue,
        title=_("重新办理"),
        consequences=[
            _("原来的办理结果退出统计，留在办理过程里。"),
            _("有了新的答复后，每一位反映人都要再反馈一次。"),
        ],
        done=_("问题已重新办理，请再次交办。"),
    )


@requires(Verb.MERGE)
@PAGE
def issue_void(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """An issue that was registered by mistake."""
    return step(
        request,
        office_issue(request, key),
        Move.VOID,
        services.void_issue,
        title=_("作废"),
        consequences=[
            _("问题退出统计，编号不再使用，作废后不能恢复。"),
            _("归并的意见回到待归并；还归并到别的问题的，留在那个问题里。"),
        ],
        done=_("问题已作废。"),
    )


def step(
    request: HttpRequest,
    issue: Issue,
    move: Move,
    service: Callable[..., None],
    *,
    form_class: type[ReasonForm | RecheckForm | CloseForm] = ReasonForm,
    title: str,
    consequences: list[str],
    done: str,
) -> HttpResponse:
    """A move that is confirmed, with a word about it: the question first, then the move and back to the issue."""

    def move_on(**words: Any) -> None:
        check_in_time(issue, move)
        service(issue, by=request.user, **words)

    if request.method != "POST" and (answer := not_now(request, issue, move)):
        return answer
    question = Question(
        title=title,
        question=f"{issue.number} {issue.title}",
        confirm_label=title,
        cancel_url=issue.get_absolute_url(),
        consequences=consequences,
    )
    return confirmed(request, question, form_class(posted(request)), move_on, done=done)
