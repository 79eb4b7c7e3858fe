"""What the desk and the forms ask for. Everything stays within the actor's sight."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

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
MOST_OPINIONS, MOST_ISSUES = 5_000, 20_000
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
    voices = Voices(actor, reader)
    return voices.like(reader.read(text, category=category, unit=unit), limit)


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
    opinions = list(rows.exclude(pk__in=[opinion.pk for opinion in exclude])[:MOST_OPINIONS])
    found = Index(reader.of_opinions(opinions)).like(reader.read(text, category=category, unit=unit), limit)
    return [(opinions[place], likeness) for place, likeness in found if likeness.shared]


def proposed_groups(actor: Actor, opinions: Iterable[Opinion] | None = None) -> list[Group]:
    """The waiting opinions within sight (or those of the given ones) grouped by matter, the largest group first.

    An opinion alone is left out unless an issue is proposed for it.
    """
    rows = visible_opinions(actor).waiting()
    if opinions is not None:
        rows = rows.filter(pk__in=[opinion.pk for opinion in opinions])
    waiting = list(rows[:MOST_OPINIONS])
    if not waiting:
        return []
    reader = reader_for(actor)
    readings = reader.of_opinions(waiting)
    voices = Voices(actor, reader, readings)
    by_issue: dict[Issue, list[int]] = defaultdict(list)
    reasons: dict[Issue, tuple[str, ...]] = {}
    rest = []
    for place, reading in enumerate(readings):
        if best := voices.proposed(reading):
            issue, likeness = best
            by_issue[issue].append(place)
            reasons.setdefault(issue, likeness.shared)
        else:
            rest.append(place)
    groups = [Group([waiting[at] for at in places], issue, reasons[issue]) for issue, places in by_issue.items()]
    alone = Index([readings[place] for place in rest], voices.rarity)
    groups += [Group([waiting[rest[at]] for at in places], None, shared) for places, shared in together(alone)]
    return sorted(groups, key=lambda group: -len(group.opinions))


class Voices:
    """The open issues within sight: each speaks by its wording and by the opinions merged into it."""

    def __init__(self, actor: Actor, reader: Reader, beside: Sequence[Reading] = ()) -> None:
        issues = Issue.objects.visible_to(actor).open() if sees_people(actor) else Issue.objects.none()
        self._issues = list(issues.select_related("unit", "category").order_by("-pk")[:MOST_ISSUES])
        by_pk = {issue.pk: issue for issue in self._issues}
        merges = Merge.objects.in_force().filter(issue__in=issues, opinion__in=Opinion.objects.visible_to(actor))
        merged = [
            merge
            for merge in merges.select_related("opinion__unit", "opinion__category").distinct()
            if merge.issue_id in by_pk
        ]
        self._owners = [*self._issues, *(by_pk[merge.issue_id] for merge in merged)]
        readings = [*reader.of_issues(self._issues), *reader.of_opinions([merge.opinion for merge in merged])]
        self.rarity = Rarity([*readings, *beside])
        self._index = Index(readings, self.rarity)

    def like(self, reading: Reading, limit: int) -> list[tuple[Issue, Likeness]]:
        found: dict[Issue, Likeness] = {}
        for place, likeness in self._index.like(reading, limit * VOICES_PER_ISSUE):
            if likeness.shared:
                found.setdefault(self._owners[place], likeness)
        return list(found.items())[:limit]

    def proposed(self, reading: Reading) -> tuple[Issue, Likeness] | None:
        """The likeliest that may be offered."""
        found = self._index.like(reading, VOICES_PER_ISSUE)
        return next(((self._owners[place], likeness) for place, likeness in found if likeness.is_proposed), None)


def together(index: Index) -> list[tuple[list[int], tuple[str, ...]]]:
    """Groups of two and more, with what they share: each joins the first group all of whose members it is like."""
    groups: list[list[int]] = []
    of: dict[int, list[int]] = {}
    for place, reading in enumerate(index.readings):
        near = [other for other, likeness in index.like(reading, VOICES_PER_ISSUE * 2) if likeness.is_proposed]
        for other in near:
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


def visible_opinions(actor: Actor):
    """The newest first; one that is seen for two reasons is still one."""
    seen = Opinion.objects.visible_to(actor).order_by().values("pk")
    return Opinion.objects.filter(pk__in=seen).select_related("unit", "category")


def reader_for(actor: Actor) -> Reader:
    return Reader(Places(actor.unit.path if actor.unit else ""))
