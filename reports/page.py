"""The month's report as a page: the same rows as the workbook, each figure with the address of its rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from issues.stats import is_present
from liaison.choices import TOO_SMALL_TO_CHOOSE
from lib.formats import NOTHING, Rate
from lib.periods import Period, today
from organization.actors import Actor
from organization.models import Unit
from organization.roles import Role

from .contacts import CadreRow, Contacts, GroupRow
from .definitions import definition
from .loop import RATES, SPANS
from .monthly import HIDDEN, LoopRow, MonthlyReport, monthly_report, unit_lines
from .scopes import TOO_SMALL_FOR_LEADERS, readable_units, report_scope
from .thresholds import hide_small_counts, threshold_for

#: More cadres than this do not fit on a page that loads quickly.
MOST_CADRES = 200
#: Figure of the loop → outcome in the address of the issue list.
OUTCOMES = {
    "issues": "",
    "solved": "solved",
    "partly_solved": "partly_solved",
    "in_hand": "in_hand",
    "explained": "explained",
}
COUNTS = ("opinions", *OUTCOMES)


@dataclass
class Cell:
    text: str
    url: str = ""
    #: Second line: numerator and denominator, or what the norm says.
    note: str = ""
    #: The norm is missed.
    is_marked: bool = False


@dataclass
class Line:
    label: str
    cells: list[Cell]
    url: str = ""
    is_total: bool = False
    #: A group with its members below it.
    is_group: bool = False
    is_member: bool = False
    starts: frozenset[int] = frozenset()

    @property
    def marked_cells(self) -> list[tuple[Cell, bool]]:
        return [(cell, place in self.starts) for place, cell in enumerate(self.cells)]


@dataclass
class Table:
    """`bands` are (words, columns) above the heads."""

    title: str
    label: str
    bands: list[tuple[str, int]]
    heads: list[str]
    lines: list[Line]
    note: str = ""

    def __post_init__(self) -> None:
        widths = [width for _words, width in self.bands]
        self.starts = frozenset(sum(widths[:number]) for number in range(len(widths)))
        for line in self.lines:
            line.starts = self.starts

    @property
    def marked_heads(self) -> list[tuple[str, bool]]:
        return [(head, place in self.starts) for place, head in enumerate(self.heads)]


def may_look_back(actor: Actor) -> bool:
    """Who sees every count may ask for an earlier day: for others two days would tell what happened between."""
    return not threshold_for(actor)


def report_for(actor: Actor, period: Period, unit: Unit | None, day: dt.date | None = None) -> MonthlyReport:
    """The report as this reader may see it, as of the end of `day` where he may ask for one."""
    scope = report_scope(actor, unit)
    report = monthly_report(scope, period, day=day if may_look_back(actor) else None)
    if actor.role == Role.LEADER:
        report.units = [row for row in report.units if not row.unit or row.unit.kind not in TOO_SMALL_FOR_LEADERS]
        between = [above for above in report.above if actor.unit.contains(above)]
        hide_small_counts(report, actor, [unit_lines(above, period, report.day) for above in between])
    else:
        hide_small_counts(report, actor)
    return report


def tables_of(report: MonthlyReport, actor: Actor) -> list[Table]:
    tables = []
    ways = [(_("按单位"), _("单位"), report.units), (_("按小组"), _("小组"), report.groups)]
    for words, label, rows in ways:
        if rows:
            lines = [*rows, report.total]
            tables.append(counts_table(report, actor, words, label, lines))
            tables.append(rates_table(report, actor, words, label, lines))
    if report.contacts.groups:
        tables.append(contacts_table(report, actor))
    return tables


# The closed loop


def year_rates(report: MonthlyReport) -> list[tuple[str, str, Rate | None]]:
    """Name, definition and rate of the year to date; no rate where this reader must not see it."""
    year, hidden = report.total.year, report.total.hidden
    return [(*definition(key), None if ("year", key) in hidden else getattr(year, key)) for key in RATES]


def counts_table(report: MonthlyReport, actor: Actor, words: str, label: str, rows: Sequence[LoopRow]) -> Table:
    heads = [_("意见"), _("问题"), _("彻底解决"), _("部分解决"), _("正在解决"), _("解释答复")]
    return Table(
        title=_("闭环办理（%(way)s）") % {"way": words},
        label=label,
        bands=bands(report, len(heads)),
        heads=heads * len(SPANS),
        lines=[loop_line(report, actor, row, COUNTS) for row in rows],
    )


def rates_table(report: MonthlyReport, actor: Actor, words: str, label: str, rows: Sequence[LoopRow]) -> Table:
    heads = [definition(key)[0] for key in RATES]
    return Table(
        title=_("各项比率（%(way)s）") % {"way": words},
        label=label,
        bands=bands(report, len(heads)),
        heads=heads * len(SPANS),
        lines=[loop_line(report, actor, row, RATES) for row in rows],
    )


def bands(report: MonthlyReport, width: int) -> list[tuple[str, int]]:
    return [(_("本月"), width), (_("本年累计（%(period)s）") % {"period": report.year.label}, width)]


def loop_line(report: MonthlyReport, actor: Actor, row: LoopRow, figures: Sequence[str]) -> Line:
    cells = []
    for span in SPANS:
        for figure in figures:
            if (span, figure) in row.hidden:
                cells.append(Cell(HIDDEN))
                continue
            value = getattr(getattr(row.spans, span), figure)
            url = rows_url(report, actor, row, span, figure) if value and not isinstance(value, Rate) else ""
            cells.append(cell_of(value, url))
    is_total = row is report.total
    return Line(row.label, cells, url="" if is_total else unit_url(report, actor, row.unit), is_total=is_total)


def cell_of(value: int | Rate, url: str = "") -> Cell:
    if isinstance(value, Rate):
        return Cell(value.percent, note=value.fraction if value.of else "")
    return Cell(f"{value:,}" if value else NOTHING, url)


def unit_url(report: MonthlyReport, actor: Actor, unit: Unit | None) -> str:
    if unit is None or not readable(actor, unit):
        return ""
    return report_url(report.period, unit)


def readable(actor: Actor, unit: Unit) -> bool:
    """What `readable_units` says, of a unit at hand."""
    if actor.role == Role.LEADER and unit.kind in TOO_SMALL_FOR_LEADERS:
        return False
    return actor.role in (Role.OFFICE, Role.LEADER) and actor.unit.contains(unit)


def report_url(period: Period, unit: Unit | None = None) -> str:
    return address("reports:report_month", month=period.code, unit=unit.code if unit else "")


def rows_url(report: MonthlyReport, actor: Actor, row: LoopRow, span: str, figure: str) -> str:
    """The rows behind a figure of the loop, for who may see them; the lists have the same filters."""
    within = within_row(report, actor, row)
    if within is None:
        return ""
    period = report.period if span == "month" else report.year
    days = {"tab": "all", "since": period.start.isoformat(), "until": period.last_day.isoformat()}
    if figure == "opinions":
        if actor.role == Role.LEADER:
            return ""
        # A group leader's list holds the group's opinions and no other.
        group = within.pop("group", "") if actor.role == Role.OFFICE else ""
        return address("issues:opinion_list", **days, unit=within.get("unit", ""), group=group)
    if OUTCOMES[figure] and not is_present(report.day):
        # The list knows the outcomes of now alone.
        return ""
    return address("issues:issue_list", **days, **within, outcome=OUTCOMES[figure])


def within_row(report: MonthlyReport, actor: Actor, row: LoopRow) -> dict[str, Any] | None:
    """Filters of the lists that give this row; None where no list gives exactly these."""
    if actor.role == Role.CADRE or (row.unit is None and row.group is None):
        return None
    group = row.group or report.scope.group
    if group and actor.role == Role.LEADER:
        return None
    unit = row.unit or report.unit
    if unit.kind in TOO_SMALL_TO_CHOOSE:
        return None
    return {"unit": unit.code} | ({"group": group.pk} if group else {})


def address(view: str, **parameters: Any) -> str:
    given = {name: value for name, value in parameters.items() if value not in ("", None)}
    return f"{reverse(view)}?{urlencode(given)}" if given else reverse(view)


# Contacts


def contacts_table(report: MonthlyReport, actor: Actor) -> Table:
    table = report.contacts
    by_cadre = actor.role != Role.LEADER and sum(len(row.cadres) for row in table.groups) <= MOST_CADRES
    lines = []
    for row in table.groups:
        cadres = [line for line in row.cadres if by_cadre and may_see_cadre(actor, line)]
        label = row.group.name if row.group else _("未归小组")
        lines.append(Line(label, contact_cells(report, actor, row.figures, group=row), is_group=bool(cadres)))
        lines += [
            Line(line.cadre.user.name, contact_cells(report, actor, line.figures, group=row, cadre=line))
            for line in cadres
        ]
    if not report.scope.group:
        lines.append(Line(_("合计"), contact_cells(report, actor, table.total), is_total=True))
    norms = report.norms
    note = _(
        "量化指标：每人联系朋友 %(friends)s 人、每月在一起 %(days)d 天、每位朋友至多 %(silence)d 天联系一次。"
        "联系人数中同一职工只计一次，各组之和可能大于合计。"
    ) % {"friends": norms.friends, "days": norms.frontline_days, "silence": norms.silence_days}
    if not by_cadre and actor.role != Role.LEADER:
        note += _("联络员较多，请进入下级单位查看每位联络员。")
    return Table(
        title=_("联系情况（对照量化指标）"),
        label=_("小组和联络员") if by_cadre else _("小组"),
        bands=[(_("朋友（月末）"), 3), (_("本月联系"), 3), (_("在一起"), 2), (_("累计"), 1)],
        heads=[
            _("在册朋友"),
            _("规定人数"),
            _("本月未联系"),
            _("次数"),
            _("人次"),
            _("人数"),
            _("天数"),
            _("规定天数"),
            _("人次"),
        ],
        lines=lines,
        note=note,
    )


def may_see_cadre(actor: Actor, line: CadreRow) -> bool:
    """A cadre sees the own line and the group's."""
    return actor.role != Role.CADRE or line.cadre.pk == actor.cadre_id


