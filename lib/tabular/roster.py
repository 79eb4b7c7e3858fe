"""Judges a list of people row by row: what is taken, what is asked, what goes back, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from lib.tabular import birth
from lib.tabular.cells import (
    ACCEPTED,
    DITTO,
    ERROR,
    IDENTITY_MASK,
    NEEDS_CHOICE,
    SKIPPED,
    Cleaned,
    Cleaner,
    compact,
    is_blank,
    key_of,
    text_of,
)
from lib.tabular.columns import Column
from lib.tabular.duplicates import compare_within, keep_apart
from lib.tabular.layout import Record
from lib.tabular.outcome import Outcome, Question, Row
from lib.tabular.places import Place, UnitIndex, UnitRow
from lib.tabular.sheets import Table

COSMETIC = ("name_", "phone_f", "phone_n", "phone_t", "member_m", "birth_f", "birth_s")
UNIT_COLUMNS = ("unit", "workshop")
# Different cells of a column that are worked out once.
REMEMBERED = 5_000


@dataclass
class Choices:
    """What the user has decided: rows to take as they are offered, rows to leave, people that rows are about."""

    # Unit spellings: the question's text and the unit's id.
    units: dict[str, int] = field(default_factory=dict)
    # Rows by their key: to take as offered, with the offered value filled in, to leave out, about whom, in which unit.
    take: set[str] = field(default_factory=set)
    fill: set[str] = field(default_factory=set)
    leave: set[str] = field(default_factory=set)
    same: dict[str, int] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    leavers: bool = False
    second: bool = False


class Judge:
    """Cleans and places the records of one table; equal cells are worked out once."""

    def __init__(
        self,
        table: Table,
        columns: Sequence[Column],
        units: UnitIndex,
        choices: Choices | None = None,
        *,
        key: str = "name",
        number: int = 0,
    ) -> None:
        self.table, self.units, self.choices = table, units, choices or Choices()
        # The column that says whom a row is about, and which table of the file this is.
        self.key, self.number = key, number
        self.about = replace(table.about, rows=[], questions={}, missing=[])
        at = table.places
        self.columns = [c for c in columns if c.name in at and c.clean and c.name not in ("phone_2", *UNIT_COLUMNS)]
        self.with_unit, self.with_workshop = "unit" in at, "workshop" in at
        self.empty = {c.name: None for c in columns if c.name not in UNIT_COLUMNS}
        self.second_phone = next((c for c in columns if c.name == "phone_2" and "phone_2" in at), None)
        self._work: list[tuple[int, dict[Any, Cleaned], Column]] = [(at[c.name], {}, c) for c in self.columns]
        self._sure: dict[tuple[Any, Any], Place] = {}
        self._usual_birth = self._usual_notation()
        self._before: tuple[Record, Row, Place] | None = None

    def judge(self) -> Outcome:
        """Every row by itself and against the others of the file; ``settle`` comes after the comparison with people."""
        rows = [self._row(record) for record in self.table.records]
        compare_within(rows)
        skipped = [Row(n, SKIPPED, [why], table=self.number) for n, why in self.table.skipped]
        self.about.rows = sorted([*rows, *skipped], key=lambda row: row.row)
        return self.about

    def _raw(self, number: int) -> dict[str, Any]:
        line = self.table.lines[number]
        return {
            title.replace("\n", "/"): text_of(c)
            for title, c in zip(self.table.titles, line, strict=True)
            if not is_blank(c)
        }

    def _row(self, record: Record) -> Row:
        row = Row(record.row, ACCEPTED, table=self.number)
        values = row.values = self.empty.copy()
        cells = record.cells
        for at, cache, column in self._work:
            cell = cells[at]
            key = cell if type(cell) is str else key_of(cell)
            cleaned = cache.get(key)
            if cleaned is None:
                cleaned = self._clean(column, cell)
                # Numbers and telephones differ in every row: to remember them all would only need room.
                if len(cache) < REMEMBERED:
                    cache[key] = cleaned
            values.update(cleaned.values)
            if cleaned.why:
                self._note(row, column.name, cleaned)
        if "gender_in_name" in values:
            self._gender_in_name(row)
        if self.second_phone:
            self._take_second_phone(row, cells[self.table.places["phone_2"]])
        place = self._place(record, row)
        self._line_faults(record, row)
        self._before = (record, row, place)
        return row

    @staticmethod
    def _note(row: Row, name: str, cleaned: Cleaned) -> None:
        row.why += cleaned.why
        if cleaned.suggest:
            row.suggest += cleaned.suggest
            row.offer(name, cleaned.suggest)
        if cleaned.status != ACCEPTED:
            row.worsen(cleaned.status)

    def _clean(self, column: Column, cell: Any) -> Cleaned:
        if cell == IDENTITY_MASK:
            return Cleaned({}, ERROR, ("national_id_in_cell",))
        cleaned = cast(Cleaner, column.clean)(cell)
        is_birth = column.name == "birth" and cleaned.status == ACCEPTED and cleaned.values.get("birth")
        if is_birth and self._usual_birth and birth.notation(cell) != self._usual_birth:
            return Cleaned(cleaned.values, ACCEPTED, ("birth_format",))
        return cleaned

    def _usual_notation(self) -> str | None:
        """How most cells of the birth column are written; the others get a notice of how they were read."""
        at = self.table.places.get("birth")
        if at is None:
            return None
        cells = [r.cells[at] for r in self.table.records[:2000] if not is_blank(r.cells[at])]
        shapes = Counter(map(birth.notation, cells)).most_common(1)
        return shapes[0][0] if shapes and shapes[0][1] * 2 > len(cells) else None

    @staticmethod
    def _gender_in_name(row: Row) -> None:
        told = row.values.pop("gender_in_name")
        gender = row.values.get("gender")
        if gender is None:
            row.values["gender"] = told
            row.why = [word for word in row.why if word != "gender_missing"] + ["gender_from_name"]
        elif gender != told:
            row.values["gender"] = None
            row.why = [word for word in row.why if word != "name_suffix_gender"]
            row.worsen(NEEDS_CHOICE, "gender_conflict")

    def _take_second_phone(self, row: Row, cell: Any) -> None:
        cleaned = self._clean(cast(Column, self.second_phone), cell)
        number = cleaned.values.get("phone")
        if cleaned.status == ERROR or (number and row.values.get("phone_2")):
            row.worsen(
                cleaned.status if cleaned.status == ERROR else NEEDS_CHOICE, *(cleaned.why or ("phone_two_numbers",))
            )
        elif number and not row.values.get("phone"):
            row.values["phone"] = number
            row.why = [word for word in row.why if word != "phone_missing"]
        elif number and number != row.values.get("phone"):
            row.values["phone_2"] = number

    # -- units
    def _place(self, record: Record, row: Row) -> Place:
        if not self.with_unit and not self.with_workshop:
            return Place()
        cells = (self._cell(record, "unit"), self._cell(record, "workshop"))
        # Text cells that are all right are worked out once and then only looked up.
        place = self._sure.get(cells) if type(cells[0]) is type(cells[1]) is str else None
        if place is None or self.choices.places:
            place = self._find_place(record, row, *cells)
            if place.status == ACCEPTED and type(cells[0]) is type(cells[1]) is str and "ditto_mark" not in place.why:
                self._sure[cells] = place
        self._apply_place(row, place)
        if "unit" in record.filled:
            row.why.append("unit_filled_down")
        return place

    def _cell(self, record: Record, name: str) -> Any:
        at = self.table.places.get(name)
        return "" if at is None else record.cells[at]

    def _find_place(self, record: Record, row: Row, unit_cell: Any, workshop_cell: Any) -> Place:
        for cell in (unit_cell, workshop_cell):
            if isinstance(cell, dict) and "error" in cell:
                return Place(
                    status=ERROR, why=("formula_without_value" if cell["error"] == "formula" else "cell_error",)
                )
        unit_text, workshop_text = text_of(unit_cell), text_of(workshop_cell)
        if chosen := self.units.by_id.get(self.choices.places.get(row.key, 0)):
            return self.units.chosen(chosen, workshop_text)
        if compact(unit_text) in DITTO or compact(workshop_text) in DITTO:
            return self._ditto(record, row, unit_text, workshop_text)
        return self.units.resolve(unit_text, workshop_text)

    def _apply_place(self, row: Row, place: Place) -> None:
        why = place.why
        if not self.with_workshop and "workshop_missing" in why:
            why = tuple(word for word in why if word != "workshop_missing")
        if why:
            row.worsen(place.status, *why)
            row.suggest += place.suggest
            row.places = place.options if not place.question else ()
        unit, workshop = place.unit, place.workshop
        row.values["unit"] = unit.name if unit else None
        row.values["workshop"] = workshop.name if workshop else place.workshop_text
        row.unit_id, row.workshop_id = unit.id if unit else None, workshop.id if workshop else None
        if place.question and place.status == NEEDS_CHOICE:
            question = self.about.questions.get(place.question)
            if question:
                question.rows += 1
            else:
                asked = next((w for w in reversed(why) if w.startswith(("unit_", "workshop_"))), why[-1])
                self.about.questions[place.question] = Question(place.question, asked, place.suggest, place.options)

    def _ditto(self, record: Record, row: Row, unit_text: str, workshop_text: str) -> Place:
        """“同上” takes the line right above, if that is a line whose unit is sure and that anyone can see."""
        before = self._before
        sure = (
            before
            and before[0].row == record.row - 1
            and not before[0].hidden
            and before[2].unit
            and before[2].status == ACCEPTED
        )
        if not before or not sure:
            return Place(status=NEEDS_CHOICE, why=("ditto_mark",))
        place = before[2]
        if compact(workshop_text) in DITTO:
            workshop_text = place.workshop.name if place.workshop else ""
        unit_text = cast(UnitRow, place.unit).name if compact(unit_text) in DITTO else unit_text
        found = self.units.resolve(unit_text, workshop_text)
        return Place(
            found.unit,
            found.workshop,
            found.status,
            ("ditto_mark", *found.why),
            found.suggest,
            found.workshop_text,
            found.question,
            found.options,
        )

    # -- the line itself
    def _line_faults(self, record: Record, row: Row) -> None:
        if record.ragged:
            row.why = []
            row.worsen(ERROR, "row_too_long" if record.ragged > 0 else "row_too_short")
        if record.formulas and row.status != ERROR:
            row.why.insert(0, "formula_cached")
        if record.hidden:
            row.worsen(NEEDS_CHOICE, "hidden_row")
        if self.key == "name" and not row.values.get("name") and row.status != ERROR:
            row.worsen(ERROR, "name_missing")

    # -- after everything has been compared
    def settle(self, with_effects: bool) -> Outcome:
        """Applies the user's choices and finishes the words; ``with_effects`` also says new, changed, unchanged."""
        rows = [row for row in self.about.rows if row.status != SKIPPED and row.table == self.number]
        for row in rows:
            self._choose(row)
        keep_apart(rows)
        for row in rows:
            if row.status == ACCEPTED:
                if with_effects and row.effect:
                    row.why.insert(0, row.effect)
            elif row.status != SKIPPED:
                row.raw = self._raw(row.row)
            if row.why:
                row.why = [word for word in row.why if self._is_told(word, row)]
        return self.about

    def withdraw(self, row: Row, why: str) -> None:
        """An accepted row that turns out to need another one which is not taken; it goes back."""
        row.status, row.why = ERROR, [why]
        row.raw = self._raw(row.row)

    def _choose(self, row: Row) -> None:
        key, choices = row.key, self.choices
        if row.status not in (ACCEPTED, NEEDS_CHOICE):
            return
        if key in choices.leave:
            row.status, row.why = SKIPPED, ["left_out"]
        elif row.status == NEEDS_CHOICE and (key in choices.take or key in choices.fill) and self._is_whole(row):
            if key in choices.fill:
                self.fill_in(row)
            row.status = ACCEPTED
            row.why = [word for word in row.why if word.startswith(("unit_f", "name_", "phone_f"))]

    def fill_in(self, row: Row) -> None:
        for column in self.columns:
            if offer := row.offers.get(column.name):
                row.values.update(cast(Cleaner, column.clean)(offer[0]).values)

    def _is_whole(self, row: Row) -> bool:
        return bool(row.values.get(self.key, True) and (row.unit_id or not self.with_unit))

    @staticmethod
    def _is_told(word: str, row: Row) -> bool:
        """On a line that repeats another, or is wrong anyway, what was put right in passing is not worth a word."""
        if row.status == ERROR:
            return not word.startswith(("name_s", "name_z", "name_d", "name_r"))
        return not ("duplicate_in_file" in row.why and word.startswith(COSMETIC))
