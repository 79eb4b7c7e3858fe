"""Learning from merges: a word that the thesaurus does not know, said again and again where a concept is meant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from django.db import transaction

from ..enums import ConceptKind
from ..models import LearntWord, Merge
from .gists import text_of_issue
from .segments import tokens_of
from .thesaurus import Thesaurus
from .vocabulary import entries_now

#: The newest merges are what is learnt from.
MOST_MERGES = 5_000
#: In so many issues at least, and in this share of those in which the word is said at all.
LEAST_ISSUES, LEAST_SHARE = 3, 0.8
_LONGEST = 8


def learn_words() -> None:
    """Learns anew from the merges in force; a merge that was undone speaks against what it would have taught."""
    lessons = set(lessons_of(Thesaurus(entries_now(with_learnt=False))))
    with transaction.atomic():
        known = set(LearntWord.objects.select_for_update().values_list("word", "concept"))
        for word, concept in known - lessons:
            LearntWord.objects.filter(word=word, concept=concept).delete()
        LearntWord.objects.bulk_create(
            [LearntWord(word=word, concept=concept) for word, concept in sorted(lessons - known)],
            ignore_conflicts=True,
        )


def lessons_of(words: Thesaurus) -> Iterator[tuple[str, str]]:
    said: dict[str, set[tuple[int, bool]]] = defaultdict(set)
    meant: dict[tuple[str, str], set[int]] = defaultdict(set)
    merges = Merge.objects.order_by("-pk").values_list(
        "issue_id", "issue__title", "issue__wording", "opinion__text", "undone_at"
    )
    for issue, title, wording, text, undone_at in merges[:MOST_MERGES]:
        unknown = unknown_words(text, words)
        for word in unknown:
            said[word].add((issue, undone_at is None))
        if undone_at is None and unknown:
            # What the issue is about and this voice did not name in any way that is known.
            for concept in named_in(text_of_issue(title, wording), words) - named_in(text, words):
                for word in unknown:
                    meant[word, concept].add(issue)
    for (word, concept), issues in meant.items():
        if len(issues) >= LEAST_ISSUES and len(issues) >= LEAST_SHARE * len(said[word]):
            yield word, concept


def named_in(text: str, words: Thesaurus) -> set[str]:
    return {hit.entry.name for hit in words.find(text) if hit.entry.kind == ConceptKind.THING}


def unknown_words(text: str, words: Thesaurus) -> set[str]:
    spans = [(hit.start, hit.end) for hit in words.find(text)]
    found, place = set(), 0
    for token in tokens_of(text, guesses=True):
        start, place = place, place + len(token)
        is_known = any(begin < place and start < end for begin, end in spans)
        if not is_known and 1 < len(token) <= _LONGEST and not token.isascii():
            found.add(token)
    return found
