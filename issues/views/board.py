"""/issues/board/ 看板: the list of issues by what is next, and each step from one column to another as a link."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from lib.htmx import render_page_or_fragment
from organization.actors import Actor
from organization.guards import requires
from organization.roles import Verb

from ..enums import DISPATCHABLE_STATES, IssueState, Move
from ..lists.issues import BOARD, lead_department, unit_shown
from ..models import Issue
from ..permissions import can_move_issue

#: Cards of a column; the rest is behind its link to the list.
MOST_CARDS = 30


@dataclass(frozen=True)
class Pile:
    """A column of the board. `tab` is the tab of the list that shows the same issues."""

    tab: str
    label: object
    rows: Callable[[QuerySet[Issue]], QuerySet[Issue]]


PILES = (
    Pile("office", _("待交办"), lambda issues: issues.filter(state__in=DISPATCHABLE_STATES)),
    Pile("dispatched", _("待接收"), lambda issues: issues.filter(state=IssueState.DISPATCHED)),
    Pile("in_hand", _("办理中"), lambda issues: issues.filter(state=IssueState.IN_HAND)),
    Pile("owed", _("待反馈"), lambda issues: issues.filter(state=IssueState.ANSWERED).owing_feedback()),
    Pile("answered", _("待销号"), lambda issues: issues.filter(state=IssueState.ANSWERED).told_to_all()),
    Pile("closed", _("已销号"), lambda issues: issues.filter(state=IssueState.CLOSED)),
)
#: Where a card goes by a step that the board offers, and the page of the step.
LEADS_TO = {
    Move.DISPATCH: ("dispatched", "issues:issue_dispatch"),
    Move.WITHDRAW: ("office", "issues:issue_withdraw"),
    Move.REOPEN: ("office", "issues:issue_reopen"),
    Move.CLOSE: ("closed", "issues:issue_close"),
}

#: Struck off is what everybody has been told of.
NOT_YET = (Move.CLOSE, "owed")


@requires(Verb.READ_ISSUES)
@require_safe
def issue_board(request: HttpRequest) -> HttpResponse:
    listing = BOARD.open_for(request)
    piles = [filled(pile, listing.rows, request.actor) for pile in PILES]
    context = {"listing": listing, "filter": listing.filter, "piles": piles}
    return render_page_or_fragment(request, "issues/issue_board.html", "issues/_board_piles.html", context)


def filled(pile: Pile, issues: QuerySet[Issue], actor: Actor) -> dict:
    rows = pile.rows(issues)
    cards = [card(issue, pile, actor) for issue in rows[: MOST_CARDS + 1]]
    total = len(cards) if len(cards) <= MOST_CARDS else rows.order_by().count()
    return {"pile": pile, "cards": cards[:MOST_CARDS], "total": total}


def card(issue: Issue, pile: Pile, actor: Actor) -> dict:
    """`steps`: (column it goes to, label, address of the page that does it)."""
    offered = [move for move in LEADS_TO if can_move_issue(actor, issue, move) and (move, pile.tab) != NOT_YET]
    steps = [(LEADS_TO[move][0], move.label, reverse(LEADS_TO[move][1], args=[issue.key])) for move in offered]
    return {"issue": issue, "unit": unit_shown(issue), "department": lead_department(issue), "steps": steps}
