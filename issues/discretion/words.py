"""The vocabulary of the check, read from words.txt beside it."""

from __future__ import annotations

import re
from pathlib import Path

_HEAD = re.compile(r"^\[([A-Z]+)\].*$", re.MULTILINE)
_parts = _HEAD.split((Path(__file__).parent / "words.txt").read_text(encoding="utf-8"))
_lists = {name: tuple(words.split()) for name, words in zip(_parts[1::2], _parts[2::2], strict=True)}

KIN = _lists["KIN"]
ILLNESS = _lists["ILLNESS"]
PERSON = _lists["PERSON"]
HOMELANDS = _lists["HOMELANDS"]
GEAR = _lists["GEAR"]
POSTS = _lists["POSTS"]
TITLES = _lists["TITLES"]
NAMES_THAT_ARE_WORDS = frozenset(_lists["ORDINARY"])


def any_of(words: tuple[str, ...]) -> str:
    """As a pattern; the longest first, so that the whole word is marked."""
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))
