"""The entries of the closed loop in the menus, with what waits behind each."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from lib.periods import today
from organization.actors import Actor
from organization.navigation import Entry, Group, register
from organization.roles import Role

from .models import Dispatch, Feedback, Opinion, Referral

UNION = frozenset({Role.CADRE, Role.GROUP_LEADER, Role.OFFICE})
#: A badge says 99+ from here on; counting further is for nobody.
MOST_COUNTED = 100


def waiting_opinions(actor: Actor) -> int:
    return Opinion.objects.visible_to(actor).waiting()[:MOST_COUNTED].count()


def owed_feedback(actor: Actor) -> int:
    return Feedback.objects.visible_to(actor).owed()[:MOST_COUNTED].count()


def open_dispatches(actor: Actor) -> int:
    return Dispatch.objects.visible_to(actor).to_do(today())[:MOST_COUNTED].count()


def referrals_to_answer(actor: Actor) -> int:
    asked = Referral.objects.visible_to(actor).waiting().filter(to_unit=actor.unit)
    return asked[:MOST_COUNTED].count()


def register_entries() -> None:
    register(
        Entry(
            _("意见建议"),
            "chat-left-text",
            "issues:opinion_list",
            Group.ISSUES,
            roles=UNION - {Role.OFFICE},
            order=20,
        ),
        Entry(
            _("意见建议"),
            "chat-left-text",
            "issues:opinion_list",
            Group.ISSUES,
            roles=frozenset({Role.OFFICE}),
            order=20,
        ),
        Entry(
            _("归并台"),
            "layers",
            "issues:merge_desk",
            Group.ISSUES,
            roles=frozenset({Role.OFFICE}),
            order=20,
            phone_slot=3,
            phone_label=_("归并"),
            count=waiting_opinions,
        ),
        Entry(
            _("分办台"),
            "send",
            "issues:dispatch_desk",
            Group.ISSUES,
            roles=frozenset({Role.OFFICE}),
            order=21,
        ),
        Entry(
            _("问题"),
            "card-checklist",
            "issues:issue_list",
            Group.ISSUES,
            roles=UNION - {Role.OFFICE},
            order=21,
            phone_slot=4,
            phone_label=_("诉求"),
        ),
        Entry(
            _("问题"),
            "card-checklist",
            "issues:issue_list",
            Group.ISSUES,
            roles=frozenset({Role.OFFICE}),
            order=21,
            phone_slot=4,
        ),
        Entry(
            _("问题"),
            "card-checklist",
            "issues:issue_list",
            Group.ISSUES,
            roles=frozenset({Role.LEADER}),
            order=21,
            phone_slot=2,
        ),
        Entry(
            _("待反馈"),
            "reply",
            "issues:feedback_list",
            Group.ISSUES,
            roles=UNION,
            order=22,
            count=owed_feedback,
        ),
        Entry(
            _("制度成果"),
            "journal-check",
            "issues:rule_list",
            Group.ISSUES,
            roles=UNION | {Role.LEADER},
            order=26,
        ),
        Entry(
            _("典型案例"),
            "trophy",
            "issues:case_list",
            Group.ISSUES,
            roles=UNION | {Role.LEADER},
            order=27,
        ),
        Entry(
            _("扫码入口"),
            "qr-code",
            "issues:door_list",
            Group.ISSUES,
            roles=frozenset({Role.OFFICE}),
            order=27,
        ),
        Entry(
            _("上报"),
            "send",
            "issues:referral_list",
            Group.ISSUES,
            roles=frozenset({Role.OFFICE}),
            order=23,
            count=referrals_to_answer,
        ),
        Entry(
            _("待办"),
            "inbox",
            "issues:dept_list",
            Group.ISSUES,
            roles=frozenset({Role.HANDLER}),
            order=1,
            phone_slot=1,
            count=open_dispatches,
        ),
        Entry(
            _("已办"),
            "check2-circle",
            "issues:dept_done_list",
            Group.ISSUES,
            roles=frozenset({Role.HANDLER}),
            order=2,
            phone_slot=2,
        ),
    )
