"""What one contact says: who, how, what about, when. The page /log/ adds the opinions."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liaison.models import Cadre, Topic
from liaison.norms import norms_for
from lib.fields import ClockField, DayField, MeasureField
from lib.names import LineField, ProseField
from lib.periods import SHANGHAI, local_date, today
from organization.actors import Actor

from ..enums import ContactChannel, Mood, WorkKind
from ..models import ContactLog, Friendship, Worker

TEXT_LIMIT = 10_000
NOTE_LIMIT = 500
TOO_LONG = gettext_lazy("最多 %(limit_value)d 字，现在有 %(show_value)d 字，请删减后再保存。")
#: A phone's clock may be ahead of the server's by so much.
SKEW = dt.timedelta(minutes=10)
#: Friends on the first screen; the rest are behind one tap.
NEAR = 6
#: A log about an earlier day without a time.
NOON = dt.time(12)
#: Channels on the first screen; the rest are behind one tap.
USUAL_CHANNELS = (
    ContactChannel.FACE_TO_FACE,
    ContactChannel.PHONE,
    ContactChannel.WECHAT,
    ContactChannel.QQ,
    ContactChannel.MEETING,
)


@dataclass
class Candidate:
    """A friend as the form offers him. `days` since the last contact; None: never yet."""

    worker: Worker
    days: int | None
    is_near: bool = False
    is_late: bool = False

    @property
    def value(self) -> str:
        return str(self.worker.key)

    @property
    def note_name(self) -> str:
        return f"note-{self.worker.key}"


def friends_of(actor: Actor) -> QuerySet[Worker]:
    """Whom the actor may log: open friendships, own ones first, then who has waited longest for a contact."""
    friendships = Friendship.objects.visible_to(actor).open()
    own = Friendship.objects.open().filter(cadre=actor.cadre_id, worker=OuterRef("pk"))
    workers = Worker.objects.filter(pk__in=friendships.values("worker")).annotate(is_own=Exists(own))
    return workers.select_related("unit").order_by("-is_own", F("last_contact_on").asc(nulls_first=True), "pk")


def open_topics(actor: Actor) -> QuerySet[Topic]:
    """Topics of the phases that are open today in the actor's unit or above it."""
    day = today()
    return (
        Topic.objects.filter(phase__unit__path__in=actor.unit.paths_to_root(), phase__starts_on__lte=day)
        .exclude(phase__ends_on__lte=day)
        .order_by("phase", "pk")
    )


def companions_of(actor: Actor) -> QuerySet[Cadre]:
    """The other members of the group."""
    return (
        Cadre.objects.active().in_group(actor.group_id).exclude(pk=actor.cadre_id).select_related("user").order_by("pk")
    )


def with_held(rows: Iterable, held: Iterable) -> list:
    """The rows to choose from, and after them what the log holds besides."""
    return list({row.pk: row for row in (*rows, *held)}.values())


