"""The closed loop as one table: which move leads from where to where, and which role may make it.

Buttons, checks, services and tests all read it. A state changes only in `issues.services`, one function per move;
each writes a Transition, and history, as-of figures and audit are read from those.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from lib.errors import Refused
from organization.roles import Role

from .enums import DISPATCHABLE_STATES, OPEN_STATES, IssueState, Move, OpinionState


class WrongState(Refused):
    code = "wrong_state"


@dataclass(frozen=True)
class Step:
    """`to` None: the state stays. `roles` are those that make the move in the interface."""

    sources: frozenset[str]
    to: str | None
    roles: frozenset[Role]


_OFFICE = frozenset({Role.OFFICE})
_DEPARTMENT = frozenset({Role.HANDLER})
_APPROVERS = _OFFICE | _DEPARTMENT
_CLOSE_TO_THE_WORKER = frozenset({Role.CADRE, Role.GROUP_LEADER, Role.OFFICE})

#: States in which some department may still owe something.
_AT_DEPARTMENTS = frozenset({IssueState.DISPATCHED, IssueState.IN_HAND, IssueState.ANSWERED})

ISSUE_STEPS: dict[Move, Step] = {
    Move.DISPATCH: Step(frozenset(DISPATCHABLE_STATES), IssueState.DISPATCHED, _OFFICE),
    # Departments work on what they were given.
    Move.REWORD: Step(frozenset(DISPATCHABLE_STATES), None, _OFFICE),
    Move.ACCEPT: Step(frozenset({IssueState.DISPATCHED}), IssueState.IN_HAND, _DEPARTMENT),
    Move.RETURN: Step(
        frozenset({IssueState.DISPATCHED, IssueState.IN_HAND}),
        IssueState.RETURNED,
        _DEPARTMENT,
    ),
    Move.WITHDRAW: Step(
        frozenset({IssueState.DISPATCHED, IssueState.IN_HAND}),
        IssueState.RETURNED,
        _OFFICE,
    ),
    Move.INTERIM: Step(
        frozenset({IssueState.DISPATCHED, IssueState.IN_HAND}),
        IssueState.IN_HAND,
        _DEPARTMENT,
    ),
    Move.ANSWER: Step(
        frozenset({IssueState.DISPATCHED, IssueState.IN_HAND}),
        IssueState.ANSWERED,
        _DEPARTMENT,
    ),
    # The department's part is done, the outcome is not there yet.
    Move.SUBMIT: Step(
        frozenset({IssueState.DISPATCHED, IssueState.IN_HAND}),
        IssueState.IN_HAND,
        _DEPARTMENT,
    ),
    Move.APPROVE: Step(frozenset({IssueState.IN_HAND}), IssueState.ANSWERED, _APPROVERS),
    Move.SEND_BACK: Step(frozenset({IssueState.IN_HAND}), None, _APPROVERS),
    Move.SUPPORT: Step(_AT_DEPARTMENTS, None, _DEPARTMENT),
    # About one dispatch that is open; a supporting one may be when the issue has its outcome already.
    Move.ASK_EXTENSION: Step(_AT_DEPARTMENTS, None, _DEPARTMENT),
    Move.GRANT_EXTENSION: Step(_AT_DEPARTMENTS, None, _OFFICE),
    Move.REFUSE_EXTENSION: Step(_AT_DEPARTMENTS, None, _OFFICE),
    Move.URGE: Step(_AT_DEPARTMENTS, None, _OFFICE),
    Move.SUPERVISE: Step(_AT_DEPARTMENTS, None, _OFFICE),
    # By the clock; nobody has a button for it.
    Move.ESCALATE: Step(_AT_DEPARTMENTS, None, frozenset()),
    Move.PAUSE: Step(frozenset({IssueState.DISPATCHED, IssueState.IN_HAND}), None, _OFFICE),
    Move.RESUME: Step(frozenset({IssueState.DISPATCHED, IssueState.IN_HAND}), None, _OFFICE),
    Move.TELL: Step(frozenset({IssueState.ANSWERED}), None, _CLOSE_TO_THE_WORKER),
    # By the worker himself, on his slip; nobody has a button for these.
    Move.RATE: Step(frozenset({IssueState.ANSWERED, IssueState.CLOSED}), None, frozenset()),
    Move.DISPUTE: Step(frozenset({IssueState.ANSWERED, IssueState.CLOSED}), None, frozenset()),
    Move.UPHOLD: Step(frozenset({IssueState.ANSWERED, IssueState.CLOSED}), None, _OFFICE),
    # The issue stays as it is while the higher unit considers it.
    Move.REFER: Step(frozenset(OPEN_STATES), None, _OFFICE),
    Move.REFER_ANSWER: Step(frozenset(set(IssueState) - {IssueState.VOID}), None, _OFFICE),
    # What was left of a partly solved issue; from then on everybody is owed the new answer.
    Move.FOLLOW_UP: Step(frozenset({IssueState.ANSWERED, IssueState.CLOSED}), IssueState.ANSWERED, _DEPARTMENT),
    Move.RECHECK: Step(frozenset({IssueState.ANSWERED, IssueState.CLOSED}), None, _OFFICE),
    Move.CLOSE: Step(frozenset({IssueState.ANSWERED}), IssueState.CLOSED, _OFFICE),
    Move.REOPEN: Step(
        frozenset({IssueState.ANSWERED, IssueState.CLOSED}),
        IssueState.REOPENED,
        _OFFICE,
    ),
    Move.MERGE: Step(frozenset(OPEN_STATES), None, _OFFICE),
    Move.UNMERGE: Step(frozenset(OPEN_STATES), None, _OFFICE),
    # Registered by mistake; as long as no department has answered.
    Move.VOID: Step(frozenset({IssueState.REGISTERED, IssueState.RETURNED}), IssueState.VOID, _OFFICE),
}

OPINION_STEPS: dict[Move, Step] = {
    # One breath may name two matters: a merged opinion may be merged into a second issue.
    Move.MERGE: Step(
        frozenset({OpinionState.WAITING, OpinionState.MERGED}),
        OpinionState.MERGED,
        _OFFICE,
    ),
    Move.UNMERGE: Step(frozenset({OpinionState.MERGED}), OpinionState.WAITING, _OFFICE),
    # By who took it down, before the office has worked on it.
    Move.REWORD: Step(frozenset({OpinionState.WAITING}), None, frozenset({Role.CADRE, Role.GROUP_LEADER})),
    Move.SET_ASIDE: Step(frozenset({OpinionState.WAITING}), OpinionState.SET_ASIDE, _OFFICE),
    Move.TAKE_UP_AGAIN: Step(frozenset({OpinionState.SET_ASIDE}), OpinionState.WAITING, _OFFICE),
}


def allows(steps: dict[Move, Step], move: Move, state: str) -> bool:
    return move in steps and state in steps[move].sources


def require(steps: dict[Move, Step], move: Move, *, state: str, label: str) -> Step:
    """The step of a move from a state; raises WrongState with a sentence for the user.

    `label` is the state's name as shown.
    """
    if not allows(steps, move, state):
        raise WrongState(
            _("当前状态是“%(state)s”，不能%(move)s。请刷新页面查看最新情况。") % {"state": label, "move": move.label}
        )
    return steps[move]


def moves_of(steps: dict[Move, Step], state: str, role: Role | None) -> Iterable[Move]:
    """The moves that a page offers for a row in `state` to somebody in `role`."""
    return [move for move, step in steps.items() if state in step.sources and role in step.roles]
