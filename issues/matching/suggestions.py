"""What the desk and the forms ask for. Everything stays within the actor's sight."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from organization.models import Unit

from ..enums import OpinionState
from ..models import Category, Issue, Merge, Opinion
from ..permissions import sees_people
from .index import Index
from .likeness import Likeness, Rarity, likeness_of, shared_by
from .places import Places
from .reading import Reading
from .readings import Reader

if TYPE_CHECKING:
    from organization.actors import Actor

#: The newest so many are looked at, whatever the age of the house.
MOST_OPINIONS, MOST_ISSUES, MOST_VOICES = 5_000, 20_000, 20_000
#: An issue has several voices; so many of the likest are looked at to find each issue once.
VOICES_PER_ISSUE = 6
#: Who joins a group is compared with so many of it.
SPOKESMEN = 8


@dataclass(frozen=True)
class Group:
    """Opinions that seem to be one matter, and the open issue that they seem to belong to."""

    opinions: list[Opinion]
    issue: Issue | None
    shared: tuple[str, ...]


def similar_issues(
    actor: Actor, text: str, *, category: Category | None = None, unit: Unit | None = None, limit: int = 5
) -> list[tuple[Issue, Likeness]]:
    """Open issues that the text may belong to, the likeliest first."""
    if not sees_people(actor):
        return []
    reader = reader_for(actor)
    found = Voices(actor, reader).like(reader.read(text, category=category, unit=unit), limit)
    issues = issues_of(found)
    return [(issues[pk], likeness) for pk, likeness in found.items()]


def similar_opinions(
    actor: Actor,
    text: str,
    *,
    category: Category | None = None,
    unit: Unit | None = None,
    limit: int = 5,
    exclude: Collection[Opinion] = (),
) -> list[tuple[Opinion, Likeness]]:
    """Waiting and merged opinions that say the like, the likeliest first."""
    reader = reader_for(actor)
    rows = visible_opinions(actor).exclude(state=OpinionState.SET_ASIDE)
    pks, readings = reader.of_opinions(rows.exclude(pk__in=[opinion.pk for opinion in exclude])[:MOST_OPINIONS])
    found = Index(readings).like(reader.read(text, category=category, unit=unit), limit)
    likely = {pks[place]: likeness for place, likeness in found if likeness.shared}
    opinions = opinions_of(likely)
    return [(opinions[pk], likeness) for pk, likeness in likely.items()]


def proposed_groups(actor: Actor, opinions: Iterable[Opinion] | None = None) -> list[Group]:
    """The waiting opinions within sight (or those of the given ones) grouped by matter, the largest group first.

    An opinion alone is left out unless an issue is proposed for it.
    """
    rows = visible_opinions(actor).waiting()
    if opinions is not None:
        rows = rows.filter(pk__in=[opinion.pk for opinion in opinions])
    reader = reader_for(actor)
    pks, readings = reader.of_opinions(rows[:MOST_OPINIONS])
    if not pks:
        return []
    voices = Voices(actor, reader, readings)
    found = [voices.proposed(reading) for reading in readings]
    by_issue: dict[int, list[int]] = defaultdict(list)
    reasons: dict[int, tuple[str, ...]] = {}
    for place, best in enumerate(found):
        if best:
            by_issue[best[0]].append(place)
            reasons.setdefault(best[0], best[1].shared)
    rest = [place for place, best in enumerate(found) if best is None]
    groups = [(places, issue, reasons[issue]) for issue, places in by_issue.items()]
    among = Index([readings[place] for place in rest], voices.rarity)
    groups += [([rest[at] for at in places], None, shared) for places, shared in together(among)]
    return as_rows(groups, pks)


def as_rows(groups: list[tuple[list[int], int | None, tuple[str, ...]]], pks: Sequence[int]) -> list[Group]:
    opinions = opinions_of(pks[place] for places, _issue, _shared in groups for place in places)
    issues = issues_of(issue for _places, issue, _shared in groups if issue)
    made = [
        Group([opinions[pks[place]] for place in places], issues[issue] if issue else None, shared)
        for places, issue, shared in groups
    ]
    return sorted(made, key=lambda group: -len(group.opinions))


class Voices:
    """The open issues within sight: each speaks by its wording and by those opinions in it that the actor may read."""

    def __init__(self, actor: Actor, reader: Reader, beside: Sequence[Reading] = ()) -> None:
        issues = Issue.objects.visible_to(actor).open() if sees_people(actor) else Issue.objects.none()
        self._owners, readings = reader.of_issues(issues.order_by("-pk")[:MOST_ISSUES])
        merges = Merge.objects.in_force().filter(issue__in=issues, opinion__in=Opinion.objects.visible_to(actor))
        issues_by_opinion: dict[int, set[int]] = defaultdict(set)
        for opinion, issue in merges.values_list("opinion_id", "issue_id"):
            issues_by_opinion[opinion].add(issue)
        speakers = Opinion.objects.filter(pk__in=merges.order_by().values("opinion")).order_by("-pk")
        for pk, reading in zip(*reader.of_opinions(speakers[:MOST_VOICES]), strict=True):
            for issue in issues_by_opinion[pk]:
                self._owners.append(issue)
                readings.append(reading)
        self.rarity = Rarity([*readings, *beside])
        self._index = Index(readings, self.rarity)

    def like(self, reading: Reading, limit: int) -> dict[int, Likeness]:
        """By the number of the issue, the likeliest first."""
        found: dict[int, Likeness] = {}
        for place, likeness in self._index.like(reading, limit * VOICES_PER_ISSUE):
            if likeness.shared:
                found.setdefault(self._owners[place], likeness)
        return dict(islice(found.items(), limit))

    def proposed(self, reading: Reading) -> tuple[int, Likeness] | None:
        """The likeliest that may be offered."""
        return next(((self._owners[place], likeness) for place, likeness in self._index.proposed(reading)), None)


def together(index: Index) -> list[tuple[list[int], tuple[str, ...]]]:
    """Groups of two and more, with what they share: each joins the first group all of whose members it is like."""
    groups: list[list[int]] = []
    of: dict[int, list[int]] = {}
    for place, reading in enumerate(index.readings):
        for other, _likeness in index.proposed(reading):
            group = of.get(other)
            if group and all(is_proposed(index, place, member) for member in group[:SPOKESMEN]):
                group.append(place)
                of[place] = group
                break
        else:
            of[place] = [place]
            groups.append(of[place])
    return [(group, shared_of(index, group)) for group in groups if len(group) > 1]


def shared_of(index: Index, group: Sequence[int]) -> tuple[str, ...]:
    return shared_by(index.readings[group[0]], index.readings[group[1]])


def is_proposed(index: Index, one: int, other: int) -> bool:
    likeness = likeness_of(index.readings[one], index.readings[other], index.rarity)
    return likeness is not None and likeness.is_proposed


def visible_opinions(actor: Actor) -> QuerySet[Opinion]:
    """The newest first; one that is seen for two reasons is still one."""
    return Opinion.objects.filter(pk__in=Opinion.objects.visible_to(actor).order_by().values("pk"))


def opinions_of(pks: Iterable[int]) -> dict[int, Opinion]:
    return Opinion.objects.select_related("unit", "category").in_bulk(list(pks))


def issues_of(pks: Iterable[int]) -> dict[int, Issue]:
    return Issue.objects.select_related("unit", "category").in_bulk(list(pks))


def reader_for(actor: Actor) -> Reader:
    return Reader(Places(actor.unit.path if actor.unit else ""))
