"""Who may do what with which row. Views ask for the 403, templates for the buttons."""

from __future__ import annotations

import datetime as dt

from django.conf import settings

from lib.periods import month_of
from organization.actors import Actor
from organization.roles import Role, Verb

from .enums import OPEN_DISPATCH_STATES, CaseState, DispatchState, FeedbackState, Move, Outcome, ReporterKind
from .models import CaseNomination, CasePoll, Dispatch, Feedback, Issue, Opinion, Referral, Reply, RuleChange
from .workflow import ISSUE_STEPS, OPINION_STEPS, moves_of


def threshold_for(actor: Actor) -> int:
    """Counts of people's voices from 1 up to, and without, this number are hidden (threat T3); 0 hides nothing."""
    return {Role.LEADER: settings.FIGURE_THRESHOLD, Role.CADRE: settings.FIGURE_THRESHOLD_INSIDE}.get(actor.role, 0)


def can_move_opinion(actor: Actor, opinion: Opinion, move: Move) -> bool:
    return move in moves_of(OPINION_STEPS, opinion.state, actor.role)


def can_correct_opinion(actor: Actor, opinion: Opinion, *, on: dt.date) -> bool:
    """As with the log of the visit: who took it down, within the open month; and while it waits for the office."""
    is_own = actor.cadre_id is not None and opinion.cadre_id == actor.cadre_id
    is_open = opinion.contact_log_id is not None and opinion.raised_on in month_of(on)
    return is_own and is_open and actor.may(Verb.LOG_CONTACT) and can_move_opinion(actor, opinion, Move.REWORD)


def can_move_issue(actor: Actor, issue: Issue, move: Move) -> bool:
    return move in moves_of(ISSUE_STEPS, issue.state, actor.role)


def can_reword(actor: Actor, issue: Issue) -> bool:
    return actor.may(Verb.DISPATCH) and can_move_issue(actor, issue, Move.REWORD)


def can_unmerge(actor: Actor, issue: Issue) -> bool:
    return actor.may(Verb.MERGE) and can_move_issue(actor, issue, Move.UNMERGE)


def can_void(actor: Actor, issue: Issue) -> bool:
    """Reads the replies: for the page of one issue."""
    if not (actor.may(Verb.MERGE) and can_move_issue(actor, issue, Move.VOID)):
        return False
    return not Reply.objects.filter(dispatch__issue=issue).exists()


def sees_people(actor: Actor) -> bool:
    """Names of cadres, clerks and handlers in an issue's history; leaders see the matter alone."""
    return actor.role in (Role.CADRE, Role.GROUP_LEADER, Role.OFFICE)


def opinion_count_shown(actor: Actor, count: int) -> int | None:
    """The office works with the exact number; cadres and group leaders have the voices they may read."""
    may_read = actor.role in (Role.OFFICE, Role.LEADER)
    return count if may_read and count >= threshold_for(actor) else None


def can_answer(actor: Actor, dispatch: Dispatch) -> bool:
    return actor.may(Verb.ANSWER) and dispatch.state in OPEN_DISPATCH_STATES


def can_follow_up(actor: Actor, dispatch: Dispatch) -> bool:
    """The leading department answers for what is left of an issue that it solved in part."""
    is_answered = dispatch.is_lead and dispatch.state == DispatchState.ANSWERED
    return actor.may(Verb.ANSWER) and is_answered and dispatch.issue.outcome == Outcome.PARTLY


def can_recheck(actor: Actor, issue: Issue, *, on: dt.date) -> bool:
    is_due = issue.recheck_on is not None and issue.recheck_on <= on
    return actor.may(Verb.CLOSE) and is_due and can_move_issue(actor, issue, Move.RECHECK)


def can_chase(actor: Actor, dispatch: Dispatch) -> bool:
    """Urge, supervise, settle a request for more time."""
    return actor.may(Verb.DISPATCH) and dispatch.state in OPEN_DISPATCH_STATES


def can_answer_referral(actor: Actor, referral: Referral) -> bool:
    """The office asked; of what went outside the house the sender writes down the answer."""
    answers = referral.to_unit_id or referral.office_id
    return actor.may(Verb.DISPATCH) and referral.is_waiting and actor.unit is not None and actor.unit.pk == answers


def can_approve(actor: Actor) -> bool:
    """The union's office, or the head of the department; not his own answer (services.obstacle_to_approving)."""
    return actor.may(Verb.APPROVE) and (actor.role == Role.OFFICE or actor.is_head)


def can_settle_without_telling(actor: Actor, feedback: Feedback) -> bool:
    """Only the office confirms that somebody cannot be reached."""
    return actor.role == Role.OFFICE and feedback.state == FeedbackState.OWED


def can_publish(actor: Actor, feedback: Feedback) -> bool:
    return can_settle_without_telling(actor, feedback) and feedback.opinion.reporter_kind == ReporterKind.ANONYMOUS


def can_keep_rule(actor: Actor, change: RuleChange) -> bool:
    """Rules of the units above are read and not kept here."""
    keeps = actor.may(Verb.RECORD_RULES) and change.unit.path.startswith(actor.unit.path)
    return keeps and not change.is_withdrawn


def can_uphold(actor: Actor, feedback: Feedback) -> bool:
    return actor.may(Verb.CLOSE) and feedback.is_disputed


def can_write_case(actor: Actor, case: CaseNomination) -> bool:
    """As long as it is a draft: the office those of its units, a group leader those of the group."""
    if not actor.may(Verb.NOMINATE) or case.state != CaseState.DRAFT:
        return False
    if actor.role == Role.GROUP_LEADER:
        return case.group_id == actor.group_id
    return case.unit.path.startswith(actor.unit.path)


def can_return_case(actor: Actor, case: CaseNomination) -> bool:
    runs = actor.may(Verb.RUN_POLLS) and case.unit.path.startswith(actor.unit.path)
    return runs and case.state == CaseState.NOMINATED


def can_run_poll(actor: Actor, poll: CasePoll) -> bool:
    """Polls of the units above are voted in and not run here."""
    return actor.may(Verb.RUN_POLLS) and poll.unit_id == actor.unit.pk
