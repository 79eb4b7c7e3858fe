"""The monthly workbook: what stands in its sheets, the published figures, and what LibreOffice makes of it."""

import csv
import datetime as dt
import io
import re
import subprocess
import tempfile
from functools import cached_property
from pathlib import Path

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.test import TestCase
from django.utils import timezone

from issues.enums import Outcome
from issues.models import Issue, Merge
from liaison.figure_scope import FigureScope
from lib.formats import mask_name, mask_phone
from lib.periods import month
from organization.models import Unit, UnitFormerName
from reports import services
from reports.figures import figures
from reports.models import Rollup
from reports.monthly import settled_report
from reports.workbook import write_monthly_workbook
from tests import factories
from tests.people import build_world

AUGUST = month(2016, 8)
MILLIMETRE = 72 / 25.4
TABS = ["闭环统计", "联系情况", "诉求台账", "填表说明"]


class Book:
    """A workbook as a reader finds it: lines of cells by the words that begin them."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @cached_property
    def formulas(self):
        return openpyxl.load_workbook(self.path)

    @cached_property
    def values(self):
        return openpyxl.load_workbook(self.path, data_only=True)

    def lines(self, tab: str, *, formulas: bool = False) -> list[list]:
        sheet = (self.formulas if formulas else self.values)[tab]
        return [[cell.value for cell in row] for row in sheet.iter_rows()]

    def line(self, tab: str, label: str, **options) -> list:
        (found,) = [line for line in self.lines(tab, **options) if line[0] == label]
        return found

    def column(self, tab: str, title: str) -> int:
        """By its title, in the one or two lines of heads."""
        heads = next(n for n, line in enumerate(self.lines(tab)) if line[0] == "序号")
        for line in self.lines(tab)[heads : heads + 2]:
            if title in line:
                return line.index(title)
        raise AssertionError(f"no column {title}")

    def text(self) -> str:
        return "\n".join(str(cell) for tab in TABS for line in self.lines(tab) for cell in line if cell is not None)


def book_of(scope: FigureScope, period=AUGUST) -> Book:
    path = Path(tempfile.mkdtemp()) / "月报.xlsx"
    write_monthly_workbook(path, settled_report(scope, period), made_by="陶文静")
    return Book(path)


@pytest.mark.once
class TestWorkbookOfTheDemo(TestCase):
    """Loaded once for all tests of the class, which is what TestCase does and a fixture cannot."""

    @classmethod
    def setUpTestData(cls):
        call_command("load_demo", "shougang", stdout=io.StringIO())
        cls.company = Unit.objects.get(code="SGKY")
        cls.book = book_of(FigureScope(cls.company))

    def test_workbook_has_four_sheets_in_office_form(self):
        assert self.book.values.sheetnames == TABS
        for tab in TABS[:3]:
            sheet = self.book.values[tab]
            assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
            # One page wide, which is what the file leaves out, and any number high.
            assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (None, 0)
            assert sheet.sheet_properties.pageSetUpPr.fitToPage
            assert sheet.print_title_rows
            assert sheet.print_area
        assert self.book.values["闭环统计"]["A1"].value == "2016年8月职工诉求闭环办理统计表"
        assert self.book.values["闭环统计"]["A2"].value == "填报单位：首钢矿业公司"
        assert len(self.book.formulas["闭环统计"]._charts) == 2
        assert len(self.book.formulas["联系情况"]._charts) == 2

    def test_closed_loop_totals_are_the_published_figures_by_unit_and_by_group(self):
        published = {
            "征集意见建议": 213,
            "汇总合并问题": 92,
            "彻底解决": 26,
            "部分解决": 14,
            "正在解决": 8,
            "解释答复": 44,
            "部分和正在解决": 22,
            "解决和正在解决": 48,
        }
        for label in ("本年累计各单位小计", "本年累计各小组小计"):
            line = self.book.line("闭环统计", label)
            assert {title: line[self.book.column("闭环统计", title)] for title in published} == published
        assert (
            "征集意见建议 213 条，汇总合并为 92 项，其中彻底解决 26 项，部分解决和正在解决 22 项，解释答复 44 项"
            in self.book.text()
        )

    def test_every_total_is_the_figure_that_the_statistics_give(self):
        keys = {
            "征集意见建议": "opinions",
            "汇总合并问题": "issues",
            "彻底解决": "solved",
            "部分解决": "partly_solved",
            "正在解决": "in_hand",
            "解释答复": "explained",
            "已销号": "struck_off",
        }
        rates = {
            ("已答复", "应答复"): "response_rate",
            ("已办结", "应办结"): "closure_rate",
            ("按时办结", "应办结"): "on_time_closure_rate",
            ("已反馈", "应反馈"): "feedback_rate",
            ("满意", "已评价"): "satisfaction_rate",
        }
        for words, period in (("本月", AUGUST), ("本年累计", AUGUST.year_to_date())):
            line = self.book.line("闭环统计", f"{words}各单位小计")
            found = figures(FigureScope(self.company), period)
            for title, key in keys.items():
                assert line[self.book.column("闭环统计", title)] == found[key], (words, key)
            for titles, key in rates.items():
                n, of = (line[self.book.column("闭环统计", title)] for title in titles)
                assert (n, of) == (found[key].n, found[key].of), (words, key)

    def test_contact_totals_are_the_figure_that_the_statistics_give(self):
        keys = {
            "在册朋友": "standing_friends",
            "联系次数": "contacts",
            "联系人次": "person_contacts",
            "联系人数": "people_reached",
            "未联系": "silent_friends",
            "面对面天数": "frontline_days",
        }
        scopes = [("各小组小计", FigureScope(self.company))]
        scopes += [
            (f"{group.name}小计", FigureScope(self.company, group)) for group in self.company.liaison_groups.all()
        ]
        for label, scope in scopes:
            line, found = self.book.line("联系情况", label), figures(scope, AUGUST)
            assert {key: line[self.book.column("联系情况", title)] or 0 for title, key in keys.items()} == {
                key: found[key] for key in keys.values()
            }, label

    def test_charts_of_contacts_are_never_alone_under_repeated_heads(self):
        """They follow the lines that they draw; the lines of the cadres come after them."""
        lines = self.book.lines("联系情况")
        below = next(n for n, line in enumerate(lines) if line[0] == "各小组小计") + 1
        charts = self.book.formulas["联系情况"]._charts
        assert {chart.anchor._from.row for chart in charts} == {below}
        assert not any(lines[below])
        assert isinstance(lines[below + 1][0], int)

    def test_issues_struck_off_are_not_under_the_published_figures(self):
        heads = next(n for n, line in enumerate(self.book.lines("闭环统计")) if line[0] == "序号")
        bands = self.book.lines("闭环统计")[heads]
        assert bands[self.book.column("闭环统计", "解决和正在解决") - 1] == "公布口径"
        assert bands[self.book.column("闭环统计", "已销号")] == "销号"

    def test_totals_and_rates_are_formulas(self):
        for tab in ("闭环统计", "联系情况"):
            totals = [line for line in self.book.lines(tab, formulas=True) if str(line[0]).endswith("小计")]
            assert totals
            for line in totals:
                assert any(str(cell).startswith("=SUBTOTAL(9,") for cell in line)
                assert any(str(cell).startswith("=IF(N(") for cell in line)

    def test_ledger_has_a_line_per_issue_and_no_name_or_phone(self):
        lines = [line for line in self.book.lines("诉求台账") if isinstance(line[0], int)]
        numbers = {line[1] for line in lines}
        assert numbers == set(Issue.objects.filter(registered_on__lt=AUGUST.end).values_list("number", flat=True))
        assert len(lines) == 92
        text = self.book.text()
        assert not re.search(r"(?<!\d)1\d{10}(?!\d)", text)
        for issue in Issue.objects.filter(registered_on__lt=AUGUST.end):
            for opinion in issue.opinions().exclude(worker=None).select_related("worker"):
                assert opinion.worker.name not in text

    def test_ledger_has_the_columns_of_the_office(self):
        heads = next(line for line in self.book.lines("诉求台账") if line[0] == "序号")
        assert " ".join(heads) == (
            "序号 编号 登记日期 来源 单位 反映人 联系方式 问题类别 问题内容 合并件数 责任部门 协办部门 交办日期 "
            "办理时限 办理情况 办结情况 答复日期 反馈日期 满意度 联络员 备注"
        )

    def test_definitions_and_filter_stand_on_the_last_sheet(self):
        lines = {line[0]: line[1] for line in self.book.lines("填表说明")}
        assert lines["办结率"] == "统计期内登记、截至当日应办结的问题中，已有办理结果的比例。"
        assert "统计月份：2016年8月；累计：2016年1—8月" in lines["筛选条件"]
        assert (lines["导出人"], lines["已脱敏"]) == ("陶文静", "是")

    def test_export_command_writes_the_file(self):
        folder = Path(tempfile.mkdtemp())
        out = io.StringIO()
        target = folder / "八月.xlsx"
        call_command("export", "monthly", "--unit", "SGKY", "--month", "2016-08", "--out", str(target), stdout=out)
        assert "rows of data" in out.getvalue()
        assert Book(target).line("闭环统计", "本年累计各单位小计") == self.book.line("闭环统计", "本年累计各单位小计")
        assert [path.name for path in folder.iterdir()] == ["八月.xlsx"]

    @pytest.mark.render
    def test_recalculated_by_libreoffice_the_totals_are_the_same(self):
        for number, tab in enumerate(TABS[:3], start=1):
            recalculated = as_csv(self.book.path, number)
            for line in self.book.lines(tab):
                if str(line[0]).endswith(("小计", "合计")):
                    (other,) = [row for row in recalculated if row[0] == line[0]]
                    assert [as_number(cell) for cell in other[: len(line)]] == [as_number(cell) for cell in line]

    @pytest.mark.render
    def test_printed_it_fits_a4_with_its_heads_and_nothing_cut(self):
        pages = printed(self.book.path)
        sizes = [(round(width / MILLIMETRE), round(height / MILLIMETRE)) for (width, height), _words in pages]
        # The definitions are a page to read, upright.
        assert set(sizes[:-1]) == {(297, 210)}
        assert sizes[-1] == (210, 297)
        texts = ["".join(word for *_box, word in words) for _size, words in pages]
        for number, text in enumerate(texts, start=1):
            assert f"第{number}页共{len(pages)}页" in text
            assert "序号" in text or "项目" in text
            assert "###" not in text
        for (width, height), words in pages:
            for left, top, right, bottom, word in words:
                assert left >= 11 * MILLIMETRE and right <= width - 11 * MILLIMETRE, word
                assert top >= 10 * MILLIMETRE and bottom <= height - 5 * MILLIMETRE, word
        everything = "".join(texts)
        for issue in Issue.objects.filter(registered_on__lt=AUGUST.end):
            assert issue.number.rpartition("-")[2] in everything


def soffice(path: Path, target: str) -> None:
    profile = f"-env:UserInstallation=file://{path.parent}/profile"
    command = ["soffice", profile, "--headless", "--convert-to", target, "--outdir", str(path.parent), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)


def as_csv(path: Path, number: int) -> list[list[str]]:
    """A sheet with its formulas calculated anew; the workbook goes through LibreOffice's own format first."""
    soffice(path, f"csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,{number}")
    (found,) = path.parent.glob(f"{path.stem}*{TABS[number - 1]}*.csv")
    return list(csv.reader(found.read_text(encoding="utf-8").splitlines()))


