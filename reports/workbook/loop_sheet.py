"""Sheet 1: the closed loop, month and year to date, by unit and by group; both ways lead to the same sums."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lib.formats import document_date
from lib.xlsx import Chart, Column, Group, Kind, Shape, Sheet, Total

from ..loop import Loop
from ..monthly import LoopRow, MonthlyReport, published_line

NUMBERS, RATES = 6.2, 6.6
OUTCOMES = ("solved", "partly_solved", "in_hand", "explained")


def number(key: str, title: str, band: str) -> Column:
    return Column(key, title, NUMBERS, Kind.NUMBER, total=Total.SUM, band=band)


def share(key: str, title: str, band: str, n: str, of: str) -> Column:
    return Column(key, title, RATES, Kind.RATE, band=band, parts=(n, of))


COLUMNS = [
    Column("span", "统计期", 10.5),
    Column("label", "单位（小组）", 19, align="left"),
    number("opinions", "征集意见建议", "收集"),
    number("issues", "汇总合并问题", "收集"),
    number("solved", "彻底解决", "办理结果"),
    number("partly_solved", "部分解决", "办理结果"),
    number("in_hand", "正在解决", "办理结果"),
    number("explained", "解释答复", "办理结果"),
    number("partly_and_in_hand", "部分和正在解决", "公布口径"),
    number("real_problems_published", "解决和正在解决", "公布口径"),
    number("struck_off", "已销号", "销号"),
    number("answer_due", "应答复", "回复"),
    number("answered", "已答复", "回复"),
    share("response_rate", "回复率", "回复", "answered", "answer_due"),
    number("outcome_due", "应办结", "办结"),
    number("with_outcome", "已办结", "办结"),
    share("closure_rate", "办结率", "办结", "with_outcome", "outcome_due"),
    number("on_time", "按时办结", "办结"),
    share("on_time_closure_rate", "按时办结率", "办结", "on_time", "outcome_due"),
    number("owed", "应反馈", "反馈"),
    number("told", "已反馈", "反馈"),
    share("feedback_rate", "反馈率", "反馈", "told", "owed"),
    number("rated", "已评价", "满意度"),
    number("satisfied", "满意", "满意度"),
    share("satisfaction_rate", "满意率", "满意度", "satisfied", "rated"),
]
FIGURES = [column.key for column in COLUMNS if column.kind is Kind.NUMBER]


def loop_sheet(report: MonthlyReport) -> Sheet:
    sections = [
        ("month", "本月", "各单位", report.units),
        ("month", "本月", "各小组", report.groups),
        ("year", "本年累计", "各单位", report.units),
        ("year", "本年累计", "各小组", report.groups),
    ]
    groups = [Group(f"{words}{whose}", rows_of(rows, span, words)) for span, words, whose, rows in sections if rows]
    return Sheet(
        f"{report.period.label}职工诉求闭环办理统计表",
        COLUMNS,
        groups=groups,
        name="闭环统计",
        unit=filled_by(report),
        period=f"{report.period.label}（累计：{report.year.label}）",
        filled_on=report.day,
        total_label="",
        notes=[
            f"本月：{published_line(report.total, 'month')}。",
            f"本年累计（{report.year.label}）：{published_line(report.total, 'year')}。",
            f"本年累计满意率：职工本人评价 {report.total.year.satisfaction_by_worker}，"
            f"联络员代填 {report.total.year.satisfaction_by_cadre}。",
            f"注：办理结果和各项比率截至{document_date(report.day)}；本月、累计按问题登记日期（意见按提出日期）统计，"
            "同一问题只计一次；按单位、按小组两种分法合计相同。",
        ],
        charts=charts(report),
        frozen_columns=3,
    )


def filled_by(report: MonthlyReport) -> str:
    return f"{report.unit_name} {report.scope.group.name}" if report.scope.group else report.unit_name


def rows_of(rows: Sequence[LoopRow], span: str, words: str) -> list[dict[str, Any]]:
    return [{"span": words, "label": row.label, **figures_of(getattr(row.spans, span))} for row in rows]


def figures_of(loop: Loop) -> dict[str, int | None]:
    """A zero is shown as nothing."""
    return {key: getattr(loop, key) or None for key in FIGURES}


def charts(report: MonthlyReport) -> list[Chart]:
    """Outcomes per unit, of the month where there are any, and of the year; they stand behind the groups' lines."""
    if not (report.units and report.groups):
        return []
    drawn = []
    if report.total.month.issues:
        drawn.append(Chart("本月各单位办理结果（项）", "label", OUTCOMES, Shape.STACKED, group=0))
    if report.total.year.issues:
        drawn.append(Chart("本年累计各单位办理结果（项）", "label", OUTCOMES, Shape.STACKED, group=2))
    return drawn
