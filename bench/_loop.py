"""What was raised and became of it: opinions, issues, dispatches, answers, feedback, and every move as a transition."""

from __future__ import annotations

import datetime as dt
import random
from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from friends.enums import ContactChannel
from issues.enums import (
    IN_HAND_STATES,
    Approval,
    DispatchState,
    ExplainReason,
    FeedbackState,
    IssueState,
    Move,
    OpinionState,
    Outcome,
    RatedBy,
)
from issues.models import (
    Category,
    Dispatch,
    Feedback,
    Issue,
    IssueCounter,
    Merge,
    Opinion,
    Reply,
    Transition,
)
from issues.models.issue import squeezed
from liaison.enums import Grade
from liaison.norms import PUBLISHED
from lib.names import text_search
from organization.calendars import working_calendar

from ._copy import NULL, Loader
from ._shape import Shape
from ._structure import Enterprise, House
from ._words import ANSWER, EVIDENCE, LEFT, OPINION_TEXTS, REASON, RULE, TITLES, WORDING

MODELS = [Opinion, Merge, Issue, IssueCounter, Dispatch, Reply, Feedback, Transition]
#: Days in which an opinion may still wait to be merged.
WAITING_DAYS = 20
# How many opinions make an issue: 2.3 on average.
VOICES = (*[1] * 5, *[2] * 8, *[3] * 4, *[4] * 2, 5)
# As in the published ledger: 26 solved, 14 partly, 8 in hand, 44 explained.
OUTCOMES = (*[Outcome.SOLVED] * 26, *[Outcome.PARTLY] * 14, *[Outcome.EXPLAINED] * 44)
GRADES = (*[Grade.SHORT_TERM] * 6, *[Grade.SEVERAL_DEPARTMENTS] * 3, Grade.SYSTEMIC)


@dataclass(frozen=True, slots=True)
class Voice:
    """An opinion about to be raised: worker from 0, the others by id; `day` counts from the first."""

    worker: int
    unit: int
    enterprise: int
    group: int
    cadre: int
    log: str
    day: int
    moment: str


@dataclass(slots=True)
class Waiting:
    """A voice that is to be merged: its opinion's id."""

    opinion: str
    voice: Voice


