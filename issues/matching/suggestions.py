"""What the desk asks for. Everything stays within the actor's sight."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from organization.models import Unit

from ..enums import OpinionState
from ..models import Category, Issue, Opinion
from .gist import Gist, gist_of
from .likeness import Likeness, Weights, likeness_of

if TYPE_CHECKING:
    from organization.actors import Actor


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
    issues = list(open_issues(actor))
    return ranked(asked(text, category, unit), issues, gists_of_issues(issues), limit)


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
    left_out = {opinion.pk for opinion in exclude}
    rows = Opinion.objects.visible_to(actor).exclude(state=OpinionState.SET_ASIDE).select_related("unit", "category")
    opinions = [opinion for opinion in rows.distinct() if opinion.pk not in left_out]
    return ranked(asked(text, category, unit), opinions, gists_of_opinions(opinions), limit)


def proposed_groups(actor: Actor, opinions: Iterable[Opinion] | None = None) -> list[Group]:
    """The waiting opinions within sight (or those of the given ones) grouped by matter, the largest group first.

    An opinion alone is left out unless an issue is proposed for it.
    """
    rows = Opinion.objects.visible_to(actor).waiting().select_related("unit", "category").distinct()
    if opinions is not None:
        rows = rows.filter(pk__in=[opinion.pk for opinion in opinions])
    waiting, issues = list(rows), list(open_issues(actor))
    theirs, cases = gists_of_opinions(waiting), gists_of_issues(issues)
    weights = Weights([*theirs, *cases])
    groups: list[Group] = []
    for places in together(theirs, weights):
        found = [best for place in places if (best := proposed_issue(theirs[place], issues, cases, weights))]
        issue, likeness = max(found, key=lambda pair: pair[1].score, default=(None, None))
        if len(places) == 1 and issue is None:
            continue
        shared = likeness.shared if likeness else likeness_of(theirs[places[0]], theirs[places[1]], weights).shared
        groups.append(Group([waiting[place] for place in places], issue, shared))
    return sorted(groups, key=lambda group: -len(group.opinions))


def together(gists: Sequence[Gist], weights: Weights) -> list[list[int]]:
    """Each joins the first group all of whose members it is like."""
    groups: list[list[int]] = []
    for place, gist in enumerate(gists):
        for group in groups:
            found = [likeness_of(gist, gists[other], weights) for other in group]
            if all(likeness and likeness.is_proposed for likeness in found):
                group.append(place)
                break
        else:
            groups.append([place])
    return groups


def proposed_issue(
    gist: Gist, issues: Sequence[Issue], cases: Sequence[Gist], weights: Weights
) -> tuple[Issue, Likeness] | None:
    found = [(issue, likeness_of(gist, case, weights)) for issue, case in zip(issues, cases, strict=True)]
    proposed = [(issue, likeness) for issue, likeness in found if likeness and likeness.is_proposed]
    return max(proposed, key=lambda pair: pair[1].score, default=None)


def open_issues(actor: Actor):
    return Issue.objects.visible_to(actor).open().select_related("unit", "category")


def asked(text: str, category: Category | None, unit: Unit | None) -> Gist:
    return gist_of(text, category=category.name if category else "", unit=unit.code if unit else "")


def gists_of_opinions(opinions: Iterable[Opinion]) -> list[Gist]:
    return [gist_of(o.text, category=o.category.name, unit=o.unit.code) for o in opinions]


def gists_of_issues(issues: Iterable[Issue]) -> list[Gist]:
    return [gist_of(f"{i.title}\n{i.wording}", category=i.category.name, unit=i.unit.code) for i in issues]


def ranked(gist: Gist, rows: Sequence, gists: Sequence[Gist], limit: int) -> list:
    weights = Weights(gists)
    found = [(row, likeness_of(gist, other, weights)) for row, other in zip(rows, gists, strict=True)]
    likely = [(row, likeness) for row, likeness in found if likeness]
    return sorted(likely, key=lambda pair: -pair[1].score)[:limit]
