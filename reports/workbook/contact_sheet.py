"""Sheet 2: contacts against the norms, first per group, then per cadre with each group's subtotal."""

from __future__ import annotations

from typing import Any

from friends.stats import cumulative_friends, workshop_coverage
from lib.formats import NOTHING
from lib.xlsx import Chart, Column, Group, Kind, Sheet, Total
from meetings.stats import meetings_held

from ..contacts import Contacts, GroupRow
from ..monthly import MonthlyReport
from .loop_sheet import filled_by

MARKS = {"low": "↓ 低于下限", "high": "↑ 高于上限", "": "符合"}
DAYS_MARKS = {"low": "↓ 不足", "": "达标"}
NO_GROUP = "未归小组"


def counted(key: str, title: str, band: str, total: Total = Total.SUM) -> Column:
    return Column(key, title, 9, Kind.NUMBER, total=total, band=band)


COLUMNS = [
    Column("group", "小组", 20, align="left"),
    Column("cadre", "联络员", 10),
    counted("standing", "在册朋友", "朋友（月末）"),
    Column("band", "规定人数", 9, total=Total.GIVEN, band="朋友（月末）"),
    Column("standing_mark", "对照", 11, total=Total.GIVEN, band="朋友（月末）"),
    counted("contacts", "联系次数", "本月联系"),
    counted("person_contacts", "联系人次", "本月联系"),
    counted("people_reached", "联系人数", "本月联系", Total.GIVEN),
    counted("heard", "已联系朋友", "在册朋友联系面"),
    counted("silent", "未联系", "在册朋友联系面"),
    Column("coverage", "联系面", 9, Kind.RATE, band="在册朋友联系面", parts=("heard", "standing")),
    counted("frontline_days", "面对面天数", "在一起"),
    counted("days_due", "规定天数", "在一起"),
    Column("days_mark", "对照", 9, total=Total.GIVEN, band="在一起"),
    counted("year_person_contacts", "本年累计人次", "累计"),
]


def contact_sheet(report: MonthlyReport) -> Sheet:
    table = report.contacts
    groups = []
    if table.groups:
        summary = [
            {"group": name_of(row), "cadre": f"{len(row.cadres)} 人", **figures_of(row.figures)} for row in table.groups
        ]
        groups.append(Group("各小组", summary, figures_of(table.total)))
    for row in table.groups:
        lines = [
            {"group": name_of(row), "cadre": cadre.cadre.user.name, **figures_of(cadre.figures)} for cadre in row.cadres
        ]
        groups.append(Group(name_of(row), lines, figures_of(row.figures)))
    norms = report.norms
    return Sheet(
        f"{report.period.label}联系职工情况统计表",
        COLUMNS,
        groups=groups,
        name="联系情况",
        unit=filled_by(report),
        period=report.period.label,
        filled_on=report.day,
        total_label="",
        notes=[
            so_far(report),
            f"注：量化指标为每人联系朋友 {norms.friends} 人、每人每月面对面 {norms.frontline_days} 天、"
            f"每位朋友至多 {norms.silence_days} 天联系一次。“联系人数”同一职工只计一次，各组之和可能大于合计。",
        ],
        charts=charts() if table.groups else [],
        are_charts_below_first_group=True,
        frozen_columns=3,
    )


def so_far(report: MonthlyReport) -> str:
    """What is counted for the whole alone."""
    scope, period = report.scope, report.period
    covered = workshop_coverage(scope, period)
    month, year = meetings_held(scope, period), meetings_held(scope, report.year)
    return (
        f"月末累计联系 {cumulative_friends(scope, period)} 人，覆盖车间 {covered.fraction}；"
        f"本月召开例会 {month} 次，本年累计 {year} 次。"
    )


def name_of(row: GroupRow) -> str:
    return row.group.name if row.group else NO_GROUP


def figures_of(row: Contacts) -> dict[str, Any]:
    return {
        "standing": row.standing or None,
        "band": str(row.band) if row.band.low else NOTHING,
        "standing_mark": MARKS[row.standing_mark] if row.band.low else NOTHING,
        "contacts": row.contacts or None,
        "person_contacts": row.person_contacts or None,
        "people_reached": row.people_reached or None,
        "heard": row.standing - row.silent or None,
        "silent": row.silent or None,
        "frontline_days": row.frontline_days or None,
        "days_due": row.days_due or None,
        "days_mark": DAYS_MARKS[row.days_mark] if row.days_due else NOTHING,
        "year_person_contacts": row.year_person_contacts or None,
    }


def charts() -> list[Chart]:
    """Each friend is met once a month at least: person-contacts stand beside the friends, days beside the days due."""
    return [
        Chart("各小组联系人次与在册朋友（每人每月至少一次）", "group", ("person_contacts", "standing")),
        Chart("各小组面对面天数与规定天数", "group", ("frontline_days", "days_due")),
    ]
