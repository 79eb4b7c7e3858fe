"""Text that the database holds only encrypted, and the index by which it is still found.

The key is ``settings.FIELD_KEY``, kept outside the database; ``settings.FIELD_KEYS`` lists former keys
that may still be read. A stored value reads ``x1:KEYID:base64(nonce + ciphertext + tag)``.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models
from django.db.models.lookups import Exact

SCHEME = "x1"
NONCE_BYTES = 12
INDEX_CHARACTERS = 32


class Unreadable(Exception):
    """A stored value that no configured key opens: wrong key, or a damaged row."""


class _Key:
    """One secret with the keys derived from it, ready for use."""

    def __init__(self, secret: str) -> None:
        master = secret.encode()
        encryption = hmac.digest(master, b"yixianqian field encryption", "sha256")
        self.index = hmac.digest(master, b"yixianqian blind index", "sha256")
        self.source = hmac.digest(master, b"yixianqian derived values", "sha256")
        self.prefix = f"{SCHEME}:{hashlib.sha256(encryption).hexdigest()[:8]}:"
        self.cipher = AESGCM(encryption)


# By the secret's text and not by a global: tests and rotation change the setting under a running process.
@lru_cache(maxsize=16)
def _key(secret: str) -> _Key:
    return _Key(secret)


def _current() -> _Key:
    return _key(settings.FIELD_KEY)


def _readable() -> Iterator[_Key]:
    yield _current()
    yield from (_key(secret) for secret in settings.FIELD_KEYS if secret != settings.FIELD_KEY)


def encrypt(text: str) -> str:
    if not text:
        return ""
    key = _current()
    nonce = os.urandom(NONCE_BYTES)
    return key.prefix + urlsafe_b64encode(nonce + key.cipher.encrypt(nonce, text.encode(), None)).decode()


def decrypt(stored: str) -> str:
    if not stored:
        return ""
    key = next((key for key in _readable() if stored.startswith(key.prefix)), None)
    if key is None:
        raise Unreadable("The value was not encrypted with FIELD_KEY or one of FIELD_KEYS.")
    try:
        sealed = urlsafe_b64decode(stored[len(key.prefix) :])
        return key.cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], None).decode()
    except (InvalidTag, ValueError) as error:
        raise Unreadable("The stored value is damaged.") from error


def is_current(stored: str) -> bool:
    """Whether the value needs no re-encryption after the key was changed."""
    return not stored or stored.startswith(_current().prefix)


def blind_index(value: str) -> str:
    """The search key of a value; equal values have equal indexes, and nothing else can be read from it.

    Normalise the value first (a phone to its digits). The empty value has the empty index.
    """
    return _index(_current(), value)


def blind_indexes(value: str) -> list[str]:
    """The index under each key that may still be in the table: ``filter(phone_index__in=…)``."""
    return [_index(key, value) for key in _readable()] if value else []


def _index(key: _Key, value: str) -> str:
    return hmac.digest(key.index, value.encode(), "sha256").hex()[:INDEX_CHARACTERS] if value else ""


def derived(purpose: str, value: str) -> list[bytes]:
    """Bytes that follow from value and key alone, under each key that may still be in use; the current one first."""
    return [hmac.digest(key.source, f"{purpose}: {value}".encode(), "sha256") for key in _readable()]


class EncryptedTextField(models.TextField):
    """A text that is encrypted in the database; it can be asked whether it is empty, and nothing more.

    Find a value by a ``blind_index`` column beside it.
    """

    def from_db_value(self, value: str | None, expression: object, connection: object) -> str | None:
        return None if value is None else decrypt(value)

    def get_prep_value(self, value: object) -> str | None:
        text = super().get_prep_value(value)
        return None if text is None else encrypt(str(text))

    def get_lookup(self, lookup_name: str) -> type | None:
        # Anything else would compare with a ciphertext that is new each time, and silently find nothing.
        return super().get_lookup(lookup_name) if lookup_name in {"exact", "isnull"} else None


@EncryptedTextField.register_lookup
class EmptyExact(Exact):
    def get_prep_lookup(self) -> str:
        if self.rhs != "":
            raise ValueError("An encrypted field can only be compared with the empty text; use its index.")
        return ""
