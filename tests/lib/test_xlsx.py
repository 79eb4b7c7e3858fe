import re
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest

from lib.formats import Rate
from lib.xlsx import Chart, Column, Explanation, Group, Kind, Shape, Sheet, Total, write_flat, write_workbook
from lib.xlsx.cells import CUT_MARK, LONGEST_CELL, clean_cell

COLUMNS = [
    Column("unit", "单位", 14),
    Column("phone", "联系方式", 13, Kind.CODE),
    Column("on", "日期", 11, Kind.DATE),
    Column("text", "问题内容", 36),
    Column("answered", "已回复", 9, Kind.NUMBER, total=Total.SUM),
    Column("due", "应回复", 9, Kind.NUMBER, total=Total.SUM),
    Column("rate", "回复率", 9, Kind.RATE, parts=("answered", "due")),
    Column("people", "联系人数", 9, Kind.NUMBER, total=Total.GIVEN),
]


def a_row(**values):
    return {
        "unit": "机修厂",
        "phone": "01388",
        "on": date(2016, 8, 31),
        "text": "饭凉",
        "answered": 3,
        "due": 4,
        "people": 5,
    } | values


def written(*sheets, **options):
    target = BytesIO()
    write_workbook(target, sheets, **options)
    target.seek(0)
    return target


def opened(*sheets, data_only=False):
    return openpyxl.load_workbook(written(*sheets), data_only=data_only)


def a_sheet(**values):
    return Sheet("2016年8月职工诉求办理台账", COLUMNS, **({"rows": [a_row()]} | values))


def test_sheet_has_the_office_form():
    sheet = opened(a_sheet(unit="矿业公司工会", period="2016年8月", filled_on=date(2016, 9, 1), name="台账"))["台账"]
    assert sheet["A1"].value == "2016年8月职工诉求办理台账"
    assert (sheet["A1"].font.name, sheet["A1"].font.size, sheet.row_dimensions[1].height) == ("方正小标宋简体", 20, 36)
    assert [cell.value for cell in sheet[2] if cell.value] == [
        "填报单位：矿业公司工会",
        "统计期间：2016年8月",
        "填报日期：2016年9月1日",
    ]
    assert (sheet["A2"].font.size, sheet["A2"].border.left.style) == (12, None)
    assert [cell.value for cell in sheet[3]] == ["序号", *(column.title for column in COLUMNS)]
    head = sheet["B3"]
    assert (head.font.name, head.font.size, head.alignment.wrap_text, head.border.left.style) == (
        "黑体",
        11,
        True,
        "thin",
    )
    assert [cell.value for cell in sheet[6] if cell.value] == ["填报人：", "审核人：", "单位负责人："]


def test_sheet_prints_on_a4_without_adjusting():
    sheet = opened(a_sheet()).worksheets[0]
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) in [(1, 0), (None, 0)]
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.print_area == f"'{sheet.title}'!$A$1:$I$6"
    margins = sheet.page_margins
    assert max(margins.left, margins.right, margins.top, margins.bottom) <= 15 / 25.4
    assert sheet.oddFooter.center.text == "第 &P 页 共 &N 页"
    assert sheet.freeze_panes == "D4"
    assert sheet.auto_filter.ref == "A3:I4"


def test_cells_keep_their_kind():
    sheet = opened(
        a_sheet(rows=[a_row(text="=1+1"), a_row(text="@SUM", phone=10**18), a_row(text="http://a.b")])
    ).worksheets[0]
    assert [(sheet[f"E{row}"].value, sheet[f"E{row}"].data_type) for row in (4, 5, 6)] == [
        ("=1+1", "s"),
        ("@SUM", "s"),
        ("http://a.b", "s"),
    ]
    assert sheet["E4"].quotePrefix
    assert sheet["E6"].hyperlink is None
    assert (sheet["C4"].value, sheet["C5"].value) == ("01388", str(10**18))
    assert sheet["D4"].value == datetime(2016, 8, 31)  # noqa: DTZ001
    assert (sheet["F4"].value, sheet["F4"].alignment.horizontal) == (3, "right")
    assert [sheet[f"A{row}"].value for row in (4, 5, 6)] == [1, 2, 3]


def test_nothing_is_a_dash_or_empty_and_never_zero():
    rows = [a_row(text=None, on=None, people=None, answered=Decimal("NaN"), due=0)]
    sheet = opened(a_sheet(rows=rows), data_only=True).worksheets[0]
    assert [sheet[f"{letter}4"].value for letter in "DEFGHI"] == [None, None, "--", 0, "--", "--"]


