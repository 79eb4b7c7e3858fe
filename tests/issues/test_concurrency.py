"""Several people at one issue at the same moment, with real threads on PostgreSQL.

Each thread draws moves and makes them through the services; a refusal is an answer, anything else is a fault. What came
out is then read back and held against the table of moves (`issues.workflow`), which is the model: every history is a
chain of allowed steps, every row is where its history ends, and no edit overwrote another that its author had not seen.
"""

import random
import threading
from collections import Counter
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, close_old_connections, connection

from issues import services
from issues.enums import IssueState, Move, OpinionState, Outcome
from issues.models import Dispatch, Feedback, Issue, Merge, Opinion
from issues.services import answering, dispatching, feedback, merging, splitting, transitions
from issues.workflow import ISSUE_STEPS, OPINION_STEPS
from lib.errors import Refused, Stale
from lib.models import Versioned
from tests import factories
from tests.people import build_world

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql",
        reason="SQLite has one writer at a time: without the locks nothing breaks there either",
    ),
]
PEOPLE = 4
#: Few enough that everybody wants the same ones.
ISSUES, OPINIONS = 4, 12


class Crowd:
    """People who act at random on the same few issues."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.world = world = build_world()
        workers = [factories.worker(world.workshop) for _ in range(OPINIONS)]
        for worker in workers:
            factories.befriended(worker, world.insider)
        self.opinions = [factories.opinion(worker, text=f"第{n}条") for n, worker in enumerate(workers)]
        for opinion in self.opinions[:ISSUES]:
            factories.registered_issue(opinion, by=world.office, office=world.company)
        self.done: Counter[str] = Counter()
        self.refused = 0
        self.faults: list[BaseException] = []
        #: Issue and the version that was seen by each edit that was saved.
        self.edits: list[tuple[int, int]] = []
        self.guard = threading.Lock()

    def act(self, steps: int) -> None:
        start = threading.Barrier(PEOPLE)
        threads = [
            threading.Thread(target=self.person, args=(number, steps // PEOPLE, start)) for number in range(PEOPLE)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def person(self, number: int, steps: int, start: threading.Barrier) -> None:
        draw = random.Random(self.seed * 100 + number)
        start.wait()
        try:
            for _ in range(steps):
                self.step(draw)
        finally:
            close_old_connections()
            connection.close()

    def step(self, draw: random.Random) -> None:
        try:
            name, move = draw.choice(self.moves(draw))
            move()
        except Refused:
            with self.guard:
                self.refused += 1
        except (DatabaseError, AssertionError, AttributeError, LookupError, TypeError, ValueError) as fault:
            with self.guard:
                self.faults.append(fault)
        else:
            with self.guard:
                self.done[name] += 1

    def moves(self, draw: random.Random) -> list:
        world, office = self.world, self.world.office
        opinion = draw.choice(self.opinions)
        issue = draw.choice(list(Issue.objects.order_by("-pk")[: ISSUES + 2]))
        others = draw.sample(self.opinions, 2)
        facts = {"office": world.company, "category": issue.category, "unit": issue.unit, "title": "另立的问题"}
        words = {"title": f"题目{draw.random()}", "wording": "请研究改进。"}
        found = [
            ("register", lambda: services.register_issue(opinions=[opinion], by=office, **facts)),
            ("merge", lambda: services.merge_opinions(issue, opinions=others, by=office)),
            ("split", lambda: services.split_issue(issue, opinions=[opinion], by=office, **facts)),
            ("join", lambda: services.join_issues(issue, into=other_than(issue, draw), by=office)),
            ("set aside", lambda: services.set_aside_opinion(opinion, reason="重复", by=office)),
            ("take up", lambda: services.take_up_again(opinion, by=office)),
            ("reword", lambda: self.edit(issue, words)),
            ("reopen", lambda: services.reopen_issue(issue, by=office, reason="又出现")),
            ("void", lambda: services.void_issue(issue, by=office, reason="登记有误")),
            ("close", lambda: services.close_issue(issue, by=office)),
            ("close", lambda: services.close_issue(issue, by=office)),
            *[("dispatch", lambda: services.dispatch_issue(issue, lead=world.department, by=office))] * 3,
        ]
        if merge := issue.merges.first():
            found.append(("unmerge", lambda: services.unmerge_opinion(merge, by=office)))
        if owed := issue.feedbacks.owed().first():
            found += [("tell", lambda: services.tell_reporter(owed, by=world.insider.user, channel="phone"))] * 4
        if lead := issue.dispatches.filter(is_lead=True).last():
            outcome = draw.choice([Outcome.SOLVED, Outcome.PARTLY, Outcome.EXPLAINED])
            answer = factories.answered_issue
            found += [
                ("accept", lambda: services.accept_dispatch(lead, by=world.handler)),
                ("return", lambda: services.return_dispatch(lead, reason="不属于本部门", by=world.handler)),
                ("withdraw", lambda: services.withdraw_dispatch(lead, reason="交办有误", by=office)),
                ("interim", lambda: services.answer_dispatch(lead, by=world.handler, text="正在研究。")),
                *[("answer", lambda: answer(lead, by=world.handler, outcome=outcome, at=None))] * 4,
            ]
        return found

    def edit(self, issue: Issue, words: dict) -> None:
        services.reword_issue(issue, by=self.world.office, version=issue.version, **words)
        with self.guard:
            self.edits.append((issue.pk, issue.version))


def other_than(issue: Issue, draw: random.Random) -> Issue:
    return draw.choice(list(Issue.objects.exclude(pk=issue.pk).order_by("-pk")[:ISSUES]))


def broken(crowd: Crowd) -> list[str]:
    """What the rows say that the model does not allow."""
    wrong = [f"edit {edit} overwrote another" for edit, count in Counter(crowd.edits).items() if count > 1]
    for issue in Issue.objects.all():
        wrong += chain(issue.transitions.of_issues(), ISSUE_STEPS, issue.state, f"issue {issue.pk}")
        wrong += misfits(issue)
    for opinion in Opinion.objects.all():
        own = opinion.transitions.exclude(move=Move.TELL)
        wrong += chain(own, OPINION_STEPS, opinion.state, f"opinion {opinion.pk}")
        if (opinion.state == OpinionState.MERGED) != opinion.merges.in_force().exists():
            wrong.append(f"opinion {opinion.pk} is {opinion.state} and merged otherwise")
    return wrong


def chain(moves, steps, state: str, whose: str) -> list[str]:
    """In the order in which they were written, which the lock makes the order in which they happened."""
    wrong, at = [], ""
    for move in moves.order_by("pk"):
        step = steps.get(Move(move.move))
        if move.from_state != at:
            wrong.append(f"{whose}: {move.move} from {move.from_state}, but it was {at}")
        if step and move.from_state not in step.sources:
            wrong.append(f"{whose}: {move.move} is not allowed from {move.from_state}")
        at = move.to_state
    return wrong if at == state else [*wrong, f"{whose} is {state}, its history ends in {at}"]


def misfits(issue: Issue) -> list[str]:
    wrong = []
    voices = set(Merge.objects.in_force().filter(issue=issue).values_list("opinion", flat=True))
    if bool(voices) == (issue.state == IssueState.VOID):
        wrong.append(f"issue {issue.pk} is {issue.state} with {len(voices)} voices")
    leads = Dispatch.objects.open().filter(issue=issue, is_lead=True).count()
    if leads != (issue.state in (IssueState.DISPATCHED, IssueState.IN_HAND)):
        wrong.append(f"issue {issue.pk} is {issue.state} with {leads} open leads")
    in_force = Feedback.objects.in_force().filter(issue=issue)
    if set(in_force.values_list("opinion", flat=True)) != (voices if issue.outcome else set()):
        wrong.append(f"issue {issue.pk} is {issue.state} and owes to others than its voices")
    if issue.state == IssueState.CLOSED and in_force.owed().exists():
        wrong.append(f"issue {issue.pk} is closed and owes an answer")
    return wrong


def test_moves_at_the_same_moment_lead_to_no_state_outside_the_table(request):
    steps = 20_000 if request.config.getoption("--long") else 1_000
    crowd = Crowd(seed=7)
    crowd.act(steps)
    assert [repr(fault) for fault in crowd.faults[:5]] == []
    assert broken(crowd) == []
    assert sum(crowd.done.values()) + crowd.refused == steps // PEOPLE * PEOPLE
    assert set(crowd.done) >= {"merge", "unmerge", "split", "dispatch", "answer", "tell", "reword", "reopen", "return"}
    assert len(crowd.edits) > 3


@contextmanager
def without_locks(monkeypatch):
    """As if nobody had thought of two people: rows are read without holding them, and saved over each other."""

    def unguarded(self, update_fields, *, version=None) -> None:
        self.version += 1
        self.save(update_fields=[*update_fields, "version"])

    def unlocked(issue: Issue) -> Issue:
        return Issue.objects.select_related("unit", "category").get(pk=issue.pk)

    with monkeypatch.context() as patch:
        patch.setattr(Versioned, "save_if_current", unguarded)
        for module in (transitions, answering, dispatching, feedback, merging, splitting, services.closing):
            patch.setattr(module, "locked", unlocked)
        yield


def test_without_the_locks_the_same_crowd_breaks_the_table(monkeypatch):
    crowd = Crowd(seed=7)
    with without_locks(monkeypatch):
        crowd.act(400)
    assert broken(crowd) or crowd.faults


def test_an_edit_that_was_overtaken_is_stale():
    crowd = Crowd(seed=1)
    issue = Issue.objects.first()
    crowd.edit(issue, {"title": "先到"})
    with pytest.raises(Stale):
        services.reword_issue(issue, by=crowd.world.office, version=issue.version, title="后到")
    assert Issue.objects.get(pk=issue.pk).title == "先到"
