from __future__ import annotations

from django.contrib import admin
from django.db import models
from django.utils.translation import gettext_lazy as _

from organization.administration import InspectAdmin, RoleAdmin

from .enums import IssueState, OpinionState
from .models import Category, Transition


@admin.register(Category)
class CategoryAdmin(RoleAdmin):
    """One vocabulary for the whole installation."""

    list_display = ["name", "limit_workdays", "position", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["name", "keywords"]
    fields = ["name", "keywords", "limit_workdays", "position", "is_active"]

    def rows_within(self, rows: models.QuerySet, path: str) -> models.QuerySet:
        return rows


@admin.register(Transition)
class TransitionAdmin(InspectAdmin):
    """Who moved what, by ids: no title, no number, no words."""

    list_display = ["recorded_at", "actor_number", "move", "issue_number", "opinion_number", "before", "after"]
    list_filter = ["move"]
    date_hierarchy = "recorded_at"
    fields = [
        "recorded_at",
        "at",
        "actor_number",
        "move",
        "issue_number",
        "opinion_number",
        "before",
        "after",
        "outcome",
    ]
    readonly_fields = fields

    def rows_within(self, rows: models.QuerySet, path: str) -> models.QuerySet:
        return rows.filter(
            models.Q(issue__unit__path__startswith=path) | models.Q(opinion__unit__path__startswith=path)
        )

    @admin.display(description=_("账号编号"))
    def actor_number(self, transition: Transition) -> str:
        return str(transition.by_id or "")

    @admin.display(description=_("问题编号"))
    def issue_number(self, transition: Transition) -> str:
        return str(transition.issue_id or "")

    @admin.display(description=_("意见编号"))
    def opinion_number(self, transition: Transition) -> str:
        return str(transition.opinion_id or "")

    @admin.display(description=_("原状态"))
    def before(self, transition: Transition) -> str:
        return state_in_words(transition, transition.from_state)

    @admin.display(description=_("新状态"))
    def after(self, transition: Transition) -> str:
        return state_in_words(transition, transition.to_state)


def state_in_words(transition: Transition, state: str) -> str:
    states = OpinionState if transition.opinion_id else IssueState
    return str(dict(states.choices).get(state, ""))