class Ledger:
    def __init__(self, shape: Shape, load: Loader, house: House, rng: random.Random) -> None:
        self.shape, self.house, self.rng = shape, house, rng
        self.categories = list(Category.objects.order_by("pk").values_list("pk", flat=True))
        self.opinions = load.table(
            Opinion, "id", "key", "recorded_at", "recorded_by_id", "worker_id", "unit_id", "group_id", "cadre_id",
            "contact_log_id", "batch", "text", "category_id", "is_urgent", "raised_on", "state", "set_aside_reason",
        )  # fmt: skip
        self.issues = load.table(
            Issue, "id", "key", "recorded_at", "recorded_by_id", "office_id", "year", "serial", "number", "search",
            "title", "wording", "category_id", "grade", "unit_id", "group_id", "state", "registered_on",
            "first_answer_due_on", "due_on", "first_answered_on", "outcome", "outcome_on", "recheck_on", "follow_up_on",
            "closed_on",
        )  # fmt: skip
        self.merges = load.table(Merge, "opinion_id", "issue_id", "merged_at", "merged_by_id")
        self.dispatches = load.table(
            Dispatch, "id", "key", "issue_id", "department_id", "title", "wording", "matter_unit_id", "state", "due_on",
            "dispatched_at", "dispatched_by_id", "accepted_at", "return_reason",
        )  # fmt: skip
        self.replies = load.table(
            Reply, "key", "dispatch_id", "outcome", "text", "evidence", "left_to_do", "follow_up_on", "reason",
            "rule_relied_on", "recheck_on", "replied_at", "replied_by_id", "approval", "approved_at", "approved_by_id",
        )  # fmt: skip
        self.feedbacks = load.table(
            Feedback, "key", "opinion_id", "issue_id", "state", "owed_since", "told_on", "told_by_id", "channel",
            "rating", "rated_by", "rated_on",
        )  # fmt: skip
        self.moves = load.table(
            Transition, "opinion_id", "issue_id", "dispatch_id", "move", "from_state", "to_state", "outcome", "at",
            "on", "recorded_at", "by_id", "due_on", "outcome_on", "first_answer_due_on",
        )  # fmt: skip
        self.counters = load.table(IssueCounter, "office_id", "year", "last")
        self.waiting: dict[int, list[Waiting]] = defaultdict(list)
        self.enough: dict[int, int] = defaultdict(lambda: 2)
        self.serials: dict[tuple[int, int], int] = defaultdict(int)
        self.limit = cache(working_calendar().add_workdays)
        self.readings = {title: text_search(title) for title in TITLES}
        self.last_opinion = self.last_issue = 0

    def key(self) -> str:
        return f"{self.rng.getrandbits(128):032x}"

    def search(self, number: str, title: str) -> str:
        """As issues.models.issue.search_of has it, each title read once."""
        return f"{self.readings[title]} {squeezed(number)}"

    def date(self, day: int) -> str:
        return str(self.shape.first_day + dt.timedelta(days=day))

    def raise_opinion(self, voice: Voice) -> None:
        self.last_opinion += 1
        opinion, chance = str(self.last_opinion), self.rng.random()
        is_new = self.shape.days - voice.day <= WAITING_DAYS
        state = OpinionState.MERGED
        if is_new and chance < 0.6:
            state = OpinionState.WAITING
        elif chance > 0.94:
            state = OpinionState.SET_ASIDE
        date, at = voice.moment[:10], f"{voice.moment}:00+08"
        self.opinions.add(
            opinion,
            self.key(),
            f"{voice.moment}:30+08",
            str(voice.cadre),
            str(voice.worker + 1),
            str(voice.unit),
            str(voice.group),
            str(voice.cadre),
            voice.log,
            self.key(),
            OPINION_TEXTS[int(chance * 10_000) % len(OPINION_TEXTS)],
            str(self.category(voice.worker)),
            "t" if chance < 0.02 else "f",
            date,
            state,
            REASON if state == OpinionState.SET_ASIDE else "",
        )
        self.move(Move.RAISE, "", OpinionState.WAITING, at, voice.cadre, opinion=opinion)
        if state == OpinionState.SET_ASIDE:
            office = self.house.enterprises[voice.enterprise].office
            later = f"{date} 23:00:00+08"
            self.move(Move.SET_ASIDE, OpinionState.WAITING, state, later, office, opinion=opinion)
        if state == OpinionState.MERGED:
            gathered = self.waiting[voice.enterprise]
            gathered.append(Waiting(opinion, voice))
            if len(gathered) >= self.enough[voice.enterprise]:
                self.enough[voice.enterprise] = VOICES[int(self.rng.random() * len(VOICES))]
                self.register(self.waiting.pop(voice.enterprise))

    def category(self, number: int) -> int:
        return self.categories[number % len(self.categories)]

    def move(
        self,
        move: Move,
        before: str,
        after: str,
        at: str,
        by: int,
        *,
        opinion: str = NULL,
        issue: str = NULL,
        dispatch: str = NULL,
        outcome: str = "",
        days: tuple[str, str, str] = (NULL, NULL, NULL),
    ) -> None:
        """`days` are the issue's after the move: its limit, the day of its outcome, the limit of the first answer."""
        self.moves.add(opinion, issue, dispatch, move, before, after, outcome, at, at[:10], at, str(by), *days)

    def finish(self) -> None:
        """What is still gathered becomes issues too, and each office learns its last number."""
        for gathered in list(self.waiting.values()):
            self.register(gathered)
        for (office, year), last in self.serials.items():
            self.counters.add(str(office), str(year), str(last))

    def register(self, voices: list[Waiting]) -> None:
        """An issue out of these opinions, on the day of the last of them, and its life from then until now."""
        self.last_issue += 1
        Life(self, str(self.last_issue), voices).write()