class ContactForm(forms.Form):
    """Whoever is no friend of the actor's is as unknown here as a key that never was.

    `log`: the saved log that is corrected, or sent again; whoever took part in it may be chosen too.
    """

    workers = forms.MultipleChoiceField(
        label=gettext_lazy("和谁"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("请选择本次联系的朋友。"),
            "invalid_choice": gettext_lazy("所选的人不在您的朋友名单中，请重新选择。"),
        },
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("怎么联系的"),
        choices=ContactChannel,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选择联系方式。")},
    )
    text = ProseField(
        label=gettext_lazy("聊了什么"),
        required=False,
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 4, "placeholder": gettext_lazy("点键盘上的话筒可直接说")}),
        error_messages={"max_length": TOO_LONG},
    )
    topics = forms.MultipleChoiceField(
        label=gettext_lazy("本阶段主题"), required=False, widget=forms.CheckboxSelectMultiple
    )
    next_contact_on = DayField(label=gettext_lazy("下次联系"), required=False)
    day = DayField(label=gettext_lazy("联系日期"), error_messages={"required": gettext_lazy("请填写联系日期。")})
    clock = ClockField(
        label=gettext_lazy("时间"),
        required=False,
        help_text=gettext_lazy("不填：当天按现在，补记按中午 12:00。"),
    )
    place = LineField(label=gettext_lazy("地点"), required=False, max_length=60)
    minutes = forms.IntegerField(
        label=gettext_lazy("时长（分钟）"),
        required=False,
        min_value=1,
        max_value=1440,
        error_messages={
            "invalid": gettext_lazy("请填写分钟数，例如 30。"),
            "min_value": gettext_lazy("时长应在 1–1440 分钟之间。"),
            "max_value": gettext_lazy("时长应在 1–1440 分钟之间。"),
        },
    )
    work_kind = forms.ChoiceField(
        label=gettext_lazy("工作类型"), choices=WorkKind, widget=forms.RadioSelect, initial=WorkKind.FRIENDSHIP
    )
    companions = forms.MultipleChoiceField(
        label=gettext_lazy("同行人员"), required=False, widget=forms.CheckboxSelectMultiple
    )
    mood = forms.ChoiceField(
        label=gettext_lazy("思想动态"),
        required=False,
        choices=[("", gettext_lazy("不填")), *Mood.choices],
        widget=forms.RadioSelect,
    )
    fill_seconds = MeasureField(most=7 * 24 * 3600)
    taps = MeasureField(most=9999)

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        files: Mapping[str, Any] | None = None,
        *,
        actor: Actor,
        log: ContactLog | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(
            data, files, initial={"day": today(), "mood": "", **(initial or {})}, use_required_attribute=False
        )
        silence_days = norms_for(actor.unit).silence_days
        workers = with_held(friends_of(actor), [row.worker for row in log.participations.all()] if log else [])
        self.candidates = [self._candidate(worker, silence_days) for worker in workers]
        self.topics_open = with_held(open_topics(actor), log.topics.all() if log else [])
        self.companions_possible = with_held(companions_of(actor), log.companions.all() if log else [])
        self._by_key = {candidate.value: candidate.worker for candidate in self.candidates}
        for position, candidate in enumerate(sorted(self.candidates, key=self._chosen_last)):
            candidate.is_near = position < NEAR
        self.fields["workers"].choices = [(value, worker.name) for value, worker in self._by_key.items()]
        self.fields["topics"].choices = [(str(topic.pk), topic.title) for topic in self.topics_open]
        self.fields["companions"].choices = [(str(c.pk), c.user.name) for c in self.companions_possible]
        for candidate in self.candidates:
            self.fields[candidate.note_name] = LineField(
                label=candidate.worker.name, required=False, max_length=NOTE_LIMIT
            )

    def _candidate(self, worker: Worker, silence_days: int) -> Candidate:
        days = (today() - worker.last_contact_on).days if worker.last_contact_on else None
        return Candidate(worker, days, is_late=days is None or days > silence_days)

    def _chosen_last(self, candidate: Candidate) -> bool:
        """False first: a friend asked for by address stands on the first screen."""
        return candidate.value not in (self.initial.get("workers") or ())

    @property
    def more_has_errors(self) -> bool:
        """Whether something in the folded part has to be mended."""
        return bool(set(self.errors) - {"workers", "channel", "text", "topics", "next_contact_on", NON_FIELD_ERRORS})

    @property
    def has_far(self) -> bool:
        return len(self.candidates) > NEAR

    @property
    def channels(self) -> tuple[list, list]:
        """The options of the first screen, the chosen one among them, and the rest."""
        options = list(self["channel"])
        usual = [o for o in options if o.data["value"] in USUAL_CHANNELS or o.data["selected"]]
        return usual, [o for o in options if o not in usual]

    @property
    def chosen(self) -> list[str]:
        """The keys of the friends that are ticked now."""
        return [str(value) for value in self["workers"].value() or ()]

    @property
    def notes(self) -> list[tuple[Candidate, forms.BoundField]]:
        return [(candidate, self[candidate.note_name]) for candidate in self.candidates]

    def clean_workers(self) -> list[Worker]:
        return [self._by_key[value] for value in dict.fromkeys(self.cleaned_data["workers"])]

    def clean_topics(self) -> list[Topic]:
        return [topic for topic in self.topics_open if str(topic.pk) in self.cleaned_data["topics"]]

    def clean_companions(self) -> list[Cadre]:
        return [c for c in self.companions_possible if str(c.pk) in self.cleaned_data["companions"]]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        day = cleaned.get("day")
        if day is None:
            return cleaned
        if day > today():
            self.add_error("day", _("联系日期不能晚于今天。"))
            return cleaned
        cleaned["happened_at"] = self._moment(day, cleaned.get("clock"))
        if cleaned["happened_at"] > timezone.now():
            self.add_error("clock", _("联系时间不能晚于现在。"))
        following = cleaned.get("next_contact_on")
        if following and following <= day:
            self.add_error("next_contact_on", _("下次联系的日期须在本次联系之后。"))
        return cleaned

    def _moment(self, day: dt.date, clock: dt.time | None) -> dt.datetime:
        if clock is None and day == today():
            return timezone.now()
        moment, now = dt.datetime.combine(day, clock or NOON, tzinfo=SHANGHAI), timezone.now()
        return now if now < moment <= now + SKEW else moment

    def contact(self) -> dict[str, Any]:
        """The arguments of `record_contact` and `correct_contact` that the form answers for."""
        cleaned = self.cleaned_data
        names = ("workers", "channel", "text", "topics", "next_contact_on", "happened_at", "place", "minutes")
        found = {name: cleaned[name] for name in (*names, "work_kind", "companions", "mood")}
        candidates = {candidate.worker.pk: candidate for candidate in self.candidates}
        found["notes"] = {
            worker.pk: cleaned[candidates[worker.pk].note_name]
            for worker in cleaned["workers"]
            if cleaned[candidates[worker.pk].note_name]
        }
        return found

    def fingerprint(self, *more: Any) -> str:
        """Digest of what the user said; moments that the server filled in are no part of it."""
        contact = self.contact()
        cleaned = self.cleaned_data
        said = {
            **{name: contact[name] for name in ("channel", "text", "place", "minutes", "work_kind", "mood")},
            "workers": sorted(worker.pk for worker in contact["workers"]),
            "topics": sorted(topic.pk for topic in contact["topics"]),
            "companions": sorted(cadre.pk for cadre in contact["companions"]),
            "notes": sorted(contact["notes"].items()),
            "when": [str(cleaned["day"]), str(cleaned["clock"]), str(cleaned["next_contact_on"])],
            "more": more,
        }
        value = json.dumps(said, ensure_ascii=False, sort_keys=True)
        return salted_hmac("friends.contact", value, algorithm="sha256").hexdigest()

    @staticmethod
    def initial_of(log: ContactLog) -> dict[str, Any]:
        """What the form shows of a saved log."""
        participations = log.participations.all()
        moment = timezone.localtime(log.happened_at, SHANGHAI)
        return {
            **{name: getattr(log, name) for name in ("channel", "text", "place", "minutes", "work_kind", "mood")},
            "next_contact_on": log.next_contact_on,
            "workers": [str(row.worker.key) for row in participations],
            "topics": [str(topic.pk) for topic in log.topics.all()],
            "companions": [str(cadre.pk) for cadre in log.companions.all()],
            "day": local_date(log.happened_at),
            "clock": moment.time().replace(second=0, microsecond=0),
            **{f"note-{row.worker.key}": row.note for row in participations},
        }
