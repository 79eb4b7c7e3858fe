"""/cases/: stories of matters that were solved, written without names and nominated."""

from __future__ import annotations

import uuid
from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lib.acting import Question, act, confirmed, posted, saved_or_shown
from lib.htmx import see_other
from lib.once import save_once
from organization.actors import Actor
from organization.guards import requires
from organization.roles import Role, Verb
from records.downloads import send_list

from ..enums import CaseState
from ..forms.cases import CaseForm
from ..forms.issues import ReasonForm
from ..lists.cases import CASES, TABS
from ..lists.issues import unit_shown
from ..models import CaseNomination, CasePoll, Issue
from ..permissions import can_return_case, can_write_case, sees_people
from ..services import cases as services
from .picking import pick_issues, picked, picked_some

PAGE = require_http_methods(["GET", "HEAD", "POST"])
#: Polls named above the list; older ones stand with their cases.
POLLS_SHOWN = 3


@requires(Verb.READ_ISSUES)
@PAGE
def case_list(request: HttpRequest) -> HttpResponse:
    listing = CASES.open_for(request)
    if request.method == "POST":
        return send_list(request, listing)
    context = {
        "tabs": tabs_for(request.actor),
        "polls": CasePoll.objects.visible_to(request.actor).select_related("unit")[:POLLS_SHOWN],
        "may_nominate": request.actor.may(Verb.NOMINATE),
        "may_run_polls": request.actor.may(Verb.RUN_POLLS),
    }
    return listing.render(request, "issues/case_list.html", "issues/_case_rows.html", context)


def tabs_for(actor: Actor) -> dict:
    """Who only reads stories has no drafts, and who reads those selected alone has nothing to choose."""
    if actor.role == Role.CADRE:
        return {}
    return TABS if actor.may(Verb.NOMINATE) else {tab: words for tab, words in TABS.items() if tab != CaseState.DRAFT}


@requires(Verb.READ_ISSUES)
@require_safe
def case_detail(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    actor = request.actor
    case = get_object_or_404(CaseNomination.objects.visible_to(actor).with_list_relations(), key=key)
    issues = Issue.objects.visible_to(actor).filter(cases=case).select_related("unit__parent__parent")
    may_write = can_write_case(actor, case)
    context = {
        "case": case,
        # Whoever reads the story as it goes round learns of its unit; the group is for who runs the selection.
        "nominated_from": case.nominated_from if sees_people(actor) and actor.role != Role.CADRE else case.unit.label,
        "issues": [(issue, unit_shown(issue)) for issue in issues],
        "may_write": may_write,
        "may_nominate": may_write,
        "may_return": can_return_case(actor, case),
    }
    return render(request, "issues/case_detail.html", context)


def written_case(request: HttpRequest, key: uuid.UUID) -> CaseNomination:
    """One that the visitor may write on: read by more than write it."""
    case = get_object_or_404(CaseNomination.objects.visible_to(request.actor).with_list_relations(), key=key)
    if not can_write_case(request.actor, case):
        raise PermissionDenied
    return case


@requires(Verb.NOMINATE)
@PAGE
def case_create(request: HttpRequest) -> HttpResponse:
    """Begun with the issues that were solved (`?picked=`)."""
    actor = request.actor
    issues = picked(request, Issue.objects.visible_to(actor).counting().select_related("unit"))
    if not issues:
        here = reverse("issues:case_create")
        return pick_issues(request, title=_("申报典型案例"), back=reverse("issues:case_list"), then=here)
    form = CaseForm(posted(request), initial={"key": uuid.uuid4()})
    save = partial(save_case, request, form, issues)
    return saved_or_shown(request, form, save, "issues/case_form.html", issues=issues)


def save_case(request: HttpRequest, form: CaseForm, issues: list[Issue]) -> HttpResponse:
    actor = request.actor
    where = {"unit": actor.unit, "group_id": actor.group_id if actor.role == Role.GROUP_LEADER else None}
    create = partial(services.draft_case, issues=issues, by=request.user, **where, **form.facts)
    key, fingerprint = form.cleaned_data["key"] or uuid.uuid4(), form.fingerprint(request.user, issues)
    case, is_new = save_once(CaseNomination, create, key=key, fingerprint=fingerprint)
    if is_new:
        messages.success(request, _("草稿已保存，核对后再申报。"), extra_tags="saved:case")
    return see_other(request, case.get_absolute_url())


@requires(Verb.NOMINATE)
@PAGE
def case_update(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    case = written_case(request, key)
    initial = {name: getattr(case, name) for name in CaseForm.base_fields}
    form = CaseForm(posted(request), initial=initial)

    def save() -> HttpResponse:
        services.correct_case(case, version=form.cleaned_data["version"] or 0, **form.facts)
        messages.success(request, _("修改已保存。"), extra_tags="saved:case")
        return see_other(request, case.get_absolute_url())

    issues = Issue.objects.visible_to(request.actor).filter(cases=case)
    return saved_or_shown(request, form, save, "issues/case_form.html", case=case, issues=issues)


@requires(Verb.NOMINATE)
@PAGE
def case_link(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    case = written_case(request, key)
    back = case.get_absolute_url()
    if request.method == "POST":
        if issues := picked_some(request, Issue.objects.visible_to(request.actor).counting()):
            act(request, services.link_case, case, issues=issues, done=_("已关联问题。"))
        return see_other(request, back)
    return pick_issues(request, title=_("关联问题"), back=back, without=case.issues.all())


@requires(Verb.NOMINATE)
@require_POST
def case_unlink(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    case = written_case(request, key)
    for issue in picked(request, Issue.objects.visible_to(request.actor).filter(cases=case)):
        act(request, services.unlink_case, case, issue=issue, done=_("已移除关联。"))
    return see_other(request, case.get_absolute_url())


@requires(Verb.NOMINATE)
@require_POST
def case_nominate(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    case = written_case(request, key)
    act(request, services.nominate_case, case, done=_("案例已申报。"))
    return see_other(request, case.get_absolute_url())


@requires(Verb.RUN_POLLS)
@PAGE
def case_return(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    case = get_object_or_404(CaseNomination.objects.visible_to(request.actor).with_list_relations(), key=key)
    if not can_return_case(request.actor, case):
        raise PermissionDenied
    question = Question(
        title=_("退回案例"),
        question=case.title,
        confirm_label=_("退回"),
        cancel_url=case.get_absolute_url(),
        consequences=[_("案例回到草稿，由申报人修改后重新申报。")],
    )
    give_back = partial(services.return_case, case)
    done = _("案例已退回。")
    return confirmed(request, question, ReasonForm(posted(request)), give_back, done=done)
