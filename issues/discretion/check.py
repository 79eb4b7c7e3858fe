"""The whole check of a wording: what in title and wording may tell who spoke, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from friends.models import Worker
from organization.models import Unit

from ..enums import HitKind, KeepReason
from ..models import Category, Opinion, UnlistedReporter
from .circumstances import circumstances
from .findings import Finding
from .quotes import quotes
from .roster import forms_of_address_in, people_in, posts_in, reporter_in, workplaces_in

#: Why each kind of circumstance is asked about.
WHY = {
    HitKind.FIRST_PERSON: gettext_lazy("本人的口气，责任部门会看出是谁在说。"),
    HitKind.FAMILY: gettext_lazy("家里的事，同事一看就知道是谁。"),
    HitKind.HEALTH: gettext_lazy("身体情况，同事一看就知道是谁。"),
    HitKind.HOME: gettext_lazy("住处或位置具体，能对上人。"),
    HitKind.SERVICE: gettext_lazy("工龄或来历，能对上人。"),
    HitKind.FIGURE: gettext_lazy("一个人的金额、次数、天数或年龄，能对上人。"),
    HitKind.MOMENT: gettext_lazy("具体时间，能对上当天的人。"),
    HitKind.EVENT: gettext_lazy("讲的是一个人的事，请概括成普遍情况。"),
    HitKind.POST: gettext_lazy("岗位具体，人少时能对上人。"),
    HitKind.EQUIPMENT: gettext_lazy("设备具体，能对上操作的人。"),
    HitKind.PERSON: gettext_lazy("个人特征，能对上人。"),
    HitKind.FORM_OF_ADDRESS: gettext_lazy("像是对某一个人的称呼。"),
}
#: So many of the latest opinions tell which words of a matter are in everybody's mouth.
HEARD = 300
SENTENCE_ENDS = "。！？；!?;\n"


@dataclass(frozen=True)
class Matter:
    """What the check must know besides the words: where it happened, whose roster counts, who raised it.

    `told` is the unit that the department is told, `scope` the office's.
    """

    unit: Unit
    told: Unit
    category: Category
    scope: Unit
    opinions: Collection[Opinion]

    @cached_property
    def workers(self) -> dict[int, Worker]:
        return {opinion.worker.pk: opinion.worker for opinion in self.opinions if opinion.worker}

    @cached_property
    def names(self) -> list[str]:
        """Belong to the matter and to nobody: its category, and its units as far as the department is told."""
        units = Unit.objects.above(self.told)
        return [self.category.name, *(name for unit in units for name in (unit.name, unit.short_name) if name)]

    def opinions_of(self, worker: int) -> frozenset[int]:
        return frozenset(opinion.pk for opinion in self.opinions if opinion.worker_id == worker)

    def agreed(self, opinions: Collection[int]) -> bool:
        """Whether all who raised them, or without any all who raised the matter, are willing to be named."""
        concerned = [opinion for opinion in self.opinions if not opinions or opinion.pk in opinions]
        return bool(concerned) and all(opinion.may_be_named for opinion in concerned)


@dataclass(frozen=True)
class Hit:
    """疑点: a place from which somebody could tell who spoke. It is reworded, or kept with one of `reasons`.

    `place` stands for these words in this sentence: what the office decided about it falls when either changes.
    """

    part: str
    start: int
    end: int
    text: str
    kinds: tuple[HitKind, ...]
    whys: tuple[str, ...]
    reasons: tuple[KeepReason, ...]
    place: str

    @property
    def is_hard(self) -> bool:
        """It names a reporter who did not agree: nothing but rewording helps."""
        return not self.reasons

    @property
    def label(self) -> str:
        return "、".join(str(kind.label) for kind in self.kinds)


def check_wording(title: str, wording: str, matter: Matter) -> list[Hit]:
    """Every hit in the order of the text. Asks the database a fixed number of times, whatever the roster's size."""
    whole = f"{title}\n{wording}"
    parts = (("title", 0, title), ("wording", len(title) + 1, wording))
    findings = [*telling(whole, matter), *copied(title, wording, matter)]
    return [
        hit_of(name, text, group, matter)
        for name, offset, text in parts
        for group in grouped(clipped(findings, offset, len(text)))
    ]


def telling(text: str, matter: Matter) -> Iterator[Finding]:
    workers = matter.workers
    yield from reporters_in(text, matter)
    yield from people_in(text, scope=matter.scope, reporters=workers)
    yield from workplaces_in(text, reporters=workers.values())
    yield from posts_in(text, unit=matter.told)
    yield from forms_of_address_in(text, unit=matter.told, reporters=workers.values())
    for kind, start, end in circumstances(text, names=matter.names):
        yield Finding(kind, start, end, str(WHY[kind]))


