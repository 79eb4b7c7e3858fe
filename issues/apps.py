from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IssuesConfig(AppConfig):
    name = "issues"
    verbose_name = _("诉求")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from notices.rules import register_rule
        from organization.audit import keep_trail
        from organization.navigation import Entry, Group, register
        from organization.roles import Role
        from records.attachments import register_owner
        from records.downloads import register_list
        from records.kinds import name_kind

        from .attachments import goes_with_visible_answer, goes_with_visible_dispatch, goes_with_visible_opinion
        from .lists.cases import CASES
        from .lists.doors import DOORS
        from .lists.feedback import FEEDBACKS
        from .lists.issues import ISSUES
        from .lists.opinions import OPINIONS
        from .lists.referrals import REFERRALS
        from .lists.rule_changes import RULE_CHANGES
        from .menu import register_entries
        from .models import AnswerTemplate, CaseNomination, CasePoll, Category, Concept, PolicyClause, RuleChange
        from .notices import RULES
        from .services.cases import STORY
        from .services.rule_changes import WORDS as RULE_WORDS

        for vocabulary in (AnswerTemplate, Category, Concept, PolicyClause):
            keep_trail(vocabulary)
        keep_trail(RuleChange, secret=list(RULE_WORDS))
        keep_trail(CaseNomination, secret=list(STORY))
        keep_trail(CasePoll)
        register_rule(*RULES)
        name_kind("case_selection", _("典型案例汇编"))
        name_kind("issues.paper_slip", _("单据"))
        for owner in (goes_with_visible_dispatch, goes_with_visible_answer, goes_with_visible_opinion):
            register_owner(owner)
        for spec in (OPINIONS, ISSUES, FEEDBACKS, RULE_CHANGES, REFERRALS, CASES, DOORS):
            register_list(spec)
        register_entries()
        register(
            Entry(
                _("记一笔"),
                "plus-lg",
                "issues:log_create",
                Group.CONTACT,
                roles=frozenset({Role.CADRE, Role.GROUP_LEADER}),
                order=10,
                phone_slot=3,
                is_primary=True,
            ),
        )
