"""The rows that were not taken, sent back as they came: they are judged as they were the first time."""

import io
from typing import Any

import pytest
from django.test import Client
from openpyxl import Workbook, load_workbook

from friends.imports import IMPORTERS
from friends.models import Worker
from lib.tabular.outcome import NEEDS_MAPPING, Outcome
from lib.tabular.preview import view
from lib.tabular.reading import read
from lib.tabular.returned import REASON_WIDTH, returned
from lib.tabular.roster import Choices
from lib.xlsx.measures import row_height
from tests.people import World

from .files import HEADER, person, saved, workbook
from .running import rows_of
from .test_admin_import import address, confirm, upload

UPPER = ["序号", "所在单位", None, "姓名", "性别", "出生年月", "岗位/工种", "联系方式", None, "是否入会"]
LOWER = [None, "厂矿", "车间", None, None, None, None, "手机号", "微信号", None]


def summary(*lines: list[Any]) -> bytes:
    """A roster as an office puts it together: two rows of titles, the unit in one cell over all of its rows."""
    book = Workbook()
    sheet = book.active
    for line in (UPPER, LOWER, *lines):
        sheet.append(line)
    sheet.merge_cells("B1:C1")
    sheet.merge_cells("H1:I1")
    for letter in "ADEFGJ":
        sheet.merge_cells(f"{letter}1:{letter}2")
    first = 3
    for row in range(4, len(lines) + 4):
        if row == len(lines) + 3 or sheet.cell(row, 2).value:
            sheet.merge_cells(start_row=first, end_row=row - 1, start_column=2, end_column=2)
            first = row
    return saved(book)


def line(number: int, name: str, unit: str | None = None, workshop: str = "采掘一车间", phone: Any = None) -> list[Any]:
    phone = f"154{number:08d}" if phone is None else phone
    return [number, unit, workshop, name, "男", "1985-03", "电铲司机", phone, f"wx{number}", "是"]


def judged(world: World, content: bytes, *, confirmed: bool = False, kind: str = "workers", **mapping: Any) -> tuple:
    importer = IMPORTERS[kind](scope=world.company, by=world.roster_admin)
    tables = importer.take(read(content), **mapping)
    outcome = importer.confirm(tables) if confirmed else importer.judge(tables)
    assert outcome.outcome != NEEDS_MAPPING, outcome.why
    return outcome, returned(outcome, tables, importer.columns())


def told(outcome: Outcome) -> list[tuple]:
    words = {"unit_filled_down", "formula_cached"}
    return [
        (row.status, row.values["name"], row.values["unit"], row.values["workshop"], set(row.why) - words)
        for row in rows_of(outcome)
        if row.status in ("needs_choice", "error")
    ]


def cells(content: bytes) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in load_workbook(io.BytesIO(content)).worksheets[0].iter_rows()]


@pytest.fixture
def offices_file(world: World) -> bytes:
    return summary(
        line(1, "段石松", "南沟采矿厂"),
        line(2, "汪翠屏", phone="1540000"),
        line(3, "黎铁锁", "球团厂", "造球车间"),
        line(4, "赵大勇", workshop="造球车间", phone=15400000000),
        line(5, "魏豹柏", "南沟采矿场"),
        line(6, "孙铁柱", workshop="同上"),
        line(7, "钱小军", workshop="没有的车间"),
    )


def test_returned_rows_carry_the_unit_of_the_merged_cell(world: World, offices_file: bytes):
    head, *rows = cells(judged(world, offices_file, confirmed=True)[1])
    assert head[1:4] == ["所在单位/厂矿", "车间", "姓名"]
    units = {row[3]: row[1] for row in rows}
    assert (units["汪翠屏"], units["赵大勇"]) == ("南沟采矿厂", "球团厂")
    assert units["魏豹柏"] == units["孙铁柱"] == units["钱小军"] == "南沟采矿场"


def test_returned_file_sent_back_unchanged_is_judged_the_same(world: World, offices_file: bytes):
    first, back = judged(world, offices_file, confirmed=True)
    assert set(Worker.objects.filter(post="电铲司机").values_list("name", flat=True)) == {"段石松", "黎铁锁"}
    second, again = judged(world, back)
    assert told(second) == told(first)
    third, _content = judged(world, again)
    assert told(third) == told(first)
    assert cells(again)[0] == cells(back)[0]
    assert [row[:-1] for row in cells(again)[1:]] == [row[:-1] for row in cells(back)[1:]]


def test_returned_same_as_above_does_not_take_another_unit(world: World):
    rows = [
        person(1, "段石松"),
        person(2, "汪翠屏", unit="同上", 手机号码="1540000"),
        person(3, "黎铁锁", unit="球团厂", workshop="造球车间", 手机号码="1540000"),
        person(4, "赵大勇", unit="炼铁厂"),
        person(5, "魏豹柏", unit="同上"),
    ]
    first, back = judged(world, workbook(HEADER, *rows), confirmed=True)
    assert cells(back)[1][4] == "南沟采矿厂"
    second, _again = judged(world, back)
    assert [found[:4] for found in told(second)] == [found[:4] for found in told(first)]


def test_returned_row_that_was_hidden_stays_a_question(world: World):
    book = load_workbook(io.BytesIO(workbook(HEADER, person(1, "段石松"), person(2, "汪翠屏"))))
    book.active.row_dimensions[3].hidden = True
    first, back = judged(world, saved(book), confirmed=True)
    assert [row.why for row in first.returned()] == [["hidden_row"]]
    second, _again = judged(world, back)
    assert told(second) == told(first)


def test_returned_number_without_its_last_digits_stays_an_error(world: World):
    lost = person(1, "段石松", 手机号码=15400000000)
    first, back = judged(world, workbook(HEADER, lost), confirmed=True)
    assert told(first)[0][0] == "error"
    assert told(judged(world, back)[0]) == told(first)


