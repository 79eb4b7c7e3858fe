"""What a department reads must not say who spoke: what the check finds, and what the office makes of it."""

from __future__ import annotations

import itertools

import pytest

from issues import services
from issues.discretion import check_wording, spelling
from issues.discretion.circumstances import circumstances
from issues.discretion.quotes import quotes
from issues.discretion.roster import people_in, reporter_in
from issues.enums import HitKind, IssueState, KeepReason
from issues.models import Issue, KeptHit
from lib.errors import Refused
from lib.periods import today
from organization.enums import UnitKind
from tests import factories
from tests.client import client_of
from tests.people import build_world
from tests.queries import count_queries

pytestmark = pytest.mark.django_db

PEOPLE = [
    ("王建国", "13900010001", "A10001"), ("李娜", "13900010002", "10002"), ("欧阳修远", "13900010003", "NO-8812-A"),
    ("阿依古丽·买买提", "0315-7710004", "B10004"), ("单雄信", "13900010005", "G2041"),
    ("亓官雨", "13900010006", "70006"), ("巴特尔", "13900010007", "X10007"), ("䶮小川", "13900010008", "Y10008"),
    ("扎西·多吉", "010-66110009", "Z10009"), ("诸葛明", "13900010010", "W10010"),
]  # fmt: skip
NEUTRAL = (
    "食堂收餐时间早于部分岗位下班时间，晚下班职工吃不上热饭，请研究延长供餐或留餐的办法。",
    "部分单位通勤车晚点且绕行较远，影响职工出勤，请优化线路和发车时间。",
    "职工反映夜班津贴标准多年未作调整，请结合物价水平研究。",
    "粉尘岗位防尘口罩发放数量不足、密合性差，请按岗位调整标准。",
    "浴室水温忽冷忽热，下班高峰热水不足，请检查换热设备。",
    "职工希望体检项目按工种、年龄增加内容，请研究调整体检套餐。",
)


def full_width(text: str) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text)


FORMS = {
    "as it is": str,
    "full width": full_width,
    "spaced": " ".join,
    "ideographic spaces": "　".join,
    "dotted": "·".join,
    "hyphened": "-".join,
    "comma": "，".join,
    "full stops": "．".join,
    "zero width": "\u200b".join,
    "small letters": str.lower,
    "other dot": lambda text: text.replace("·", "•"),
    "no dot": lambda text: text.replace("·", "").replace("-", ""),
    "spaced full width": lambda text: " ".join(full_width(text)),
}


@pytest.fixture
def world():
    return build_world()


@pytest.fixture
def roster(world):
    return [
        factories.worker(world.workshop, name=name, phone=phone, employee_no=number) for name, phone, number in PEOPLE
    ]


def exact_forms(workers):
    """1,000 wordings and more: each mark of each worker in each form, in several sentences."""
    frames = ("请与{}联系核实。", "{}反映食堂收餐过早", "据了解（{}）", "由3名职工提出:{},请研究")
    for worker, form, frame in itertools.product(workers, FORMS.values(), frames):
        for mark in (worker.name, worker.phone, worker.employee_no):
            yield worker, mark, frame.format(form(mark))


def missed_reporters(workers) -> tuple[int, list[str]]:
    found = [(text, next(reporter_in(text, worker), None)) for worker, _mark, text in exact_forms(workers)]
    return len(found), [text for text, place in found if place is None]


def test_a_reporter_is_found_in_every_spelling(roster):
    count, missed = missed_reporters(roster)
    assert count > 1000
    assert missed == []


def test_without_one_width_for_all_spellings_reporters_are_missed(roster, monkeypatch):
    monkeypatch.setattr(spelling, "fold", str.casefold)
    assert missed_reporters(roster)[1]


def test_anybody_of_the_roster_is_found_in_every_spelling_and_nobody_of_another_office(world, roster):
    for name, form in FORMS.items():
        for position, kind in enumerate((HitKind.NAME, HitKind.PHONE, HitKind.NUMBER)):
            said = [form(person[position]) for person in PEOPLE]
            text = "食堂。\n" + "。\n".join(f"请找{mark}核实" for mark in said)
            # A number without its hyphen is another number to an index.
            known = [
                mark for mark, person in zip(said, PEOPLE, strict=True) if not is_rewritten(person[position], form)
            ]
            found = {text[one.start : one.end] for one in people_in(text, scope=world.company, reporters=[])}
            lost = [mark for mark in known if not any(spelling.bare(mark) in spelling.bare(one) for one in found)]
            assert lost == [], (name, kind)
    text = "请找王建国（13900010001，A10001）"
    assert list(people_in(text, scope=world.other_office.appointments.get().unit, reporters=[])) == []


def is_rewritten(mark: str, form) -> bool:
    """A hyphened number is looked up as it is written: with other signs in it, it is another number to the index."""
    return mark == "NO-8812-A" and form(mark) not in (mark, mark.lower(), full_width(mark))


