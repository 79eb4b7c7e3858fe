"""Which unit a spelling means. Sure is: the name, the short name, a spelling confirmed before; all else is asked.

Units are never created here, and a near spelling is only offered.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from lib.tabular.cells import ACCEPTED, ERROR, NEEDS_CHOICE, compact, is_nothing
from lib.tabular.hanzi import simplified
from lib.tabular.outcome import NEW

if TYPE_CHECKING:
    from lib.tabular.outcome import Row

TOP, BASE, WORKSHOP, TEAM, DEPARTMENT = "top", "base", "workshop", "team", "department"
NEAR, CLOSE_TO_BEST = 0.6, 0.12
JOINTS = "-—–/\\>＞→·.、:：_|,，"

_numerals = {
    c: n
    for n, line in enumerate(["〇零", "一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"])
    for c in line
}
_number = re.compile(r"第?([〇零一壹二贰三叁四肆五伍六陆七柒八捌九玖十拾]+|\d+)[#＃号]?")
_suffix = re.compile(
    r"(?:有限责任公司|有限公司|分公司|公司|作业区|工段|车间|中心|分厂|总厂|工区|办公室|班组|[厂矿部处科室队段区站所组班库院校局办])$"
)


@dataclass(slots=True)
class UnitRow:
    """A unit as the resolver needs it; ``level`` is one of the five words above."""

    id: int
    name: str
    level: str
    parent_id: int | None = None
    code: str = ""
    short_name: str = ""
    former_names: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    closed: bool = False
    merged_into_id: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """The answer: unit and workshop as far as they are sure, or what to offer."""

    unit: UnitRow | None = None
    workshop: UnitRow | None = None
    status: str = ACCEPTED
    why: tuple[str, ...] = ()
    suggest: tuple[str, ...] = ()
    # The workshop as written, where it stands without a unit; offered first only after a choice.
    workshop_text: str | None = None
    # The spelling to ask about, once for all rows that have it.
    question: str | None = None
    # Unit ids behind the suggestions.
    options: tuple[int, ...] = ()


def canonical(text: str) -> tuple[str, tuple[int, ...]]:
    """A name without its numbers, and the numbers: 第二选矿厂, 选矿2厂 and 選礦二廠 are one."""
    text = simplified(compact(text)).lower()
    numbers = tuple(_value(n) for n in _number.findall(text))
    return _number.sub("", text).replace("#", ""), numbers


def _value(numeral: str) -> int:
    if numeral.isdigit():
        return int(numeral[:9])
    numeral = numeral.replace("拾", "十")
    if "十" in numeral:
        tens, _, ones = numeral.partition("十")
        return (_numerals.get(tens, 1) if tens else 1) * 10 + (_numerals.get(ones[:1], 0) if ones else 0)
    return int("".join(str(_numerals[c]) for c in numeral))


def stem(text: str) -> str:
    """A name without the word for what it is: 汽车运输公司 is 汽车运输."""
    shorter = _suffix.sub("", text)
    return shorter if len(shorter) >= 1 else text


@dataclass
class _Names:
    """Names to units, by each way of writing."""

    exact: dict[str, list[UnitRow]] = field(default_factory=dict)

    def add(self, text: str, unit: UnitRow) -> None:
        key = compact(text)
        if key:
            units = self.exact.setdefault(key, [])
            if unit not in units:
                units.append(unit)


class UnitIndex:
    """Resolves unit and workshop cells against a list of units; every pair of spellings is worked out once."""

    def __init__(self, units: Iterable[UnitRow], confirmed: dict[str, int] | None = None) -> None:
        self.by_id = {unit.id: unit for unit in units}
        self.children: dict[int, list[UnitRow]] = {}
        for unit in self.by_id.values():
            if unit.parent_id is not None:
                self.children.setdefault(unit.parent_id, []).append(unit)
        self.bases = [u for u in self.by_id.values() if u.level in (BASE, DEPARTMENT) and not u.closed]
        self.workshops = [u for u in self.by_id.values() if u.level in (WORKSHOP, TEAM) and not u.closed]
        # A company without units of its own beneath is itself the unit of its people.
        inner = {u.parent_id for u in self.by_id.values() if u.level in (BASE, TOP)}
        self.tops = [u for u in self.by_id.values() if u.level == TOP and u.id in inner]
        self.bases += [u for u in self.by_id.values() if u.level == TOP and u.id not in inner and not u.closed]
        self.names, self.shorts, self.former, self.closed, self.codes = _Names(), _Names(), _Names(), _Names(), _Names()
        self.workshop_names = _Names()
        self._fill()
        # What the user chose for a spelling: a unit's id.
        self.confirmed = {compact(text): self.by_id[i] for text, i in (confirmed or {}).items() if i in self.by_id}
        self._cache: dict[tuple[str, str], Place] = {}
        # Units that are no place for a roster, and the word that says why; see ``admit``.
        self.admitted: dict[int, str] = {}
        self._teams = {
            (base.id, compact(self._below(base, team))): team
            for team in self.workshops
            if team.parent_id != (base := self.base_of(team)).id
        }

    def _fill(self) -> None:
        for unit in self.bases:
            self.names.add(unit.name, unit)
            self.codes.add(unit.code, unit)
            for text in (unit.short_name, *unit.aliases):
                self.shorts.add(text, unit)
            for text in unit.former_names:
                self.former.add(text, unit)
        for unit in self.by_id.values():
            if unit.closed and unit.level in (BASE, TOP, DEPARTMENT):
                for text in (unit.name, unit.short_name, *unit.aliases):
                    self.closed.add(text, unit)
        for unit in self.workshops:
            self.workshop_names.add(unit.name, unit)

    def resolve(self, unit_text: str, workshop_text: str) -> Place:
        key = (unit_text, workshop_text)
        place = self._cache.get(key)
        if place is None:
            place = self._cache[key] = self._resolve(unit_text, "" if is_nothing(workshop_text) else workshop_text)
        return place

    # -- the unit column
    def _resolve(self, unit_text: str, workshop_text: str) -> Place:
        text = compact(unit_text)
        if not text or is_nothing(text):
            return self._without_unit(workshop_text)
        if chosen := self.confirmed.get(text):
            return self.chosen(chosen, workshop_text)
        found = self.names.exact.get(text) or self.shorts.exact.get(text) or []
        if len(found) == 1:
            return self._in_unit(found[0], workshop_text, self._sure_words(unit_text, found[0]))
        if len(found) > 1:
            return self._ambiguous(text, found, workshop_text)
        for resolve in (self._closed, self._code, self._too_high, self._former, self._path):
            if place := resolve(text, workshop_text):
                return place
        if place := self._near(text, workshop_text):
            return place
        if place := self._workshop_as_unit(text):
            return place
        return Place(status=ERROR, why=("unit_unknown",))

    def _sure_words(self, unit_text: str, unit: UnitRow) -> tuple[str, ...]:
        why: tuple[str, ...] = ()
        if unit.level == DEPARTMENT:
            why += ("unit_is_department",)
        if unit_text == unit.name or unit.id in self.admitted:
            return why
        if compact(unit_text) != compact(unit.name):
            return (*why, "unit_short_name")
        return (*why, "unit_spaces")

    def chosen(self, unit: UnitRow, workshop_text: str) -> Place:
        """The place when the user has said which unit a spelling, or a row, means."""
        if unit.level in (WORKSHOP, TEAM):
            return Place(self.base_of(unit), unit, why=("unit_alias",))
        return self._in_unit(unit, workshop_text, ("unit_alias",))

    def base_of(self, unit: UnitRow) -> UnitRow:
        while unit.level in (WORKSHOP, TEAM) and unit.parent_id in self.by_id:
            unit = self.by_id[unit.parent_id]
        return unit

    def admit(self, ids: Iterable[int]) -> None:
        """Units where somebody already is, though no roster should name them: closed, above all units, or a workshop.

        Their spelling as ``path`` writes it is sure for who is there; of anybody else ``settle_admitted`` asks.
        """
        for unit in (self.by_id[i] for i in ids if i in self.by_id):
            if unit in self.bases or self._sure(compact(self.path(unit))):
                continue
            self.names.add(self.path(unit), unit)
            self.admitted[unit.id] = "unit_closed" if unit.closed else "unit_too_high" if unit in self.tops else ""

    def settle_admitted(self, rows: Iterable[Row]) -> None:
        """Asks about rows that would put somebody into such a unit who was not there."""
        for row in rows:
            word = self.admitted.get(row.unit_id or 0)
            if word and row.status == ACCEPTED and (row.effect == NEW or {"unit", "workshop"} & set(row.changed)):
                row.worsen(NEEDS_CHOICE, word)

    def place_cells(self, unit_id: int) -> dict[str, str]:
        """The cells 单位 and 车间 of somebody who is there, as ``resolve`` reads them."""
        unit = self.by_id.get(unit_id)
        if unit is None:
            return {"unit": "", "workshop": ""}
        base = self.base_of(unit)
        return {"unit": base.name, "workshop": self._below(base, unit) if unit.id != base.id else ""}

    def _below(self, base: UnitRow, unit: UnitRow) -> str:
        """采掘一车间, or of a team further down 采掘一车间/甲班."""
        names = [unit.name]
        while unit.parent_id in self.by_id and unit.parent_id != base.id:
            unit = self.by_id[unit.parent_id]
            names.insert(0, unit.name)
        return "/".join(names)

    def path(self, unit: UnitRow) -> str:
        return f"{self.base_of(unit).name} / {unit.name}" if unit.level in (WORKSHOP, TEAM) else unit.name

    def _ask(self, text: str, why: str, unit: UnitRow, workshop_text: str) -> Place:
        """One unit is offered; the workshop is read as if it were the right one."""
        inner = self._in_unit(unit, workshop_text, ())
        status = inner.status if inner.status == ERROR else NEEDS_CHOICE
        return Place(
            unit,
            inner.workshop,
            status,
            (*inner.why, why),
            (unit.name, *inner.suggest),
            question=text,
            options=(unit.id,),
        )

    def _ambiguous(self, text: str, units: list[UnitRow], workshop_text: str) -> Place:
        """Several units; one of them may be the only one with such a workshop, and is then offered first."""
        having = [u for u in units if workshop_text and self._workshop_in(u, workshop_text)]
        ordered = having + [u for u in units if u not in having] if len(having) == 1 else units
        names = tuple(self.path(u) for u in ordered)
        options = tuple(u.id for u in ordered)
        if len(having) == 1:
            workshop = self._workshop_in(having[0], workshop_text)
            return Place(having[0], workshop, NEEDS_CHOICE, ("unit_ambiguous",), names, question=text, options=options)
        return Place(
            None, None, NEEDS_CHOICE, ("unit_ambiguous",), names, self._known_workshop(workshop_text), text, options
        )

    def _known_workshop(self, workshop_text: str) -> str | None:
        key = compact(workshop_text)
        return self.workshop_names.exact[key][0].name if key in self.workshop_names.exact else None

    def _closed(self, text: str, _workshop: str) -> Place | None:
        found = self.closed.exact.get(text)
        if not found:
            return None
        heirs = [heir for unit in found if (heir := self._heir(unit))]
        return Place(
            status=NEEDS_CHOICE,
            why=("unit_closed",),
            suggest=tuple(h.name for h in heirs),
            question=text,
            options=tuple(h.id for h in heirs),
        )

    def _heir(self, unit: UnitRow) -> UnitRow | None:
        heir: UnitRow | None = unit
        for _ in range(10):
            if heir is None or not heir.closed:
                return heir
            heir = self.by_id.get(heir.merged_into_id) if heir.merged_into_id else None
        return None

    def _code(self, text: str, workshop_text: str) -> Place | None:
        found = self.codes.exact.get(text.upper()) or self.codes.exact.get(text)
        return self._ask(text, "unit_code", found[0], workshop_text) if found and len(found) == 1 else None

    def _too_high(self, text: str, _workshop: str) -> Place | None:
        if any(text in map(compact, (top.name, top.short_name, *top.aliases)) for top in self.tops):
            return Place(status=NEEDS_CHOICE, why=("unit_too_high",), question=text)
        return None

    def _former(self, text: str, workshop_text: str) -> Place | None:
        found = self.former.exact.get(text)
        return self._ask(text, "unit_former_name", found[0], workshop_text) if found and len(found) == 1 else None

    def _path(self, text: str, workshop_text: str) -> Place | None:
        """Company, unit and workshop in one cell, with or without signs between."""
        rest = text
        for top in self.tops:
            for name in (compact(top.name), compact(top.short_name)):
                if name and rest.startswith(name) and len(rest) > len(name):
                    rest = rest[len(name) :].lstrip(JOINTS)
        if rest != text and len(found := self._sure(rest)) == 1:
            return self._ask(text, "unit_full_path", found[0], workshop_text)
        for end in range(len(rest) - 1, 1, -1):
            found = self._sure(rest[:end].rstrip(JOINTS))
            inner = rest[end:].lstrip(JOINTS)
            if len(found) == 1 and inner and (workshop := self._workshop_in(found[0], inner)):
                return Place(
                    found[0],
                    workshop,
                    NEEDS_CHOICE,
                    ("unit_full_path",),
                    (self.path(workshop),),
                    question=text,
                    options=(workshop.id,),
                )
        return None

    def _sure(self, text: str) -> list[UnitRow]:
        return self.names.exact.get(text) or self.shorts.exact.get(text) or []

    def _near(self, text: str, workshop_text: str) -> Place | None:
        found = near(text, self.bases)
        if not found:
            return None
        if len(found) == 1:
            return self._ask(text, "unit_spelling", found[0], workshop_text)
        return self._ambiguous(text, found, workshop_text)

    def _workshop_as_unit(self, text: str) -> Place | None:
        found = self.workshop_names.exact.get(text) or near(text, self.workshops)
        if not found:
            return None
        suggest = tuple(self.path(w) for w in found)
        options = tuple(w.id for w in found)
        if len(found) == 1:
            return Place(
                self.base_of(found[0]),
                found[0],
                NEEDS_CHOICE,
                ("workshop_in_unit_column",),
                suggest,
                question=text,
                options=options,
            )
        return Place(None, None, NEEDS_CHOICE, ("workshop_ambiguous",), suggest, text, text, options)

    # -- the workshop column
    def _without_unit(self, workshop_text: str) -> Place:
        text = compact(workshop_text)
        found = self.workshop_names.exact.get(text, []) if text else []
        if not found:
            return Place(status=ERROR, why=("unit_missing",))
        suggest = tuple(dict.fromkeys(self.base_of(w).name for w in found))
        return Place(
            None,
            None,
            NEEDS_CHOICE,
            ("unit_missing",),
            suggest,
            found[0].name,
            options=tuple(self.base_of(w).id for w in found),
        )

    def _shops_of(self, unit: UnitRow) -> list[UnitRow]:
        return [
            child for child in self.children.get(unit.id, ()) if child.level in (WORKSHOP, TEAM) and not child.closed
        ]

    def _workshop_in(self, unit: UnitRow, text: str) -> UnitRow | None:
        """The workshop of the unit by its exact or canonical name."""
        shops, key = self._shops_of(unit), compact(text)
        exact = [s for s in shops if key in (compact(s.name), compact(s.short_name), *map(compact, s.aliases))]
        if exact:
            return exact[0]
        same = [s for s in shops if canonical(s.name) == canonical(text)]
        return same[0] if len(same) == 1 else None

    def _in_unit(self, unit: UnitRow, workshop_text: str, why: tuple[str, ...]) -> Place:
        text = compact(workshop_text)
        shops = self._shops_of(unit)
        if not text:
            missing = ("workshop_missing",) if shops and unit.level != DEPARTMENT else ()
            return Place(unit, None, ACCEPTED, why + missing)
        for shop in shops:
            if text in (compact(shop.name), compact(shop.short_name), *map(compact, shop.aliases)):
                spaced = ("unit_spaces",) if workshop_text.strip() != shop.name and text == compact(shop.name) else ()
                return Place(unit, shop, ACCEPTED, tuple(dict.fromkeys(why + spaced)))
        if team := self._teams.get((unit.id, text)):
            return Place(unit, team, ACCEPTED, why)
        if same := [shop for shop in shops if simplified(text) == compact(shop.name) != text]:
            return Place(unit, same[0], ACCEPTED, (*why, "workshop_traditional"))
        if (chosen := self.confirmed.get(compact(workshop_question(unit, text)))) and chosen in shops:
            return Place(unit, chosen, ACCEPTED, (*why, "unit_alias"))
        return self._near_workshop(unit, shops, text, why)

    def _near_workshop(self, unit: UnitRow, shops: list[UnitRow], text: str, why: tuple[str, ...]) -> Place:
        elsewhere = self.workshop_names.exact.get(text, [])
        found = [] if elsewhere else near(text, shops)
        key = workshop_question(unit, text)
        if len(found) == 1:
            shop = found[0]
            return Place(
                unit, shop, NEEDS_CHOICE, (*why, "workshop_spelling"), (shop.name,), question=key, options=(shop.id,)
            )
        if found:
            names, options = tuple(s.name for s in found), tuple(s.id for s in found)
            return Place(unit, None, NEEDS_CHOICE, (*why, "workshop_ambiguous"), names, question=key, options=options)
        if elsewhere:
            names, options = tuple(self.path(s) for s in elsewhere), tuple(s.id for s in elsewhere)
            return Place(unit, None, NEEDS_CHOICE, (*why, "workshop_not_in_unit"), names, question=key, options=options)
        return Place(unit, None, NEEDS_CHOICE, (*why, "workshop_unknown"), question=key)


def workshop_question(unit: UnitRow, text: str) -> str:
    """A spelling of a workshop is asked about, and remembered, within its unit."""
    return f"{unit.name} / {text}"


def near(text: str, units: Iterable[UnitRow]) -> list[UnitRow]:
    """The units that a spelling may mean, the likeliest first; more than one only if they are about as likely."""
    wanted, numbers = canonical(text)
    scored: list[tuple[float, UnitRow]] = []
    for unit in units:
        name, own = canonical(unit.name)
        if numbers and own != numbers:
            continue
        score = max(likeness(wanted, name), _short_likeness(wanted, unit))
        if own and not numbers:
            score -= 0.02
        if score >= NEAR:
            scored.append((score, unit))
    scored.sort(key=lambda pair: -pair[0])
    best = scored[0][0] if scored else 0
    return [unit for score, unit in scored if score >= best - (0 if best >= 1 else CLOSE_TO_BEST)][:8]


def _short_likeness(wanted: str, unit: UnitRow) -> float:
    """汽运公司 for the unit whose short name is 汽运."""
    short = canonical(unit.short_name)[0] if unit.short_name else ""
    return 0.97 if len(short) >= 2 and stem(wanted) in (short, stem(short)) and len(stem(wanted)) >= 2 else 0.0


def likeness(one: str, other: str) -> float:
    """From 0 to 1. Clerks drop the kind of unit, or leave characters out; they also mistake one for another."""
    if one == other:
        return 1.0
    if not one or not other:
        return 0.0
    short, long = stem(one), stem(other)
    if short == long and len(short) >= 2:
        return 0.95
    if len(short) >= 2 and (short in long or long in short):
        return 0.85
    if (len(one) >= 3 and _is_within(one, other)) or (len(short) >= 2 and _is_within(short, long)):
        return 0.8
    common = sum(block.size for block in SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks())
    score = common / max(len(one), len(other))
    # Two short names that share only the word for what they are (炼铁厂, 烧结厂) are not alike.
    shared_stem = sum(b.size for b in SequenceMatcher(None, short, long, autojunk=False).get_matching_blocks())
    return score if shared_stem * 2 >= min(len(short), len(long)) and shared_stem >= 1 else 0.0


def _is_within(one: str, other: str) -> bool:
    """Whether the characters of the first stand in the second in the same order: 采一车间 in 采掘一车间."""
    rest = iter(other)
    return all(character in rest for character in one)