def as_number(cell) -> float | str:
    """As shown: 97.9% and 1,234 are numbers, nothing is nothing."""
    text = "" if cell is None else str(cell).strip().replace(",", "")
    if text.endswith("%"):
        return round(float(text[:-1]) / 100, 3)
    try:
        return round(float(text), 3)
    except ValueError:
        return text


def printed(path: Path):
    """Each page's size and words with their boxes, in points."""
    soffice(path, "pdf")
    pdf = path.with_suffix(".pdf")
    boxes = subprocess.run(["pdftotext", "-bbox", str(pdf), "-"], check=True, capture_output=True, text=True).stdout
    pages = []
    for width, height, body in re.findall(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', boxes, re.DOTALL):
        found = re.findall(r'xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)<', body)
        pages.append(((float(width), float(height)), [(*map(float, box), word) for *box, word in found]))
    return pages


# On a small world


@pytest.fixture
def world(db):
    return build_world()


def test_workbook_of_a_month_without_facts_says_so(world):
    book = book_of(FigureScope(world.company), month(2016, 2))
    assert "（本期无记录）" in book.text()
    assert book.line("联系情况", "各小组小计")[book.column("联系情况", "在册朋友")] == 2


def test_workbook_prints_the_names_of_that_time(world):
    UnitFormerName.objects.create(unit=world.company, name="青石岭铁矿", until_on=dt.date(2016, 6, 30))
    UnitFormerName.objects.create(unit=world.plant, name="南沟铁矿", until_on=dt.date(2016, 6, 30))
    factories.registered_issue(factories.opinion(world.friend), by=world.office, office=world.company)
    march = book_of(FigureScope(world.company), month(2016, 3))
    assert march.values["闭环统计"]["A2"].value == "填报单位：青石岭铁矿"
    assert "南沟铁矿" in march.text() and "南沟采矿厂" not in march.text()
    assert "南沟铁矿" not in book_of(FigureScope(world.company), month(2016, 7)).text()


def test_ledger_masks_one_reporter_and_counts_several(world):
    world.friend.name, world.friend.phone = "欧阳春雷", "13812345678"
    world.friend.save()
    first = factories.opinion(world.friend, text="食堂")
    second = factories.opinion(factories.befriended(factories.worker(world.workshop), world.colleague).worker)
    factories.registered_issue(first, by=world.office, office=world.company)
    factories.registered_issue(
        factories.opinion(world.friend, text="班车"), second, by=world.office, office=world.company, title="班车"
    )
    book = book_of(FigureScope(world.company), month(2016, 3))
    lines = [line for line in book.lines("诉求台账") if isinstance(line[0], int)]
    assert [(line[5], line[6]) for line in lines] == [
        (mask_name("欧阳春雷"), mask_phone("13812345678")),
        ("2 人", None),
    ]
    assert "欧阳春雷" not in book.text()


def test_ledger_of_a_group_does_not_show_who_spoke_in_another(world):
    issue = factories.registered_issue(factories.opinion(world.other_friend), by=world.office, office=world.company)
    Issue.objects.filter(pk=issue.pk).update(group=world.group)
    services.drain_stale_months()
    Rollup.objects.filter(issues=1).update(group=world.group)
    book = book_of(FigureScope(world.company, world.group), month(2016, 3))
    (line,) = [line for line in book.lines("诉求台账") if isinstance(line[0], int)]
    assert (line[5], line[6]) == ("1 人", None)


def test_ledger_shows_each_outcome_in_words(world):
    for outcome in Outcome:
        issue = factories.registered_issue(
            factories.opinion(world.friend), by=world.office, office=world.company, title=str(outcome.label)
        )
        dispatch = factories.dispatched_issue(issue, to=world.department, by=world.office)
        issue = factories.answered_issue(dispatch, by=world.handler, outcome=outcome)
        if outcome == Outcome.SOLVED:
            factories.closed_issue(issue, told_by=world.insider.user, closed_by=world.office)
    lines = [
        line
        for line in book_of(FigureScope(world.company), month(2016, 3)).lines("诉求台账")
        if isinstance(line[0], int)
    ]
    assert [(line[15], line[20]) for line in lines] == [
        ("彻底解决（已销号）", None),
        ("部分解决", "2016-12-01 前继续办理"),
        ("解释答复", "2017-03-01 复核"),
    ]
    assert "尚未解决：其余部分待停产检修" in lines[1][14]
    assert lines[1][17] == "待反馈 1 人"


def test_text_that_looks_like_a_formula_stays_text(world):
    factories.registered_issue(
        factories.opinion(world.friend), by=world.office, office=world.company, wording='=HYPERLINK("http://x")'
    )
    book = book_of(FigureScope(world.company), month(2016, 3))
    cells = [cell for row in book.formulas["诉求台账"].iter_rows() for cell in row if "HYPERLINK" in str(cell.value)]
    assert [cell.data_type for cell in cells] == ["s"]


@pytest.mark.parametrize("issues", [1, 3])
def test_workbook_costs_the_same_queries_at_any_length(world, django_assert_num_queries, tmp_path, issues):
    for n in range(issues):
        issue = factories.registered_issue(
            factories.opinion(world.friend), by=world.office, office=world.company, title=f"问题{n}"
        )
        factories.answered_issue(
            factories.dispatched_issue(issue, to=world.department, by=world.office), by=world.handler
        )
    report = settled_report(FigureScope(world.company), month(2016, 3))
    with django_assert_num_queries(12):
        write_monthly_workbook(tmp_path / "月报.xlsx", report, made_by="")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"unit": "XXXX"}, "There is no unit with the code XXXX."),
        ({"month": "2016-8"}, "月份请写成 2016-08 的样子。"),
        ({"month": "2016-Q3"}, "月份请写成 2016-08 的样子。"),
        ({"out": "月报.xls"}, "--out must name a file that ends in .xlsx."),
        ({"out": "没有这个文件夹/月报.xlsx"}, "The file cannot be written: No such file or directory."),
    ],
)
def test_export_command_refuses_with_one_sentence(world, tmp_path, options, sentence):
    given = {"unit": world.company.code, "month": "2016-03", "out": "月报.xlsx"} | options
    arguments = [f"--{name}={tmp_path / value if name == 'out' else value}" for name, value in given.items()]
    with pytest.raises(CommandError) as refused:
        call_command("export", "monthly", *arguments)
    assert str(refused.value) == sentence
    assert list(tmp_path.iterdir()) == []


def test_export_command_writes_nothing_when_the_facts_do_not_add_up(world, tmp_path):
    """An opinion that is merged in name only: no summing again mends it."""
    factories.registered_issue(factories.opinion(world.friend), by=world.office, office=world.company)
    arguments = [f"--unit={world.company.code}", "--month=2016-03", f"--out={tmp_path / '月报.xlsx'}"]
    Merge.objects.update(undone_at=timezone.now(), undone_by=world.office)
    with pytest.raises(CommandError, match=f"账目不平，暂不出表：{world.plant.name}（{world.group.name}）"):
        call_command("export", "monthly", *arguments)
    assert list(tmp_path.iterdir()) == []
    Merge.objects.update(undone_at=None, undone_by=None)
    call_command("export", "monthly", *arguments, stdout=io.StringIO())
    assert [path.name for path in tmp_path.iterdir()] == ["月报.xlsx"]
