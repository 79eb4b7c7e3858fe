"""A present for the demo, counted back from the day it is loaded: something to do for every role.

The published year 2016 stays as it is: nothing here is registered in it.
"""

from __future__ import annotations

import datetime as dt
import random

from friends.enums import Mood
from friends.models import ContactLog, Friendship
from friends.services import record_contact
from issues import services
from issues.enums import ExplainReason, Outcome, Scope
from issues.models import Category, Issue, Opinion
from liaison.enums import Grade, TopicKind
from liaison.models import Cadre, Phase, Topic
from lib.workdays import Calendar
from meetings.enums import MeetingKind
from meetings.models import Meeting

from .contacts import CHANNELS, TALK, in_small_groups, pick
from .loop import at, settle_hits
from .structure import Company

#: (category, unit of the matter, opinions): not merged yet.
WAITING = (
    ("通勤停车", "露天采矿厂", "零点班下班后班车要等四十分钟，冬天站在外面太冷。"),
    ("通勤停车", "露天采矿厂", "夜班班车能不能早点发，或者给个等车的地方。"),
    ("劳保用品", "选矿厂", "新发的防尘口罩戴一会儿就漏气，不如原来的好用。"),
    ("设备工具", "检修工程公司", "班组的扭矩扳手坏了两把，报了计划一直没到。"),
    ("食堂餐饮", "球团厂", "食堂晚上就剩两个菜，去晚了连汤都没有。"),
    ("生活设施", "服务公司", "公寓三层热水每天只有一个小时，倒班的赶不上。"),
    ("培训成长", "机械制造厂", "想参加高级技师培训，不知道名额怎么分。"),
)
#: (title, wording, category, unit, department, what has become of it, opinions)
MATTERS = (
    (
        "浴池更衣柜锁具损坏",
        "浴池部分更衣柜锁具损坏，请检查更换，并明确日常报修途径。",
        "洗浴住宿",
        "动力厂",
        "服务公司管理部",
        "registered",
        ("浴池更衣柜好多锁不上，手机没处放。", "更衣柜坏了几个月了没人修。"),
    ),
    (
        "皮带通廊照明不足",
        "皮带通廊夜间照明不足，影响巡检安全，请排查并补装灯具。",
        "安全隐患",
        "烧结厂",
        "安全环保部",
        "dispatched",
        ("皮带通廊后半截灯不亮，夜里巡检得打手电。", "通廊楼梯那块儿太黑，差点踩空。"),
    ),
    (
        "体检报告发放周期长",
        "职工体检报告发放周期偏长，请研究缩短时间，并考虑提供查询途径。",
        "医疗体检",
        "铁路运输部",
        "矿山医院院办",
        "accepted",
        ("体检完俩月了报告还没拿到。",),
    ),
    (
        "夜班津贴标准多年未调整",
        "职工对夜班津贴标准提出调整建议，请说明现行标准依据及调整的可能。",
        "薪酬待遇",
        "井下采矿厂",
        "人力资源部",
        "overdue",
        ("夜班费还是老标准，别的单位早涨了。", "希望提高井下夜班补贴。", "夜班津贴十来年没动过。"),
    ),
    (
        "职工子女暑期托管",
        "双职工家庭子女暑期无人看护，请研究开办暑期托管班。",
        "子女教育",
        "教育处",
        "教育处办公室",
        "returned",
        ("暑假孩子没人管，能不能办个托管班。", "双职工暑假最愁的就是孩子。"),
    ),
    (
        "手套规格单一",
        "劳保手套规格单一，部分岗位佩戴不合手，请增加可选规格。",
        "劳保用品",
        "机械制造厂",
        "物资公司管理部",
        "answered",
        ("手套都是大号的，女工戴着干活不方便。", "加工车间需要薄一点的手套。"),
    ),
    (
        "浴池开放时间与倒班衔接",
        "浴池开放时间与部分班次下班时间不衔接，请研究调整。",
        "洗浴住宿",
        "选矿厂",
        "服务公司管理部",
        "in_approval",
        ("四点班下来浴池就关了。", "浴池能不能晚关一个钟头。"),
    ),
    (
        "班车候车点避雨设施",
        "班车候车点没有避雨设施，请研究增设。",
        "通勤停车",
        "烧结厂",
        "行政保卫部",
        "again",
        ("下雨天等班车没地方躲。",),
    ),
)
RECENT_DAYS = 60


def build_present(
    built: Company, cadres: list[Cadre], calendar: Calendar, today: dt.date, rng: random.Random
) -> list[ContactLog]:
    """Returns the contacts of the last weeks, in which more may have been said."""
    Phase.objects.filter(unit=built.root, ends_on__isnull=True).update(ends_on=dt.date(2017, 1, 1))
    topics = open_present_phase(built, today)
    logs = meet_lately(cadres, topics, today, rng)
    for category, unit, text in WAITING:
        say(built, logs, category, unit, text, rng)
    for matter in MATTERS:
        carry(built, logs, calendar, today, rng, *matter)
    refer_upward(built, calendar, today)
    held_on = calendar.next_workday(today + dt.timedelta(days=7))
    Meeting.objects.create(
        unit=built.root,
        kind=MeetingKind.EXCHANGE,
        title=f"{held_on.month}月交友信息交流会",
        held_on=held_on,
        starts_at=dt.time(14, 0),
        place="工会二楼会议室",
        recorded_by=built.office,
    )
    return logs


def open_present_phase(built: Company, today: dt.date) -> list[Topic]:
    phase = Phase.objects.create(unit=built.root, name="本阶段", starts_on=today - dt.timedelta(days=45))
    return [
        Topic.objects.create(phase=phase, kind=kind, title=title, questions=questions)
        for kind, title, questions in (
            (TopicKind.INFORMATION, "互助保障续保须知", "知道续保截止日期吗？"),
            (TopicKind.MOOD, "冬季生产与班组氛围", "班组最近气氛怎么样？"),
            (TopicKind.SERVICE, "通勤班车与工作餐", "班车和夜班餐有什么意见？"),
        )
    ]


