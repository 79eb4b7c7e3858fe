from __future__ import annotations

from django.contrib import admin
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from lib.periods import today
from organization.administration import InspectAdmin, RoleAdmin

from .enums import IssueState, OpinionState
from .models import AnswerTemplate, Category, Concept, PolicyClause, Responsibility, Transition


class VocabularyAdmin(RoleAdmin):
    """One vocabulary for the whole installation. What is out of use is retired: old records go on naming it."""

    def rows_within(self, rows: models.QuerySet, path: str) -> models.QuerySet:
        return rows

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return False


class InForceFilter(admin.SimpleListFilter):
    title = _("效力")
    parameter_name = "force"

    def lookups(self, request: HttpRequest, model_admin: admin.ModelAdmin) -> list[tuple[str, object]]:
        return [("open", _("有效")), ("ended", _("已停用或失效"))]

    def queryset(self, request: HttpRequest, queryset: models.QuerySet) -> models.QuerySet:
        match self.value():
            case "open":
                return queryset.open()
            case "ended":
                return queryset.filter(ends_on__lte=today())
        return queryset


@admin.register(AnswerTemplate)
class AnswerTemplateAdmin(VocabularyAdmin):
    list_display = ["name", "category", "starts_on", "ends_on", "position"]
    list_filter = [InForceFilter, "category"]
    list_select_related = ["category"]
    search_fields = ["name", "text"]
    fields = ["name", "category", "text", "starts_on", "ends_on", "position"]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict:
        return {"starts_on": today()}


@admin.register(PolicyClause)
class PolicyClauseAdmin(VocabularyAdmin):
    list_display = ["title", "source_document", "starts_on", "ends_on", "position"]
    list_filter = [InForceFilter]
    search_fields = ["title", "source_document", "text"]
    fields = ["source_document", "title", "text", "starts_on", "ends_on", "position"]


@admin.register(Category)
class CategoryAdmin(VocabularyAdmin):
    list_display = ["name", "limit_workdays", "position", "is_active"]
    list_filter = ["is_active"]
    search_fields = ["name", "keywords"]
    fields = ["name", "keywords", "limit_workdays", "position", "is_active"]


@admin.register(Responsibility)
class ResponsibilityAdmin(RoleAdmin):
    """Which department answers for what, where no earlier issue says it."""

    unit_lookup = "department"
    list_display = ["category", "department", "is_lead"]
    list_filter = ["is_lead", "category"]
    list_select_related = ["category", "department"]
    search_fields = ["department__name", "category__name"]
    fields = ["category", "department", "is_lead"]
    autocomplete_fields = ["department"]


@admin.register(Concept)
class ConceptAdmin(VocabularyAdmin):
    list_display = ["name", "kind", "part_of", "is_company_wide", "is_active"]
    list_filter = ["kind", "is_company_wide", "is_active"]
    list_select_related = ["part_of"]
    search_fields = ["name", "words"]
    fields = ["name", "kind", "part_of", "words", "is_company_wide", "is_active"]


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
