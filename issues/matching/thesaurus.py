"""近义词组: the ways in which workers say a thing, found in a text by letters and, for slips of dictation, by sound."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from ..enums import ConceptKind
from .segments import is_word, token_edges
from .sounds import sounds_of

SHIPPED = Path(__file__).with_name("thesaurus.txt")
#: What … in a word may stand for, within a clause.
GAP = "[^，。！？；,.!?;\n]{0,6}?"
_LINE = re.compile(r"(?P<mark>[!~-]?)(?P<name>[^<*：]*)(?:<(?P<broader>[^*：]*))?(?P<wide>\*?)\s*：(?P<words>.*)")
_KINDS = {"": ConceptKind.THING, "!": ConceptKind.TROUBLE, "-": ConceptKind.NOISE, "~": ConceptKind.NOTHING}
#: Words that stand beside any other: where one of them makes the difference, it is not a slip.
_PLAIN = frozenset(
    "不没有是的了在个这那就都也还又去来上下里很太好人大小多少年月日天时候要再给让被把从对和一二三四五六七八九十百千两几"
)


@dataclass(frozen=True)
class Entry:
    kind: ConceptKind
    name: str
    words: tuple[str, ...]
    broader: str = ""
    is_company_wide: bool = False

    @property
    def implied_by(self) -> Iterable[str]:
        """Troubles that mean this part, once the whole is named."""
        return (word[1:] for word in self.words if word.startswith("+"))


def parse(text: str) -> Iterator[Entry]:
    """The lines of the shipped file; its head says how they are written."""
    for line in text.splitlines():
        if line.startswith("#") or not line.strip():
            continue
        found = _LINE.fullmatch(line.strip())
        if not found:
            raise ValueError(line)
        kind = _KINDS[found["mark"]]
        name = found["name"].strip() or kind.value
        words = tuple(dict.fromkeys(found["words"].split()))
        yield Entry(kind, name, words, (found["broader"] or "").strip(), bool(found["wide"]))


@dataclass(frozen=True)
class Found:
    start: int
    end: int
    entry: Entry
    is_exact: bool = True


class Thesaurus:
    def __init__(self, entries: Iterable[Entry], edition: str = "") -> None:
        self.edition = edition
        self._entries = {(entry.kind, entry.name): entry for entry in entries}
        self._implied: dict[tuple[str, str], Entry] = {}
        self._wholes = {entry.broader for entry in self._entries.values()}
        self._words: dict[str, list[Entry]] = defaultdict(list)
        self._patterns: list[tuple[re.Pattern[str], str, Entry]] = []
        for entry in self._entries.values():
            for trouble in entry.implied_by:
                self._implied[entry.broader, trouble] = entry
            for word in entry.words:
                if word.startswith("+"):
                    continue
                if "…" in word:
                    pattern = re.compile(GAP.join(map(re.escape, word.split("…"))))
                    self._patterns.append((pattern, word.split("…")[0], entry))
                else:
                    self._words[word].append(entry)
        self._lengths: dict[str, list[int]] = defaultdict(list)
        for word in sorted(self._words, key=len, reverse=True):
            if len(word) not in self._lengths[word[0]]:
                self._lengths[word[0]].append(len(word))

    @cached_property
    def _by_sound(self) -> dict[tuple[str, ...], list[str]]:
        found: dict[tuple[str, ...], list[str]] = defaultdict(list)
        for word in self._words:
            if len(word) > 1:
                found[sounds_of(word)].append(word)
        return found

    @cached_property
    def _longest_sound(self) -> int:
        return max(map(len, self._by_sound), default=0)

    def above(self, name: str) -> set[str]:
        """What the thing is part of, and so on."""
        found: set[str] = set()
        while (entry := self._entries.get((ConceptKind.THING, name))) and entry.broader and entry.broader not in found:
            name = entry.broader
            found.add(name)
        return found

    def implied(self, whole: str, troubles: Iterable[str]) -> Iterator[Entry]:
        """The canteen and “closed too early” are its hours."""
        return (self._implied[whole, trouble] for trouble in troubles if (whole, trouble) in self._implied)

    def has_parts(self, name: str) -> bool:
        return name in self._wholes

    def is_company_wide(self, name: str) -> bool:
        entry = self._entries.get((ConceptKind.THING, name))
        return bool(entry and entry.is_company_wide)

    def find(self, text: str) -> list[Found]:
        """What the text says; a word inside a longer one (不热: 热) is not counted."""
        spans = [*self._exact(text), *self._by_ear(text)]
        widest = [
            span
            for span in spans
            if not any(
                other.start <= span.start and span.end <= other.end and other.end - other.start > span.end - span.start
                for other in spans
            )
        ]
        return [*widest, *self._with_gaps(text)]

    def _exact(self, text: str) -> Iterator[Found]:
        for start, sign in enumerate(text):
            for length in self._lengths.get(sign, ()):
                word = text[start : start + length]
                for entry in self._words.get(word, ()):
                    yield Found(start, start + length, entry)

    def _by_ear(self, text: str) -> Iterator[Found]:
        """早堂 is 澡堂: it sounds like a word of the trade, shares part of its letters, and is no word itself."""
        sounds = sounds_of(text)
        starts, ends = token_edges(text)
        for start in starts:
            for end in range(start + 2, min(start + self._longest_sound, len(text)) + 1):
                if end not in ends:
                    continue
                heard = text[start:end]
                for word in self._by_sound.get(sounds[start:end], ()):
                    if is_slip(heard, word):
                        yield from (Found(start, end, entry, False) for entry in self._entries_heard(word))

    def _entries_heard(self, word: str) -> Iterable[Entry]:
        """Two signs are too little to tell a trouble by ear: 吃到 is not 迟到."""
        entries = self._words[word]
        if len(word) > 2:
            return entries
        return [entry for entry in entries if entry.kind == ConceptKind.THING and is_word(word)]

    def _with_gaps(self, text: str) -> Iterator[Found]:
        for pattern, first, entry in self._patterns:
            if first in text and (match := pattern.search(text)):
                yield Found(match.start(), match.end(), entry)


def is_slip(heard: str, word: str) -> bool:
    differing = [one for one, other in zip(heard, word, strict=True) if one != other]
    return 0 < len(differing) < len(word) and not _PLAIN.intersection(differing) and not is_word(heard)


@cache
def shipped() -> Thesaurus:
    return Thesaurus(parse(SHIPPED.read_text(encoding="utf-8")))
