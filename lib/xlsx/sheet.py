"""What a sheet in office form consists of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from lib.xlsx.charts import Chart

WIDE_TEXT = 20
NUMBER_WIDTH = 5
SIGNATURES = ("填报人：", "审核人：", "单位负责人：")


class Kind(StrEnum):
    TEXT = "text"
    CODE = "code"
    NUMBER = "number"
    DECIMAL = "decimal"
    RATE = "rate"
    DATE = "date"
    MOMENT = "moment"


class Total(StrEnum):
    """What stands in a column's 小计 and 合计."""

    NONE = "none"
    SUM = "sum"
    # Counted from the facts at each level (people reached, standing friends): such figures are never added up.
    GIVEN = "given"


RIGHT_ALIGNED = {Kind.NUMBER, Kind.DECIMAL, Kind.RATE}


@dataclass(frozen=True, slots=True)
class Column:
    """``key`` finds the value in a row. ``band`` is the head above this and the neighbours with the same band.

    A ``RATE`` names the columns of its numerator and denominator in ``parts``; it is then a formula in every
    row and total. Without ``parts`` its value is a ``lib.formats.Rate``, written as text with its fraction.
    """

    key: str
    title: str
    width: float
    kind: Kind = Kind.TEXT
    align: str = ""
    total: Total = Total.NONE
    band: str = ""
    parts: tuple[str, str] | None = None

    @property
    def alignment(self) -> str:
        if self.align:
            return self.align
        if self.kind in RIGHT_ALIGNED and (self.kind is not Kind.RATE or self.parts):
            return "right"
        return "left" if self.kind is Kind.TEXT and self.width >= WIDE_TEXT else "center"

    @property
    def has_total(self) -> bool:
        return self.total is not Total.NONE or self.parts is not None


@dataclass(frozen=True, slots=True)
class Group:
    """Rows with a 小计 below them; ``totals`` gives what ``Total.GIVEN`` columns show there."""

    label: str
    rows: Sequence[Mapping[str, Any]]
    totals: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One form: title, 填报单位/统计期间/填报日期, head, rows, totals, signatures, notes, charts.

    Give ``rows``, or ``groups`` for subtotals. ``totals`` are the ``GIVEN`` values of the last line; without a
    ``total_label`` there is no such line, for groups that count the same things in several ways.
    """

    title: str
    columns: Sequence[Column]
    rows: Sequence[Mapping[str, Any]] = ()
    groups: Sequence[Group] = ()
    name: str = ""
    unit: str = ""
    period: str = ""
    filled_on: date | None = None
    totals: Mapping[str, Any] = field(default_factory=dict)
    total_label: str = "合计"
    notes: Sequence[str] = ()
    charts: Sequence[Chart] = ()
    # Below the first group, which they draw: below the table they may stand alone on a page with its heads.
    are_charts_below_first_group: bool = False
    is_signed: bool = True
    is_numbered: bool = True
    is_landscape: bool = True
    frozen_columns: int = 3

    def __post_init__(self) -> None:
        keys = {column.key for column in self.columns}
        if not self.columns or len(keys) != len(self.columns):
            raise ValueError("Every column needs a key of its own.")
        if self.rows and self.groups:
            raise ValueError("A sheet has rows or groups, not both.")
        if self.charts and not all(group.rows for group in self.groups):
            raise ValueError("A chart cannot draw a sheet with empty groups.")
        for column in self.columns:
            if not keys.issuperset(column.parts or ()):
                raise ValueError(f"{column.key}: the parts of a rate are columns of the sheet.")

    @property
    def tab(self) -> str:
        return self.name or self.title

    @property
    def has_bands(self) -> bool:
        return any(column.band for column in self.columns)

    @property
    def has_totals(self) -> bool:
        return any(column.has_total for column in self.columns)

    def sections(self) -> Iterator[Group]:
        yield from self.groups or (Group("", self.rows),)