def test_totals_are_formulas_with_their_values():
    rows = [a_row(), a_row(answered=1, due=6)]
    formulas = opened(a_sheet(rows=rows, totals={"people": 7})).worksheets[0]
    assert formulas["A6"].value == "合计"
    assert [formulas[f"{letter}6"].value for letter in "FGHI"] == [
        "=SUM(F4:F5)",
        "=SUM(G4:G5)",
        '=IF(N(G6)=0,"--",N(F6)/G6)',
        7,
    ]
    values = opened(a_sheet(rows=rows, totals={"people": 7}), data_only=True).worksheets[0]
    assert [values[f"{letter}6"].value for letter in "FGHI"] == [4, 10, 0.4, 7]
    assert values["H4"].value == 0.75


def test_groups_have_subtotals_that_the_total_does_not_count_twice():
    groups = [Group("机修厂", [a_row(), a_row()], {"people": 6}), Group("炼铁厂", [a_row()], {"people": 5})]
    sheet = opened(a_sheet(rows=(), groups=groups, totals={"people": 9})).worksheets[0]
    assert [sheet[f"A{row}"].value for row in range(4, 10)] == [1, 2, "机修厂小计", 3, "炼铁厂小计", "合计"]
    assert [sheet[f"F{row}"].value for row in (6, 8, 9)] == [
        "=SUBTOTAL(9,F4:F5)",
        "=SUBTOTAL(9,F7:F7)",
        "=SUBTOTAL(9,F4:F8)",
    ]
    assert [sheet[f"I{row}"].value for row in (6, 8, 9)] == [6, 5, 9]
    values = opened(a_sheet(rows=(), groups=groups, totals={"people": 9}), data_only=True).worksheets[0]
    assert [values[f"F{row}"].value for row in (6, 8, 9)] == [6, 3, 9]


def test_empty_sheet_says_so_and_has_no_totals():
    sheet = opened(a_sheet(rows=())).worksheets[0]
    assert sheet["A4"].value == "（本期无记录）"
    assert sheet["A5"].value == "填报人："
    assert sheet.auto_filter.ref is None


def test_bands_stand_over_their_columns():
    columns = [
        Column("unit", "单位", 14),
        Column("a", "意见", 9, Kind.NUMBER, band="本月"),
        Column("b", "问题", 9, Kind.NUMBER, band="本月"),
        Column("c", "意见", 9, Kind.NUMBER, band="累计"),
    ]
    sheet = opened(Sheet("统计表", columns, [{"unit": "厂", "a": 1, "b": 2, "c": 3}])).worksheets[0]
    assert {str(merged) for merged in sheet.merged_cells.ranges} >= {"A3:A4", "B3:B4", "C3:D3"}
    assert [sheet[cell].value for cell in ("B3", "C3", "E3", "C4", "D4", "E4")] == [
        "单位",
        "本月",
        "累计",
        "意见",
        "问题",
        "意见",
    ]
    assert sheet.print_title_rows == "$3:$4"
    assert sheet.auto_filter.ref == "A4:E5"


def test_rate_without_parts_shows_its_fraction():
    columns = [Column("rate", "满意率", 16, Kind.RATE)]
    sheet = opened(Sheet("表", columns, [{"rate": Rate(3, 4)}, {"rate": Rate(0, 0)}])).worksheets[0]
    assert [sheet["B4"].value, sheet["B5"].value] == ["75.0%（3/4）", "--"]


def test_long_text_makes_the_row_high_then_the_letters_small_then_a_note():
    texts = ["短", "饭" * 60, "饭" * 700, "饭" * 5000]
    sheet = opened(a_sheet(rows=[a_row(text=text) for text in texts])).worksheets[0]
    heights = [sheet.row_dimensions[row].height for row in range(4, 8)]
    assert heights[0] < heights[1] < heights[2] <= heights[3]
    assert heights[3] > 408
    sizes = [sheet[f"E{row}"].font.size for row in range(4, 8)]
    assert sizes[0] == sizes[1] == 10.5
    assert sizes[2] > sizes[3]
    notes = [cell.value for row in sheet.iter_rows(min_row=8) for cell in row if cell.value]
    assert any("序号 4 " in str(note) and "全文见电子表格" in str(note) for note in notes)


