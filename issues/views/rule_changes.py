"""/rule-changes/: from solving one case to solving a class."""

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
from organization.guards import requires
from organization.roles import Verb
from records.downloads import send_list

from ..enums import RuleLevel
from ..forms.rule_changes import RuleChangeForm, WithdrawForm
from ..lists.issues import unit_shown
from ..lists.rule_changes import RULE_CHANGES, TABS, standing_of
from ..models import Issue, RuleChange
from ..permissions import can_keep_rule
from ..services import rule_changes as services
from .picking import pick_issues, picked, picked_some

PAGE = require_http_methods(["GET", "HEAD", "POST"])


@requires(Verb.READ_ISSUES)
@PAGE
def rule_list(request: HttpRequest) -> HttpResponse:
    listing = RULE_CHANGES.open_for(request)
    if request.method == "POST":
        return send_list(request, listing)
    context = {"tabs": TABS, "may_record": request.actor.may(Verb.RECORD_RULES)}
    return listing.render(request, "issues/rule_list.html", "issues/_rule_rows.html", context)


@requires(Verb.READ_ISSUES)
@require_safe
def rule_detail(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    changes = RuleChange.objects.visible_to(request.actor).select_related("unit", "withdrawn_by")
    change = get_object_or_404(changes, key=key)
    issues = Issue.objects.visible_to(request.actor).filter(rule_changes=change)
    context = {
        "change": change,
        "standing": standing_of(change),
        "issues": [(issue, unit_shown(issue)) for issue in issues.select_related("unit__parent__parent")],
        "may_keep": can_keep_rule(request.actor, change),
    }
    return render(request, "issues/rule_detail.html", context)


def kept_rule(request: HttpRequest, key: uuid.UUID) -> RuleChange:
    """One that the visitor may change: read by more than keep it."""
    change = get_object_or_404(RuleChange.objects.visible_to(request.actor).select_related("unit"), key=key)
    if not can_keep_rule(request.actor, change):
        raise PermissionDenied
    return change


@requires(Verb.RECORD_RULES)
@PAGE
def rule_create(request: HttpRequest) -> HttpResponse:
    """Begun from an issue's page (`?picked=`), or with the search for the issues."""
    issues = picked(request, Issue.objects.visible_to(request.actor).counting().select_related("unit"))
    if not issues:
        here = reverse("issues:rule_create")
        return pick_issues(request, title=_("登记制度成果"), back=reverse("issues:rule_list"), then=here)
    form = RuleChangeForm(posted(request), actor=request.actor, initial={"key": uuid.uuid4(), "level": RuleLevel.OWN})
    save = partial(save_rule, request, form, issues)
    return saved_or_shown(request, form, save, "issues/rule_form.html", issues=issues)


def save_rule(request: HttpRequest, form: RuleChangeForm, issues: list[Issue]) -> HttpResponse:
    create = partial(services.record_rule_change, issues=issues, by=request.user, **form.facts)
    key, fingerprint = form.cleaned_data["key"] or uuid.uuid4(), form.fingerprint(request.user, issues)
    change, is_new = save_once(RuleChange, create, key=key, fingerprint=fingerprint)
    if is_new:
        messages.success(request, _("制度成果已登记。"), extra_tags="saved:rule-change")
    return see_other(request, change.get_absolute_url())


@requires(Verb.RECORD_RULES)
@PAGE
def rule_update(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    change = kept_rule(request, key)
    initial = {name: getattr(change, name) for name in RuleChangeForm.base_fields} | {"unit": change.unit.code}
    form = RuleChangeForm(posted(request), actor=request.actor, initial=initial)

    def save() -> HttpResponse:
        services.correct_rule_change(change, version=form.cleaned_data["version"] or 0, **form.facts)
        messages.success(request, _("修改已保存。"), extra_tags="saved:rule-change")
        return see_other(request, change.get_absolute_url())

    issues = change.issues.select_related("unit")
    return saved_or_shown(request, form, save, "issues/rule_form.html", change=change, issues=issues)


@requires(Verb.RECORD_RULES)
@PAGE
def rule_link(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """关联问题: more issues that the change came of."""
    change = kept_rule(request, key)
    back = change.get_absolute_url()
    if request.method == "POST":
        if issues := picked_some(request, Issue.objects.visible_to(request.actor).counting()):
            act(request, services.link_rule_change, change, issues=issues, done=_("已关联问题。"))
        return see_other(request, back)
    return pick_issues(request, title=_("关联问题"), back=back, without=change.issues.all())


@requires(Verb.RECORD_RULES)
@require_POST
def rule_unlink(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    change = kept_rule(request, key)
    for issue in picked(request, Issue.objects.visible_to(request.actor).filter(rule_changes=change)):
        act(request, services.unlink_rule_change, change, issue=issue, done=_("已移除关联。"))
    return see_other(request, change.get_absolute_url())


@requires(Verb.RECORD_RULES)
@PAGE
def rule_withdraw(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    change = kept_rule(request, key)
    question = Question(
        title=_("撤销制度成果"),
        question=change.title,
        confirm_label=_("撤销"),
        cancel_url=change.get_absolute_url(),
        consequences=[_("记录和撤销原因都保留，只是不再列入有效的制度成果。撤销后不能恢复。")],
    )
    withdraw = partial(services.withdraw_rule_change, change, by=request.user)
    return confirmed(request, question, WithdrawForm(posted(request)), withdraw, done=_("已撤销。"))
