"""`import_roster KIND FILE`: prints what it decided, writes what it accepted, refuses with one sentence."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from friends.models import Friendship, Worker
from liaison.models import Cadre, Contract, LiaisonGroup, Membership
from organization.models import Headcount, Unit
from tests.factories import worker
from tests.people import World

from .files import HEADER, person, saved, workbook

UNIT_HEAD = [
    "单位编码",
    "上级编码",
    "单位名称",
    "简称",
    "曾用名",
    "类别",
    "男35岁及以下",
    "女35岁及以下",
    "停用日期",
    "并入单位",
]
UNITS = [
    ["TC", "", "铜川公司", "", "", "企业", 30, 6, "", ""],
    ["TC01", "TC", "露天矿", "露天", "", "基层单位", 30, 5, "", ""],
    ["TC0101", "TC01", "穿孔车间", "", "", "车间", 10, 5, "", ""],
    ["TC0102", "TC01", "爆破车间", "", "", "车间", 20, 0, "", ""],
    ["TC02", "TC", "机械厂", "", "机修总厂", "基层单位", 0, 0, "", ""],
    ["TC91", "TC", "工会办公室", "", "", "职能部门", 0, 1, "", ""],
    ["TC03", "TC", "老矿", "", "", "基层单位", 0, 0, "2024-06-30", "露天矿"],
]
CADRE_HEAD = ["姓名", "性别", "手机号码", "所在单位", "职务", "专兼职", "联系小组", "组内职务", "入组日期"]


@pytest.fixture
def run(tmp_path: Path):
    def run(kind: str, content: bytes, *options: str) -> dict[str, Any]:
        path, out = tmp_path / "file.xlsx", io.StringIO()
        path.write_bytes(content)
        call_command("import_roster", kind, str(path), "--json", *options, stdout=out)
        return json.loads(out.getvalue())

    return run


@pytest.mark.django_db
def test_units_with_their_people_and_twice_the_same(run):
    told = run("units", workbook(UNIT_HEAD, *UNITS))
    assert (told["units"], told["workshops"], told["departments"], told["closed_units"]) == (2, 2, 1, 1)
    assert told["company"] == {"men": 30, "women": 6, "total": 36}
    mine = Unit.objects.get(code="TC01")
    assert (mine.parent.name, mine.short_name, mine.path) == ("铜川公司", "露天", mine.parent.path + mine.path[-6:])
    # What a unit shows is the sum of those below it: nobody is counted twice.
    assert sum(Headcount.objects.values_list("people", flat=True)) == 36
    assert Unit.objects.get(code="TC03").merged_into == mine
    assert Unit.objects.get(code="TC02").former_names.get().name == "机修总厂"
    again = run("units", workbook(UNIT_HEAD, *UNITS))
    assert {tuple(row["why"]) for row in again["rows"] if row["status"] == "accepted"} == {("unchanged",)}


@pytest.mark.django_db
def test_units_that_hang_in_the_air_are_errors(run):
    wrong = [
        ["TC09", "XX", "飞来厂", "", "", "基层单位"],
        ["TC01", "TC", "重号厂", "", "", "基层单位"],
        ["TC10", "TC", "怪厂", "", "", "星系"],
    ]
    told = run("units", workbook(UNIT_HEAD, *UNITS, *wrong))
    assert [row["why"] for row in told["rows"] if row["status"] not in ("accepted", "skipped")] == [
        ["unit_parent_unknown"],
        ["unit_code_twice"],
        ["unit_kind_unknown"],
    ]
    assert not Unit.objects.filter(name__in=["飞来厂", "重号厂", "怪厂"]).exists()


def cadres() -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    book.active.title = "干部"
    for line in (
        CADRE_HEAD,
        ["萧豹", "男", "15400000011", "工会办公室", "宣教干事", "专职", "第一组", "组长", "2026-01-05"],
        ["罗琴", "女", "15400000012", "露天矿", "分会主席", "兼职", "第一组", "组员", "2026-01-05"],
    ):
        book.active.append(line)
    second = book.create_sheet("承包")
    for line in (
        ["联系小组", "承包单位", "起始日期", "截止日期"],
        ["第一组", "露天矿", "2026-01-05", ""],
        ["第二组", "机械厂", "2026-01-05", ""],
    ):
        second.append(line)
    return saved(book)


@pytest.mark.django_db
def test_cadres_bring_groups_memberships_and_contracts(run):
    run("units", workbook(UNIT_HEAD, *UNITS))
    told = run("cadres", cadres())
    assert told["checks"] == {
        "cadres": 2,
        "groups": 2,
        "leaders": 1,
        "full_time": 1,
        "contracts": 2,
        "units_without_group": 0,
        "units_per_group": [1, 1],
    }
    leader = Membership.objects.get(is_leader=True)
    assert (leader.cadre.user.name, leader.cadre.user.phone, leader.group.name, leader.cadre.duty) == (
        "萧豹",
        "15400000011",
        "第一组",
        "宣教干事",
    )
    assert not leader.cadre.user.has_usable_password()
    before = [list(model.objects.order_by("pk").values()) for model in (Cadre, LiaisonGroup, Membership, Contract)]
    run("cadres", cadres())
    assert [
        list(model.objects.order_by("pk").values()) for model in (Cadre, LiaisonGroup, Membership, Contract)
    ] == before


def test_friendships_keep_history(run, world: World):
    someone = worker(world.workshop, name="段石松")
    head = ["工号", "姓名", "联络员", "建立日期"]
    run("friendships", workbook(head, [someone.employee_no, "段石松", "范内", "2026-01-05"]))
    assert someone.friendships.get().cadre == world.insider
    told = run("friendships", workbook(head, [someone.employee_no, "段石松", "外组", "2026-03-01"]))
    assert told["rows"][-1]["why"] == ["friendship_other_cadre"]
    assert someone.friendships.get().ends_on is None
    told = run(
        "friendships", workbook(head, [someone.employee_no, "段石松", "没有的人", ""], ["X1", "查无此人", "范内", ""])
    )
    assert [row["why"] for row in told["rows"][1:]] == [["cadre_unknown"], ["worker_unknown"]]
    assert Friendship.objects.filter(worker=someone).count() == 1


def test_dry_run_writes_nothing(run, world: World):
    before = Worker.objects.count()
    told = run("workers", workbook(HEADER, person(1, "段石松")), "--dry-run")
    assert (told["outcome"], told["totals"]["accepted"], told["rows"][1]["values"]["unit"]) == ("read", 1, "南沟采矿厂")
    assert Worker.objects.count() == before


def test_too_many_leavers_write_nothing_without_the_second_confirmation(run, world: World):
    everybody = [person(n, f"{surname}石松") for n, surname in enumerate("段汪黎赵钱孙李周吴郑", 1)]
    run("workers", workbook(HEADER, *everybody))
    few = workbook(HEADER, person(1, "段石松", 岗位="班长"), *everybody[1:4])
    assert run("workers", few)["outcome"] == "needs_second_confirmation"
    assert Worker.objects.get(employee_no="N00001").post == "电铲司机"
    run("workers", few, "--second-confirmation", "--leavers")
    assert Worker.objects.get(employee_no="N00001").post == "班长"
    assert Worker.objects.filter(is_active=False, employee_no__startswith="N").count() == 6


@pytest.mark.django_db
def test_a_refused_file_ends_with_one_sentence(run):
    with pytest.raises(CommandError, match=r"^文件是空的（0 字节），请重新导出后再上传。$"):
        run("workers", b"")
