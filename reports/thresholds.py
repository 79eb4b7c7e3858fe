"""Small counts of people's voices are hidden from those who may not read the voices themselves.

Roles that can open the rows behind a figure (office, group leader) see every figure. Leaders see no cell below
`FIGURE_THRESHOLD`; cadres, who are inside the union, none of their group's below `FIGURE_THRESHOLD_INSIDE`. Issues are
not hidden: a leader may read each of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, Q

from issues.permissions import threshold_for
from issues.stats import opinions_in
from liaison.figure_scope import FigureScope
from lib.periods import Period
from organization.actors import Actor

from .loop import SPANS
from .monthly import LoopRow, MonthlyReport

#: What speaks of people: the column and the number of people by which it is judged.
VOICES = {"opinions": "opinions", "feedback_rate": "owed", "satisfaction_rate": "rated"}


def hidden_cells(counts: Sequence[int], threshold: int) -> set[int]:
    """Places to hide in a line of counts whose total is shown.

    A single hidden cell would follow from the total, so a second one goes with it, the smallest that is left, and more
    of them until what is hidden is no small number and not one for each. A zero tells of nobody and is taken last.
    """
    hidden = {place for place, count in enumerate(counts) if 0 < count < threshold}
    rest = sorted(set(range(len(counts))) - hidden, key=lambda place: (not counts[place], counts[place]))

    def follows_from_total() -> bool:
        together = sum(counts[place] for place in hidden)
        return len(hidden) < 2 or together < threshold or together <= len(hidden)

    while hidden and rest and follows_from_total():
        hidden.add(rest.pop(0))
    return hidden


def hide_small_counts(report: MonthlyReport, actor: Actor, above: Sequence[Sequence[LoopRow]] = ()) -> None:
    """Marks the cells of the report that this reader must not see.

    `above` are the unit lines of the reports over this one, from the reader's own unit down: what they hide of the
    branch in which this unit lies is hidden here altogether, or the lines below would give it away.
    """
    threshold = threshold_for(actor)
    if not threshold:
        return
    for rows in (report.units, report.groups, *above):
        hide_in(rows, threshold)
    for span, column in small_in_total(report.total, threshold):
        hide_column(report, span, column)
    for row in (row for rows in above for row in rows if row.unit and row.unit.contains(report.unit)):
        for span, column in row.hidden:
            hide_column(report, span, column)
    if hides_year(actor, report.scope, report.year):
        hide_column(report, "year", "opinions")


def small_in_total(total: LoopRow, threshold: int) -> set[tuple[str, str]]:
    """(span, column) of what speaks of too few people in the whole unit."""
    places = ((span, column, judged_by) for span in SPANS for column, judged_by in VOICES.items())
    return {(span, column) for span, column, judged_by in places if 0 < count_of(total, span, judged_by) < threshold}


def hides_year(actor: Actor, scope: FigureScope, year: Period) -> bool:
    """Whether the voices of the year to date are hidden: two of them would give away a month too small to be shown."""
    threshold = threshold_for(actor)
    if not threshold:
        return False
    months = enumerate(year.months())
    in_month = {f"month_{n}": Q(raised_on__gte=month.start, raised_on__lt=month.end) for n, month in months}
    counts = opinions_in(scope, year).aggregate(**{name: Count("pk", filter=days) for name, days in in_month.items()})
    return any(0 < count < threshold for count in counts.values())


def hide_in(rows: Sequence[LoopRow], threshold: int) -> None:
    """Lines below a total show their month alone: the difference of two years to date is a month."""
    for column, judged_by in VOICES.items():
        for place in hidden_cells([count_of(row, "month", judged_by) for row in rows], threshold):
            rows[place].hidden.add(("month", column))
        for row in rows:
            row.hidden.add(("year", column))


def hide_column(report: MonthlyReport, span: str, column: str) -> None:
    for row in (*report.units, *report.groups, report.total):
        row.hidden.add((span, column))


def count_of(row: LoopRow, span: str, name: str) -> int:
    return getattr(getattr(row.spans, span), name)
