"""Two corrections of one log at once: what I wrote, what was saved meanwhile, and what both began from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from lib.periods import SHANGHAI

from .forms.contact import ContactForm
from .models import ContactLog, LogRevision, Worker

#: The fields that are compared; day and time are one thing.
FIELDS = (
    "workers",
    "channel",
    "text",
    "topics",
    "next_contact_on",
    "day",
    "clock",
    "place",
    "minutes",
    "work_kind",
    "companions",
    "mood",
)
MANY = ("workers", "topics", "companions")


@dataclass
class Difference:
    """One field, as the form sends it (lists of strings for fields with several values)."""

    name: str
    label: str
    mine: Any
    theirs: Any
    before: Any
    words: Mapping[str, str]

    @property
    def is_conflict(self) -> bool:
        """Changed on both sides, and not to the same."""
        return self.mine != self.theirs and self.mine != self.before and self.theirs != self.before

    @property
    def is_theirs_alone(self) -> bool:
        return self.mine == self.before and self.theirs != self.before

    def shown(self, value: Any) -> str:
        values = value if isinstance(value, list) else [value]
        return "、".join(self.words.get(one, one) for one in values if one)

    @property
    def mine_words(self) -> str:
        return self.shown(self.mine)

    @property
    def theirs_words(self) -> str:
        return self.shown(self.theirs)

    @property
    def before_words(self) -> str:
        return self.shown(self.before)


def compare(form: ContactForm, log: ContactLog, before: Mapping[str, Any]) -> list[Difference]:
    """`before`: the initial values of the version that `form` was filled from; `log` as it is now."""
    now = ContactForm.initial_of(log)
    found = []
    for name in FIELDS:
        field = form.fields[name]
        words = {str(value): str(label) for value, label in getattr(field, "choices", ())}
        mine = form.data.getlist(name) if name in MANY else form.data.get(name, "")
        found.append(
            Difference(
                name,
                str(field.label),
                as_sent(name, mine),
                as_sent(name, now[name]),
                as_sent(name, before[name]),
                words,
            )
        )
    return found


def initial_of_revision(log: ContactLog, revision: LogRevision) -> dict[str, Any]:
    """What the form showed of an earlier version."""
    values = dict(revision.values)
    moment = dt.datetime.fromisoformat(values["happened_at"]).astimezone(SHANGHAI)
    keys = dict(Worker.objects.filter(pk__in=values["workers"]).values_list("pk", "key"))
    values["workers"] = [str(keys[pk]) for pk in values["workers"]]
    return {**values, "day": moment.date(), "clock": moment.time()}


def as_sent(name: str, value: Any) -> Any:
    if name in MANY:
        return sorted(str(one) for one in value)
    if name == "clock" and value:
        return str(value)[:5]
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


def merged_data(data: QueryDict, differences: Sequence[Difference], *, version: int) -> QueryDict:
    """What I sent, with the fields that only the other side changed as it left them."""
    merged = data.copy()
    for difference in differences:
        if difference.is_theirs_alone:
            merged.setlist(difference.name, difference.theirs if difference.name in MANY else [difference.theirs])
    merged["version"] = str(version)
    return merged
