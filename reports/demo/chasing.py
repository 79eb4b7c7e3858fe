"""Of the present: dispatches that the office has had to say something about, and what departments asked for."""

from __future__ import annotations

import datetime as dt
import random

from friends.models import ContactLog
from issues import services
from issues.models import Category, Dispatch, Responsibility
from lib.workdays import Calendar
from organization.roles import Role
from organization.services import appoint

from .loop import at
from .present import MATTERS, carry
from .structure import STARTS_ON, Company, account

#: As the matters of the present; the fate is how far the department is, the last says what happens then.
CHASED = (
    (
        "车间饮水机滤芯更换",
        "部分车间饮水机滤芯长期未更换，请安排检查更换，并公布更换周期。",
        "生活设施",
        "选矿厂",
        "服务公司管理部",
        "accepted",
        ("饮水机的水有股味儿，滤芯半年没换了。",),
        "urged",
    ),
    (
        "检修工具配备不足",
        "检修班组常用工具配备不足，请核实缺口并按计划补充。",
        "设备工具",
        "检修工程公司",
        "物资公司管理部",
        "overdue",
        ("扳手不够用，几个班组轮着借。", "工具坏了报上去一直没补。"),
        "supervised",
    ),
    (
        "通勤班车候车点遮风避雨",
        "部分班车候车点没有遮风避雨设施，请研究增设候车亭。",
        "通勤停车",
        "露天采矿厂",
        "服务公司管理部",
        "accepted",
        ("等班车的地方没个遮挡，刮风下雪就在外头站着。",),
        "extension",
    ),
    (
        "更衣室通风改造",
        "更衣室通风不畅、异味较重，请结合检修安排改造通风设施。",
        "生活设施",
        "球团厂",
        "安全环保部",
        "accepted",
        ("更衣室味儿太大，衣服晾不干。", "更衣室没有排风，夏天待不住。"),
        "paused",
    ),
)
#: How many days back the ladder of what is late is climbed.
LATE_DAYS = 40


def build_chased(
    built: Company, logs: list[ContactLog], calendar: Calendar, today: dt.date, rng: random.Random
) -> None:
    share_out_responsibilities(built)
    head = account("闻人志远", "head")
    appoint(head, role=Role.HANDLER, unit=built.departments["人力资源部"], starts_on=STARTS_ON, is_head=True)
    for *matter, _then in CHASED:
        carry(built, logs, calendar, today, rng, *matter)
    for day in calendar.workdays(today - dt.timedelta(days=LATE_DAYS), today):
        services.climb_ladder(at(day, 9))
    for title, *_rest, then in CHASED:
        dispatch = Dispatch.objects.select_related("issue", "department").get(title=title)
        chase(built, dispatch, then, calendar, today)


def share_out_responsibilities(built: Company) -> None:
    """As the matters have it: the desk proposes these departments where nothing like it went out before."""
    for _title, _wording, category, _unit, department, *_rest in (*MATTERS, *CHASED):
        Responsibility.objects.get_or_create(
            department=built.departments[department], category=Category.objects.get(name=category)
        )


def chase(built: Company, dispatch: Dispatch, then: str, calendar: Calendar, today: dt.date) -> None:
    office, handler = built.office, built.handlers[dispatch.department.name]
    yesterday = at(calendar.add_workdays(today, -1), 15)
    match then:
        case "urged":
            services.urge_department(dispatch, text="职工还在等答复，请本周内反馈进展。", by=office, at=yesterday)
        case "supervised":
            before = at(calendar.add_workdays(today, -4), 10)
            services.urge_department(dispatch, text="已经超期，请尽快答复。", by=office, at=before)
            services.supervise_dispatch(
                dispatch,
                requirement="请逐个班组核实缺口，明确补充时间，限期答复。",
                due_on=calendar.add_workdays(today, 3),
                by=office,
                at=yesterday,
            )
        case "extension":
            services.ask_extension(
                dispatch,
                until=dispatch.due_on + dt.timedelta(days=14),
                reason="候车亭选址需与地方交管部门商定。",
                by=handler,
                at=yesterday,
            )
        case "paused":
            services.pause_issue(
                dispatch.issue,
                until=today + dt.timedelta(days=20),
                reason="待系统停产检修时一并改造。",
                by=office,
                at=yesterday,
            )
