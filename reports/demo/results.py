"""What came of issues in the demo: cases of the last half-year with their votes, a poll that is open, changed rules.

Everything is dated after the published year 2016.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

from friends.care import flag_worker, give_aid
from friends.enums import AidKind, CareKind, ContactChannel
from friends.models import Friendship, Worker
from issues import services
from issues.enums import MOST_VOTES, Outcome, RuleLevel, Scope, Source
from issues.models import AnswerTemplate, CaseNomination, CasePoll, CaseVote, Category, Issue, PolicyClause
from issues.services import cases
from issues.services.rule_changes import record_rule_change
from liaison.enums import Grade
from lib.periods import Period, half
from lib.workdays import Calendar
from organization.models import User

from .loop import at, settle_hits
from .structure import Company


@dataclass(frozen=True)
class Story:
    """A matter that was solved, and the case that is made of it."""

    title: str
    wording: str
    category: str
    unit: str
    department: str
    opinion: str
    case: str
    background: str
    action: str
    result: str


STORIES = (
    Story(
        "外派高原项目职工年休假",
        "外派高海拔检修项目的职工反映高原反应明显、休整时间不足，请研究增加年休假。",
        "工时排班",
        "检修工程公司",
        "人力资源部",
        "在高原项目上干活缺氧，回来得缓好些天，年休假不够用。",
        "高原项目职工多了5天年休假",
        "外派检修项目工作地海拔近4000米，不少职工高原反应明显，家属也很担心。",
        "工会到项目部与职工同吃同住，会同人力资源部提出方案，写入集体合同专项条款。",
        "海拔3000米以上项目职工每年增加年休假5天，体检由1年1次增加到1年2次。",
    ),
    Story(
        "夜班工作餐供应",
        "夜班职工反映零点以后没有热餐，请研究夜班工作餐的供应办法。",
        "食堂餐饮",
        "井下采矿厂",
        "服务公司管理部",
        "上零点班的吃不上热饭，只能自己带。",
        "零点班吃上了热餐",
        "井下零点班职工下班后食堂已经停火，长期自带干粮。",
        "工会跟班体验三个夜班，与服务公司核定人数和成本，试行保温配送。",
        "夜班餐写入《职工工作餐管理办法》，三个作业区全部按时送到。",
    ),
    Story(
        "女职工更衣柜数量不足",
        "浴池女更衣柜数量不足，请按在岗人数补齐。",
        "洗浴住宿",
        "选矿厂",
        "行政保卫部",
        "女更衣柜两个人合用一个，衣服没地方放。",
        "一人一柜的小事办好了",
        "选矿厂近年女职工增加，更衣柜长期两人合用。",
        "女工委员会逐车间清点，行政部门调剂旧柜并补购新柜。",
        "女职工实现一人一柜，更衣室增设了换气扇。",
    ),
    Story(
        "雨天换乘站无候车棚",
        "通勤换乘站没有候车棚，雨雪天职工无处避雨，请研究增设。",
        "通勤停车",
        "露天采矿厂",
        "汽车运输公司调度室",
        "下雨天等班车没处躲，鞋都湿透了。",
        "换乘站有了候车棚",
        "换乘站早晚各有四百多人候车，雨雪天无处遮挡。",
        "调度室与工会现场选址，利用检修余料自制候车棚。",
        "两个换乘站建成候车棚，发车时刻表同时上墙。",
    ),
    Story(
        "焊工防护面罩配发周期长",
        "焊工面罩镜片更换周期长，影响作业安全，请缩短配发周期。",
        "劳保用品",
        "机械制造厂",
        "物资公司管理部",
        "面罩镜片花了要等一个月才换，看不清容易出事。",
        "面罩镜片随坏随换",
        "焊工面罩镜片按月集中配发，磨花后只能将就使用。",
        "物资公司在车间设周转箱，凭旧换新，月底统一核销。",
        "镜片更换由一个月缩短到当班，劳保周转箱推广到六个车间。",
    ),
    Story(
        "医保异地就医备案指导",
        "退休返乡和外派职工不会办理异地就医备案，请加强指导。",
        "医疗体检",
        "矿山医院",
        "社会保险中心",
        "异地看病备案不会弄，跑了两趟没办成。",
        "异地就医备案一次办成",
        "外派职工和返乡家属常因备案手续不全往返奔波。",
        "社保中心编写一页纸流程图，工会联络员上门代办。",
        "半年代办备案一百余件，退件率明显下降。",
    ),
    Story(
        "小学放学后无人看护",
        "双职工家庭子女放学后无人看护，请研究课后托管。",
        "子女教育",
        "教育处",
        "教育处办公室",
        "孩子四点放学，我们六点才下班。",
        "课后托管让双职工安心上班",
        "矿区小学下午四点放学，双职工家庭接送困难。",
        "教育处与工会商定延时服务，工会补助课后材料费。",
        "两所小学开办课后托管，报名的孩子全部接收。",
    ),
    Story(
        "巡检通道积水结冰",
        "冬季巡检通道积水结冰，存在滑跌隐患，请整治。",
        "安全隐患",
        "动力厂",
        "安全环保部",
        "巡检那条路冬天全是冰，老有人滑倒。",
        "巡检通道不再结冰",
        "供水车间巡检通道冬季渗水结冰，曾多次发生滑跌。",
        "安全环保部查明渗点并改道排水，铺设防滑格栅。",
        "整治后一个冬季无滑跌，同类通道一并排查整改。",
    ),
    Story(
        "技能等级认定报名通知不到位",
        "技能等级认定报名通知传达不到班组，请改进通知方式。",
        "培训成长",
        "铁路运输部",
        "人力资源部",
        "等知道的时候报名都截止了。",
        "认定通知直达班组",
        "倒班职工看不到机关公告，常错过技能等级认定报名。",
        "人力资源部提前一个月公布计划，工会联络员逐班组转达并留签收。",
        "报名人数比上一期增加近四成，没有再出现漏报。",
    ),
    Story(
        "公寓洗衣设施老旧",
        "单身公寓洗衣机老旧且数量不足，请更新。",
        "生活设施",
        "服务公司",
        "服务公司管理部",
        "一层楼就一台洗衣机，还老坏。",
        "公寓有了自助洗衣房",
        "单身公寓每层一台旧洗衣机，倒班职工排队到半夜。",
        "服务公司腾出库房，引进扫码自助洗衣设备，工会监督定价。",
        "洗衣房全天开放，洗一次三元，职工反映方便实惠。",
    ),
    Story(
        "绩效工资明细看不懂",
        "职工反映绩效工资只有总数、看不到构成，请公开明细。",
        "薪酬待遇",
        "烧结厂",
        "财务部",
        "绩效就给个总数，也不知道怎么算的。",
        "工资条上看得清绩效",
        "烧结厂绩效工资只发总额，班组间常有猜疑。",
        "财务部与工会商定工资条格式，列出系数、考核和奖罚。",
        "工资条逐项公开，关于绩效的询问减少了一多半。",
    ),
    Story(
        "矿区健步道照明不足",
        "矿区健步道路灯损坏较多，晚间锻炼不安全，请修复。",
        "生活设施",
        "矿区街道办事处",
        "矿区街道物业科",
        "健步道有一段全黑，晚上不敢走。",
        "健步道亮起来了",
        "矿区健步道三分之一路灯不亮，参加健步活动的职工晚间不敢走。",
        "物业科逐盏登记更换节能灯，工会志愿者协助巡查。",
        "全线路灯恢复，并建立每月巡查制度。",
    ),
)
#: The ones of the half-year that runs: nominated for the poll that is open.
RUNNING = 3
TEMPLATES = (
    ("已整改完成", "您反映的问题已于＿＿年＿＿月＿＿日整改完成：＿＿。感谢您的建议，欢迎继续监督。", ""),
    ("需要一段时间", "您反映的问题已列入＿＿计划，预计＿＿年＿＿月完成。完成前我们将采取＿＿措施。", ""),
    ("食堂类", "已责成食堂＿＿，并由服务公司每周检查一次。如仍有问题，请随时向联络员反映。", "食堂餐饮"),
    ("暂不能解决", "经研究，受＿＿所限，目前暂不能解决。我们将在＿＿重新研究，请您理解。", ""),
)
CLAUSES = (
    (
        "第三条",
        "职工带薪年休假条例",
        "累计工作已满1年不满10年的，年休假5天；已满10年不满20年的，年休假10天。",
        2008,
        None,
    ),
    ("第四章 津贴", "公司薪酬管理办法（2014年版）", "夜班津贴按班次定额发放，标准由公司统一规定。", 2014, 2025),
    ("第四章 津贴", "公司薪酬管理办法（2025年版）", "夜班津贴随上年度平均工资适时调整。", 2025, None),
    ("第十二条", "劳动防护用品配备标准", "防护用品按岗位配备，损坏的凭旧换新。", 2019, None),
)


def build_results(built: Company, calendar: Calendar, today: dt.date, rng: random.Random) -> None:
    add_vocabularies()
    number = 1 if today.month <= 6 else 2
    running = half(today.year, number)
    last = half(today.year, 1) if number == 2 else half(today.year - 1, 2)
    issues = [solve(built, story, last, place, calendar, rng) for place, story in enumerate(STORIES)]
    told = [tell(built, story, issue, last) for story, issue in zip(STORIES, issues, strict=True)]
    vote(built, told, last, today, rng)
    change_rules(built, issues, last)
    help_friends(today)
    for story, issue in list(zip(STORIES, issues, strict=True))[:RUNNING]:
        tell(built, story, issue, running, title=f"{story.case}：后续推广")
    CasePoll.objects.create(
        unit=built.root,
        half=running.code,
        opens_on=today - dt.timedelta(days=2),
        closes_on=today + dt.timedelta(days=12),
        recorded_by=built.office,
    )


def add_vocabularies() -> None:
    for position, (name, text, category) in enumerate(TEMPLATES):
        about = Category.objects.filter(name=category).first()
        AnswerTemplate.objects.create(
            name=name, text=text, category=about, starts_on=dt.date(2017, 1, 1), position=position
        )
    for position, (title, document, text, first, last) in enumerate(CLAUSES):
        PolicyClause.objects.create(
            title=title,
            source_document=document,
            text=text,
            starts_on=dt.date(first, 1, 1),
            ends_on=dt.date(last, 1, 1) if last else None,
            position=position,
        )


def solve(built: Company, story: Story, period: Period, place: int, calendar: Calendar, rng: random.Random) -> Issue:
    """From a letter to strike-off, within the half-year."""
    office = built.office
    raised = calendar.next_workday(period.start + dt.timedelta(days=5 + 9 * place))
    people = Worker.objects.filter(unit__path__startswith=built.units[story.unit].path).select_related("unit")
    opinion = services.raise_opinion(
        by=office,
        text=story.opinion,
        category=Category.objects.get(name=story.category),
        at=at(raised, 9),
        worker=rng.choice(list(people.order_by("pk"))),
        source=Source.LETTER,
    )
    issue = services.register_issue(
        office=built.root,
        opinions=[opinion],
        title=story.title,
        wording=story.wording,
        category=opinion.category,
        unit=built.units[story.unit],
        scope=Scope.COMMON,
        grade=Grade.SHORT_TERM,
        by=office,
        at=at(raised, 10),
    )
    settle_hits(issue, by=office, at=at(raised, 16))
    sent = calendar.add_workdays(raised, 1)
    dispatch = services.dispatch_issue(issue, lead=built.departments[story.department], by=office, at=at(sent, 9))
    answered = calendar.add_workdays(sent, 5)
    services.answer_dispatch(
        dispatch,
        by=built.handlers[story.department],
        text=story.result,
        outcome=Outcome.SOLVED,
        evidence=story.action,
        at=at(answered, 15),
    )
    for feedback in issue.feedbacks.owed():
        services.tell_reporter(feedback, by=office, channel=ContactChannel.PHONE, rating=4, at=at(answered, 17))
    services.close_issue(issue, by=office, at=at(calendar.add_workdays(answered, 1), 9))
    return Issue.objects.get(pk=issue.pk)


def tell(built: Company, story: Story, issue: Issue, period: Period, *, title: str = "") -> CaseNomination:
    """Nominated by the group that has contracted the unit."""
    group = next(group for group in built.groups if story.unit in built.contracted[group.name])
    leader = built.cadres[group.name][0].user
    case = cases.draft_case(
        issues=[issue],
        by=leader,
        unit=built.root,
        group=group,
        half=period.code,
        title=title or story.case,
        background=story.background,
        action=story.action,
        result=story.result,
    )
    cases.nominate_case(case)
    CaseNomination.objects.filter(pk=case.pk).update(nominated_on=min(period.last_day, case.recorded_at.date()))
    return CaseNomination.objects.get(pk=case.pk)


def vote(built: Company, told: list[CaseNomination], period: Period, today: dt.date, rng: random.Random) -> None:
    """The office, the leader and the six group leaders have voted, and the office has taken the ten first."""
    closed = period.last_day + dt.timedelta(days=7)
    poll = CasePoll.objects.create(
        unit=built.root,
        half=period.code,
        opens_on=period.end,
        closes_on=closed,
        recorded_by=built.office,
    )
    voters = [built.office, User.objects.get(username="leader")]
    voters += [pair[0].user for pair in built.cadres.values()]
    CaseVote.objects.bulk_create(
        CaseVote(poll=poll, case=case, voter=voter, slot=slot)
        for voter in voters
        for slot, case in enumerate(favoured(told, rng), start=1)
    )
    chosen = list(poll.counted())[:MOST_VOTES]
    if poll.has_closed():
        cases.select_cases(poll, cases=chosen)
        CasePoll.objects.filter(pk=poll.pk).update(finished_on=min(today, closed + dt.timedelta(days=2)))


def favoured(told: list[CaseNomination], rng: random.Random) -> list[CaseNomination]:
    """The earlier in the list, the more votes."""
    by_liking = sorted(told, key=lambda case: told.index(case) + rng.randint(0, 8))
    return by_liking[: rng.randint(6, MOST_VOTES)]


def help_friends(today: dt.date) -> None:
    """Some friends in need, with their consent."""
    given = ((AidKind.MONEY, 2000), (AidKind.GOODS, 300), (AidKind.MEDICAL, 5000), (AidKind.SCHOOLING, 3000))
    friendships = Friendship.objects.open_on(today).select_related("worker__unit", "cadre__user").order_by("pk")
    for place, friendship in enumerate(friendships[: 2 * len(given)]):
        kind, amount = given[place % len(given)]
        day = today - dt.timedelta(days=6 * place + 3)
        by = friendship.cadre.user
        give_aid(worker=friendship.worker, by=by, kind=kind, given_on=day, amount=amount, consent_on=day)
        if kind == AidKind.MEDICAL:
            until = day + dt.timedelta(days=180)
            note = "住院治疗，自费部分较高。"
            facts = {"kind": CareKind.ILLNESS, "note": note, "consent_on": day, "expires_on": until}
            flag_worker(worker=friendship.worker, by=by, **facts)


def change_rules(built: Company, issues: list[Issue], period: Period) -> None:
    common = {"unit": built.root, "issued_on": period.last_day, "effective_on": period.end, "by": built.office}
    record_rule_change(
        issues=issues[:1],
        title="海拔3000米以上项目职工增加年休假5天",
        level=RuleLevel.AGREEMENT,
        before="年休假按国家规定的天数执行，不区分工作地海拔。",
        after="工作地在海拔3000米以上的职工增加年休假5天，体检由1年1次增加至1年2次。",
        document_number="集体合同第二十一条",
        beneficiary_group="海拔3000米以上项目职工",
        beneficiaries=46,
        counted_by="评选期末外派高原项目在册人数",
        **common,
    )
    record_rule_change(
        issues=issues[1:2],
        title="夜班工作餐写入管理办法",
        level=RuleLevel.OWN,
        before="食堂供餐时间为早、中、晚三餐。",
        after="零点班按定员配送热餐，费用列入职工福利费。",
        document_number=f"矿工发〔{period.year}〕12号",
        beneficiary_group="井下零点班职工",
        beneficiaries=310,
        counted_by="井下采矿厂零点班定员",
        **common,
    )
