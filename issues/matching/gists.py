"""Gists are kept readings. The worker makes them; whoever needs one that is not there yet reads the text himself."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from ..enums import OpinionState
from ..models import Gist, Issue, Merge, Opinion
from .reading import Reading, read
from .thesaurus import Thesaurus
from .vectors import vectors_of
from .vocabulary import thesaurus

BATCH = 200
#: A drain begins nothing more after this; the next one goes on.
DRAIN_SECONDS = 20
_PAIRS = ("leaves", "numbered")
_SETS = ("things", "wide", "troubles", "words", "grams")


def drain_gists(seconds: float = DRAIN_SECONDS) -> int:
    """Reads every waiting opinion and open issue that has no gist of today's thesaurus; returns how many."""
    words, done = thesaurus(), 0
    end = time.monotonic() + seconds
    for stale, keep in ((stale_opinions, keep_opinions), (stale_issues, keep_issues)):
        while time.monotonic() < end and (pks := list(stale(edition_of(words))[:BATCH])):
            done += keep(pks, words)
    return done


def edition_of(words: Thesaurus) -> str:
    return f"{words.edition} {settings.MATCHING_VECTORS}"[:64]


def stale_opinions(edition: str) -> QuerySet:
    """Those that suggestions are made of: waiting, or the voice of an open issue."""
    fresh = Gist.objects.filter(opinion=OuterRef("pk"), edition=edition)
    voices = Merge.objects.in_force().filter(issue__in=Issue.objects.open()).values("opinion")
    waiting = Opinion.objects.waiting().filter(~Exists(fresh))
    merged = Opinion.objects.filter(~Exists(fresh), state=OpinionState.MERGED, pk__in=voices)
    return waiting.order_by().values_list("pk", flat=True).union(merged.order_by().values_list("pk", flat=True))


def stale_issues(edition: str) -> QuerySet:
    fresh = Gist.objects.filter(issue=OuterRef("pk"), edition=edition)
    return Issue.objects.open().filter(~Exists(fresh)).order_by().values_list("pk", flat=True)


@transaction.atomic
def keep_opinions(pks: Sequence[int], words: Thesaurus) -> int:
    """Held while they are read, so that no correction slips in between text and gist."""
    rows = list(Opinion.objects.select_for_update().filter(pk__in=pks).order_by("pk").values_list("pk", "text"))
    Gist.objects.filter(opinion__in=pks).delete()
    keep([{"opinion_id": pk} for pk, _text in rows], [text for _pk, text in rows], words)
    return len(rows)


@transaction.atomic
def keep_issues(pks: Sequence[int], words: Thesaurus) -> int:
    rows = Issue.objects.select_for_update(of=("self",)).filter(pk__in=pks).order_by("pk")
    texts = {pk: text_of_issue(title, wording) for pk, title, wording in rows.values_list("pk", "title", "wording")}
    Gist.objects.filter(issue__in=pks).delete()
    keep([{"issue_id": pk} for pk in texts], list(texts.values()), words)
    return len(texts)


def keep(owners: Sequence[dict[str, int]], texts: Sequence[str], words: Thesaurus) -> None:
    edition = edition_of(words)
    readings = read_all(texts, words)
    Gist.objects.bulk_create(
        Gist(**owner, said=packed(reading), edition=edition) for owner, reading in zip(owners, readings, strict=True)
    )


def read_all(texts: Sequence[str], words: Thesaurus) -> list[Reading]:
    vectors = vectors_of(texts)
    return [dataclasses.replace(read(text, words), vector=vector) for text, vector in zip(texts, vectors, strict=True)]


def text_of_issue(title: str, wording: str) -> str:
    return f"{title}\n{wording}"


def packed(reading: Reading) -> dict[str, Any]:
    """What the text alone says, as it is kept."""
    said: dict[str, Any] = {name: sorted(getattr(reading, name)) for name in (*_SETS, *_PAIRS)}
    return said | {"has_matter": reading.has_matter, "vector": list(reading.vector)}


def unpacked(said: dict[str, Any], **where: Any) -> Reading:
    sets = {name: frozenset(said[name]) for name in _SETS}
    pairs = {name: frozenset((one, other) for one, other in said[name]) for name in _PAIRS}
    return Reading(**sets, **pairs, has_matter=said["has_matter"], vector=tuple(said["vector"]), **where)
