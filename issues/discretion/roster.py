"""Who of the roster stands in a text.

What may be a name, a number or a post is cut out of the text and asked for by index; the roster is never read.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from friends.models import Worker
from lib.encryption import blind_indexes
from lib.names import DOT
from organization.enums import UnitKind
from organization.models import Unit

from ..enums import HitKind
from ..models import UnlistedReporter
from .circumstances import SURNAMES
from .findings import Finding
from .spelling import Bare, bare, fold
from .words import NAMES_THAT_ARE_WORDS, TITLES, any_of

#: Shorter employee numbers would be found in any year or amount.
SHORTEST_NUMBER = 4
LONGEST_NUMBER = 16
NAME_LENGTHS = range(2, 7)
POST_LENGTHS = range(2, 9)
#: Fewer people than this at one post are known by it.
CROWD = 3

#: Surnames that are words besides: they make a form of address only before a title (高班长), never after 老 and 小.
RARER_SURNAMES = "高马林钟田方石白于叶江金段雷汤龙史武文毛夏唐程万常洪安齐路岳"
#: 王师傅, and 老王 where no thing follows (小王牌).
FORM_OF_ADDRESS = re.compile(
    rf"([{SURNAMES}{RARER_SURNAMES}])(?:{any_of(TITLES)})(?![会量体数额结的是共作资程种具期时])"
    rf"|(?<=[老小])([{SURNAMES}])(?![一-龥]?[具件型式])"
)
MOBILE = re.compile(r"(?=(1[3-9]\d{9}))")
LANDLINE = re.compile(r"(?=(0(?:10|2\d|[3-9]\d{2}))(\d{7,8}))")
HYPHENED = re.compile(r"[a-z0-9]+(?:[-_/.][a-z0-9]+)+")
LETTERS_AND_DIGITS = re.compile(r"[a-z0-9]+")
#: Numbers as they are spoken: 幺三九….
SPOKEN = str.maketrans("零〇一幺二三四五六七八九", "001123456789")
YEAR = re.compile(r"(?:19|20)\d\d")
DOT_OR_BLANK = re.compile(r"(?<=[㐀-鿿])[^\w\n，。；：、！？（）]{1,3}(?=[㐀-鿿])")
#: The characters in which names of other languages are written; between them a dot may have been left out.
TRANSCRIBED = re.compile(
    "[阿艾买提古丽木尔热依克孜江巴图吐尼亚孙沙力合别汗达娜仁花其格图雅苏和布日娅玛扎西卓嘎多吉次仁才让旺加措央金拉姆桑德措尕"
    "那扎提哈萨肯努尔斯坦帕米海提麦赛买肉孜玉素甫伊不都拉热合曼库尔班斯迪克再娜吾甫尔如则乌斯曼迪力夏提凯赛尔穆罕默德叶尔兰]{4,12}"
)


def people_in(text: str, *, scope: Unit, reporters: Collection[int]) -> Iterator[Finding]:
    """Anybody of the roster below `scope` who is called, phoned or numbered so. Reporters are found by their marks."""
    yield from named_in(text, scope=scope, reporters=reporters)
    yield from phoned_in(text, scope=scope, reporters=reporters)
    yield from numbered_in(text, scope=scope, reporters=reporters)


def marks_of(worker: Worker | UnlistedReporter) -> Iterator[tuple[HitKind, str]]:
    """By what a worker is known, laid bare."""
    name, number = bare(worker.name), bare(worker.employee_no)
    if len(name) > 1:
        yield HitKind.NAME, name
    if len(number) >= SHORTEST_NUMBER:
        yield HitKind.NUMBER, number
    for phone in (worker.phone, worker.phone_2):
        if digits := bare(phone).removeprefix("86"):
            yield HitKind.PHONE, digits


def reporter_in(text: str, worker: Worker | UnlistedReporter) -> Iterator[tuple[HitKind, int, int]]:
    """Also in full width, with blanks or signs between the characters, in either case."""
    here, spoken = Bare.of(text), Bare.of(text.translate(SPOKEN))
    for kind, mark in marks_of(worker):
        places = here.find(mark) or (spoken.find(mark) if kind == HitKind.PHONE else [])
        yield from ((kind, start, end) for start, end in places)


def named_in(text: str, *, scope: Unit, reporters: Collection[int]) -> Iterator[Finding]:
    here = Bare.of(text)
    found = (
        within(scope)
        .filter(name_key__in=name_candidates(here.text) | dotted_candidates(text))
        .exclude(pk__in=reporters)
    )
    keys = set(found.values_list("name_key", flat=True)) - NAMES_THAT_ARE_WORDS
    why = _("名册里有叫这个名字的职工。")
    for key in sorted(keys):
        for start, end in here.find(bare(key)):
            yield Finding(HitKind.NAME, start, end, why)


def name_candidates(text: str) -> set[str]:
    """Everything of a name's length, with and without the dot of a name of another language."""
    found = pieces(text, NAME_LENGTHS)
    for run in TRANSCRIBED.finditer(text):
        for piece in pieces(run[0], range(4, 13)):
            found |= {piece} | {piece[:cut] + DOT + piece[cut:] for cut in range(1, len(piece))}
    return found


def dotted_candidates(text: str) -> set[str]:
    """Around each sign between two words: what stands before it and what after it."""
    found = set()
    for sign in DOT_OR_BLANK.finditer(text):
        before, after = text[: sign.start()][-8:], text[sign.end() :][:8]
        for left in range(1, len(before) + 1):
            found |= {before[-left:] + DOT + after[:right] for right in range(1, len(after) + 1)}
    return found