class Life:
    """One issue: the moves that fit its age are written as they come, then the row as they left it."""

    def __init__(self, ledger: Ledger, pk: str, voices: list[Waiting]) -> None:
        self.ledger, self.pk, self.voices = ledger, pk, voices
        self.enterprise: Enterprise = ledger.house.enterprises[voices[0].voice.enterprise]
        self.rng = ledger.rng
        self.registered = voices[-1].voice.day
        #: Days from the registration until now; nothing happens later than yesterday.
        self.age = ledger.shape.days - self.registered - 1
        self.state, self.outcome = str(IssueState.REGISTERED), ""
        self.fate = self.rng.random()
        self.answered = self.closed = -1
        self.grade = GRADES[int(self.fate * 1000) % len(GRADES)]
        self.category = ledger.category(voices[0].voice.worker)
        units = {waiting.voice.unit for waiting in voices}
        self.unit = ledger.house.common(units)

    def at(self, day: int, clock: str) -> str:
        return f"{self.ledger.date(day)} {clock}:00+08"

    def step(self, move: Move, to: str, at: str, by: int, dispatch: str = NULL) -> None:
        self.ledger.move(
            move, self.state, to, at, by, issue=self.pk, dispatch=dispatch, outcome=self.outcome, days=self.days()
        )
        self.state = to

    def days(self) -> tuple[str, str, str]:
        outcome_on = self.ledger.date(self.answered) if self.answered >= 0 else NULL
        return self.due(), outcome_on, self.after_workdays("first_answer_workdays")

    def write(self) -> None:
        office = self.enterprise.office
        at = self.at(self.registered, "23:10")
        self.ledger.move(Move.REGISTER, "", IssueState.REGISTERED, at, office, issue=self.pk, days=self.days())
        for waiting in self.voices:
            self.ledger.merges.add(waiting.opinion, self.pk, at, str(office))
            before, after = OpinionState.WAITING, OpinionState.MERGED
            self.ledger.move(Move.MERGE, before, after, at, office, opinion=waiting.opinion, issue=self.pk)
        if self.age > 1:
            self.dispatch(office)
        self.write_row(at, office)

    def dispatch(self, office: int) -> None:
        place = int(self.rng.random() * len(self.enterprise.departments))
        department, handler = self.enterprise.departments[place], self.enterprise.handlers[place]
        # One dispatch to an issue: they share their number.
        dispatched = self.at(self.registered + 1, "09:00")
        self.step(Move.DISPATCH, IssueState.DISPATCHED, dispatched, office, self.pk)
        state, accepted, reason = DispatchState.SENT, NULL, ""
        if self.age > 3:
            accepted = self.at(self.registered + 2, "10:00")
            state = DispatchState.ACCEPTED
            self.step(Move.ACCEPT, IssueState.IN_HAND, accepted, handler, self.pk)
        if state == DispatchState.ACCEPTED and self.fate > 0.985:
            state, reason = DispatchState.RETURNED, "不属本部门职责，请转办。"
            self.step(Move.RETURN, IssueState.RETURNED, self.at(self.registered + 3, "11:00"), handler, self.pk)
        # Some stay in hand for good: what is overdue in every list.
        answer_day = self.registered + 4 + int(self.fate * 30)
        if state == DispatchState.ACCEPTED and self.fate < 0.95 and answer_day - self.registered <= self.age:
            state = DispatchState.ANSWERED
            self.answer(answer_day, handler)
        title = TITLES[self.category % len(TITLES)]
        base = self.ledger.house.base_of(self.unit)
        self.ledger.dispatches.add(
            self.pk, self.ledger.key(), self.pk, str(department), title, WORDING, str(base), state, self.due(),
            dispatched, str(office), accepted, reason,
        )  # fmt: skip

    def due(self) -> str:
        return self.after_workdays(f"{self.grade}_workdays")

    def after_workdays(self, norm: str) -> str:
        day = self.ledger.shape.first_day + dt.timedelta(days=self.registered)
        return str(self.ledger.limit(day, PUBLISHED[norm]))

    def answer(self, day: int, handler: int) -> None:
        self.outcome, self.answered = OUTCOMES[int(self.rng.random() * len(OUTCOMES))], day
        at = self.at(day, "15:00")
        self.step(Move.ANSWER, IssueState.ANSWERED, at, handler, self.pk)
        explained, partly = self.outcome == Outcome.EXPLAINED, self.outcome == Outcome.PARTLY
        self.ledger.replies.add(
            self.ledger.key(),
            self.pk,
            self.outcome,
            ANSWER,
            "" if explained else EVIDENCE,
            LEFT if partly else "",
            self.follow_up_on() if partly else NULL,
            ExplainReason.POLICY if explained else "",
            RULE if explained else "",
            self.recheck_on() if explained else NULL,
            at,
            str(handler),
            Approval.APPROVED if explained else "",
            at if explained else NULL,
            str(self.enterprise.office) if explained else NULL,
        )
        told = [self.tell(waiting, day) for waiting in self.voices]
        if all(told) and self.fate < 0.9 and self.age > day - self.registered + 8:
            self.closed = day + 8
            self.step(Move.CLOSE, IssueState.CLOSED, self.at(self.closed, "16:00"), self.enterprise.office)

    def tell(self, waiting: Waiting, day: int) -> bool:
        cadre, chance = waiting.voice.cadre, self.rng.random()
        told_on = day + 1 + int(chance * 6)
        since, told = self.ledger.date(day), told_on - self.registered <= self.age and chance < 0.97
        date, rated = self.ledger.date(told_on), told and chance < 0.6
        self.ledger.feedbacks.add(
            self.ledger.key(),
            waiting.opinion,
            self.pk,
            FeedbackState.TOLD if told else FeedbackState.OWED,
            since,
            date if told else NULL,
            str(cadre) if told else NULL,
            ContactChannel.FACE_TO_FACE if told else "",
            str(1 + int(chance * 40) % 4) if rated else NULL,
            RatedBy.CADRE if rated else "",
            date if rated else NULL,
        )
        if told:
            merged, at = OpinionState.MERGED, self.at(told_on, "17:00")
            self.ledger.move(
                Move.TELL, merged, merged, at, cadre,
                opinion=waiting.opinion, issue=self.pk, outcome=self.outcome,
            )  # fmt: skip
        return told

    def follow_up_on(self) -> str:
        return self.ledger.date(self.answered + 90)

    def recheck_on(self) -> str:
        return self.ledger.date(self.answered + 180)

    def write_row(self, at: str, office: int) -> None:
        date, unit = self.ledger.date(self.registered), self.enterprise.unit
        year = int(date[:4])
        self.ledger.serials[unit, year] += 1
        serial = self.ledger.serials[unit, year]
        assert (self.state in IN_HAND_STATES) == (self.answered < 0)
        number, title = f"{self.enterprise.code}-{year}-{serial:03d}", TITLES[self.category % len(TITLES)]
        due, outcome_on, first_answer_due = self.days()
        self.ledger.issues.add(
            self.pk,
            self.ledger.key(),
            at,
            str(office),
            str(unit),
            str(year),
            str(serial),
            number,
            self.ledger.search(number, title),
            title,
            WORDING,
            str(self.category),
            self.grade,
            str(self.unit),
            str(self.voices[0].voice.group),
            self.state,
            date,
            first_answer_due,
            due,
            outcome_on,
            self.outcome,
            outcome_on,
            self.recheck_on() if self.outcome == Outcome.EXPLAINED else NULL,
            self.follow_up_on() if self.outcome == Outcome.PARTLY else NULL,
            self.ledger.date(self.closed) if self.closed >= 0 else NULL,
        )
