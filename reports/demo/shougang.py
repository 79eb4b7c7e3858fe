"""The demo of system A: befriending at a mining company, January to August 2016, with the published figures.

Everything goes through the services, nothing is stored as a total; tests/reports/test_demo.py compares the computed
figures with the published ones. Behind it a present (`present.py`) gives every role something to do today.
"""

from __future__ import annotations

import datetime as dt
import random

from django.apps import apps
from django.db import transaction

from liaison.enums import TopicKind
from liaison.models import Norms, Phase, Topic
from lib.periods import month_of
from lib.statistics import refresh_statistics
from meetings.enums import MeetingKind, MeetingState
from meetings.models import Meeting
from organization.calendars import working_calendar
from organization.models import Unit

from . import company
from .befriending import make_friends, plan_slots, wanted_per_workshop
from .chasing import build_chased
from .contacts import meet_friends
from .content import read_matters
from .door import build_door
from .loop import Loop
from .present import build_present
from .results import build_results
from .structure import Company, Names, build_accounts, build_company, build_roster

SEED = 2016
MONTHS = [dt.date(2016, number, 1) for number in range(1, 9)]
PHASES = (
    (
        "第一阶段",
        dt.date(2016, 1, 4),
        (
            (TopicKind.INFORMATION, "互助保险与京卡使用", "知道怎么报销吗？\n京卡常用哪些功能？"),
            (TopicKind.MOOD, "转型提效政策的看法", "最担心什么？\n希望公司怎么做？"),
            (TopicKind.SERVICE, "体检项目征求意见", "哪些项目想增减？"),
        ),
    ),
    (
        "第二阶段",
        dt.date(2016, 5, 1),
        (
            (TopicKind.INFORMATION, "健步走活动与手机软件", "注册了吗？\n班组里有多少人在用？"),
            (TopicKind.MOOD, "生产经营形势与收入", "收入变化对家里影响大吗？"),
            (TopicKind.SERVICE, "食堂工作餐", "饭菜口味、价格、供应时间怎么样？"),
        ),
    ),
)


def is_loaded() -> bool:
    return Unit.objects.filter(code=company.CODE).exists()


@transaction.atomic
def load(today: dt.date) -> None:
    rng = random.Random(SEED)  # noqa: S311 - the same demo every time, no secret in it
    names = Names(rng)
    built = build_company()
    Norms.objects.create(unit=built.root)
    build_accounts(built, names)
    slots = plan_slots(built, rng)
    roster = build_roster(built, names, wanted_per_workshop(slots))
    make_friends(slots, roster, rng)
    phases = [open_phase(built, *phase) for phase in PHASES]
    phases[0].ends_on = phases[1].starts_on
    phases[0].save(update_fields=["ends_on"])
    cadres = [cadre for pair in built.cadres.values() for cadre in pair]
    logs = []
    for first in MONTHS:
        phase = phases[first.month >= 5]
        logs += meet_friends(cadres, first, list(phase.topics.all()), rng)
    plan_with_new_rows()
    calendar = working_calendar()
    hold_meetings(built, calendar, rng)
    Loop(built, logs, calendar, rng).run(read_matters())
    plan_with_new_rows()
    logs = build_present(built, cadres, calendar, today, rng)
    build_chased(built, logs, calendar, today, rng)
    build_results(built, calendar, today, rng)
    build_door(built)
    plan_with_new_rows()


def plan_with_new_rows() -> None:
    for app in ("organization", "liaison", "friends", "issues"):
        refresh_statistics(apps.get_app_config(app).get_models())


def open_phase(built: Company, name: str, starts_on: dt.date, topics) -> Phase:
    phase = Phase.objects.create(unit=built.root, name=name, starts_on=starts_on)
    Topic.objects.bulk_create(
        Topic(phase=phase, kind=kind, title=title, questions=questions) for kind, title, questions in topics
    )
    return phase


def hold_meetings(built: Company, calendar, rng: random.Random) -> None:
    """One exchange meeting a month, in April and August a second one on the mood survey: ten in all."""
    for first in MONTHS:
        period = month_of(first)
        plans = [(MeetingKind.EXCHANGE, "交友信息交流会", 8)]
        if first.month in (4, 8):
            plans.append((MeetingKind.THEMATIC, "职工思想动态专题座谈会", 14))
        for kind, title, workday in plans:
            meeting = Meeting.objects.create(
                unit=built.root,
                kind=kind,
                title=f"{period.label}{title}",
                held_on=calendar.nth_workday(first.year, first.month, workday),
                starts_at=dt.time(14, 0),
                place="工会二楼会议室",
                state=MeetingState.HELD,
                focus="各小组书面交流联系情况；讨论职工反映集中的问题；确定下一阶段互动重点。",
                minutes="各小组逐人逐事作了交流，对集中反映的事项明确了责任部门和答复时限。",
                recorded_by=built.office,
            )
            meeting.attendees.set([cadre for pair in built.cadres.values() for cadre in pair])
