"""What comes out of the printer: LibreOffice makes the PDF, poppler reads it back."""

import re
import subprocess
from datetime import date

import pytest

from lib.xlsx import Chart, Column, Kind, Sheet, Total, write_workbook

pytestmark = pytest.mark.render

MILLIMETRE = 72 / 25.4
COLUMNS = [
    Column("number", "编号", 14, Kind.CODE),
    Column("on", "登记日期", 11, Kind.DATE),
    Column("unit", "单位", 14),
    Column("text", "问题内容", 36),
    Column("opinions", "合并件数", 9, Kind.NUMBER, total=Total.SUM),
    Column("department", "责任部门", 14),
    Column("state", "办理情况", 26),
]


def a_row(n):
    text = f"起{n:03}" + "夜班食堂饭菜凉，希望延长热餐时间。" * (1 + n % 5) + f"止{n:03}"
    return {
        "number": f"KY-{n:03}",
        "on": date(2016, 8, 1),
        "unit": "机修厂一车间",
        "text": text,
        "opinions": 1,
        "department": "后勤服务中心",
        "state": "已增加保温台两台。" * (n % 3),
    }


def as_pdf(folder, *sheets):
    source = folder / "台账.xlsx"
    write_workbook(source, sheets)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return folder / "台账.pdf"


def words_of(pdf):
    """Each page's size and words with their boxes, in points."""
    boxes = subprocess.run(["pdftotext", "-bbox", str(pdf), "-"], check=True, capture_output=True, text=True).stdout
    pages = []
    for width, height, body in re.findall(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', boxes, re.DOTALL):
        found = re.findall(r'xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)<', body)
        pages.append(((float(width), float(height)), [(*map(float, box), word) for *box, word in found]))
    return pages


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    sheet = Sheet(
        "2016年8月职工诉求办理台账",
        COLUMNS,
        [a_row(n) for n in range(1, 41)],
        unit="矿业公司工会",
        period="2016年8月",
        filled_on=date(2016, 9, 1),
    )
    return words_of(as_pdf(tmp_path_factory.mktemp("render"), sheet))


def squeezed(words):
    return "".join(word for *_box, word in words)


def line_of(words, wanted):
    """What stands beside a word, from left to right."""
    _left, top, _right, bottom, _word = next(box for box in words if wanted in box[-1])
    beside = [box for box in words if box[1] < (top + bottom) / 2 < box[3]]
    return [word for *_box, word in sorted(beside)]


def test_every_page_is_a4_landscape(pages):
    assert len(pages) >= 3
    for (width, height), _words in pages:
        assert (round(width / MILLIMETRE), round(height / MILLIMETRE)) == (297, 210)


def test_every_page_repeats_the_head_and_counts_itself(pages):
    for number, (_size, words) in enumerate(pages, start=1):
        text = squeezed(words)
        assert all(column.title in text for column in COLUMNS)
        assert f"第{number}页共{len(pages)}页" in text


def test_title_and_signatures_stand_once(pages):
    texts = [squeezed(words) for _size, words in pages]
    assert ["2016年8月职工诉求办理台账" in text for text in texts] == [True] + [False] * (len(pages) - 1)
    assert ["单位负责人：" in text for text in texts] == [False] * (len(pages) - 1) + [True]
    assert line_of(pages[-1][1], "合计") == ["合计", "40"]


def test_nothing_is_cut(pages):
    everything = "".join(squeezed(words) for _size, words in pages)
    for n in range(1, 41):
        assert f"起{n:03}" in everything
        assert re.search(r"\s*".join(f"止{n:03}"), everything)
    assert "###" not in everything


def test_nothing_stands_outside_the_margins(pages):
    for (width, height), words in pages:
        for left, top, right, bottom, _word in words:
            assert left >= 11 * MILLIMETRE
            assert right <= width - 11 * MILLIMETRE
            assert top >= 10 * MILLIMETRE
            assert bottom <= height - 5 * MILLIMETRE


def test_short_table_with_charts_fills_one_page(tmp_path):
    columns = [Column("group", "小组", 16), Column("n", "意见", 9, Kind.NUMBER, total=Total.SUM, band="本月")]
    rows = [{"group": f"第{n}组", "n": n} for n in range(1, 7)]
    charts = [Chart("各组意见", "group", ["n"])]
    pages = words_of(as_pdf(tmp_path, Sheet("统计表", columns, rows, charts=charts)))
    assert len(pages) == 1
    text = squeezed(pages[0][1])
    assert "各组意见" in text
    assert line_of(pages[0][1], "合计") == ["合计", "21"]
