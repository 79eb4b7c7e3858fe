"""/log/: one contact and the opinions raised in it, on one screen."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from friends.forms import ContactForm
from friends.forms.contact import TOO_LONG, Candidate
from friends.models import Worker
from lib.names import ProseField
from lib.once import SentOnceForm, plain
from organization.actors import Actor
from records.photos import PhotosField

from ..categories import propose
from ..models import Category, Opinion
from ..services.intake import OpinionCard
from .opinions import OPINION_LIMIT, seconds_field

MOST_CARDS = 20
#: Raised when a field is renamed or gone: a copy that waited on a phone says in which form it was written.
FORM_VERSION = "1"

NO_KEY = gettext_lazy("页面已经过期，填写的内容都在，请再点一次保存。")

_card_field = re.compile(r"opinion-([0-9]{1,3})-text")


class OpinionForm(forms.Form):
    """One card. Without a tick at `workers` it is the matter of all who took part."""

    text = ProseField(
        label=pgettext_lazy("一条", "意见建议"),
        max_length=OPINION_LIMIT,
        widget=forms.Textarea(
            attrs={"rows": 2, "enterkeyhint": "next", "placeholder": gettext_lazy("一句话说清一件事")}
        ),
        error_messages={"required": gettext_lazy("请写明意见内容，或去掉这条意见。"), "max_length": TOO_LONG},
    )
    category = forms.ChoiceField(label=gettext_lazy("类别"), required=False, widget=forms.RadioSelect)
    workers = forms.MultipleChoiceField(
        label=gettext_lazy("谁提的"), required=False, widget=forms.CheckboxSelectMultiple
    )
    seconds = seconds_field()
    is_urgent = forms.BooleanField(label=gettext_lazy("紧急"), required=False)
    may_be_named = forms.BooleanField(label=gettext_lazy("愿意署名"), required=False)

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        number: int | str,
        categories: Sequence[Category],
        candidates: Sequence[Candidate],
        known: QuerySet[Opinion],
        **kwargs: Any,
    ) -> None:
        super().__init__(data, prefix=f"opinion-{number}", **kwargs)
        self.fields["seconds"].queryset = known
        self.number = number
        self.categories = categories
        self.candidates = candidates
        self.fields["category"].choices = [(str(category.pk), category.name) for category in categories]
        self.fields["workers"].choices = [(c.value, c.worker.name) for c in candidates]

    def is_blank(self) -> bool:
        """A card that was opened and left alone."""
        return not any(self[name].value() for name in ("text", "workers", "is_urgent", "may_be_named"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "category" in cleaned and "text" in cleaned:
            found = next((c for c in self.categories if str(c.pk) == cleaned["category"]), None)
            cleaned["category"] = found or propose(cleaned["text"], self.categories)
            if cleaned["category"] is None:
                self.add_error("category", _("请选择类别。"))
        return cleaned

    def card(self, *, visit: uuid.UUID, workers: Sequence[Worker]) -> OpinionCard:
        cleaned = self.cleaned_data
        said_by = [worker for worker in workers if str(worker.key) in cleaned["workers"]]
        return OpinionCard(
            text=cleaned["text"],
            category=cleaned["category"],
            workers=said_by or workers,
            is_urgent=cleaned["is_urgent"],
            may_be_named=cleaned["may_be_named"],
            seconds=cleaned["seconds"],
            # Follows from the visit, so that a copy sent again makes the same opinions.
            key=uuid.uuid5(visit, self.prefix),
        )


class LogForm(ContactForm, SentOnceForm):
    """The contact and its cards. `key` names the visit wherever the form is sent from, and however often."""

    key = forms.UUIDField(
        label=gettext_lazy("登记"),
        widget=forms.HiddenInput(attrs={"data-draft-key": ""}),
        error_messages={"required": NO_KEY, "invalid": NO_KEY},
    )
    photos = PhotosField()
    version = forms.CharField(
        required=False, max_length=8, initial=FORM_VERSION, widget=forms.HiddenInput(attrs={"data-draft-version": ""})
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        files: Mapping[str, Any] | None = None,
        *,
        actor: Actor,
        categories: Sequence[Category],
        cards: Iterable[Mapping[str, Any]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(data, files, actor=actor, **kwargs)
        self.actor = actor
        self.categories = categories
        numbers = card_numbers(data) if data is not None else []
        shown = [self._card(number, data) for number in numbers[:MOST_CARDS]]
        self.cards = [card for card in shown if not card.is_blank()]
        self.cards += [self._card(number, None, initial=card) for number, card in enumerate(cards)]
        self._has_too_many = len(numbers) > MOST_CARDS

    def _card(self, number: int | str, data: QueryDict | None, **kwargs: Any) -> OpinionForm:
        return OpinionForm(
            data,
            number=number,
            categories=self.categories,
            candidates=self.candidates,
            known=Opinion.objects.visible_to(self.actor),
            use_required_attribute=False,
            **kwargs,
        )

    @property
    def blank_card(self) -> OpinionForm:
        """What the script copies for the next card."""
        return self._card("NUMBER", None)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self._has_too_many:
            self.add_error(None, _("一次最多登记 %(most)d 条意见，请分两次保存。") % {"most": MOST_CARDS})
        chosen = {str(worker.key) for worker in cleaned.get("workers", ())}
        for card in self.cards:
            if card.is_valid() and chosen and not set(card.cleaned_data["workers"]) <= chosen:
                card.add_error("workers", _("提意见的人须在本次联系的朋友中。"))
        if not cleaned.get("text") and "text" not in self.errors and not self.cards:
            self.add_error("text", _("请写一句聊了什么，或添加一条意见建议。"))
        return cleaned

    def is_valid(self) -> bool:
        return super().is_valid() and all(card.is_valid() for card in self.cards)

    def visit(self) -> dict[str, Any]:
        """The arguments of `record_visit`."""
        key, workers = self.cleaned_data["key"], self.cleaned_data["workers"]
        cards = [card.card(visit=key, workers=workers) for card in self.cards]
        said = [
            [c.text, c.category.pk, sorted(w.pk for w in c.workers), c.is_urgent, c.may_be_named, plain(c.seconds)]
            for c in cards
        ]
        return {
            **self.contact(),
            "key": key,
            "cards": cards,
            "photos": self.cleaned_data["photos"],
            "fill_seconds": self.cleaned_data["fill_seconds"],
            "taps": self.cleaned_data["taps"],
            "fingerprint": self.fingerprint(said),
        }

    @property
    def all_errors(self) -> dict[str, list[str]]:
        """By the name of the field as it is sent; what concerns the whole stands under an empty name."""
        found = {("" if name == NON_FIELD_ERRORS else name): list(errors) for name, errors in self.errors.items()}
        for card in self.cards:
            found |= {card.add_prefix(name): list(errors) for name, errors in card.errors.items()}
        return found


def card_numbers(data: Mapping[str, Any]) -> list[int]:
    """The cards that were sent; one that was taken away leaves a gap."""
    return sorted({int(found[1]) for name in data if (found := _card_field.fullmatch(name))})
