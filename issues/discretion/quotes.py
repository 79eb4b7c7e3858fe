"""Words of a wording that stand in one worker's opinion and in nobody else's: who heard him say it knows him again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from .spelling import Bare, bare

#: So many characters in a row are no chance: two people who name one thing share words of two or three.
SHORTEST_QUOTE = 4
#: What is as long as this is copied, whatever else it is the name of.
LONGEST_TERM = 8


def quotes(
    text: str, voices: Mapping[int, Iterable[str]], *, ordinary: Iterable[str], terms: str = ""
) -> Iterator[tuple[int, int, int]]:
    """Where the text repeats what one voice alone said: start, end, voice.

    `voices` holds the opinions by speaker; `ordinary` are texts whose words are common property: opinions of others,
    names of units and categories. A short piece that stands in `terms` too (the title, for the wording, and the other
    way round) is the name of the matter.
    """
    here = Bare.of(text)
    said = {voice: [bare(one) for one in texts] for voice, texts in voices.items()}
    others = [bare(one) for one in ordinary]
    named = bare(terms)
    for voice, texts in said.items():
        shared = others + [one for other, theirs in said.items() if other != voice for one in theirs]
        for start, end in longest_shared(here.text, texts):
            piece = here.text[start:end]
            is_term = len(piece) < LONGEST_TERM and piece in named
            if not is_term and not any(piece in one for one in shared):
                yield *here.span(start, end), voice


def longest_shared(text: str, others: list[str]) -> Iterator[tuple[int, int]]:
    """The pieces of the text that stand in one of the others, each as long as can be; none within another."""
    reached = 0
    for start in range(len(text)):
        end = max(start + 1, reached)
        while end <= len(text) and any(text[start:end] in other for other in others):
            end += 1
        end -= 1
        if end - start >= SHORTEST_QUOTE and end > reached:
            yield start, end
        reached = max(reached, end)
