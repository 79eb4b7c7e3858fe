"""Which row an address speaks of: the one thing about an address that cannot be read off it.

By the naming rule (docs/structure.md) an address begins with the noun of its row: `issues:issue_dispatch` takes an
issue. What does not follow the rule is named singly. An address with arguments that stands nowhere fails the gate.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from friends.models import Aid, CareFlag, ContactLog, Friendship, Worker
from issues.models import CaseNomination, CasePoll, Dispatch, Door, Feedback, Issue, Opinion, Referral, RuleChange, Slip
from liaison.models import Cadre, LiaisonGroup
from meetings.models import Meeting
from notices.models import Notice
from organization.actors import Actor
from organization.roles import Verb
from records.models import Attachment, Export, SavedFilter
from tests.addresses import Address

from .world import Thread

ABSENT_KEY = uuid.UUID("00000000-0000-4000-8000-000000000000")
ABSENT_PK = 2**62
ABSENT_CODE = "ACDEFGHJ"
Rows = Callable[[Actor], QuerySet]


@dataclass(frozen=True)
class Subject:
    """`of` takes the row from a thread; `rows` are those that the address may show to an actor."""

    of: str
    rows: Rows

    def row(self, thread: Thread):
        return getattr(thread, self.of)

    def is_visible(self, thread: Thread, actor: Actor) -> bool:
        return self.rows(actor).filter(pk=self.row(thread).pk).exists()


def subject(name: str, model) -> Subject:
    return Subject(name, lambda actor: model.objects.visible_to(actor))


#: Noun that an address's name begins with → its row.
NOUNS: dict[str, Subject] = {
    "worker": subject("worker", Worker),
    "friend": subject("worker", Worker),
    "friendship": subject("friendship", Friendship),
    "log": subject("log", ContactLog),
    "visit": subject("log", ContactLog),
    "opinion": subject("opinion", Opinion),
    "issue": subject("issue", Issue),
    "dept": subject("dispatch", Dispatch),
    "dispatch": subject("dispatch", Dispatch),
    "feedback": subject("feedback", Feedback),
    # By its code, which whoever holds the card may show: no account asks for it.
    "door": subject("door", Door),
    "slip": Subject("slip", lambda actor: Slip.objects.in_force()),
    "aid": subject("aid", Aid),
    "care": subject("care_flag", CareFlag),
    "case": subject("case", CaseNomination),
    "poll": subject("poll", CasePoll),
    "referral": subject("referral", Referral),
    "rule": subject("rule_change", RuleChange),
    "meeting": subject("meeting", Meeting),
    "notice": subject("notice", Notice),
    "export": subject("export", Export),
    # What a colleague shares is used and not deleted.
    "filter": Subject("saved_filter", lambda actor: SavedFilter.objects.visible_to(actor).filter(owner=actor.user)),
    "cadre": subject("cadre", Cadre),
    "group": subject("group", LiaisonGroup),
}
#: Addresses whose name does not say it.
SINGLE: dict[str, Subject] = {
    # Seen by whoever sees the dispatch that it went with.
    "records:attachment_download": Subject(
        "attachment", lambda actor: Attachment.objects.filter(dispatches__in=Dispatch.objects.visible_to(actor))
    ),
    # Who stands before the poster: no account is asked for.
    "issues:door_entry": Subject("door", lambda actor: Door.objects.open()),
    "issues:door_say": Subject("door", lambda actor: Door.objects.open()),
    "records:attachment_photo": Subject(
        "attachment", lambda actor: Attachment.objects.filter(dispatches__in=Dispatch.objects.visible_to(actor))
    ),
    "issues:opinion_unmerge": subject("issue", Issue),
}
#: Addresses with arguments that name no row: sample values for a call.
WITHOUT_ROW: dict[str, dict[str, Any]] = {}
#: Views that look up a row and forbid reading it to some who see it; and why.
FORBIDS_READING: dict[str, str] = {
    "friends:friend_aid": "marks and aid are for who keeps the friendship today",
    "friends:friend_aid_create": "marks and aid are for who keeps the friendship today",
    "friends:friend_care_create": "marks and aid are for who keeps the friendship today",
    "friends:aid_export": "the office alone takes the list out of the house",
    "issues:case_update": "a case that was nominated is no longer written on",
    "issues:case_nominate": "a case that was nominated is no longer written on",
    "issues:case_unlink": "a case that was nominated is no longer written on",
    "issues:case_link": "a case that was nominated is no longer written on",
    "issues:case_return": "a case is handed back by the office of its units",
    "issues:poll_update": "a poll is run by the office that opened it",
    "issues:poll_select": "a poll is run by the office that opened it",
    "issues:rule_update": "rules of the units above, and withdrawn ones, are read and not kept",
    "issues:rule_link": "rules of the units above, and withdrawn ones, are read and not kept",
    "issues:rule_withdraw": "rules of the units above, and withdrawn ones, are read and not kept",
    "friends:visit_edit": "a log is corrected by its author, within the open month",
    "issues:visit_opinion": "an opinion is added to a visit by its author, within the open month",
    "issues:opinion_update": "an opinion is corrected by who took it down, within the open month, while it waits",
}
#: Views that are read by more roles than may post to them: lists, which answer a post with their workbook.
POST_NEEDS: dict[str, Verb] = {
    "issues:issue_list": Verb.EXPORT,
    "issues:referral_list": Verb.EXPORT,
    "issues:opinion_list": Verb.EXPORT,
    "issues:feedback_list": Verb.EXPORT,
    "issues:door_list": Verb.EXPORT,
    "issues:rule_list": Verb.EXPORT,
    "issues:case_list": Verb.EXPORT,
    "friends:friend_list": Verb.EXPORT,
    "friends:visit_list": Verb.EXPORT,
}
#: Views that are not there in the tests' settings.
NOT_THERE = {"organization:demo_login": "the one-click sign-in of the demo"}


def subject_of(address: Address) -> Subject | None:
    """None: nobody has said which row the address speaks of."""
    if address.name in SINGLE:
        return SINGLE[address.name]
    noun = address.name.rpartition(":")[2].partition("_")[0]
    return NOUNS.get(noun)


def undeclared(addresses: list[Address]) -> list[str]:
    return [
        address.name
        for address in addresses
        if address.arguments and address.name not in WITHOUT_ROW and subject_of(address) is None
    ]


def arguments_for(address: Address, row) -> dict[str, Any]:
    """The address's parts for a row; for None those of a row that does not exist."""
    return {name: value_for(address, name, row) for name in address.arguments}


#: Parts of addresses that name no row.
SAMPLES = {"kind": "dispatch"}


def value_for(address: Address, name: str, row) -> Any:
    if name in SAMPLES:
        return SAMPLES[name]
    converter = address.converters.get(name)
    is_key = type(converter).__name__ == "UUIDConverter" or name == "key"
    if row is None:
        return ABSENT_KEY if is_key else ABSENT_PK if name != "code" else ABSENT_CODE
    return row.key if is_key else getattr(row, name, row.pk)
