"""The world of the access tests: the same thread of work four times, near and far from each person."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.core.files.base import ContentFile

from friends.models import Aid, CareFlag, ContactLog, Friendship, Worker
from issues.enums import Outcome
from issues.models import (
    CaseNomination,
    CasePoll,
    Dispatch,
    Door,
    Feedback,
    Issue,
    Opinion,
    Referral,
    Reply,
    RuleChange,
    Slip,
)
from issues.services.cases import nominate_case
from liaison.models import Cadre, LiaisonGroup
from lib.periods import SHANGHAI
from meetings.models import Meeting
from notices.models import Notice
from organization.actors import actors_of
from organization.enums import UnitKind
from organization.models import Unit, User
from organization.roles import Role
from records.models import Attachment, Export, SavedFilter
from tests import factories
from tests.client import StrictClient, client_of
from tests.people import World, build_world

AT = dt.datetime(2016, 3, 21, 10, tzinfo=SHANGHAI)


@dataclass
class Thread:
    """Everything that one matter leaves behind."""

    unit: Unit
    group: LiaisonGroup
    cadre: Cadre
    worker: Worker
    friendship: Friendship
    log: ContactLog
    opinion: Opinion
    issue: Issue
    dispatch: Dispatch
    reply: Reply
    feedback: Feedback
    slip: Slip
    door: Door
    meeting: Meeting
    notice: Notice
    export: Export
    saved_filter: SavedFilter
    attachment: Attachment
    rule_change: RuleChange
    referral: Referral
    case: CaseNomination
    aid: Aid
    care_flag: CareFlag
    poll: CasePoll


@dataclass
class AccessWorld:
    people: World
    threads: dict[str, Thread]

    def who(self, role: Role) -> tuple[User | Cadre, Role]:
        people = self.people
        holders = {
            Role.CADRE: people.insider,
            Role.GROUP_LEADER: people.leader_of_group,
            Role.OFFICE: people.office,
            Role.HANDLER: people.handler,
            Role.LEADER: people.leader,
            Role.ROSTER_ADMIN: people.roster_admin,
            Role.AUDITOR: people.auditor,
        }
        return holders[role], role

    def actor(self, role: Role):
        return self.people.actor(*self.who(role))

    def client(self, role: Role | None) -> StrictClient:
        """None is a visitor who has not signed in."""
        return client_of(*self.who(role)) if role else StrictClient()


def thread(cadre: Cadre, worker: Worker, *, office: User, at: Unit, to: Unit, handler: User, asker: User) -> Thread:
    """One matter from the visit to the answer, in the enterprise `at`; `asker` has an export and saved filters."""
    group = cadre.memberships.get(ends_on=None).group
    opinion = factories.opinion(worker)
    issue = factories.registered_issue(opinion, by=office, office=at)
    dispatch = factories.dispatched_issue(issue, to=to, by=office)
    attachment = Attachment.objects.create(
        file=ContentFile(b"x", name="x.jpg"),
        display_name="现场照片.jpg",
        content_type="image/jpeg",
        size=1,
        sha256="0" * 64,
        uploaded_by=handler,
    )
    dispatch.attachments.add(attachment)
    issue = factories.answered_issue(dispatch, by=handler, outcome=Outcome.SOLVED)
    held = actors_of(asker)[0]
    return Thread(
        unit=worker.unit,
        group=group,
        cadre=cadre,
        worker=worker,
        friendship=worker.friendships.get(),
        log=opinion.contact_log,
        opinion=opinion,
        issue=issue,
        dispatch=issue.dispatches.get(),
        reply=Reply.objects.get(dispatch=dispatch),
        feedback=issue.feedbacks.get(),
        slip=factories.slip(opinion),
        door=factories.door(worker.unit, by=office),
        # One a day: no group plans two of a kind.
        meeting=Meeting.objects.create(
            unit=at,
            group=group,
            title="三月例会",
            held_on=dt.date(2016, 3, 25) + dt.timedelta(days=Meeting.objects.count()),
        ),
        notice=Notice.objects.create(
            recipient=cadre.user, rule="test", dedup_key=f"test-{issue.pk}", text="1 件待反馈"
        ),
        export=Export.objects.create(
            kind="test", requested_by=asker, role=held.role, unit=held.unit, actor_key=held.key
        ),
        saved_filter=SavedFilter.objects.create(
            owner=asker, role=held.role, unit=held.unit, address="issues:issue_list", name=issue.number, is_shared=True
        ),
        attachment=attachment,
        rule_change=factories.rule_change(issue, by=office),
        referral=factories.referral(issue, by=office),
        **case_and_poll(issue, office, at),
        aid=factories.aid(worker, by=cadre.user),
        care_flag=factories.care_flag(worker, by=cadre.user),
    )


def case_and_poll(issue: Issue, office: User, at: Unit) -> dict:
    """A case that goes round, in the one poll that there is of its half-year."""
    half = f"{2016 + CasePoll.objects.count()}-H1"
    case = factories.case(issue, by=office, half=half)
    nominate_case(case)
    case.refresh_from_db()
    return {"case": case, "poll": factories.poll(at, by=office, half=half)}


def build_access_world() -> AccessWorld:
    """Relations as the insider sees them: own, a colleague's, another group's, another enterprise's.

    The department of `people.handler` has the first two matters, another department the third.
    """
    people = build_world()
    # Of the department's people the head may do everything.
    people.handler.appointments.update(is_head=True)
    colleagues_friend = factories.worker(people.workshop)
    factories.befriended(colleagues_friend, people.colleague)
    far = people.other_office.appointments.get().unit
    workshop = factories.unit(factories.unit(far), kind=UnitKind.WORKSHOP)
    far_cadre = factories.cadre(far)
    factories.membership(far_cadre, factories.group(far))
    far_friend = factories.worker(workshop)
    factories.befriended(far_friend, far_cadre)
    far_department = factories.unit(far, kind=UnitKind.DEPARTMENT)
    far_handler = factories.appointment(Role.HANDLER, far_department).user
    here = {"office": people.office, "at": people.company}
    return AccessWorld(
        people,
        {
            "own": thread(
                people.insider,
                people.friend,
                to=people.department,
                handler=people.handler,
                asker=people.insider.user,
                **here,
            ),
            "colleague": thread(
                people.colleague,
                colleagues_friend,
                to=people.department,
                handler=people.handler,
                asker=people.office,
                **here,
            ),
            "other_group": thread(
                people.stranger,
                people.other_friend,
                to=people.other_department,
                handler=people.other_handler,
                asker=people.leader,
                **here,
            ),
            "other_unit": thread(
                far_cadre,
                far_friend,
                office=people.other_office,
                at=far,
                to=far_department,
                handler=far_handler,
                asker=people.other_office,
            ),
        },
    )
