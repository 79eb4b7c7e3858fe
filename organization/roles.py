"""Roles and what each may do: the one table that views, buttons, navigation and tests read.

A person may hold several roles; the active one decides (organization.actors.Actor), and scopes never add up.
"""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    CADRE = "cadre", _("联络员")
    GROUP_LEADER = "group_leader", _("组长")
    OFFICE = "office", _("工会办公室")
    HANDLER = "handler", _("责任部门承办人")
    LEADER = "leader", _("领导")
    ROSTER_ADMIN = "roster_admin", _("名册管理员")
    AUDITOR = "auditor", _("审计员")


#: Roles that an Appointment gives; cadre and group leader follow from the liaison groups.
APPOINTED_ROLES = (
    Role.OFFICE,
    Role.HANDLER,
    Role.LEADER,
    Role.ROSTER_ADMIN,
    Role.AUDITOR,
)


class Verb(models.TextChoices):
    """What a view lets its visitor do. Every view declares one (organization.guards.requires)."""

    LOG_CONTACT = "log_contact", _("记录联系")
    READ_FRIENDS = "read_friends", _("查看朋友")
    GIVE_AID = "give_aid", _("登记帮扶")
    COUNT_AID = "count_aid", _("查看帮扶合计")
    READ_OPINIONS = "read_opinions", _("查看意见建议")
    READ_ISSUES = "read_issues", _("查看问题")
    GIVE_FEEDBACK = "give_feedback", _("向职工反馈")
    MERGE = "merge", _("归并")
    DISPATCH = "dispatch", _("交办")
    CLOSE = "close", _("销号")
    KEEP_DOORS = "keep_doors", _("管理扫码入口")
    RECORD_RULES = "record_rules", _("登记制度成果")
    NOMINATE = "nominate", _("申报典型案例")
    VOTE = "vote", _("典型案例投票")
    RUN_POLLS = "run_polls", _("组织典型案例评选")
    ANSWER = "answer", _("答复")
    APPROVE = "approve", _("审批")
    READ_MEETINGS = "read_meetings", _("查看例会")
    HOLD_MEETINGS = "hold_meetings", _("组织例会")
    READ_FIGURES = "read_figures", _("查看统计")
    EXPORT = "export", _("导出")
    REVEAL = "reveal", _("查看完整联系方式")
    MANAGE_ROSTERS = "manage_rosters", _("管理名册")
    AUDIT = "audit", _("审计")


@dataclass(frozen=True)
class RoleSpec:
    verbs: frozenset[Verb]
    #: Django admin: the apps whose tables the role edits there, single tables besides, and those that it only
    #: inspects (`app.model`); the rest it cannot even see.
    admin_apps: frozenset[str] = frozenset()
    admin_edits: frozenset[str] = frozenset()
    admin_reads: frozenset[str] = frozenset()

    def edits(self, label: str) -> bool:
        return label in self.admin_edits or label.partition(".")[0] in self.admin_apps

    def inspects(self, label: str) -> bool:
        return self.edits(label) or label in self.admin_reads

    @property
    def enters_admin(self) -> bool:
        return bool(self.admin_apps or self.admin_edits or self.admin_reads)


_LIAISON = {
    Verb.LOG_CONTACT,
    Verb.READ_FRIENDS,
    Verb.READ_OPINIONS,
    Verb.READ_ISSUES,
    Verb.GIVE_FEEDBACK,
    Verb.READ_MEETINGS,
    Verb.READ_FIGURES,
    Verb.EXPORT,
    Verb.REVEAL,
}

ROLES: dict[Role, RoleSpec] = {
    Role.CADRE: RoleSpec(frozenset(_LIAISON | {Verb.GIVE_AID})),
    Role.GROUP_LEADER: RoleSpec(frozenset(_LIAISON | {Verb.COUNT_AID, Verb.HOLD_MEETINGS, Verb.NOMINATE, Verb.VOTE})),
    Role.OFFICE: RoleSpec(
        frozenset(
            {
                Verb.READ_FRIENDS,
                Verb.GIVE_AID,
                Verb.COUNT_AID,
                Verb.READ_OPINIONS,
                Verb.READ_ISSUES,
                Verb.MERGE,
                Verb.DISPATCH,
                Verb.CLOSE,
                Verb.APPROVE,
                Verb.KEEP_DOORS,
                Verb.RECORD_RULES,
                Verb.NOMINATE,
                Verb.VOTE,
                Verb.RUN_POLLS,
                Verb.GIVE_FEEDBACK,
                Verb.READ_MEETINGS,
                Verb.HOLD_MEETINGS,
                Verb.READ_FIGURES,
                Verb.EXPORT,
                Verb.REVEAL,
            }
        )
    ),
    Role.HANDLER: RoleSpec(frozenset({Verb.ANSWER, Verb.APPROVE})),
    Role.LEADER: RoleSpec(frozenset({Verb.READ_ISSUES, Verb.READ_FIGURES, Verb.COUNT_AID, Verb.VOTE})),
    Role.ROSTER_ADMIN: RoleSpec(
        frozenset({Verb.MANAGE_ROSTERS}),
        admin_apps=frozenset({"organization", "liaison", "friends"}),
        admin_edits=frozenset(
            {
                "issues.answertemplate",
                "issues.category",
                "issues.concept",
                "issues.policyclause",
                "issues.responsibility",
            }
        ),
        admin_reads=frozenset({"notices.delivery"}),
    ),
    Role.AUDITOR: RoleSpec(
        frozenset({Verb.AUDIT}),
        admin_reads=frozenset({"auditlog.logentry", "issues.transition", "records.download", "records.export"}),
    ),
}

#: The account made on the command line (`createsuperuser`), as long as it holds no role: it sets up the first units,
#: accounts and appointments, and sees nobody's work.
SETUP = RoleSpec(
    frozenset(),
    admin_apps=frozenset({"organization"}),
    admin_reads=frozenset({"django_celery_results.taskresult"}),
)
