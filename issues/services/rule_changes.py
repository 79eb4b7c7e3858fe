"""From a case to a class: the register of rules that were changed because of issues."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lib.errors import Refused
from lib.periods import today
from organization.models import User

from ..models import Issue, RuleChange
from .publishing import refuse_reporters

#: What a reader gets of it in words: none of these may name a reporter.
WORDS = ("title", "before", "after", "beneficiary_group", "counted_by")


class Withdrawn(Refused):
    code = "rule_change_withdrawn"
    default_message = _("这条制度成果已撤销，不能再改。")


@transaction.atomic
def record_rule_change(*, issues: Iterable[Issue], by: User, **facts: Any) -> RuleChange:
    change = RuleChange(recorded_by=by, **facts)
    issues = list(issues)
    refuse_reporters(words_of(change), issues)
    change.full_clean(exclude=["unit", "recorded_by"])
    change.save()
    change.issues.set(issues)
    return change


@transaction.atomic
def correct_rule_change(change: RuleChange, *, version: int, **facts: Any) -> None:
    change = standing(change)
    for name, value in facts.items():
        setattr(change, name, value)
    refuse_reporters(words_of(change), change.issues.all())
    change.full_clean(exclude=["unit"])
    change.save_if_current(facts, version=version)


@transaction.atomic
def link_rule_change(change: RuleChange, *, issues: Iterable[Issue]) -> None:
    change = standing(change)
    issues = list(issues)
    refuse_reporters(words_of(change), issues)
    change.issues.add(*issues)


@transaction.atomic
def unlink_rule_change(change: RuleChange, *, issue: Issue) -> None:
    change = standing(change)
    if not change.issues.exclude(pk=issue.pk).exists():
        raise Refused(_("制度成果至少关联一个问题。要换一个，请先关联新的再移除。"))
    change.issues.remove(issue)


@transaction.atomic
def withdraw_rule_change(change: RuleChange, *, reason: str, by: User) -> None:
    change = standing(change)
    change.withdrawn_on, change.withdrawn_by, change.withdrawal_reason = today(), by, reason
    change.save_if_current(["withdrawn_on", "withdrawn_by", "withdrawal_reason"])


def standing(change: RuleChange) -> RuleChange:
    """Held until the transaction ends; refused when it was withdrawn."""
    change = RuleChange.objects.select_for_update().get(pk=change.pk)
    if change.is_withdrawn:
        raise Withdrawn
    return change


def words_of(change: RuleChange) -> str:
    return "\n".join(getattr(change, name) for name in WORDS)