def meet_lately(cadres: list[Cadre], topics: list[Topic], today: dt.date, rng: random.Random) -> list[ContactLog]:
    """Every standing friend was met within the last two months, most of them within one."""
    logs = []
    for cadre in cadres:
        friendships = Friendship.objects.filter(cadre=cadre).open_on(today).select_related("worker__unit")
        friends = [friendship.worker for friendship in friendships.order_by("pk")]
        for companions in in_small_groups(friends, rng):
            day = today - dt.timedelta(days=1 + int(RECENT_DAYS * rng.random() ** 2))
            log, _is_new = record_contact(
                by=cadre.user,
                cadre=cadre,
                workers=companions,
                happened_at=at(day, rng.randint(8, 18)),
                channel=pick(CHANNELS, rng),
                text=rng.choice(TALK),
                topics=rng.sample(topics, 1),
                mood=rng.choice(["", Mood.CALM, Mood.POSITIVE, Mood.WORRIED]),
            )
            logs.append(log)
    return logs


def say(built: Company, logs: list[ContactLog], category: str, unit: str, text: str, rng: random.Random) -> Opinion:
    there = [log for log in logs if log.unit.path.startswith(built.units[unit].path)]
    log = rng.choice(there or logs)
    worker = log.workers.select_related("unit").order_by("pk").first()
    return services.raise_opinion(
        by=log.cadre.user,
        text=text,
        category=Category.objects.get(name=category),
        at=log.happened_at,
        worker=worker,
        contact_log=log,
        cadre=log.cadre,
    )


def carry(
    built: Company,
    logs: list[ContactLog],
    calendar: Calendar,
    today: dt.date,
    rng: random.Random,
    title: str,
    wording: str,
    category: str,
    unit: str,
    department: str,
    fate: str,
    texts: tuple[str, ...],
) -> None:
    opinions = [say(built, logs, category, unit, text, rng) for text in texts]
    office, handler = built.office, built.handlers[department]
    # An overdue one was taken up long enough ago for its limit to have passed.
    registered = calendar.add_workdays(today, -30 if fate == "overdue" else -6)
    issue = services.register_issue(
        office=built.root,
        opinions=opinions,
        title=title,
        wording=wording,
        category=opinions[0].category,
        unit=built.units[unit],
        scope=Scope.COMMON,
        grade=Grade.SHORT_TERM,
        by=office,
        at=at(registered, 10),
    )
    if fate == "registered":
        return
    settle_hits(issue, by=office, at=at(registered, 16))
    dispatch = services.dispatch_issue(
        issue, lead=built.departments[department], by=office, at=at(calendar.add_workdays(registered, 1), 9)
    )
    if fate == "dispatched":
        return
    then = calendar.add_workdays(registered, 2)
    if fate == "returned":
        services.return_dispatch(
            dispatch, by=handler, reason="托管场地和师资不归本处管理，建议由工会牵头。", at=at(then, 9)
        )
        return
    services.accept_dispatch(dispatch, by=handler, at=at(then, 9))
    answered = at(calendar.add_workdays(registered, 4), 15)
    if fate == "in_approval":
        services.answer_dispatch(
            dispatch,
            by=handler,
            text="延长开放要增加一班司炉人员，今年没有编制；先在周末试行延长一小时。",
            outcome=Outcome.EXPLAINED,
            reason=ExplainReason.CONDITIONS,
            rule_relied_on="年度定员方案",
            recheck_on=today + dt.timedelta(days=180),
            at=answered,
        )
    if fate == "again":
        services.answer_dispatch(
            dispatch,
            by=handler,
            text="已在候车点加装雨棚。",
            outcome=Outcome.SOLVED,
            evidence="雨棚已安装完毕。",
            at=answered,
        )
        services.reopen_issue(
            issue, by=office, reason="回访时职工反映雨棚太短，仍然淋雨。", at=answered + dt.timedelta(hours=1)
        )
        issue.refresh_from_db()
        settle_hits(issue, by=office, at=answered + dt.timedelta(hours=1))
        services.dispatch_issue(
            issue, lead=built.departments[department], by=office, at=answered + dt.timedelta(hours=2)
        )
    if fate == "answered":
        services.answer_dispatch(
            dispatch,
            by=handler,
            text="已增加小号和薄型两种规格，自下月起各单位可按岗位申领。",
            outcome=Outcome.SOLVED,
            evidence="物资公司已与供应商签订补充协议，首批到货入库。",
            at=answered,
        )


def refer_upward(built: Company, calendar: Calendar, today: dt.date) -> None:
    """Two matters beyond the own level: one still waits for its answer, of the other it has come down."""
    sent = {"office": built.root, "by": built.office}
    services.refer_issue(
        Issue.objects.get(title="体检报告发放周期长"),
        question="职工体检报告发放周期偏长，拟请协调医疗机构提供网上查询。",
        to_name="12351 职工服务热线",
        at=at(calendar.add_workdays(today, -3), 9),
        **sent,
    )
    referral = services.refer_issue(
        Issue.objects.get(title="夜班津贴标准多年未调整"),
        question="夜班津贴现行标准执行多年，拟请说明调整的政策口径。",
        to_name="市总工会权益保障部",
        at=at(calendar.add_workdays(today, -25), 9),
        **sent,
    )
    services.answer_referral(
        referral,
        by=built.office,
        answer="津贴标准由企业与工会集体协商确定，可列入下一轮集体合同议题。",
        at=at(calendar.add_workdays(today, -5), 9),
    )