def reporters_in(text: str, matter: Matter) -> Iterator[Finding]:
    for pk, worker in matter.workers.items():
        for kind, start, end in reporter_in(text, worker):
            why = _("这是反映人的%(what)s。") % {"what": kind.label}
            yield Finding(kind, start, end, why, matter.opinions_of(pk), is_reporter=True)
    for person in UnlistedReporter.objects.filter(opinion__in=matter.opinions):
        for kind, start, end in reporter_in(text, person):
            why = _("这是反映人的%(what)s。") % {"what": kind.label}
            yield Finding(kind, start, end, why, frozenset({person.opinion_id}), is_reporter=True)


def names_unwilling(text: str, opinions: Collection[Opinion]) -> bool:
    """Whether it holds a mark of somebody who raised one of the opinions and does not want to be named."""
    reluctant = {opinion.worker for opinion in opinions if opinion.worker and not opinion.may_be_named}
    unlisted = UnlistedReporter.objects.filter(opinion__in=opinions, opinion__may_be_named=False)
    return any(next(reporter_in(text, person), None) for person in (*reluctant, *unlisted))


def copied(title: str, wording: str, matter: Matter) -> Iterator[Finding]:
    voices: dict[int, list[str]] = defaultdict(list)
    opinions: dict[int, set[int]] = defaultdict(set)
    for opinion in matter.opinions:
        # One who spoke twice is one voice; without a worker each opinion is one.
        voice = opinion.worker_id or -opinion.pk
        voices[voice].append(opinion.text)
        opinions[voice].add(opinion.pk)
    if not voices:
        return
    attached = [opinion.pk for opinion in matter.opinions]
    heard = Opinion.objects.filter(category=matter.category, unit__path__startswith=matter.scope.path)
    heard = heard.exclude(pk__in=attached).exclude(worker__in=[voice for voice in voices if voice > 0])
    ordinary = [*heard.order_by("-raised_on", "-pk").values_list("text", flat=True)[:HEARD], *matter.names]
    for text, terms, offset in ((title, wording, 0), (wording, title, len(title) + 1)):
        for start, end, voice in quotes(text, voices, ordinary=ordinary, terms=terms):
            yield Finding(
                HitKind.QUOTE, offset + start, offset + end, _("与职工原话相同。"), frozenset(opinions[voice])
            )


def clipped(findings: Iterable[Finding], offset: int, length: int) -> Iterator[Finding]:
    """Those that lie in the part, with places counted from its beginning."""
    for finding in findings:
        start, end = max(finding.start - offset, 0), min(finding.end - offset, length)
        if start < end:
            yield Finding(finding.kind, start, end, finding.why, finding.opinions, finding.is_reporter)


def grouped(findings: Iterable[Finding]) -> Iterator[list[Finding]]:
    """What overlaps is one place for the reader."""
    group: list[Finding] = []
    for finding in sorted(findings, key=lambda found: (found.start, found.end)):
        if group and finding.start >= max(found.end for found in group):
            yield group
            group = []
        group.append(finding)
    if group:
        yield group


def hit_of(part: str, text: str, group: list[Finding], matter: Matter) -> Hit:
    start, end = min(found.start for found in group), max(found.end for found in group)
    kinds = tuple(kind for kind in HitKind if any(found.kind == kind for found in group))
    whys = tuple(dict.fromkeys(found.why for kind in kinds for found in group if found.kind == kind))
    opinions = sorted({pk for found in group for pk in found.opinions})
    words = text[start:end]
    said = "\n".join([part, sentence_at(text, start, end), words, ",".join(kinds), ",".join(map(str, opinions))])
    return Hit(
        part=part,
        start=start,
        end=end,
        text=words,
        kinds=kinds,
        whys=whys,
        reasons=reasons_for(group, matter),
        place=salted_hmac("issues.discretion", said, algorithm="sha256").hexdigest(),
    )


def reasons_for(group: list[Finding], matter: Matter) -> tuple[KeepReason, ...]:
    named = {pk for found in group if found.is_reporter for pk in found.opinions}
    if named:
        return (KeepReason.CONSENT,) if matter.agreed(named) else ()
    agreed = matter.agreed({pk for found in group for pk in found.opinions})
    return (KeepReason.UNRELATED, KeepReason.PUBLIC, *([KeepReason.CONSENT] if agreed else []))


def sentence_at(text: str, start: int, end: int) -> str:
    before = max(text.rfind(sign, 0, start) for sign in SENTENCE_ENDS) + 1
    after = min((place for sign in SENTENCE_ENDS if (place := text.find(sign, end)) >= 0), default=len(text))
    return text[before:after].strip()


def pieces_of(text: str, hits: Iterable[Hit]) -> list[tuple[str, Hit | None]]:
    """The text cut at its hits, for a page that marks them."""
    found: list[tuple[str, Hit | None]] = []
    reached = 0
    for hit in hits:
        found += [(text[reached : hit.start], None), (hit.text, hit)]
        reached = hit.end
    return [piece for piece in [*found, (text[reached:], None)] if piece[0]]
