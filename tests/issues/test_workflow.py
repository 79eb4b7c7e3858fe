"""The table of moves and the doors that obey it; the states add up whatever happens."""

import datetime as dt
import random

import pytest

from issues import services
from issues.enums import IN_HAND_STATES, OPEN_STATES, IssueState, Move, OpinionState, Outcome
from issues.models import Feedback, Issue, Merge, Opinion, Transition
from issues.workflow import ISSUE_STEPS, OPINION_STEPS, WrongState, allows, moves_of, require
from lib.errors import Refused
from organization.roles import ROLES, Role, Verb
from tests import factories
from tests.people import build_world

pytestmark = pytest.mark.django_db
#: About a dispatch that is open.
ANSWERING = {Move.RETURN, Move.INTERIM, Move.SUPPORT, Move.ANSWER, Move.SUBMIT, Move.ASK_EXTENSION}
CLOCK = {Move.PAUSE, Move.RESUME}
REFERRING = {Move.REFER, Move.REFER_ANSWER}
APPROVING = {Move.APPROVE, Move.SEND_BACK}
CHASING = {Move.URGE, Move.SUPERVISE, Move.GRANT_EXTENSION, Move.REFUSE_EXTENSION}


@pytest.fixture
def world():
    return build_world()


@pytest.mark.parametrize(
    ("state", "role", "moves"),
    [
        (IssueState.REGISTERED, Role.OFFICE, {Move.DISPATCH, Move.REWORD, Move.MERGE, Move.UNMERGE, Move.VOID}),
        (IssueState.RETURNED, Role.OFFICE, {Move.DISPATCH, Move.REWORD, Move.MERGE, Move.UNMERGE, Move.VOID}),
        (IssueState.DISPATCHED, Role.OFFICE, {Move.WITHDRAW, Move.MERGE, Move.UNMERGE, *CHASING, *CLOCK}),
        (IssueState.IN_HAND, Role.OFFICE, {Move.WITHDRAW, Move.MERGE, Move.UNMERGE, *APPROVING, *CHASING, *CLOCK}),
        (
            IssueState.ANSWERED,
            Role.OFFICE,
            {Move.TELL, Move.CLOSE, Move.REOPEN, Move.RECHECK, Move.UPHOLD, Move.MERGE, Move.UNMERGE, *CHASING},
        ),
        (IssueState.CLOSED, Role.HANDLER, {Move.FOLLOW_UP}),
        (IssueState.CLOSED, Role.OFFICE, {Move.REOPEN, Move.RECHECK, Move.UPHOLD}),
        (IssueState.REOPENED, Role.OFFICE, {Move.DISPATCH, Move.REWORD, Move.MERGE, Move.UNMERGE}),
        (IssueState.VOID, Role.OFFICE, set()),
        (IssueState.DISPATCHED, Role.HANDLER, {Move.ACCEPT, *ANSWERING}),
        (IssueState.IN_HAND, Role.HANDLER, {*APPROVING, *ANSWERING}),
        (IssueState.ANSWERED, Role.HANDLER, {Move.SUPPORT, Move.FOLLOW_UP, Move.ASK_EXTENSION}),
        (IssueState.ANSWERED, Role.CADRE, {Move.TELL}),
        (IssueState.IN_HAND, Role.CADRE, set()),
        (IssueState.ANSWERED, Role.LEADER, set()),
        (IssueState.REGISTERED, None, set()),
    ],
)
def test_moves_of_an_issue(state, role, moves):
    assert set(moves_of(ISSUE_STEPS, state, role)) - REFERRING == moves


def test_office_refers_what_is_open_and_takes_the_answer_down_whatever_became_of_it():
    for state in IssueState:
        moves = set(moves_of(ISSUE_STEPS, state, Role.OFFICE)) & REFERRING
        beside = {Move.REFER_ANSWER} if state == IssueState.CLOSED else set()
        assert moves == (REFERRING if state in OPEN_STATES else beside)


@pytest.mark.parametrize(
    ("state", "moves"),
    [
        (OpinionState.WAITING, {Move.MERGE, Move.SET_ASIDE}),
        (OpinionState.MERGED, {Move.MERGE, Move.UNMERGE}),
        (OpinionState.SET_ASIDE, {Move.TAKE_UP_AGAIN}),
    ],
)
def test_moves_of_an_opinion(state, moves):
    assert set(moves_of(OPINION_STEPS, state, Role.OFFICE)) == moves
    by_author = {Move.REWORD} if state == OpinionState.WAITING else set()
    assert set(moves_of(OPINION_STEPS, state, Role.CADRE)) == by_author


