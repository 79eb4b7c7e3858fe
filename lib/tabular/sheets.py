"""From a file to the table that is kept: the one sheet, its records, and nothing that may not be stored.

The table can be written to a private file between preview and confirmation: identity numbers, hidden
columns and hidden sheets are gone from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from lib.tabular.cells import is_blank, without_identity_numbers
from lib.tabular.columns import Column, Titles, letter
from lib.tabular.layout import Layout, Reader, Record, find_header
from lib.tabular.outcome import NEEDS_MAPPING, Outcome
from lib.tabular.reading import Book, Sheet
from lib.tabular.refusal import FileRefused


@dataclass
class Table:
    """The records of a file, with what was learnt about it on the way."""

    about: Outcome
    titles: list[str]
    records: list[Record]
    skipped: list[tuple[int, str]]
    # All cells of a row that may be given back, by row number; aligned with ``titles``.
    lines: dict[int, list[Any]] = field(default_factory=dict)
    # The field of each title; None where the column means nothing here.
    fields: list[str | None] = field(default_factory=list)
    # Where in the cells of a record each field stands.
    places: dict[str, int] = field(default_factory=dict)
    # Of a table that is asked about: columns that mean the same, by the title of the field that they mean.
    rivals: dict[str, list[int]] = field(default_factory=dict)

    def dump(self) -> dict[str, Any]:
        """For JSON, without the ``cells``: what is known of the table, and what few rows have besides."""
        odd = [
            [n, sorted(r.filled), sorted(r.formulas), r.hidden, r.ragged]
            for n, r in enumerate(self.records)
            if r.filled or r.formulas or r.hidden or r.ragged
        ]
        return {
            "about": asdict(replace(self.about, rows=[])),
            "titles": self.titles,
            "fields": self.fields,
            "names": list(self.places),
            "numbers": [record.row for record in self.records],
            "odd": odd,
            "skipped": self.skipped,
            "lines": self.lines,
        }

    def cells(self) -> Iterator[list[Any]]:
        """Of each row the cells that are known."""
        at = list(self.places.values())
        return ([record.cells[i] for i in at] for record in self.records)

    @classmethod
    def load(cls, data: dict[str, Any], rows: Sequence[list[Any]]) -> Table:
        records = [Record(number, cells) for number, cells in zip(data["numbers"], rows, strict=True)]
        for at, filled, formulas, hidden, ragged in data["odd"]:
            record = records[at]
            record.filled, record.formulas = frozenset(filled), frozenset(formulas)
            record.hidden, record.ragged = hidden, ragged
        skipped = [(row, why) for row, why in data["skipped"]]
        places = {name: at for at, name in enumerate(data["names"])}
        table = cls(Outcome(**data["about"]), data["titles"], records, skipped, fields=data["fields"], places=places)
        table.lines = _KeptLines(table)
        table.lines.update({int(row): line for row, line in data["lines"].items()})
        return table


class _KeptLines(dict[int, list[Any]]):
    """Rows that were kept as they stood; of the others what the known columns held."""

    def __init__(self, table: Table) -> None:
        super().__init__()
        self.table = table
        self.records: dict[int, Record] = {}

    def __missing__(self, row: int) -> list[Any]:
        if not self.records:
            self.records = {record.row: record for record in self.table.records}
        cells, places = self.records[row].cells, self.table.places
        self[row] = [cells[places[name]] if name in places else "" for name in self.table.fields]
        return self[row]


def take_table(
    book: Book,
    columns: Sequence[Column],
    key: str = "name",
    *,
    sheet: str | None = None,
    mapping: dict[int, str] | None = None,
) -> Table:
    """The one sheet of the book that has such columns; raises ``FileRefused`` where there is none."""
    filled = [s for s in book.sheets if any(not is_blank(c) for row in s.rows for c in row)]
    if not filled:
        raise FileRefused("no_rows")
    layouts = [layout for s in filled if (sheet in (None, s.name)) and (layout := find_header(s, columns, mapping))]
    about = Outcome(encoding=book.encoding, delimiter=book.delimiter)
    about.hidden_sheets = [{"sheet": name, "why": "hidden_sheet"} for name in book.hidden_sheets]
    with_key = [layout for layout in layouts if key in layout.columns]
    if not with_key:
        return _without_key(about, layouts, columns, key)
    most = max(len(layout.columns) for layout in with_key)
    likely = [layout for layout in with_key if len(layout.columns) * 2 > most and _has_rows(layout)] or with_key[:1]
    if len(likely) > 1:
        about.outcome, about.why = NEEDS_MAPPING, "several_sheets"
        about.columns = {layout.sheet.name: "" for layout in likely}
        return Table(about, [], [], [])
    return _table(about, likely[0], columns, key)


def _without_key(about: Outcome, layouts: list[Layout], columns: Sequence[Column], key: str) -> Table:
    """Some columns are known but not the one that says whom a row is about: hidden, or called something else."""
    best = max(layouts, key=lambda layout: len(layout.columns), default=None)
    if best is None or len(best.columns) < 3:
        raise FileRefused("no_name_column" if key == "name" else "column_missing")
    describe(about, best, columns)
    about.outcome, about.why = NEEDS_MAPPING, "no_name_column"
    return Table(about, best.titles, [], [], fields=asked_fields(best))


def asked_fields(layout: Layout) -> list[str | None]:
    """Of every column of a file that is asked about, what it was taken for."""
    names = {index: name for name, index in {**layout.columns, **layout.second}.items()}
    return [names.get(index) for index in range(len(layout.titles))]


def rivals(layout: Layout, columns: Sequence[Column]) -> dict[str, list[int]]:
    """The columns that mean the same, each by its place."""
    titles = Titles(columns)
    second = layout.second.values()
    return {
        titles.columns[name].title: [
            index
            for index, title in enumerate(layout.titles)
            if index == layout.columns[name]
            or (index in layout.unmapped and index not in second and titles.find_any(title) == name)
        ]
        for name in dict.fromkeys(layout.doubled)
    }


def _has_rows(layout: Layout) -> bool:
    return any(not is_blank(c) for row in layout.sheet.rows[layout.first :] for c in row)


def _table(about: Outcome, layout: Layout, columns: Sequence[Column], key: str) -> Table:
    if not _has_rows(layout):
        raise FileRefused("no_rows")
    describe(about, layout, columns)
    if layout.doubled:
        about.outcome, about.why = NEEDS_MAPPING, "column_doubled"
        return Table(about, layout.titles, [], [], fields=asked_fields(layout), rivals=rivals(layout, columns))
    reader = Reader(layout, columns, key)
    records = list(reader.records())
    if not records:
        raise FileRefused("no_rows")
    kept = [
        i for i in range(len(layout.titles)) if layout.titles[i] and i not in layout.refused and i not in layout.asked
    ]
    names = {index: name for name, index in {**layout.columns, **layout.second}.items()}
    fields = [names.get(i) for i in kept]
    titles = [layout.titles[i] for i in kept]
    return Table(
        about, titles, records, sorted(reader.skipped), _Lines(layout.sheet, kept), fields, dict(reader.places)
    )


class _Lines(dict[int, list[Any]]):
    """Rows as they are given back, made only for the few that are; see ``keep``."""

    def __init__(self, sheet: Sheet, kept: list[int]) -> None:
        super().__init__()
        self.sheet, self.kept = sheet, kept

    def __missing__(self, row: int) -> list[Any]:
        line = self.sheet.rows[row - 1]
        self[row] = [without_identity_numbers(line[i]) if i < len(line) else "" for i in self.kept]
        return self[row]


def describe(about: Outcome, layout: Layout, columns: Sequence[Column]) -> None:
    titles = {column.name: column.title for column in columns}
    sheet = layout.sheet
    about.sheet = sheet.name
    about.title_rows = [row + 1 for row in layout.title_rows]
    about.header_rows = [row + 1 for row in layout.header_rows]
    for name, index in {**layout.columns, **layout.second}.items():
        shown = layout.titles[index].replace("\n", "/")
        about.columns[titles.get(name, name)] = (
            letter(index) if shown == titles.get(name) else f"{letter(index)} ({shown})"
        )
    about.unmapped = [f"{letter(i)} {layout.shown_title(i)}" for i in layout.unmapped]
    about.refused_columns = [
        {"column": letter(i), "title": "".join(layout.shown_title(i).split()), "why": "national_id_column"}
        for i in layout.refused
    ]
    about.asked_columns = [
        {"column": letter(i), "title": layout.shown_title(i), "why": "hidden_column"} for i in layout.asked
    ]