def hits(world, wording: str, *opinions, title: str = "有关情况"):
    matter = services.matter_of(
        unit=world.workshop, category=factories.category(), scope=world.company, opinions=opinions
    )
    return check_wording(title, wording, matter)


def test_nicknames_posts_and_workplaces_are_told_with_how_few_it_may_be(world):
    for name, post in (("王大力", "电铲司机"), ("王小云", "皮带工"), ("赵一", "皮带工"), ("钱二", "皮带工")):
        factories.worker(world.workshop, name=name, post=post)
    factories.worker(world.other_workshop, name="王远", post="电铲司机")
    found = hits(
        world,
        "据王师傅反映，老赵所在班组的电铲司机和皮带工冬季取暖困难，采掘一车间应解决。",
        factories.opinion(world.friend),
    )
    told = {hit.text: (hit.kinds, hit.whys[0]) for hit in found}
    assert told["王师傅"] == ((HitKind.FORM_OF_ADDRESS,), "像是对某一个人的称呼，南沟采矿厂姓王的职工有 2 人。")
    assert told["老赵"][0] == (HitKind.FORM_OF_ADDRESS,)
    assert told["电铲司机"][1] == "南沟采矿厂只有 1 人是这个岗位。"
    assert HitKind.WORKPLACE in told["采掘一车间"][0]
    assert not any(HitKind.POST_OF_FEW in kinds for text, (kinds, _why) in told.items() if "皮带工" in text)
    assert hits(world, NEUTRAL[0]) == []


TELLING = {
    HitKind.FIRST_PERSON: ["我们上夜班", "俺都去过"],
    HitKind.FAMILY: ["丈母娘没人照看", "闺女今年中考", "两口子上一个班"],
    HitKind.HEALTH: ["做过阑尾手术", "腰疼得厉害", "请了病假", "耳朵听不清", "住了二十天院"],
    HitKind.HOME: ["住四楼把边", "租房子在城西", "最西头那间"],
    HitKind.SERVICE: ["干了二十来年", "从机修厂调过来的"],
    HitKind.FIGURE: ["垫了三千六", "一个月跑两百一十趟", "穿四十五码"],
    HitKind.MOMENT: ["上个月那天", "凌晨两点多", "前年国庆"],
    HitKind.EVENT: ["有个小伙儿晕倒", "发票丢了", "喝不了凉水"],
    HitKind.POST: ["开洒水车的", "挡车工", "把钩的女工", "司磅"],
    HitKind.EQUIPMENT: ["五号铲", "球磨机衬板"],
    HitKind.PERSON: ["岁数大的", "回族", "新来的"],
}


@pytest.mark.parametrize("phrase", [phrase for phrases in TELLING.values() for phrase in phrases])
def test_circumstances_of_one_person_are_found_wherever_they_stand(phrase):
    for text in (f"{NEUTRAL[0]}{phrase}。", f"有职工反映，{phrase}，请研究改进。"):
        start = text.index(phrase)
        assert any(first < start + len(phrase) and start < last for _kind, first, last in circumstances(text)), text


def test_a_neutral_wording_is_left_alone():
    assert {text: list(circumstances(text)) for text in NEUTRAL} == {text: [] for text in NEUTRAL}


def test_what_one_voice_alone_said_is_a_quote_and_what_several_say_is_the_matter():
    voices = {1: ["澡堂子忽冷忽热，喷头一拧就掉"], 2: ["浴室忽冷忽热没法洗"]}
    text = "浴室喷头一拧就掉、忽冷忽热，请检修。"
    assert [text[start:end] for start, end, _voice in quotes(text, voices, ordinary=[])] == ["喷头一拧就掉"]
    assert list(quotes(text, voices, ordinary=["那个喷头一拧就掉下来"])) == []
    assert list(quotes(text, voices, ordinary=[], terms="喷头一拧就掉")) == []


def registered(world, wording: str, **said) -> Issue:
    opinion = factories.opinion(world.friend, text="夜里送来的饭菜都凉透了", **said)
    return factories.registered_issue(opinion, by=world.office, office=world.company, wording=wording)


