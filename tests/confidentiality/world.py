"""One matter from a visit to strike-off, told by this person or by that one; the rest of the world is the same."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, replace
from io import BytesIO

import time_machine
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management.color import no_style
from django.db import connection
from PIL import Image

from friends.enums import ContactChannel
from friends.models import Worker
from issues import services
from issues.enums import Outcome
from issues.models import Dispatch, Door, Issue, Opinion, Slip
from lib.models import Keyed
from lib.periods import SHANGHAI
from meetings.models import Meeting
from notices.models import Notice
from organization.enums import Gender
from organization.roles import Role
from records.models import Export, SavedFilter
from records.services import check_photo
from tests import factories
from tests.access.world import Thread, case_and_poll
from tests.client import StrictClient, client_of
from tests.people import World, make_world

NOW = dt.datetime(2016, 3, 30, 10, tzinfo=SHANGHAI)
_keys = uuid.UUID("7f1f4f0a-0c55-4c0e-9a52-3a1d7d0f6a11")


@dataclass(frozen=True)
class Identity:
    """Who spoke, in which words, and what was noted about him."""

    name: str
    phone: str
    phone_2: str
    employee_no: str
    gender: str
    post: str
    strengths: str
    words: str
    log_text: str
    note: str
    place: str
    reaction: str
    need: str

    @property
    def tokens(self) -> list[str]:
        """What must be found nowhere; the gender alone tells nothing in a text."""
        return [value for name, value in vars(self).items() if name != "gender"]


FIRST = Identity(
    name="欧阳娜娜木",
    phone="13912345678",
    phone_2="13812340000",
    employee_no="NO-8812-A",
    gender=Gender.FEMALE,
    post="皮带巡检工甲",
    strengths="评书快板",
    words="夜班食堂两点就关门，我胃不好",
    log_text="在更衣室聊到胃病和孩子上学",
    note="她不愿让班长知道",
    place="三号更衣室",
    reaction="听完连声道谢",
    need="爱人透析每月自费三千",
)
SECOND = Identity(
    name="司马铁牛石",
    phone="13798765432",
    phone_2="13698760000",
    employee_no="NO-1207-B",
    gender=Gender.MALE,
    post="钻机司机乙",
    strengths="长跑象棋",
    words="下夜班饿着肚子等通勤车",
    log_text="在井口等罐笼时说起家里盖房",
    note="他和段长吵过架",
    place="二号井口",
    reaction="仍然不太满意",
    need="老母亲住院无人照看",
)


@dataclass
class Told:
    people: World
    threads: dict[str, Thread]

    def holder(self, role: Role):
        people = self.people
        return {Role.HANDLER: people.handler, Role.LEADER: people.leader, Role.CADRE: people.insider}[role]

    def client(self, role: Role) -> StrictClient:
        return client_of(self.holder(role), role)


def build_told_world(speaker: Identity, *, noted_by: str) -> Told:
    """The same rows in the same order, whoever spoke: two workers stand ready, the one with the identity spoke."""
    with time_machine.travel(NOW, tick=False):
        restart_numbers()
        people = make_world()
        silent = SECOND if speaker is FIRST else FIRST
        first_spoke = speaker is FIRST
        here = [person(people, FIRST), person(people, SECOND)]
        cadres = {"insider": people.insider, "colleague": people.colleague}
        cadre = cadres.pop(noted_by)
        other = next(iter(cadres.values()))
        teller, quiet = here if first_spoke else reversed(here)
        assert (teller.name, quiet.name) == (speaker.name, silent.name)
        factories.befriended(teller, cadre)
        factories.befriended(quiet, other)
        issue = tell(people, teller, cadre, speaker)
        thread = traces(issue, people, speaker)
        # The one who kept silent is asked for as well: what is tried must be the same in both worlds.
        quiet.refresh_from_db()
        beside = replace(thread, worker=quiet, friendship=quiet.friendships.get(), cadre=other)
        return Told(people, {"own": thread, "silent": beside})


def person(people: World, identity: Identity) -> Worker:
    return factories.worker(
        people.workshop,
        name=identity.name,
        phone=identity.phone,
        phone_2=identity.phone_2,
        employee_no=identity.employee_no,
        gender=identity.gender,
        post=identity.post,
        strengths=identity.strengths,
    )


def tell(people: World, worker: Worker, cadre, identity: Identity) -> Issue:
    """Visit, merge, dispatch, answer, feedback, strike-off: all through the services."""
    log = factories.contact_log(
        cadre,
        worker,
        text=identity.log_text,
        place=identity.place,
        notes={worker.pk: identity.note},
        photos=[check_photo(telling_photo(identity))],
    )
    opinion = factories.opinion(worker, log=log, text=identity.words)
    factories.slip(opinion)
    issue = factories.registered_issue(opinion, by=people.office, office=people.company)
    referral = factories.referral(issue, by=people.office)
    services.answer_referral(referral, by=people.office, answer="可列入集体协商议题。", at=NOW - dt.timedelta(days=8))
    dispatch = services.dispatch_issue(
        issue,
        lead=people.department,
        by=people.office,
        photos=log.photos.all(),
        at=factories.issues.MARCH + factories.issues.DAY,
    )
    services.accept_dispatch(dispatch, by=people.handler, at=NOW - dt.timedelta(days=10))
    issue = factories.answered_issue(
        Dispatch.objects.get(pk=dispatch.pk),
        by=people.handler,
        outcome=Outcome.SOLVED,
        at=NOW - dt.timedelta(days=9),
    )
    for feedback in issue.feedbacks.all():
        services.tell_reporter(
            feedback, by=cadre.user, channel=ContactChannel.PHONE, reaction=identity.reaction, at=NOW, rating=3
        )
    services.close_issue(issue, by=people.office, at=NOW)
    return issue


def telling_photo(identity: Identity) -> SimpleUploadedFile:
    """The same picture whoever took it; its name, its comment and what hangs behind it tell."""
    taken = BytesIO()
    Image.new("RGB", (64, 32), "green").save(taken, "JPEG", comment=identity.words.encode())
    return SimpleUploadedFile(f"{identity.name}.jpg", taken.getvalue() + identity.phone.encode())


def traces(issue: Issue, people: World, speaker: Identity) -> Thread:
    """All rows of the matter, read again with their keys, and what else an address may speak of."""
    opinion = Opinion.objects.get(merges__issue=issue)
    dispatch = issue.dispatches.get()
    attachment = dispatch.attachments.get()
    company = people.company
    thread = Thread(
        unit=opinion.unit,
        group=opinion.group,
        cadre=opinion.cadre,
        worker=opinion.worker,
        friendship=opinion.worker.friendships.get(),
        log=opinion.contact_log,
        opinion=opinion,
        issue=Issue.objects.get(pk=issue.pk),
        dispatch=dispatch,
        reply=dispatch.replies.get(),
        feedback=issue.feedbacks.get(),
        slip=opinion.slips.get(),
        door=factories.door(people.workshop, by=people.office),
        meeting=Meeting.objects.create(unit=company, title="三月例会", held_on=NOW.date()),
        notice=Notice.objects.create(recipient=people.handler, rule="test", dedup_key="test", text="1 件待办"),
        export=Export.objects.create(kind="test", requested_by=people.leader, role=Role.LEADER, unit=company),
        saved_filter=SavedFilter.objects.create(
            owner=people.leader, role=Role.LEADER, unit=company, address="issues:issue_list", name="超期"
        ),
        attachment=attachment,
        rule_change=factories.rule_change(issue, by=people.office),
        referral=issue.referrals.get(),
        **case_and_poll(issue, people.office, company),
        aid=factories.aid(opinion.worker, by=opinion.cadre.user, note=speaker.need),
        care_flag=factories.care_flag(opinion.worker, by=opinion.cadre.user, note=speaker.need),
    )
    fix_keys()
    for name in vars(thread):
        getattr(thread, name).refresh_from_db()
    return thread


def restart_numbers() -> None:
    """Every table counts from its last row on, so that two worlds, one after the other, give the same numbers."""
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    statements = connection.ops.sequence_reset_sql(no_style(), models)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    factories.restart()


def fix_keys() -> None:
    """Public keys are random; here they follow from the row, so that they are the same in both worlds."""
    for model in apps.get_models():
        # Codes follow from the keys of their rows, which the factories have fixed.
        if issubclass(model, Keyed) and not hasattr(model, "code_index"):
            for pk in model._base_manager.values_list("pk", flat=True):
                key = uuid.uuid5(_keys, f"{model._meta.label} {pk}")
                model._base_manager.filter(pk=pk).update(key=key)
    # Codes follow from the keys.
    for model in (Door, Slip):
        for row in model.objects.all():
            row.code_index = ""
            row.save(update_fields=["code_index"])
