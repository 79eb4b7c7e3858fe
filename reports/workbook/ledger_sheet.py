"""Sheet 3: the issue ledger of the year so far, the month's issues first. Names and phones are masked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lib.formats import document_date
from lib.xlsx import Column, Group, Kind, Sheet, Total

from ..ledger import ledger_issues, ledger_rows
from ..monthly import MonthlyReport
from .loop_sheet import filled_by

COLUMNS = [
    Column("number", "编号", 9.5, Kind.CODE),
    Column("registered_on", "登记日期", 10.2, Kind.DATE),
    Column("source", "来源", 7.5),
    Column("unit", "单位", 8.5),
    Column("reporter", "反映人", 6),
    Column("phone", "联系方式", 12, Kind.CODE),
    Column("category", "问题类别", 8),
    Column("wording", "问题内容", 30, align="left"),
    Column("opinions", "合并件数", 5.5, Kind.NUMBER, total=Total.SUM),
    Column("lead", "责任部门", 9),
    Column("support", "协办部门", 9),
    Column("dispatched_on", "交办日期", 10.2, Kind.DATE),
    Column("due_on", "办理时限", 10.2, Kind.DATE),
    Column("progress", "办理情况", 26, align="left"),
    Column("outcome", "办结情况", 9),
    Column("answered_on", "答复日期", 10.2, Kind.DATE),
    Column("told_on", "反馈日期", 10.2, Kind.DATE),
    Column("rating", "满意度", 7.5),
    Column("cadres", "联络员", 8),
    Column("remark", "备注", 10.2),
]


def ledger_sheet(report: MonthlyReport, progress: Callable[[int, int], None]) -> Sheet:
    total = ledger_issues(report.scope, report.year, report.day).count()
    this_month: list[dict[str, Any]] = []
    before: list[dict[str, Any]] = []
    for done, (issue, row) in enumerate(ledger_rows(report.scope, report.year, report.day), start=1):
        (this_month if issue.registered_on in report.period else before).append(row | without_last_stop(row))
        progress(done, total)
    groups = [Group(words, rows) for words, rows in (("本月登记", this_month), ("年内此前登记", before)) if rows]
    return Sheet(
        f"{report.period.label}职工诉求办理台账",
        COLUMNS,
        groups=groups,
        name="诉求台账",
        unit=filled_by(report),
        period=f"{report.year.label}登记，共 {total} 项",
        filled_on=report.day,
        notes=[
            f"注：办理情况截至{document_date(report.day)}；反映人、联系方式已脱敏，多人反映的列人数；"
            "多人评价的，满意度列“满意人数/评价人数”。"
        ],
        frozen_columns=2,
    )


def without_last_stop(row: dict[str, Any]) -> dict[str, str]:
    """A full stop at the end of a cell falls alone on a line of its own."""
    return {name: str(row[name]).rstrip("。") for name in ("wording", "progress") if row[name]}
