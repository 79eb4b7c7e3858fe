"""Spellings of one thing: full width, blanks, dots and signs between the characters make no other word of it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass


def flat(text: str) -> str:
    """Letters and digits in one width and case, character for character: a place in it is the same in the text."""
    return "".join(folded if len(folded := fold(sign)) == 1 and folded.isalnum() else sign for sign in text)


def fold(sign: str) -> str:
    return unicodedata.normalize("NFKC", sign).casefold()


def bare(text: str) -> str:
    """Letters, hanzi and digits alone, in one width and case."""
    return Bare.of(text).text


@dataclass(frozen=True)
class Bare:
    """A text laid bare that remembers where in the original each character stood."""

    text: str
    places: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> Bare:
        signs = [(sign, place) for place, whole in enumerate(text) for sign in fold(whole) if sign.isalnum()]
        return cls("".join(sign for sign, _place in signs), tuple(place for _sign, place in signs))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Of a piece of the bare text: from where up to, and without, where it stands in the original."""
        return self.places[start], self.places[end - 1] + 1

    def find(self, mark: str) -> list[tuple[int, int]]:
        """Every place of a mark (laid bare itself), as spans of the original."""
        found, start = [], self.text.find(mark)
        while mark and start >= 0:
            found.append(self.span(start, start + len(mark)))
            start = self.text.find(mark, start + 1)
        return found
