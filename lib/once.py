"""One form, one row: a form that comes twice is saved once, and other words under its key are never lost."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterable
from copy import copy
from http import HTTPStatus
from typing import Any, TypeVar

from django import forms
from django.db import IntegrityError, models, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from lib.errors import Refused
from lib.models import SentOnce

Row = TypeVar("Row", bound=SentOnce)
Found = TypeVar("Found")


class OtherWords(Refused):
    """The key is taken by a row that was made of other words. The view keeps the text and gives it a key of its own."""

    code = "other_words"
    default_message = _("这一页已经保存过一份，与现在填写的内容不同。已保存的没有改动；再提交一次，将另外登记一份。")


def known_copy(model: type[Row], *, key: uuid.UUID, fingerprint: str, **same: Any) -> Row | None:
    """The row that an earlier copy of the form made; raises OtherWords when the key stands for something else."""
    row = model._base_manager.filter(key=key).first()
    if row is None:
        return None
    if row.fingerprint != fingerprint or any(getattr(row, name) != value for name, value in same.items()):
        raise OtherWords
    return row


def once(save: Callable[[], Found]) -> Found:
    """Two copies may arrive at the same moment: the second meets the unique key and finds the first's row."""
    try:
        with transaction.atomic():
            return save()
    except IntegrityError:
        return save()


def save_once(model: type[Row], create: Callable[..., Row], *, key: uuid.UUID, fingerprint: str) -> tuple[Row, bool]:
    """The row of the key, and whether it is new. `create` is given key and fingerprint.

    Where `create` refuses because a copy of the same moment has been there, that copy's row is found all the same.
    """

    def save() -> tuple[Row, bool]:
        if known := known_copy(model, key=key, fingerprint=fingerprint):
            return known, False
        return create(key=key, fingerprint=fingerprint), True

    try:
        return once(save)
    except Refused:
        if known := known_copy(model, key=key, fingerprint=fingerprint):
            return known, False
        raise


class SentOnceForm(forms.BaseForm):
    """For a form with a hidden `key`."""

    #: Fields that are no words of the user's.
    UNSAID = frozenset({"key", "version", "photos"})

    def fingerprint(self, *more: Any) -> str:
        """Digest of what the user said; `more` is what the address says, and who it is."""
        said = {name: plain(value) for name, value in self.cleaned_data.items() if name not in self.UNSAID}
        value = json.dumps([said, plain(more)], ensure_ascii=False, sort_keys=True)
        return salted_hmac("lib.once", value, algorithm="sha256").hexdigest()

    def renew_key(self) -> None:
        """The next time this form is sent it is a row of its own."""
        data: Any = copy(self.data)
        data["key"] = str(uuid.uuid4())
        self.data = data

    def refuse(self, refusal: Refused) -> HTTPStatus:
        """Says why, with everything typed still there; where the key stands for other words, under a new key."""
        self.add_error(None, str(refusal))
        if not isinstance(refusal, OtherWords):
            return HTTPStatus.UNPROCESSABLE_ENTITY
        self.renew_key()
        return HTTPStatus.CONFLICT


def plain(value: Any) -> Any:
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, Iterable) and not isinstance(value, str):
        return sorted((plain(part) for part in value), key=str)
    return "" if value is None else str(value)
