"""Where the header of a sheet is, which column is which, and which rows hold no record."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from lib.tabular.cells import has_identity_number, is_blank, text_of
from lib.tabular.columns import IDENTITY_TITLE, JOINT, Column, Titles, normal_title
from lib.tabular.reading import Sheet

HEADER_WITHIN = 10
IDENTITY_SAMPLE = 400
# How notes, marks and totals begin, and hardly any name.
MARKS = frozenset("（(【续接第注备说填※*共总审制负签")

_page_mark = re.compile(r"[（(【]?(?:续[上前]?[页表]|接上页|续表|第\d+页.*|（续）|\(续\))[)）】]?")
_total = re.compile(
    r"(?:本页|本单位|全部|各单位)?(?:小计|合计|总计|共计|累计|总人数|总数)(?:[:：].*|\d+人?|人数|[(（].*[)）])?|共\d+人"
)
# With the unit's name before it; as a name it would be one (somebody is called 王小计).
_unit_total = re.compile(r".{0,12}(?:小计|合计|总计)")
_note = re.compile(r"^(?:注[:：\d]|注意|备注[:：]|说明[:：]|填表说明|填写说明|※|\*|附注|另[:：])")
_signature = re.compile(
    r"(?:填报人|填表人|制表人|审核人|经办人|负责人|审批人|报送人|统计人|复核人|签字|签章|盖章|填报单位|填报日期|制表日期|填表日期)\s*[:：（(]"
)


#: One for all: an empty set of its own takes more room than the cells of a line.
NONE: frozenset[str] = frozenset()


@dataclass(slots=True)
class Record:
    """One line that holds something, counted as a person counts (1 = first line); ``Table.places`` says what is where.

    It is the line of the sheet itself: a hundred thousand copies would need as much room again.
    """

    row: int
    cells: list[Any]
    filled: frozenset[str] = NONE
    formulas: frozenset[str] = NONE
    hidden: bool = False
    # How many cells the line has beyond or short of the header; only text files are ragged.
    ragged: int = 0


@dataclass
class Layout:
    """How one sheet is laid out; columns by their place, counted from 0."""

    sheet: Sheet
    title_rows: list[int]
    header_rows: list[int]
    columns: dict[str, int]
    titles: list[str]
    refused: list[int] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    second: dict[str, int] = field(default_factory=dict)

    @property
    def first(self) -> int:
        return self.header_rows[-1] + 1

    @property
    def unmapped(self) -> list[int]:
        taken = {*self.columns.values(), *self.second.values(), *self.refused, *self.asked}
        return [i for i, title in enumerate(self.titles) if title and i not in taken]

    def shown_title(self, index: int) -> str:
        return self.titles[index].rsplit(JOINT, 1)[-1] if self.titles[index] else ""


def cell(sheet: Sheet, row: int, column: int) -> Any:
    line = sheet.rows[row] if row < len(sheet.rows) else []
    return line[column] if column < len(line) else ""


def line_text(sheet: Sheet, row: int) -> list[str]:
    return [text_of(c).strip() if not is_blank(c) else "" for c in sheet.rows[row]]


def find_header(sheet: Sheet, columns: Sequence[Column], chosen: dict[int, str] | None = None) -> Layout | None:
    """The header within the first ten filled rows that explains most columns; two rows count as one header."""
    titles = Titles(columns)
    best: tuple[float, int, int, list[str]] | None = None
    filled = 0
    for row in range(len(sheet.rows)):
        if filled >= HEADER_WITHIN:
            break
        if not any(line_text(sheet, row)):
            continue
        filled += 1
        for height in (1, 2):
            names = header_titles(sheet, row, height)
            score = _score(titles, names, height, sheet, row)
            if score and (best is None or score > best[0]):
                best = (score, row, height, names)
    if best is None:
        return None
    _found, row, height, names = best
    layout = Layout(
        sheet, [r for r in range(row) if any(line_text(sheet, r))], list(range(row, row + height)), {}, names
    )
    _assign(layout, titles, chosen or {})
    return layout


def _score(titles: Titles, names: list[str], height: int, sheet: Sheet, row: int) -> float:
    found = {titles.find_any(name) for name in names} - {None}
    if not found:
        return 0
    if height == 2:
        # The lower row must be titles too, not the first record.
        lower = [text for text in line_text(sheet, row + 1) if text] if row + 1 < len(sheet.rows) else []
        known = sum(titles.find(text) is not None for text in lower)
        alone = {titles.find(text) for text in line_text(sheet, row)} - {None}
        if not lower or known * 3 < len(lower) or any(has_digits(text) for text in lower) or found <= alone:
            return 0
    return len(found) + (0.5 if height == 1 else 0)


def has_digits(text: str) -> bool:
    return sum(c.isdigit() for c in text) >= 3


def header_titles(sheet: Sheet, row: int, height: int) -> list[str]:
    """The title over each column; of two rows as 上/下, where a merged upper cell stands over its whole width."""
    width = max(len(sheet.rows[r]) for r in range(row, min(row + height, len(sheet.rows))))
    upper = ["".join(text_of(cell(sheet, row, c)).split()) for c in range(width)]
    if height == 1:
        return upper
    for top, left, bottom, right in sheet.merges:
        if top <= row <= bottom and bottom == top:
            for c in range(left, min(right + 1, width)):
                upper[c] = upper[left]
    lower = ["".join(text_of(cell(sheet, row + 1, c)).split()) for c in range(width)]
    if not sheet.merges:  # text files: an upper title holds on over the blanks beside it
        for c in range(1, width):
            if not upper[c] and lower[c]:
                upper[c] = upper[c - 1]
    return [
        f"{a}{JOINT}{b}" if a and b and normal_title(a) != normal_title(b) else a or b
        for a, b in zip(upper, lower, strict=True)
    ]


def _assign(layout: Layout, titles: Titles, chosen: dict[int, str]) -> None:
    sheet = layout.sheet
    for index, title in enumerate(layout.titles):
        if IDENTITY_TITLE.search(normal_title(title)) or _holds_identity_numbers(layout, index):
            layout.refused.append(index)
            continue
        if index in sheet.hidden_columns and index not in chosen:
            if title:
                layout.asked.append(index)
            continue
        name = chosen.get(index) if index in chosen else titles.find_any(title)
        if not name or name not in titles.columns:
            continue
        if name not in layout.columns:
            layout.columns[name] = index
        elif (other := titles.columns[name].second) and other not in {**layout.columns, **layout.second}:
            layout.second[other] = index
        elif name not in chosen.values():
            layout.doubled.append(name)
    for index, title in enumerate(layout.titles):
        name = titles.weak.get(normal_title(title.rsplit(JOINT, 1)[-1]))
        if name and name not in layout.columns and index in layout.unmapped and index not in chosen:
            layout.columns[name] = index


def _holds_identity_numbers(layout: Layout, index: int) -> bool:
    rows = layout.sheet.rows[layout.first : layout.first + IDENTITY_SAMPLE]
    cells = [row[index] for row in rows if index < len(row) and not is_blank(row[index])]
    found = sum(has_identity_number(c) for c in cells)
    return found >= 1 and found * 3 >= len(cells)


class Reader:
    """Walks the rows below the header: records one by one, and the rows that are none with the reason."""

    def __init__(self, layout: Layout, columns: Sequence[Column], key: str) -> None:
        self.layout, self.key = layout, key
        self.titles = Titles(columns)
        self.fills = {c.name for c in columns if c.fills_down}
        self.skipped: list[tuple[int, str]] = []
        self.places = sorted({**layout.columns, **layout.second}.items(), key=lambda item: item[1])
        # With blanks between the characters, as titles are often set.
        words = {t.replace(" ", "").replace("\u3000", "") for t in (*self.titles.by_title, *layout.titles)}
        self._words = words | {
            between.join(word) for word in words if len(word) < 5 for between in (" ", "\u3000", "  ")
        }
        self.title_keys = [normal_title(title.rsplit(JOINT, 1)[-1]) for title in layout.titles]
        self.width = max((i + 1 for i, title in enumerate(layout.titles) if title), default=0)
        self._filled = self._fill_down()
        self._wide = {r for top, left, bottom, right in layout.sheet.merges if right - left + 1 > self.width / 2
                      for r in range(top, bottom + 1)}  # fmt: skip
        # Only text files have records of their own lengths.
        lengths = {len(row) for row in layout.sheet.rows[layout.first :]}
        self.ragged = not layout.sheet.merges and not layout.sheet.name and len(lengths) > 1

    def _fill_down(self) -> dict[tuple[int, int], Any]:
        """Cells under a merged one, for the columns where that means the same value again."""
        columns = {index: name for name, index in self.layout.columns.items() if name in self.fills}
        found = {}
        for top, left, bottom, right in self.layout.sheet.merges:
            for column in range(left, right + 1):
                if column in columns and top >= self.layout.first and (left == right or column == left):
                    value = cell(self.layout.sheet, top, left)
                    found.update({(row, column): value for row in range(top + 1, bottom + 1)})
        return found

    def records(self) -> Iterator[Record]:
        sheet = self.layout.sheet
        for number in self.layout.title_rows:
            self.skipped.append((number + 1, "title"))
        for number in self.layout.header_rows:
            self.skipped.append((number + 1, "header"))
        formulas, places = sheet.formulas, self.places
        by_row: dict[int, set[int]] = {}
        for place, column in formulas:
            by_row.setdefault(place, set()).add(column)
        key_at = self.layout.columns.get(self.key, -1)
        last = max(at for _name, at in places)
        for number in range(self.layout.first, len(sheet.rows)):
            row = sheet.rows[number]
            size = len(row)
            # The rest of the tests are only for rows that may be something else.
            if (
                not (0 <= key_at < size and isinstance(row[key_at], str) and row[key_at])
                or self._odd(row, number, key_at)
            ) and (why := self._no_record(row, number, key_at)):
                self.skipped.append((number + 1, why))
                continue
            cells = row if size > last else row + [""] * (last + 1 - size)
            filled: list[str] = []
            for name in self.fills if self._filled else ():
                at = self.layout.columns.get(name)
                if at is not None and is_blank(cells[at]) and (number, at) in self._filled:
                    cells = [*cells[:at], self._filled[number, at], *cells[at + 1 :]]
                    filled.append(name)
            computed = by_row.get(number)
            names = frozenset(n for n, at in places if at in computed) if computed else NONE
            ragged = self._ragged(row) if self.ragged else 0
            copied = frozenset(filled) if filled else NONE
            yield Record(number + 1, cells, copied, names, number in sheet.hidden_rows, ragged)

    def _ragged(self, row: list[Any]) -> int:
        """A header's blank columns at the right may be absent; anything else is a broken line."""
        if len(row) > self.width and any(not is_blank(c) for c in row[self.width :]):
            return len(row) - self.width
        return min(0, len(row) - self.width)

    def _odd(self, row: list[Any], number: int, key_at: int) -> bool:
        """Whether the text in the key column may be no name: a title, a mark, a note."""
        text = row[key_at]
        return number in self._wide or len(text) > 6 or "计" in text or text[0] in MARKS or text in self._words

    def _no_record(self, row: list[Any], number: int, key_at: int) -> str | None:
        texts = [(i, text_of(c).strip()) for i, c in enumerate(row) if not is_blank(c)]
        # Numbers alone (a running number, a formula beside it) say nothing.
        words = [(i, t) for i, t in texts if not isinstance(row[i], (int, float)) and not t.isdigit()]
        mapped = [i for i, _t in texts if i in self.layout.columns.values()]
        if not texts or (not words and not mapped):
            return "blank"
        if not mapped and all(re.fullmatch(r"[\d.]+", t) for _i, t in texts):
            return "blank"
        if len(words) <= 2 and any(_page_mark.fullmatch(t) for _i, t in words):
            return "repeated_header"
        same = sum(i < len(self.title_keys) and self._repeats(i, t) for i, t in words)
        if same and same * 2 >= len(words) and (same >= 2 or (len(words) == 1 and key_at in dict(words))):
            return "repeated_header"
        key_text = dict(texts).get(key_at, "")
        squeezed = ["".join(t.split()) for _i, t in words]
        nameless = not key_text or isinstance(row[key_at], (int, float)) or key_text.isdigit()
        if nameless and any(_unit_total.fullmatch(t) or _total.fullmatch(t) for t in squeezed):
            return "total"
        if _total.fullmatch("".join(key_text.split())) and len(mapped) <= 3:
            return "total"
        return self._remark(words, mapped, key_text, key_at, number)

    def _repeats(self, index: int, text: str) -> bool:
        """The same title again, in whichever of the header's rows it stood."""
        key = normal_title(text)
        upper = normal_title(self.layout.titles[index].split(JOINT, 1)[0]) if JOINT in self.layout.titles[index] else ""
        whole = normal_title(self.layout.titles[index])
        return bool(key) and key in (self.title_keys[index], upper, whole)

    def _remark(
        self, words: list[tuple[int, str]], mapped: list[int], key_text: str, key_at: int, number: int
    ) -> str | None:
        if len(words) > 3 or len(mapped) > 2:
            return None
        first = words[0][1] if words else ""
        if any(_signature.search(t) for _i, t in words) and (not key_text or _signature.search(key_text)):
            return "signature"
        if _note.match(first) and (not key_text or key_text == first):
            return "note"
        alone = len(words) == 1 and (words[0][0] != key_at or len(first) > 12)
        previous = self.skipped[-1] if self.skipped else (0, "")
        if alone and (
            number in self._wide or len(first) > 12 or (previous == (number, "note") or previous == (number, "total"))
        ):
            return "note"
        return None