def test_an_issue_is_dispatched_only_after_each_hit_is_reworded_or_kept(world):
    client = client_of(world.office)
    issue = registered(world, "晚班饭菜都凉透了，请与食堂李班长核实。")
    page, keep = f"/issues/{issue.key}/dispatch/", f"/issues/{issue.key}/keep/"
    answer = client.post(page, {"lead": world.department.code, "due_on": today().isoformat()})
    assert "还有 2 处疑点没有处理" in answer.content.decode()
    assert '<mark class="hit" title="职工原话' in answer.content.decode()
    quote, address = services.hits_of(issue)
    assert (quote.text, address.text) == ("饭菜都凉透了", "食堂李班长")
    client.post(keep, {f"place-{quote.place}": "unrelated", f"place-{address.place}": "consent"})
    assert not KeptHit.objects.exists()
    client.post(keep, {f"place-{quote.place}": "unrelated", f"place-{address.place}": "public"})
    kept = {row.text: (row.reason, row.kept_by) for row in KeptHit.objects.select_related("kept_by")}
    assert kept == {"饭菜都凉透了": ("unrelated", world.office), "食堂李班长": ("public", world.office)}
    assert "已核对" in client.get(page).content.decode()

    # Another sentence may change; the one that holds the words may not.
    services.reword_issue(issue, by=world.office, version=1, wording=f"{issue.wording}请一周内答复。")
    assert len(services.kept_hits(issue, services.hits_of(Issue.objects.get(pk=issue.pk)))) == 2
    services.reword_issue(issue, by=world.office, version=2, wording="饭菜都凉透了，请与李班长当面核实。")
    with pytest.raises(services.Unsettled, match="还有 2 处"):
        factories.dispatched_issue(Issue.objects.get(pk=issue.pk), to=world.department, by=world.office)
    with pytest.raises(Refused, match="刚被改过"):
        services.keep_hits(issue, {quote.place: "unrelated"}, by=world.office)
    services.reword_issue(issue, by=world.office, version=3, wording="请研究改进晚班工作餐的保温措施。")
    issue.refresh_from_db()
    factories.dispatched_issue(issue, to=world.department, by=world.office)
    with pytest.raises(Refused):
        services.keep_hits(issue, {}, by=world.office)


def test_a_reporter_is_named_only_with_the_consent_of_each_opinion_and_for_one_dispatch(world):
    issue = registered(world, f"请与{world.friend.name}联系，改进晚班工作餐的保温。", may_be_named=True)
    reluctant = factories.opinion(world.friend, text="菜凉")
    services.merge_opinions(issue, opinions=[reluctant], by=world.office)
    (name,) = services.hits_of(issue)
    assert name.is_hard
    for reason in KeepReason:
        with pytest.raises(services.NamesReporter):
            services.keep_hits(issue, {name.place: reason}, by=world.office)
    with pytest.raises(services.NamesReporter):
        factories.dispatched_issue(issue, to=world.department, by=world.office)
    assert "必须改写，不能保留" in client_of(world.office).get(f"/issues/{issue.key}/dispatch/").content.decode()

    services.unmerge_opinion(issue.merges.get(opinion=reluctant), by=world.office)
    (name,) = services.hits_of(issue)
    assert name.reasons == (KeepReason.CONSENT,)
    with pytest.raises(services.Unsettled):
        factories.dispatched_issue(issue, to=world.department, by=world.office)
    services.keep_hits(issue, {name.place: KeepReason.CONSENT}, by=world.office)
    dispatch = factories.dispatched_issue(issue, to=world.department, by=world.office)
    assert dispatch.consents.get().text == world.friend.name
    services.withdraw_dispatch(dispatch, by=world.office, reason="换部门")
    issue.refresh_from_db()
    assert issue.state == IssueState.RETURNED
    with pytest.raises(services.Unsettled):
        services.dispatch_issue(issue, lead=world.department, by=world.office, due_on=None)


def test_the_wording_is_checked_while_it_is_written(world):
    client = client_of(world.office)
    opinion = factories.opinion(world.friend)
    typed = {
        "picked": opinion.key,
        "title": "晚班工作餐",
        "wording": "我妈住院，顾不上做饭",
        "unit": "",
        "category": "x",
    }
    fragment = client.post("/issues/wording/", typed, headers={"HX-Request": "true"})
    assert [hit.text for hit in fragment.context["hits"]] == ["我妈住院"]
    assert "<html" not in fragment.content.decode()
    whole = client.post("/issues/wording/", {**typed, "wording": NEUTRAL[0]})
    assert "没有发现会看出反映人的文字" in whole.content.decode()
    assert "没有选中的意见" in client.post("/issues/wording/", {"wording": "我"}).content.decode()
    assert not KeptHit.objects.exists()


def test_the_check_asks_as_often_however_many_there_are(world):
    text = "请与王师傅（13900019999，A19999）联系，" + NEUTRAL[0]
    opinions = [factories.opinion(world.friend)]
    loaded = list(type(opinions[0]).objects.select_related("worker__unit"))
    assert count_queries(lambda: hits(world, text, *loaded)) == 11
    for number in range(30):
        factories.worker(world.workshop, name=f"王{number}", post="皮带工", phone=f"139000{number:05d}")
    opinions += [factories.opinion(world.friend), factories.opinion(world.friend, text="另一件")]
    loaded = list(type(opinions[0]).objects.select_related("worker__unit"))
    assert count_queries(lambda: hits(world, text, *loaded)) == 11


def test_a_team_is_told_too(world):
    team = factories.unit(world.workshop, kind=UnitKind.TEAM, name="丙班")
    speaker = factories.worker(team)
    factories.befriended(speaker, world.insider)
    (hit,) = hits(world, "丙班更衣柜损坏，请维修。", factories.opinion(speaker))
    assert HitKind.WORKPLACE in hit.kinds
