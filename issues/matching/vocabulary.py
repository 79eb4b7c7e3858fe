"""The thesaurus of this installation: the concepts kept in admin, and what merges have taught."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from django.db.models import Count, Max

from ..enums import ConceptKind
from ..models import Concept, LearntWord
from .thesaurus import Entry, Thesaurus, shipped

#: The one built last; it is as good as the edition it was built from.
_built: dict[str, Thesaurus] = {}


def thesaurus() -> Thesaurus:
    """Built anew when somebody changed a concept or a word was learnt."""
    edition = edition_now()
    if edition not in _built:
        entries = list(entries_now())
        _built.clear()
        _built[edition] = Thesaurus(entries, edition) if entries else shipped()
    return _built[edition]


def edition_now() -> str:
    concepts = Concept.objects.aggregate(last=Max("changed_at"), count=Count("pk"))
    words = LearntWord.objects.aggregate(last=Max("learnt_at"), count=Count("pk"))
    parts = [f"{part['count']} {part['last']:%Y%m%d%H%M%S%f}" for part in (concepts, words) if part["count"]]
    return " ".join(parts)


def entries_now(*, with_learnt: bool = True) -> Iterator[Entry]:
    learnt: dict[str, list[str]] = defaultdict(list)
    if with_learnt:
        for word, concept in LearntWord.objects.values_list("word", "concept"):
            learnt[concept].append(word)
    for concept in Concept.objects.filter(is_active=True).select_related("part_of"):
        words = concept.words.split()
        if concept.kind == ConceptKind.THING:
            words += learnt[concept.name]
        broader = concept.part_of.name if concept.part_of else ""
        yield Entry(ConceptKind(concept.kind), concept.name, tuple(words), broader, concept.is_company_wide)
