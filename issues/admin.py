from __future__ import annotations

from django.contrib import admin
from django.db import models
from django.utils.translation import gettext_lazy as _

from organization.administration import InspectAdmin, RoleAdmin

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

    list_display = ["recorded_at", "actor_number", "move", "issue_number", "opinion_number", "from_state", "to_state"]
    list_filter = ["move"]
    date_hierarchy = "recorded_at"
    fields = [
        "recorded_at",
        "at",
        "actor_number",
        "move",
        "issue_number",
        "opinion_number",
        "from_state",
        "to_state",
        "outcome",
    ]
    readonly_fields = fields

    def rows_within(self, rows: models.QuerySet, path: str) -> models.QuerySet:
        return rows.filter(
            models.Q(issue__unit__path__startswith=path) | models.Q(opinion__unit__path__startswith=path)
        )

    @admin.display(description=_("账号编号"))
    def actor_number(self, transition: Transition) -> int:
        return transition.by_id

    @admin.display(description=_("问题编号"))
    def issue_number(self, transition: Transition) -> str:
        return str(transition.issue_id or "")

    @admin.display(description=_("意见编号"))
    def opinion_number(self, transition: Transition) -> str:
        return str(transition.opinion_id or "")