def test_charts_are_native_and_refer_to_the_cells():
    charts = [Chart("回复", "unit", ["answered", "due"]), Chart("人数", "unit", ["people"], Shape.PIE)]
    book = zipfile.ZipFile(written(a_sheet(name="台账", rows=[a_row(), a_row()], charts=charts)))
    drawn = book.read("xl/charts/chart1.xml").decode()
    assert "$F$4:$F$5" in drawn
    assert "$B$4:$B$5" in drawn
    assert "xl/charts/chart2.xml" in book.namelist()


def test_chart_draws_the_group_it_names():
    groups = [Group("甲", [a_row(), a_row()]), Group("乙", [a_row(), a_row()])]
    sheet = a_sheet(rows=(), groups=groups, charts=[Chart("乙", "unit", ["due"], group=1)])
    drawn = zipfile.ZipFile(written(sheet)).read("xl/charts/chart1.xml").decode()
    # Rows 4 and 5 are the first group, 6 its subtotal.
    assert "$B$7:$B$8" in drawn


def test_row_of_the_charts_is_as_high_as_they_are():
    sheet = opened(a_sheet(charts=[Chart("回复", "unit", ["answered", "due"])])).worksheets[0]
    (chart,) = sheet._charts
    assert sheet.row_dimensions[chart.anchor._from.row + 1].height > 160


def drawn_axes(rows, keys=("answered", "due"), shape=Shape.COLUMN):
    sheet = a_sheet(rows=rows, charts=[Chart("图", "unit", keys, shape)])
    drawn = zipfile.ZipFile(written(sheet)).read("xl/charts/chart1.xml").decode()
    return re.search(r"<c:valAx>.*</c:valAx>", drawn)[0]


@pytest.mark.parametrize(
    ("answered", "due", "shape", "unit"),
    [
        (2, 3, Shape.COLUMN, "1"),
        (2, 3, Shape.BAR, "1"),
        (None, 3, Shape.LINE, "1"),
        (2, 3, Shape.STACKED, "1"),
        (2, 4, Shape.STACKED, "2"),
        (2, 10, Shape.COLUMN, "2"),
        (2, 11, Shape.COLUMN, None),
        (5, 6, Shape.STACKED, None),
    ],
)
def test_chart_of_counts_goes_up_by_whole_numbers(answered, due, shape, unit):
    axis = drawn_axes([a_row(answered=1, due=1), a_row(answered=answered, due=due)], shape=shape)
    assert 'formatCode="#,##0" sourceLinked="0"' in axis
    assert re.findall(r'<c:majorUnit val="(\d+)"', axis) == ([unit] if unit else [])


def test_chart_of_rates_keeps_its_axis():
    axis = drawn_axes([a_row()], keys=["rate"])
    assert "majorUnit" not in axis and 'sourceLinked="1"' in axis


def test_sheet_without_a_total_label_has_subtotals_alone():
    groups = [Group("按单位", [a_row()]), Group("按小组", [a_row()])]
    sheet = opened(a_sheet(rows=(), groups=groups, total_label=""))
    labels = [row[0].value for row in sheet.worksheets[0].iter_rows() if isinstance(row[0].value, str)]
    assert [label for label in labels if label.endswith("计")] == ["按单位小计", "按小组小计"]


@pytest.mark.parametrize("shape", Shape)
def test_every_shape_of_chart_is_written(shape):
    chart = Chart("回复", "unit", ["answered", "due"], shape)
    assert len(opened(a_sheet(charts=[chart])).worksheets[0]._charts) == 1


@pytest.mark.parametrize(
    "broken",
    [
        {"columns": []},
        {"columns": [COLUMNS[0], COLUMNS[0]]},
        {"columns": [COLUMNS[6]]},
        {"groups": [Group("厂", [a_row()])]},
        {"rows": (), "groups": [Group("厂", [])], "charts": [Chart("图", "unit", ["due"])]},
    ],
)
def test_sheet_that_makes_no_sense_is_refused(broken):
    with pytest.raises(ValueError, match=r".+"):
        Sheet("表", **({"columns": COLUMNS, "rows": [a_row()]} | broken))