def test_formula_without_a_result_goes_back_as_the_empty_cell_it_showed(world: World):
    rows = [person(1, "段石松", 手机号码="=1+"), person(2, "=1+"), person(3, "汪翠屏", 手机号码="#REF!")]
    first, back = judged(world, workbook(HEADER, *rows))
    assert [row.why for row in rows_of(first)] == [
        ["formula_without_value"], ["formula_without_value"], ["cell_error"],
    ]  # fmt: skip
    told_back = [(row[1], row[8]) for row in cells(back)[1:]]
    assert told_back == [("段石松", None), (None, "15400000002"), ("汪翠屏", "#REF!")]
    second, _again = judged(world, back)
    assert [row.why for row in rows_of(second)] == [["new", "phone_missing"], ["name_missing"], ["cell_error"]]


def test_returned_rows_print_on_a4_with_the_whole_reason(world: World):
    rows = [person(1, "段石松", unit="没有的厂", 手机号码="1.54E+10"), person(2, "汪翠屏", 性别="?")]
    _outcome, back = judged(world, workbook(HEADER, *rows))
    sheet = load_workbook(io.BytesIO(back)).worksheets[0]
    page = sheet.page_setup
    assert (page.orientation, int(page.paperSize), sheet.print_title_rows) == ("landscape", 9, "$1:$1")
    assert (page.fitToWidth or 1, page.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage) == (1, 0, True)
    reasons = {row[1].value: (row[-1].value, sheet.row_dimensions[row[0].row].height) for row in sheet.iter_rows(2)}
    assert reasons["段石松"][1] == row_height([(reasons["段石松"][0], REASON_WIDTH)])[0]
    # Of a long reason two or more lines, of a short one a line.
    assert reasons["段石松"][1] > 30 > reasons["汪翠屏"][1]


def test_returned_columns_are_as_wide_as_what_stands_in_them(world: World):
    _outcome, back = judged(world, workbook(HEADER, person(1, "段石松", 手机号码="1540000", 岗位="岗" * 40)))
    sheet = load_workbook(io.BytesIO(back)).worksheets[0]
    widths = {cell.value: round(sheet.column_dimensions[cell.column_letter].width) for cell in sheet[1]}
    assert widths["性别"] < widths["姓名"] < widths["单位"] < widths["岗位"] < widths["退回原因"]
    # Eighty columns of text in a cell of twenty-four: four lines.
    assert sheet.row_dimensions[2].height > 60


def test_preview_shows_the_unit_of_the_merged_cell_and_of_same_as_above(world: World, offices_file: bytes):
    importer = IMPORTERS["workers"](scope=world.company, by=world.roster_admin)
    tables = importer.take(read(offices_file))
    outcome = importer.judge(tables)
    shown = {row["row"]: dict(row["cells"]) for row in view(importer, tables, outcome, Choices())["rows"]}
    units = {found["姓名"]: found["所在单位/厂矿"] for found in shown.values()}
    assert units["汪翠屏"] == "南沟采矿厂"
    assert units["钱小军"] == units["孙铁柱"] == "南沟采矿场"
    # What is told of the file itself stays as it stood.
    assert not any("所在单位/厂矿" in row.raw for row in outcome.returned() if row.values["name"] == "钱小军")
    same = [person(1, "段石松"), person(2, "汪翠屏", unit="同上", 手机号码="1540000")]
    tables = importer.take(read(workbook(HEADER, *same)))
    (found,) = view(importer, tables, importer.judge(tables), Choices())["rows"]
    assert dict(found["cells"])["单位"] == "南沟采矿厂"


def test_returned_titles_told_by_hand_are_read_without_asking(world: World):
    header = ["何人" if title == "姓名" else title for title in HEADER] + ["姓名"]
    rows = [[*person(1, "段石松", 手机号码="1540000"), "老段"]]
    first, back = judged(world, workbook(header, *rows), mapping={1: "name", len(HEADER): "-"})
    assert told(judged(world, back)[0]) == told(first)
    assert cells(back)[0][-2:] == ["未读取：姓名", "退回原因"]


def test_reason_of_the_return_is_not_taken_for_a_column(world: World):
    header = ["工号", "姓名", "联络员", "建立日期", "结束日期", "原因"]
    _outcome, back = judged(
        world, workbook(header, ["N9", "无此人", "无此干部", "2016-01-01", "", ""]), kind="friendships"
    )
    outcome, again = judged(world, back, kind="friendships")
    assert "reason_unknown" not in rows_of(outcome)[0].why
    assert cells(again)[0] == [*header, "退回原因"]


def test_column_question_marks_the_two_and_keeps_what_was_recognised(roster_admin: Client):
    header = [*HEADER, "厂矿"]
    page = upload(roster_admin, workbook(header, [*person(1, "段石松"), "南沟采矿厂"]))
    form = page.context["form"]
    assert set(form.errors) == {"file", "map-4", "map-10"}
    assert "K 厂矿" in str(form.errors["map-4"])
    assert "E 单位" in str(form.errors["map-10"])
    shown = {name: form[name].value() for name in form.fields if name.startswith("map-")}
    assert (shown["map-0"], shown["map-1"], shown["map-8"]) == ("employee_no", "name", "phone")
    assert not shown["map-4"] and not shown["map-10"]
    chosen = {name: value or "" for name, value in shown.items()} | {"map-4": "unit", "map-10": "-"}
    done = confirm(roster_admin, upload(roster_admin, workbook(header, [*person(1, "段石松"), "南沟采矿厂"]), **chosen))
    assert address(done)
    assert Worker.objects.get(employee_no="N00001").name == "段石松"
