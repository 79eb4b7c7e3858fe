"""Native charts over the rows of a sheet: they stay live when somebody corrects a figure in Excel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from xlsxwriter.chart import Chart as NativeChart
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from lib.xlsx.measures import pixels

if TYPE_CHECKING:
    from lib.xlsx.styles import Fonts

HEIGHT = 300
LOWEST = 220
GAP = 12
POINTS_PER_PIXEL = 0.75
WHOLE = "#,##0"
# Distinguishable in grey print and for colour-blind readers: dark blue, amber, teal, brick, slate, violet.
COLOURS = ("#1F5A8A", "#E0A030", "#3A9188", "#B4513C", "#7C8896", "#6F5B95")


class Shape(StrEnum):
    COLUMN = "column"
    STACKED = "stacked"
    BAR = "bar"
    LINE = "line"
    PIE = "pie"


@dataclass(frozen=True, slots=True)
class Chart:
    """``series`` and ``categories`` are keys of columns; the rows of the sheet, or of its nth group, are the points."""

    title: str
    categories: str
    series: Sequence[str]
    shape: Shape = Shape.COLUMN
    group: int = 0


@dataclass(frozen=True, slots=True)
class Source:
    """Where the points stand: the tab, first and last row of each group, and each column's place and title.

    ``counts`` are the columns of whole numbers, ``groups`` the rows that are drawn.
    """

    tab: str
    runs: Sequence[tuple[int, int]]
    places: dict[str, int]
    titles: dict[str, str]
    counts: frozenset[str]
    groups: Sequence[Sequence[Mapping[str, Any]]]


def insert_charts(
    book: Workbook,
    sheet: Worksheet,
    row: int,
    charts: Sequence[Chart],
    source: Source,
    widths: Sequence[float],
    fonts: Fonts,
    height: int,
) -> None:
    """Side by side over the width of the table, two in a line; a line is one row, as rows are not torn on paper."""
    full = pixels(widths) - GAP // 2
    per_line = min(2, len(charts))
    width = (full - GAP * (per_line - 1)) // per_line
    for n, chart in enumerate(charts):
        native = _native(book, chart, source, fonts)
        native.set_size({"width": width, "height": height})
        place = {"x_offset": (n % per_line) * (width + GAP), "y_offset": GAP, "object_position": 2}
        sheet.insert_chart(row + n // per_line, 0, native, place)


def lines_of_charts(charts: int) -> int:
    return -(-charts // 2)


def line_points(height: int) -> float:
    """Height of the row that holds a line of charts."""
    return (height + 2 * GAP) * POINTS_PER_PIXEL


def height_within(charts: int, points: float) -> int:
    """The height at which the charts fit into what is left of a page; the usual one if they cannot."""
    fitting = int(points / lines_of_charts(charts) / POINTS_PER_PIXEL) - 2 * GAP
    return min(fitting, HEIGHT) if fitting >= LOWEST else HEIGHT


def _native(book: Workbook, chart: Chart, source: Source, fonts: Fonts) -> NativeChart:
    kind = {"type": "column", "subtype": "stacked"} if chart.shape is Shape.STACKED else {"type": chart.shape.value}
    native = book.add_chart(kind)
    for n, key in enumerate(chart.series):
        native.add_series(_series(chart, key, COLOURS[n % len(COLOURS)], source))
    text = {"name": fonts.body, "size": 10}
    native.set_title(
        {"name": chart.title, "overlay": False, "name_font": {"name": fonts.head, "size": 13, "bold": False}}
    )
    native.set_chartarea({"border": {"color": "#BFBFBF"}})
    if len(chart.series) > 1 or chart.shape is Shape.PIE:
        native.set_legend({"position": "bottom", "font": text})
    else:
        native.set_legend({"none": True})
    values = {
        "num_font": text,
        "min": 0,
        "line": {"none": True},
        "major_gridlines": {"visible": True, "line": {"color": "#E3E3E3"}},
        **_steps(chart, source),
    }
    names = {"num_font": text, "line": {"color": "#8C8C8C"}, "major_gridlines": {"visible": False}}
    if chart.shape is Shape.BAR:
        native.set_x_axis(values)
        # The first row on top, as in the table.
        native.set_y_axis({**names, "reverse": True})
    elif chart.shape is not Shape.PIE:
        native.set_x_axis(names)
        native.set_y_axis(values)
    return native


def _steps(chart: Chart, source: Source) -> dict[str, Any]:
    """Half an issue is none: counts go up by whole numbers, which small ones do not do by themselves."""
    if not source.counts.issuperset(chart.series):
        return {}
    points = [[row.get(key) or 0 for key in chart.series] for row in source.groups[chart.group]]
    top = max(map(sum if chart.shape is Shape.STACKED else max, points), default=0)
    step = {"major_unit": 1 if top <= 5 else 2} if top <= 10 else {}
    return {"num_format": WHOLE, **step}


def _series(chart: Chart, key: str, colour: str, source: Source) -> dict:
    series = {
        "name": source.titles[key],
        "categories": _range(source, chart, chart.categories),
        "values": _range(source, chart, key),
        "data_labels": {"value": True, "font": {"size": 9}},
    }
    if chart.shape is Shape.PIE:
        first, last = source.runs[chart.group]
        colours = [COLOURS[n % len(COLOURS)] for n in range(last - first + 1)]
        return series | {"points": [{"fill": {"color": colour}} for colour in colours]}
    if chart.shape is Shape.LINE:
        return series | {
            "line": {"color": colour, "width": 2.25},
            "marker": {"type": "circle", "size": 6, "fill": {"color": colour}, "border": {"color": "#FFFFFF"}},
            "data_labels": {"value": True, "position": "above", "font": {"size": 9}},
        }
    if chart.shape is Shape.STACKED:
        # A piece of no height has no room for its 0.
        label = {"value": True, "position": "center", "num_format": "0;;", "font": {"size": 9, "color": "#FFFFFF"}}
        series["data_labels"] = label
    return series | {"fill": {"color": colour}, "gap": 80}


def _range(source: Source, chart: Chart, key: str) -> list:
    place = source.places[key]
    first, last = source.runs[chart.group]
    return [source.tab, first, place, last, place]