def test_explanation_tells_who_when_what_and_whether_masked():
    explanation = Explanation(
        made_by="李红",
        made_at=datetime(2016, 9, 1, 1, 30, tzinfo=UTC),
        is_masked=True,
        definitions=[("回复率", "已答复的件数 ÷ 应答复的件数")],
        filters=["单位：机修厂", "月份：2016年8月"],
    )
    sheet = opened(a_sheet(), explanation)["填表说明"]
    lines = {row[0].value: row[1].value for row in sheet.iter_rows(min_row=3)}
    assert lines == {
        "回复率": "已答复的件数 ÷ 应答复的件数",
        "筛选条件": "单位：机修厂；月份：2016年8月",
        "导出人": "李红",
        "导出时间": "2016-09-01 09:30",
        "已脱敏": "是",
    }


def test_two_sheets_of_one_name_get_two_tabs():
    book = opened(a_sheet(name="一/二"), a_sheet(name="一二"))
    assert book.sheetnames == ["一二", "一二(2)"]


def test_workbook_on_a_path_is_whole_or_absent(tmp_path):
    target = tmp_path / "台账.xlsx"
    assert write_workbook(target, [a_sheet(rows=[a_row(), a_row()])], made_by="李红") == 2
    assert openpyxl.load_workbook(target).properties.creator == "李红"
    broken = a_sheet(rows=[a_row(), None])
    with pytest.raises(AttributeError):
        write_workbook(tmp_path / "坏.xlsx", [broken])
    assert [path.name for path in tmp_path.iterdir()] == ["台账.xlsx"]


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("a\x00b\x0bc\ufffe\ud83d", "abc"),
        ("一\r\n二\r三", "一\n二\n三"),
        ("𠮷👨\u200d👩", "𠮷👨\u200d👩"),
        ("_x0041_", "_x0041_"),
    ],
)
def test_clean_cell_removes_what_xml_cannot_hold_and_nothing_else(text, cell):
    assert clean_cell(text) == cell


@pytest.mark.parametrize("character", ["字", "😀"])
def test_clean_cell_cuts_with_a_mark_where_excel_ends(character):
    longest = LONGEST_CELL // (len(character.encode("utf-16-le")) // 2)
    assert clean_cell(character * longest) == character * longest
    cut = clean_cell(character * 40_000)
    assert cut.endswith(CUT_MARK)
    assert len(cut.encode("utf-16-le")) // 2 in {LONGEST_CELL, LONGEST_CELL - 1}


def test_odd_characters_come_back_from_the_file():
    odd = "\x07坏\x00字𠮷😀<&>\"'\n二"
    rows = [[odd]]
    sheet = openpyxl.load_workbook(flat(rows, heads=["内容"], widths=[30])).worksheets[0]
    assert sheet["B2"].value == "坏字𠮷😀<&>\"'\n二"


def flat(rows, *, heads=("日期", "内容"), widths=(11, 30), **options):
    target = BytesIO()
    write_flat(target, title="意见建议", heads=heads, widths=widths, rows=rows, **options)
    target.seek(0)
    return target


def test_flat_list_is_numbered_typed_and_framed():
    seen = []
    rows = iter([["2016-08-31", "=cmd|' /C calc'!A0"], [date(2016, 8, 31), 12]])
    book = openpyxl.load_workbook(flat(rows, notes=["导出人：李红", "已脱敏"], progress=seen.append))
    sheet = book["意见建议"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows(max_row=2)] == [
        ["序号", "日期", "内容"],
        [1, "2016-08-31", "=cmd|' /C calc'!A0"],
    ]
    assert (sheet["C2"].data_type, sheet["C2"].quotePrefix) == ("s", True)
    assert [cell.value for cell in sheet[3]] == [2, datetime(2016, 8, 31), 12]  # noqa: DTZ001
    assert (sheet.print_title_rows, sheet.freeze_panes, sheet.auto_filter.ref) == ("$1:$1", "C2", "A1:C3")
    assert [[cell.value for cell in row] for row in book["填表说明"].iter_rows(min_row=3)] == [
        ["导出人", "李红"],
        ["说明", "已脱敏"],
    ]
    assert seen == [1, 2]


def test_flat_list_goes_on_on_a_second_sheet():
    book = openpyxl.load_workbook(flat([["a", str(n)] for n in range(5)], most_rows=2))
    assert book.sheetnames == ["意见建议", "意见建议(2)", "意见建议(3)"]
    assert [cell.value for cell in book["意见建议(3)"][2]] == [5, "a", "4"]


def test_flat_list_without_rows_has_its_head():
    sheet = openpyxl.load_workbook(flat([])).worksheets[0]
    assert [cell.value for cell in sheet[1]] == ["序号", "日期", "内容"]