def test_roles_of_the_moves_have_the_verbs_of_the_views():
    needed = {
        Move.DISPATCH: Verb.DISPATCH,
        Move.REWORD: Verb.DISPATCH,
        Move.WITHDRAW: Verb.DISPATCH,
        Move.CLOSE: Verb.CLOSE,
        Move.REOPEN: Verb.CLOSE,
        Move.MERGE: Verb.MERGE,
        Move.UNMERGE: Verb.MERGE,
        Move.VOID: Verb.MERGE,
        Move.ACCEPT: Verb.ANSWER,
        Move.RETURN: Verb.ANSWER,
        Move.INTERIM: Verb.ANSWER,
        Move.SUPPORT: Verb.ANSWER,
        Move.ANSWER: Verb.ANSWER,
        Move.ASK_EXTENSION: Verb.ANSWER,
        Move.GRANT_EXTENSION: Verb.DISPATCH,
        Move.REFUSE_EXTENSION: Verb.DISPATCH,
        Move.URGE: Verb.DISPATCH,
        Move.SUPERVISE: Verb.DISPATCH,
        Move.PAUSE: Verb.DISPATCH,
        Move.RESUME: Verb.DISPATCH,
        Move.SUBMIT: Verb.ANSWER,
        Move.APPROVE: Verb.APPROVE,
        Move.SEND_BACK: Verb.APPROVE,
        Move.TELL: Verb.GIVE_FEEDBACK,
        Move.UPHOLD: Verb.CLOSE,
        Move.FOLLOW_UP: Verb.ANSWER,
        Move.REFER: Verb.DISPATCH,
        Move.REFER_ANSWER: Verb.DISPATCH,
        Move.RECHECK: Verb.CLOSE,
    }
    # The others are the worker's own, who has no role, or made by the clock.
    assert set(needed) == {move for move, step in ISSUE_STEPS.items() if step.roles}
    for move, step in ISSUE_STEPS.items():
        assert step.roles == {role for role in step.roles if needed[move] in ROLES[role].verbs}, move


def test_require_says_state_and_move_in_words():
    with pytest.raises(WrongState, match="当前状态是“销号”，不能交办"):
        require(ISSUE_STEPS, Move.DISPATCH, state=IssueState.CLOSED, label="销号")


def test_every_state_is_reached_and_left():
    reached = {step.to for step in ISSUE_STEPS.values()} | {IssueState.REGISTERED}
    assert set(IssueState) <= reached
    left = {state for state in IssueState if any(allows(ISSUE_STEPS, move, state) for move in ISSUE_STEPS)}
    assert left == set(IssueState) - {IssueState.VOID}


def test_refusals_change_nothing(world):
    opinion = factories.opinion(world.friend)
    issue = factories.registered_issue(opinion, by=world.office, office=world.company)
    dispatch = factories.dispatched_issue(issue, to=world.department, by=world.office)
    before = Transition.objects.count()
    office, handler = world.office, world.handler
    refused = [
        lambda: services.register_issue(
            office=world.company, opinions=[], title="空", category=opinion.category, unit=world.plant, by=office
        ),
        lambda: services.dispatch_issue(issue, lead=world.department, by=office),
        lambda: services.unmerge_opinion(issue.merges.get(), by=office),
        lambda: services.set_aside_opinion(opinion, reason="已归并", by=office),
        lambda: services.set_aside_opinion(opinion, reason=" ", by=office),
        lambda: services.take_up_again(opinion, by=office),
        lambda: services.close_issue(issue, by=office),
        lambda: services.reopen_issue(issue, by=office, reason="没有答复"),
        lambda: services.reopen_issue(issue, by=office, reason=""),
        lambda: services.return_dispatch(dispatch, by=handler, reason=" "),
        lambda: services.withdraw_dispatch(dispatch, by=office, reason=""),
        lambda: services.void_issue(issue, by=office, reason="重复登记"),
        lambda: services.void_issue(issue, by=office, reason=" "),
    ]
    for act in refused:
        with pytest.raises(Refused):
            act()
    issue.refresh_from_db()
    assert (issue.state, Transition.objects.count()) == (IssueState.DISPATCHED, before)