def phoned_in(text: str, *, scope: Unit, reporters: Collection[int]) -> Iterator[Finding]:
    why = _("这是名册里一位职工的电话。")
    spoken = Bare.of(text.translate(SPOKEN))
    spans: dict[str, tuple[int, int]] = {}
    for found in MOBILE.finditer(spoken.text):
        spans[found[1]] = spoken.span(found.start(1), found.end(1))
    for found in LANDLINE.finditer(spoken.text):
        spans[f"{found[1]}-{found[2]}"] = spoken.span(found.start(1), found.end(2))
    by_index = {index: span for phone, span in spans.items() for index in blind_indexes(phone)}
    if not by_index:
        return
    wanted = Q(phone_index__in=by_index) | Q(phone_2_index__in=by_index)
    rows = within(scope).filter(wanted).exclude(pk__in=reporters)
    for pair in rows.values_list("phone_index", "phone_2_index"):
        for index in pair:
            if index in by_index:
                yield Finding(HitKind.PHONE, *by_index[index], why)


def numbered_in(text: str, *, scope: Unit, reporters: Collection[int]) -> Iterator[Finding]:
    here, even = Bare.of(text), "".join(map(fold, text))
    lengths = range(SHORTEST_NUMBER, LONGEST_NUMBER + 1)
    numbers = {piece for run in LETTERS_AND_DIGITS.findall(here.text) for piece in pieces(run, lengths)}
    numbers = {number for number in numbers if not YEAR.fullmatch(number) and re.search(r"\d", number)}
    numbers |= {found for found in HYPHENED.findall(even) if len(bare(found)) >= SHORTEST_NUMBER}
    if not numbers:
        return
    spellings = numbers | {number.upper() for number in numbers}
    why = _("这是名册里一位职工的工号。")
    rows = within(scope).filter(employee_no__in=spellings).exclude(pk__in=reporters)
    for number in sorted(set(rows.values_list("employee_no", flat=True))):
        for start, end in here.find(bare(number)):
            yield Finding(HitKind.NUMBER, start, end, why)


def posts_in(text: str, *, unit: Unit) -> Iterator[Finding]:
    """Posts of the roster that only one or two people of the unit hold."""
    here = Bare.of(text)
    holders = within(unit).active().filter(post__in=pieces(here.text, POST_LENGTHS)).order_by()
    for post, count in holders.values_list("post").annotate(count=Count("pk")):
        if count >= CROWD:
            continue
        why = ngettext("%(unit)s只有 %(count)d 人是这个岗位。", "%(unit)s只有 %(count)d 人是这个岗位。", count) % {
            "unit": unit.name,
            "count": count,
        }
        for start, end in here.find(bare(post)):
            yield Finding(HitKind.POST_OF_FEW, start, end, why)


def forms_of_address_in(text: str, *, unit: Unit, reporters: Collection[Worker]) -> Iterator[Finding]:
    """王师傅, 老王: somebody is meant; how many of the unit bear the surname tells how plainly."""
    found = [(match[1] or match[2], match) for match in FORM_OF_ADDRESS.finditer(text)]
    if not found:
        return
    counts = bearers({surname for surname, _match in found}, unit)
    for surname, match in found:
        start = match.start() - (1 if match[2] else 0)
        why = _("像是对某一个人的称呼。")
        if any(worker.name.startswith(surname) for worker in reporters):
            why = _("像是对某一个人的称呼，反映人中就有人姓%(surname)s。") % {"surname": surname}
        elif count := counts.get(surname):
            words = {"unit": unit.name, "surname": surname, "count": count}
            why = _("像是对某一个人的称呼，%(unit)s姓%(surname)s的职工有 %(count)d 人。") % words
        yield Finding(HitKind.FORM_OF_ADDRESS, start, match.end(), why)


def bearers(surnames: Collection[str], unit: Unit) -> dict[str, int]:
    """How many of a base unit bear each surname; of a greater unit it would say nothing, and nobody is counted."""
    if unit.kind not in (UnitKind.BASE_UNIT, UnitKind.WORKSHOP, UnitKind.TEAM):
        return {}
    counts = {name: Count("pk", filter=Q(name_key__startswith=name)) for name in sorted(surnames)}
    found = within(unit).active().aggregate(**{f"n{number}": count for number, count in enumerate(counts.values())})
    return dict(zip(counts, found.values(), strict=True))


def workplaces_in(text: str, *, reporters: Collection[Worker]) -> Iterator[Finding]:
    """Workshop and team of a reporter: the department is told the base unit alone."""
    paths = {path for worker in reporters for path in worker.unit.paths_to_root()}
    places = Unit.objects.filter(path__in=paths, kind__in=[UnitKind.WORKSHOP, UnitKind.TEAM])
    here = Bare.of(text)
    why = _("这是反映人所在的车间或班组，责任部门只应知道基层单位。")
    for names in places.order_by("path").values_list("name", "short_name"):
        for name in {bare(one) for one in names if len(one) > 1}:
            for start, end in here.find(name):
                yield Finding(HitKind.WORKPLACE, start, end, why)


def within(unit: Unit):
    return Worker.objects.filter(unit__path__startswith=unit.path)


def pieces(text: str, lengths: range) -> set[str]:
    return {text[start : start + length] for length in lengths for start in range(len(text) - length + 1)}