def contact_cells(
    report: MonthlyReport,
    actor: Actor,
    figures: Contacts,
    *,
    group: GroupRow | None = None,
    cadre: CadreRow | None = None,
) -> list[Cell]:
    url = visits_url(report, actor, group, cadre)
    marks = {"low": _("低于下限"), "high": _("高于上限"), "": ""}
    return [
        Cell(count(figures.standing), note=marks[figures.standing_mark], is_marked=True),
        Cell(str(figures.band) if figures.band.low else NOTHING),
        Cell(count(figures.silent)),
        Cell(count(figures.contacts), url if figures.contacts else ""),
        Cell(count(figures.person_contacts)),
        Cell(count(figures.people_reached)),
        Cell(count(figures.frontline_days), note=_("不足") if figures.days_mark else "", is_marked=True),
        Cell(count(figures.days_due)),
        Cell(count(figures.year_person_contacts)),
    ]


def visits_url(report: MonthlyReport, actor: Actor, group: GroupRow | None, cadre: CadreRow | None) -> str:
    """The contact logs of a line, for who may read them."""
    period = report.period
    found: dict[str, Any] = {"since": period.start.isoformat(), "until": period.last_day.isoformat()}
    match actor.role:
        case Role.OFFICE if report.unit.kind not in TOO_SMALL_TO_CHOOSE:
            found["unit"] = report.unit.code
            if group:
                found["group"] = group.group.pk if group.group else None
            if group and not group.group:
                return ""
        case Role.GROUP_LEADER:
            pass
        case _:
            return ""
    if cadre:
        found["cadre"] = cadre.cadre.pk
    return address("friends:visit_list", **found)


def count(value: int) -> str:
    return f"{value:,}" if value else NOTHING


# Around the tables


def neighbours(period: Period) -> tuple[Period, Period | None]:
    """The month before, and the one after unless it has not begun."""
    following = period.next()
    return period.previous(), following if following.start <= today() else None


def crumbs(report: MonthlyReport, actor: Actor) -> list[tuple[str, str]]:
    return [(above.label, report_url(report.period, above)) for above in report.above if readable(actor, above)]


def unit_asked(actor: Actor, code: str) -> Unit | None:
    """None when it is none that the reader may ask for."""
    return readable_units(actor).filter(code=code).first()
