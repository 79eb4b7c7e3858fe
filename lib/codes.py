"""Short codes that people copy by hand from a card or a poster.

A code follows from the key of its row and from FIELD_KEY, so it can be made again, and is stored nowhere: the database
holds a digest by which it is found.
"""

from __future__ import annotations

import unicodedata
import uuid

from lib.encryption import Unreadable, blind_index, blind_indexes, derived

#: Without what is taken for something else when it is read from paper or a screen: 0 O, 1 I L, 2 Z, 5 S, 8 B.
ALPHABET = "ACDEFGHJKMNPQRTUVWXY34679"
LENGTH = 8
#: More was not copied from a card; it keeps the work the same whatever is sent.
MOST_READ = 200


def codes_of(kind: str, key: uuid.UUID) -> list[str]:
    """The code of a row, under each key that may still be in use; the current one first."""
    return [_letters(digest) for digest in derived(f"code of {kind}", key.hex)]


def _letters(digest: bytes) -> str:
    number = int.from_bytes(digest, "big")
    letters = []
    for _place in range(LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[rest])
    return "".join(letters)


def read_code(text: str) -> str:
    """What was typed, scanned or pasted, as a code; empty where it cannot be one.

    In either case, in full width, with blanks, hyphens and the sentence's full stop; or the whole address.
    """
    parts = unicodedata.normalize("NFKC", text[:MOST_READ]).upper().split("/")
    bare = ["".join(sign for sign in part if sign.isalnum()) for part in parts]
    code = next((part for part in reversed(bare) if part), "")
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else ""


def grouped(code: str) -> str:
    """ACDE-FGHJ: as it is printed."""
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"


def code_index(kind: str, code: str) -> str:
    return blind_index(f"{kind} {code}")


def code_behind(kind: str, key: uuid.UUID, index: str) -> str:
    """The code of a row that is kept, also when FIELD_KEY has been changed since."""
    for code in codes_of(kind, key):
        if index in code_indexes(kind, code):
            return code
    raise Unreadable("The code was not made with FIELD_KEY or one of FIELD_KEYS.")


def code_indexes(kind: str, code: str) -> list[str]:
    """Never empty, also for no code: what is not found takes the same work as what is."""
    return blind_indexes(f"{kind} {code}")
