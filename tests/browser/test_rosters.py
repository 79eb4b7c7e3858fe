"""The rosters in Django admin: upload, preview with its questions, result, export, and the lists they start from."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from friends.models import Worker
from organization.roles import Role
from records.models import Download
from tests.browser.audit import _traffic, axe_faults, change_theme, layout_faults, traffic_faults
from tests.imports.files import HEADER, person, workbook

pytestmark = pytest.mark.browser
#: What the audit says of Django's own pages: controls are sized for a desk, and the colours are its own variables.
DJANGOS = ("smaller than", "a phone zooms", "the style sheets are missing")
SIZES = pytest.mark.parametrize("size", ["phone", "desktop"])
#: Django's own sheets and scripts come along.
PAGE_KB = 200


def look(page: Page) -> None:
    """The gates of every page, in both themes."""
    for theme in ("light", "dark"):
        change_theme(page, theme, "theme")
        layout = [fault for fault in layout_faults(page) if not fault.startswith(DJANGOS)]
        # Before axe, which unfolds the @import of Django's forms.css in a way that the policy forbids.
        found = [*layout, *traffic_faults(page, page_kb=PAGE_KB)]
        found += axe_faults(page)
        _traffic[page].complaints.clear()
        assert not found, f"{page.url} {theme}:\n" + "\n".join(found)


def rows_of(path: Path) -> list[list[object]]:
    return [
        [cell.value for cell in row] for row in load_workbook(io.BytesIO(path.read_bytes())).worksheets[0].iter_rows()
    ]


def fetched(page: Page, name: str, role: str = "link") -> Path:
    with page.expect_download() as waiting:
        page.get_by_role(role, name=name).first.click()
    return waiting.value.path()


@SIZES
def test_a_roster_goes_in_with_questions_and_what_is_wrong_comes_back(page_as, world, size, tmp_path):
    page = page_as(Role.ROSTER_ADMIN, size=size)
    page.goto("/admin/friends/worker/")
    page.get_by_role("link", name="从表格导入").click()
    look(page)
    template = rows_of(fetched(page, "下载模板"))
    assert template[0][:2] == ["工号", "姓名"]
    page.get_by_role("button", name="上传并预览").click()
    expect(page.get_by_text("请选择文件。")).to_be_visible()
    look(page)

    rows = [
        person(1, "段石松"),
        person(2, "汪翠屏", unit="南沟采矿场"),
        person(3, "黎铁锁", unit="炼铁厂"),
        person(4, "赵大勇", 手机号码="1540000"),
        person(0, "钱小军", 工号=None, 手机号码="15400000005"),
        person(0, "钱小军", 工号=None, 手机号码="15400000006"),
    ]
    upload = {"name": "名册.xlsx", "mimeType": "application/octet-stream", "buffer": workbook(HEADER, *rows)}
    page.get_by_label("文件").set_input_files(upload)
    page.get_by_role("button", name="上传并预览").click()
    expect(page.get_by_role("heading", name="预览：职工")).to_be_visible()
    look(page)
    assert Worker.objects.filter(employee_no__startswith="N").count() == 0

    page.get_by_label("南沟采矿场 对应的单位").select_option("南沟采矿厂（建议）")
    page.get_by_label("第 6 行的处理").select_option("按所示内容导入")
    page.get_by_role("button", name="按所选重新预览").click()
    expect(page.get_by_text("按确认过的写法识别单位：1 行")).to_be_visible()
    page.get_by_role("button", name="确认导入").click()
    expect(page.get_by_role("heading", name="导入结果")).to_be_visible()
    look(page)
    assert set(Worker.objects.filter(post="电铲司机").values_list("name", flat=True)) == {"段石松", "汪翠屏", "钱小军"}
    back = rows_of(fetched(page, "下载没有导入的行", role="button"))
    assert back[0][-1] == "退回原因"
    assert {row[1] for row in back[1:]} == {"黎铁锁", "赵大勇", "钱小军"}


@SIZES
def test_a_roster_goes_out_masked_and_with_its_purpose(page_as, world, size):
    Worker.objects.filter(pk=world.friend.pk).update(phone="13812345678")
    page = page_as(Role.ROSTER_ADMIN, size=size)
    page.goto(f"/admin/friends/worker/?q={world.friend.name}")
    look(page)
    page.get_by_role("link", name="导出名册").click()
    expect(page.get_by_text("按列表当前的搜索和筛选，导出 1 行。")).to_be_visible()
    look(page)
    page.get_by_role("button", name="导出").click()
    expect(page.get_by_text("请填写用途。")).to_be_visible()
    look(page)
    page.get_by_label("用途").fill("核对职工名册")
    head, *rows = rows_of(fetched(page, "导出", "button"))
    assert [dict(zip(head, row, strict=True))["手机"] for row in rows] == ["138****5678"]
    entry = Download.objects.get()
    assert (entry.rows, entry.purpose, entry.parameters) == (1, "核对职工名册", {"phones": "masked"})


@SIZES
def test_units_go_out_by_a_button(page_as, world, size):
    page = page_as(Role.ROSTER_ADMIN, size=size)
    page.goto("/admin/organization/unit/")
    look(page)
    page.get_by_role("link", name="导出名册").click()
    look(page)
    rows = rows_of(fetched(page, "导出", "button"))
    assert world.plant.name in {row[2] for row in rows}


@SIZES
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_an_empty_list_says_what_to_do_next(page_as, world, size, theme):
    page = page_as(Role.ROSTER_ADMIN, size=size, theme=theme)
    page.goto("/admin/friends/worker/?q=nobody")
    expect(page.get_by_text("没有符合条件的记录")).to_be_visible()
    look(page)
    page.goto("/admin/liaison/phase/")
    expect(page.get_by_role("heading", name="阶段", exact=True)).to_be_visible()
    expect(page.get_by_text("还没有记录")).to_be_visible()
    look(page)
    page.goto("/admin/")
    look(page)
