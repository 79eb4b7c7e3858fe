"""One month of one unit: the closed loop by unit and by group, and the contacts against the norms.

Page and workbook print what is composed here, and nothing is composed that does not add up.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from issues.stats import is_present
from liaison.figure_scope import FigureScope
from liaison.models import LiaisonGroup
from liaison.norms import EffectiveNorms, inherited
from lib.errors import Refused
from lib.periods import Period, today
from organization.enums import UnitKind
from organization.models import Unit
from organization.models.unit import UnitFormerName
from records.models import StaleMonth

from . import services
from .contacts import ContactTable, contact_table
from .figures import DoesNotAddUp
from .loop import Place, Spans, counted_loops, differing, loops_of
from .rollups import cells, first_day, months_of, stale_marks

#: What stands for a count that is too small to be shown.
HIDDEN = "＊"


@dataclass
class LoopRow:
    """A line of the closed loop: a unit below (`unit`), a group (`group`), or what belongs to none of them."""

    label: str
    spans: Spans
    unit: Unit | None = None
    group: LiaisonGroup | None = None
    #: (span, figure) of the cells that this reader must not see (reports.thresholds).
    hidden: set[tuple[str, str]] = field(default_factory=set)

    @property
    def month(self):
        return self.spans.month

    @property
    def year(self):
        return self.spans.year


@dataclass
class MonthlyReport:
    scope: FigureScope
    period: Period
    #: States, outcomes and rates are those of the end of this day.
    day: dt.date
    unit_name: str
    #: From the root down to the unit's parent.
    above: list[Unit]
    units: list[LoopRow]
    groups: list[LoopRow]
    total: LoopRow
    contacts: ContactTable
    norms: EffectiveNorms

    @property
    def unit(self) -> Unit:
        return self.scope.unit

    @cached_property
    def year(self) -> Period:
        return self.period.year_to_date()

    @property
    def is_empty(self) -> bool:
        return self.total.spans.is_empty and self.contacts.total.is_empty

    @property
    def month_is_empty(self) -> bool:
        return self.total.month.is_empty and not self.contacts.total.contacts


def monthly_report(scope: FigureScope, period: Period, *, day: dt.date | None = None) -> MonthlyReport:
    """As of the end of `day`, by default as it stands now.

    Raises DoesNotAddUp, naming units and groups, when the roll-up and the facts differ, and Refused for a day before
    the month was over. Reads alone: what the worker has not yet summed again is counted from the facts.
    """
    day = day or today()
    if not is_present(day) and day < period.last_day:
        raise Refused(_("截至日期不能早于当月最后一天。"))
    try:
        return composed(scope, period, day)
    except DoesNotAddUp:
        # A fact may have come in between two statements; the second time its mark is seen.
        return composed(scope, period, day)


def composed(scope: FigureScope, period: Period, day: dt.date) -> MonthlyReport:
    units = Relatives(scope.unit, period.last_day, stale_marks(scope, months_of(period)))
    found = cells(scope, period, has_stale=units.has_stale)
    loops = counted_loops(scope, period, day)
    norms = units.norms
    contacts = contact_table(scope, period, found, norms)
    if any(row.group and row.group.unit_id == scope.unit.pk for row in contacts.groups) and not scope.group:
        # The pool has a norm of its own, which is not the sum of the cadres'.
        contacts.total.band = norms.standing
    groups = {row.group.pk: row.group for row in contacts.groups if row.group}
    if scope.group:
        groups[scope.group.pk] = scope.group
    groups |= LiaisonGroup.objects.in_bulk({group_id for _path, group_id in loops if group_id} - groups.keys())
    # The roll-up holds the present; the past is in the transitions alone.
    refuse_differences(loops_of(found) if is_present(day) else loops, loops, units, groups)
    return MonthlyReport(
        scope=scope,
        period=period,
        day=day,
        unit_name=units.name,
        above=units.above,
        units=by_unit(loops, units),
        groups=by_group(loops, groups, contacts),
        total=LoopRow(str(_("合计")), sum(loops.values(), Spans.empty()), unit=scope.unit),
        contacts=contacts,
        norms=norms,
    )


def unit_lines(unit: Unit, period: Period, day: dt.date) -> list[LoopRow]:
    """The lines by unit alone, for who must know what another report shows."""
    return by_unit(
        counted_loops(FigureScope(unit), period, day), Relatives(unit, period.last_day, StaleMonth.objects.none())
    )


def settled_report(scope: FigureScope, period: Period, *, day: dt.date | None = None) -> MonthlyReport:
    """For what leaves the house: the roll-up is brought up to date first, and mended once if it differs."""
    services.drain_stale_months()
    try:
        return monthly_report(scope, period, day=day)
    except DoesNotAddUp:
        sum_again(scope, period)
        return monthly_report(scope, period, day=day)


def sum_again(scope: FigureScope, period: Period) -> None:
    units = list(Unit.objects.within(scope.unit).values_list("pk", flat=True))
    with transaction.atomic():
        for month in period.year_to_date().months():
            StaleMonth.objects.mark(units, first_day(month))
    services.drain_stale_months()


class Relatives:
    """The unit, those above it and those right below it, with the names of the day."""

    def __init__(self, unit: Unit, day: dt.date, marks: QuerySet[StaleMonth]) -> None:
        self.unit, self.day = unit, day
        related = named_on(Unit.objects.filter(Q(path__in=unit.paths_to_root()) | Q(parent=unit)), day)
        # Asked along with the names: whether anything of the report must be summed again.
        related = related.annotate(has_stale=Exists(marks)).select_related("norms")
        found = sorted(related, key=lambda other: (len(other.path), other.code))
        self.above = [other for other in found if len(other.path) < len(unit.path)]
        self.below = [other for other in found if len(other.path) > len(unit.path)]
        self.by_path = {other.path: other for other in found}
        self.has_stale = any(other.has_stale for other in found)
        branch = [*self.above, self.by_path[unit.path]]
        self.norms = inherited(other.norms for other in branch if hasattr(other, "norms"))

    @property
    def name(self) -> str:
        this = self.by_path[self.unit.path]
        return this.former_name or this.name

    def label(self, path: str) -> str:
        if path == self.unit.path:
            return str(_("本级"))
        other = self.by_path.get(path)
        return label_of(other) if other else str(_("其他"))


def named_on(units: QuerySet[Unit], day: dt.date) -> QuerySet[Unit]:
    """Annotates `former_name`: what Unit.name_on says, for many units at once."""
    former = UnitFormerName.objects.filter(unit=OuterRef("pk"), until_on__gte=day).order_by("until_on")
    return units.annotate(former_name=Subquery(former.values("name")[:1]))


def label_of(unit: Unit) -> str:
    return getattr(unit, "former_name", None) or unit.label


def by_unit(loops: dict[Place, Spans], units: Relatives) -> list[LoopRow]:
    """One line per unit below, and one for the unit itself; departments and retired units only where needed."""
    of_place: dict[str, Spans] = {}
    for (path, _group_id), spans in loops.items():
        of_place[path] = of_place.get(path, Spans.empty()) + spans
    rows = []
    for unit in units.below:
        spans = of_place.pop(unit.path, None)
        is_expected = unit.kind != UnitKind.DEPARTMENT and stood(unit, units.day)
        if spans or is_expected:
            rows.append(LoopRow(label_of(unit), spans or Spans.empty(), unit=unit))
    rows += [LoopRow(units.label(path), spans) for path, spans in sorted(of_place.items())]
    return rows


def stood(unit: Unit, day: dt.date) -> bool:
    return (unit.opened_on is None or unit.opened_on <= day) and (unit.closed_on is None or unit.closed_on > day)


def by_group(loops: dict[Place, Spans], groups: dict[int, LiaisonGroup], contacts: ContactTable) -> list[LoopRow]:
    of_group: dict[int | None, Spans] = {row.group.pk: Spans.empty() for row in contacts.groups if row.group}
    for (_path, group_id), spans in loops.items():
        of_group[group_id] = of_group.get(group_id, Spans.empty()) + spans
    rows = [
        LoopRow(groups[group_id].name, of_group[group_id], group=groups[group_id])
        for group_id in sorted(group_id for group_id in of_group if group_id)
    ]
    if None in of_group:
        rows.append(LoopRow(str(_("未归小组")), of_group[None]))
    return rows


def refuse_differences(
    kept: dict[Place, Spans], counted: dict[Place, Spans], units: Relatives, groups: dict[int, LiaisonGroup]
) -> None:
    if broken := differing(kept, counted):
        raise DoesNotAddUp(
            _("账目不平，暂不出表：%(rows)s的汇总数或归并记录与台账不符，请稍后再试；仍不符请联系管理员核对。")
            % {"rows": "、".join(names_of(broken, units, groups))}
        )


def names_of(places: Iterable[Place], units: Relatives, groups: dict[int, LiaisonGroup]) -> list[str]:
    names = []
    for path, group_id in list(places)[:20]:
        group = groups.get(group_id) if group_id else None
        names.append(f"{units.label(path)}（{group.name}）" if group else units.label(path))
    return names


def published_line(row: LoopRow, span: str) -> str:
    """The sentence in which the union publishes the closed loop of a span."""
    loop = getattr(row.spans, span)
    return _(
        "征集意见建议 %(opinions)s 条，汇总合并为 %(issues)d 项，其中彻底解决 %(solved)d 项，"
        "部分解决和正在解决 %(partly)d 项，解释答复 %(explained)d 项"
    ) % {
        "opinions": HIDDEN if (span, "opinions") in row.hidden else loop.opinions,
        "issues": loop.issues,
        "solved": loop.solved,
        "partly": loop.partly_and_in_hand,
        "explained": loop.explained,
    }