def test_supporting_department_cannot_decide_and_its_silence_keeps_the_issue_open(world):
    issue = factories.registered_issue(factories.opinion(world.friend), by=world.office, office=world.company)
    services.dispatch_issue(
        issue,
        lead=world.department,
        supporting=[world.other_department],
        by=world.office,
        at=factories.issues.MARCH + factories.issues.DAY,
    )
    support = issue.dispatches.get(is_lead=False)
    with pytest.raises(Refused, match="牵头部门填写"):
        services.answer_dispatch(support, by=world.other_handler, text="可以", outcome=Outcome.SOLVED, evidence="有")
    factories.answered_issue(issue.dispatches.get(is_lead=True), by=world.handler)
    services.tell_reporter(issue.feedbacks.get(), by=world.insider.user, channel="phone")
    with pytest.raises(Refused, match="还有 1 个协办部门没有答复"):
        services.close_issue(issue, by=world.office)


def test_states_add_up_after_any_moves(world):
    """Random moves of everybody; refused or done, the identities of the ledger hold and history tells the states."""
    draw = random.Random(20160831)
    friends = [world.friend, *(factories.worker(world.workshop) for _ in range(5))]
    for friend in friends[1:]:
        factories.befriended(friend, world.insider)
    opinions = [factories.opinion(draw.choice(friends), text=f"第{n}条") for n in range(12)]
    clock = factories.issues.MARCH + dt.timedelta(days=30)
    done = 0
    for step in range(150):
        clock += dt.timedelta(hours=5)
        try:
            one_move(world, draw, opinions, clock)
        except Refused:
            continue
        done += 1
        if step % 10 == 0:
            check_ledger()
    check_ledger()
    assert done > 40


def one_move(world, draw, opinions, at) -> None:
    opinion = draw.choice(opinions)
    opinion.refresh_from_db()
    issue = draw.choice([*Issue.objects.order_by("pk"), None])
    office, handler = world.office, world.handler
    acts = [
        lambda: factories.registered_issue(opinion, by=office, office=world.company, at=at, although_merged=True),
        lambda: services.set_aside_opinion(opinion, reason="重复", by=office, at=at),
        lambda: services.take_up_again(opinion, by=office, at=at),
    ]
    if issue:
        lead = issue.dispatches.filter(is_lead=True).last()
        acts += [lambda: services.merge_opinions(issue, opinions=[opinion], by=office, at=at)]
        acts += [lambda: services.dispatch_issue(issue, lead=world.department, by=office, at=at, due_on=at.date())] * 3
        acts += [lambda: services.close_issue(issue, by=office, at=at)] * 3
        acts += [lambda: services.reopen_issue(issue, by=office, reason="又出现", at=at)]
        acts += [lambda: services.void_issue(issue, by=office, reason="重复登记", at=at)]
        acts += [lambda: services.unmerge_opinion(draw.choice(list(issue.merges.all())), by=office, at=at)]
        if owed := issue.feedbacks.owed().first():
            acts += [lambda: services.tell_reporter(owed, by=world.insider.user, channel="phone", at=at)] * 6
        if lead:
            outcome = draw.choice(list(Outcome))
            acts += [lambda: factories.answered_issue(lead, by=handler, outcome=outcome, at=at)] * 6
            acts += [lambda: services.return_dispatch(lead, by=handler, reason="不属于本部门", at=at)]
            acts += [lambda: services.withdraw_dispatch(lead, by=office, reason="交办有误", at=at)]
    draw.choice(acts)()


def check_ledger() -> None:
    opinions, issues = Opinion.objects, Issue.objects
    merged = opinions.filter(merges__undone_at__isnull=True, merges__isnull=False).distinct()
    states = {state: opinions.filter(state=state).count() for state in OpinionState}
    assert states[OpinionState.MERGED] == merged.count()
    assert sum(states.values()) == opinions.count()
    outcomes = sum(issues.filter(outcome=outcome).count() for outcome in Outcome)
    counting = issues.exclude(state=IssueState.VOID)
    assert outcomes + issues.filter(state__in=IN_HAND_STATES).count() == counting.count()
    for issue in issues.all():
        assert issue.transitions.of_issues().last().to_state == issue.state
        assert issue.merges.in_force().exists() == (issue.state != IssueState.VOID)
    for opinion in opinions.all():
        own = opinion.transitions.exclude(move=Move.TELL)
        assert own.last().to_state == opinion.state
    for issue in issues.exclude(outcome=""):
        assert set(issue.feedbacks.values_list("opinion", flat=True)) >= set(
            Merge.objects.in_force().filter(issue=issue).values_list("opinion", flat=True)
        )
    assert not Feedback.objects.owed().exclude(issue__state=IssueState.ANSWERED).exists()
