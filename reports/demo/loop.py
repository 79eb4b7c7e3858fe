"""The closed loop of the demo: every opinion, issue, answer and feedback goes through the services."""

from __future__ import annotations

import datetime as dt
import random

from friends.enums import ContactChannel
from friends.models import ContactLog, Friendship, Worker
from issues import services
from issues.enums import ExplainReason, KeepReason, Outcome, ReporterKind, Source
from issues.models import Category, Issue, Opinion
from liaison.models import Cadre
from lib.periods import SHANGHAI
from lib.workdays import Calendar
from organization.enums import Gender
from organization.models import User

from .content import Matter
from .structure import Company

CANTEEN_SURVEY_ON = dt.date(2016, 4, 20)
HEALTH_SURVEY_ON = dt.date(2016, 3, 9)
#: No new issue after this day, so that what is answered is also told and struck off by the end of August.
LAST_REGISTRATION = dt.date(2016, 8, 5)
#: Long matters taken up into the three-year plan: their limit is the plan's.
LONG_LIMIT = dt.date(2027, 6, 30)
CONTENT_RATINGS = (4, 4, 4, 3, 3, 3, 3, 2, 2, 1)
REASONS = list(ExplainReason)


class Loop:
    def __init__(self, built: Company, logs: list[ContactLog], calendar: Calendar, rng: random.Random) -> None:
        self.built = built
        self.logs = sorted(logs, key=lambda log: log.happened_at)
        self.calendar = calendar
        self.rng = rng
        self.categories = {category.name: category for category in Category.objects.all()}

    def run(self, matters: list[Matter]) -> None:
        """Registers the matters in the order of their days, so that the numbers follow the calendar."""
        for day, matter in sorted(self.timetable(matters), key=lambda entry: entry[0]):
            self.carry(matter, day)

    def timetable(self, matters: list[Matter]) -> list[tuple[dt.date, Matter]]:
        found = []
        for matter in matters:
            if matter.source == "canteen":
                day = CANTEEN_SURVEY_ON + dt.timedelta(days=self.rng.randint(8, 20))
            elif matter.source == "health":
                day = HEALTH_SURVEY_ON + dt.timedelta(days=self.rng.randint(8, 20))
            elif matter.outcome == "in_hand":
                day = LAST_REGISTRATION - dt.timedelta(days=self.rng.randint(0, 40))
            else:
                day = LAST_REGISTRATION - dt.timedelta(days=self.rng.randint(3, 160))
            found.append((self.calendar.next_workday(day), matter))
        return found

    def carry(self, matter: Matter, day: dt.date) -> None:
        office = self.built.office
        opinions = [self.raise_opinion(matter, text, day) for text in matter.opinions]
        issue = services.register_issue(
            office=self.built.root,
            opinions=opinions,
            title=matter.title,
            wording=matter.wording,
            category=self.categories[matter.category],
            unit=self.built.units.get(matter.unit, self.built.root),
            scope=matter.scope,
            grade=matter.grade,
            by=office,
            at=at(day, 10),
        )
        dispatched = self.calendar.add_workdays(day, 1)
        settle_hits(issue, by=office, at=at(day, 16))
        dispatch = services.dispatch_issue(
            issue,
            lead=self.built.departments[matter.department],
            by=office,
            at=at(dispatched, 9),
            due_on=LONG_LIMIT if matter.outcome == "in_hand" else None,
        )
        handler = self.built.handlers[matter.department]
        services.accept_dispatch(dispatch, by=handler, at=at(dispatched, 15))
        if matter.outcome == "in_hand":
            services.answer_dispatch(
                dispatch, by=handler, text=matter.answer, at=at(self.calendar.add_workdays(dispatched, 4), 11)
            )
            return
        answered = self.calendar.add_workdays(dispatched, self.rng.randint(2, 8))
        services.answer_dispatch(
            dispatch,
            by=handler,
            text=matter.answer,
            outcome=matter.outcome,
            at=at(answered, 11),
            approved_by=self.built.office,
            **self.details(matter, answered),
        )
        self.bring_back(issue, answered)

    def details(self, matter: Matter, answered: dt.date) -> dict:
        match matter.outcome:
            case Outcome.EXPLAINED:
                return {
                    "reason": self.rng.choice(REASONS[:5]),
                    "rule_relied_on": matter.ground,
                    "recheck_on": answered.replace(year=2017),
                }
            case Outcome.PARTLY:
                return {
                    "evidence": matter.ground,
                    "left_to_do": matter.left_to_do,
                    "follow_up_on": dt.date(2016, 12, self.rng.randint(1, 28)),
                }
        return {"evidence": matter.ground}

    def bring_back(self, issue: Issue, answered: dt.date) -> None:
        """Each reporter is told, an anonymous answer is published; what is not only half solved is struck off."""
        office = self.built.office
        told = self.calendar.add_workdays(answered, self.rng.randint(1, 3))
        for feedback in issue.feedbacks.owed().select_related("opinion__cadre__user"):
            if feedback.opinion.reporter_kind == ReporterKind.ANONYMOUS:
                services.publish_feedback(feedback, by=office, at=at(told, 14))
                continue
            services.tell_reporter(
                feedback,
                by=feedback.opinion.cadre.user,
                channel=self.rng.choice((ContactChannel.FACE_TO_FACE, ContactChannel.PHONE, ContactChannel.WECHAT)),
                rating=self.rng.choice(CONTENT_RATINGS) if self.rng.random() < 0.7 else None,
                at=at(told, 16),
            )
        issue.refresh_from_db()
        if issue.outcome != Outcome.PARTLY:
            services.close_issue(issue, by=office, at=at(self.calendar.add_workdays(told, 1), 10))

    def raise_opinion(self, matter: Matter, text: str, registered_on: dt.date) -> Opinion:
        category = self.categories[matter.category]
        match matter.source:
            case "canteen":
                return services.raise_opinion(
                    by=self.built.office,
                    text=text,
                    category=category,
                    at=at(CANTEEN_SURVEY_ON, 12),
                    unit=self.built.units.get(matter.unit, self.built.root),
                    source=Source.SURVEY,
                    reporter_kind=ReporterKind.ANONYMOUS,
                )
            case "health":
                worker, cadre = self.woman()
                return services.raise_opinion(
                    by=cadre.user,
                    text=text,
                    category=category,
                    at=at(HEALTH_SURVEY_ON, 15),
                    worker=worker,
                    cadre=cadre,
                    source=Source.SURVEY,
                )
        log, worker = self.contact_for(matter, registered_on)
        return services.raise_opinion(
            by=log.cadre.user,
            text=text,
            category=category,
            at=log.happened_at,
            worker=worker,
            contact_log=log,
            cadre=log.cadre,
        )

    def woman(self) -> tuple[Worker, Cadre]:
        friends = Friendship.objects.open_on(HEALTH_SURVEY_ON).filter(worker__gender=Gender.FEMALE)
        friendship = self.rng.choice(list(friends.select_related("worker__unit", "cadre__user").order_by("pk")))
        return friendship.worker, friendship.cadre

    def contact_for(self, matter: Matter, registered_on: dt.date) -> tuple[ContactLog, Worker]:
        """A contact of the weeks before, with a friend of the unit that the matter is about if there is one."""
        recent = [log for log in self.logs if dt.timedelta(1) <= registered_on - log.happened_on <= dt.timedelta(45)]
        unit = self.built.units.get(matter.unit)
        there = [log for log in recent if unit and log.unit.path.startswith(unit.path)]
        log = self.rng.choice(there or recent)
        workers = list(log.workers.select_related("unit").order_by("pk"))
        if unit:
            workers = [worker for worker in workers if worker.unit.path.startswith(unit.path)] or workers
        return log, self.rng.choice(workers)


def settle_hits(issue: Issue, *, by: User, at: dt.datetime) -> None:
    """The wordings are written by hand, from nobody's words: what the check asks about is the matter itself."""
    hits = {hit.place: KeepReason.UNRELATED for hit in services.hits_of(issue)}
    if hits:
        services.keep_hits(issue, hits, by=by, at=at)


def at(day: dt.date, hour: int) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI)
