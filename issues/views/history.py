"""What happened, out of the transitions, as the time line draws it."""

from __future__ import annotations

from ..enums import Move
from ..models import Issue, Opinion, Transition

ICONS = {
    Move.RAISE: "chat-left-text",
    Move.MERGE: "layers",
    Move.UNMERGE: "arrow-counterclockwise",
    Move.SET_ASIDE: "slash-circle",
    Move.TAKE_UP_AGAIN: "arrow-counterclockwise",
    Move.REGISTER: "card-checklist",
    Move.REWORD: "pencil",
    Move.DISPATCH: "send",
    Move.ACCEPT: "inbox",
    Move.RETURN: "arrow-return-left",
    Move.WITHDRAW: "arrow-return-left",
    Move.INTERIM: "hourglass-split",
    Move.SUPPORT: "people",
    Move.ASK_EXTENSION: "calendar-plus",
    Move.GRANT_EXTENSION: "calendar-check",
    Move.REFUSE_EXTENSION: "x-lg",
    Move.URGE: "megaphone",
    Move.SUPERVISE: "exclamation-triangle",
    Move.ESCALATE: "bell",
    Move.PAUSE: "hourglass-split",
    Move.RESUME: "clock",
    Move.ANSWER: "check2-circle",
    Move.SUBMIT: "send-check",
    Move.APPROVE: "check2-circle",
    Move.SEND_BACK: "arrow-return-left",
    Move.TELL: "reply",
    Move.RATE: "person-check",
    Move.DISPUTE: "exclamation-triangle",
    Move.UPHOLD: "check2",
    Move.REFER: "send",
    Move.REFER_ANSWER: "reply",
    Move.FOLLOW_UP: "check2-circle",
    Move.RECHECK: "calendar-check",
    Move.CLOSE: "check2-all",
    Move.REOPEN: "arrow-repeat",
    Move.VOID: "slash-circle",
}
TONES = {
    Move.ANSWER: "good",
    Move.APPROVE: "good",
    Move.TELL: "good",
    Move.FOLLOW_UP: "good",
    Move.CLOSE: "good",
    Move.URGE: "wait",
    Move.SUPERVISE: "alarm",
    Move.ESCALATE: "alarm",
    Move.PAUSE: "wait",
    Move.RETURN: "wait",
    Move.WITHDRAW: "wait",
    Move.REOPEN: "wait",
    Move.DISPUTE: "wait",
    Move.SEND_BACK: "wait",
}


def opinion_history(opinion: Opinion) -> list[dict]:
    moves = opinion.transitions.select_related("by", "issue").order_by("-at", "-pk")
    return [item(move, title=f"{move.get_move_display()} {move.issue or ''}".strip()) for move in moves]


def issue_history(issue: Issue, *, with_people: bool) -> list[dict]:
    """Newest first; without people for leaders, who read the matter alone."""
    moves = issue.transitions.of_issues().select_related("by", "dispatch__department").order_by("-at", "-pk")
    return [
        item(move, title=titled(move), who=move.who if with_people else "", note=move.note if with_people else "")
        for move in moves
    ]


def titled(move: Transition) -> str:
    department = f" · {move.dispatch.department.label}" if move.dispatch else ""
    outcome = f"：{move.get_outcome_display()}" if move.move in (Move.ANSWER, Move.APPROVE, Move.FOLLOW_UP) else ""
    return f"{move.get_move_display()}{outcome}{department}"


def item(move: Transition, *, title: str, who: str | None = None, note: str | None = None) -> dict:
    return {
        "icon": ICONS.get(move.move, "dot"),
        "tone": TONES.get(move.move, ""),
        "title": title,
        "when": move.at,
        "who": move.who if who is None else who,
        "text": move.note if note is None else note,
    }
