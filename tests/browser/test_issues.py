"""The closed loop in a browser: merge, dispatch, answer, tell, strike off, both sizes; the answer without scripts."""

import datetime as dt

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from issues.enums import IssueState, Outcome
from issues.models import Issue, Reply
from lib.periods import today
from organization.roles import Role
from tests import factories
from tests.browser.audit import audit, audit_both_themes

pytestmark = pytest.mark.browser
SIZES = pytest.mark.parametrize("size", ["phone", "desktop"])
LATER = (today() + dt.timedelta(days=60)).isoformat()


@pytest.fixture
def opinions(world) -> list:
    second = factories.worker(world.workshop, name="周志强")
    factories.befriended(second, world.insider)
    return [
        factories.opinion(world.friend, text="晚班十点以后食堂只剩凉饭，希望能吃上热的"),
        factories.opinion(second, text="夜班饭菜是凉的，打饭还要走二十分钟"),
    ]


def looked_over(page: Page) -> None:
    """Each page of the flow is judged as it stands."""
    expect(page.locator("h1")).to_be_visible()
    audit_both_themes(page)


@SIZES
def test_opinions_are_merged_dispatched_answered_told_and_struck_off(page_as, world, opinions, size):
    office = page_as(Role.OFFICE, size=size)
    office.goto("/opinions/")
    looked_over(office)
    for box in office.get_by_role("checkbox", name="选择").all():
        box.check()
    audit(office)
    office.get_by_role("button", name="归并为新问题").click()
    office.get_by_label("问题名称").fill("晚班工作餐保温")
    office.get_by_label("交办内容").fill("请研究改进晚班工作餐的保温和就近供应。")
    expect(office.locator("#due")).to_contain_text("办理时限")
    before = office.locator("#due strong").inner_text()
    office.get_by_label("上报争取").check()
    expect(office.locator("#due strong")).not_to_have_text(before)
    looked_over(office)
    office.get_by_role("button", name="登记问题").click()
    looked_over(office)
    office.get_by_role("link", name="交办", exact=True).click()
    office.get_by_label("牵头部门").select_option(world.department.code)
    looked_over(office)
    office.get_by_role("button", name="交办", exact=True).click()
    expect(office.get_by_role("status").filter(has_text="已交办给")).to_be_visible()

    handler = page_as(Role.HANDLER, size=size)
    handler.goto("/dept/")
    looked_over(handler)
    handler.get_by_role("link", name="晚班工作餐保温").click()
    handler.get_by_role("button", name="接收").click()
    looked_over(handler)
    handler.get_by_label("部分解决", exact=True).check()
    expect(handler.get_by_label("政策或制度依据")).to_be_hidden()
    handler.get_by_label("答复内容").fill("已增配两台保温餐车，下月在井口增设供餐点。")
    handler.get_by_role("button", name="提交答复").click()
    expect(handler.get_by_role("alert")).to_contain_text("请写明还有什么没有解决")
    expect(handler.get_by_label("答复内容")).to_have_value("已增配两台保温餐车，下月在井口增设供餐点。")
    looked_over(handler)
    handler.get_by_label("办理依据").fill("三月二十日验收。")
    handler.get_by_label("尚未解决的部分").fill("井口供餐点尚在选址。")
    handler.get_by_label("后续办理日期").fill(LATER)
    handler.get_by_role("button", name="提交答复").click()
    looked_over(handler)

    cadre = page_as(Role.CADRE, size=size)
    cadre.goto("/callbacks/")
    looked_over(cadre)
    cadre.get_by_role("link", name="周志强").click()
    looked_over(cadre)
    cadre.get_by_label(world.friend.name).check()
    cadre.get_by_label("怎么告知的").select_option(label="电话")
    cadre.get_by_label("职工怎么说").fill("说热饭吃上了，盼着供餐点早点开。")
    cadre.get_by_label("非常满意").check()
    cadre.get_by_role("button", name="已告知").click()
    expect(cadre.get_by_text("没有欠着的答复")).to_be_visible()
    looked_over(cadre)

    office.reload()
    looked_over(office)
    office.get_by_role("link", name="销号").click()
    looked_over(office)
    office.get_by_role("button", name="销号").click()
    expect(office.get_by_role("status").filter(has_text="问题已销号")).to_be_visible()
    assert Issue.objects.get().state == IssueState.CLOSED


def test_department_answers_without_scripts(page_as, world, opinions):
    issue = factories.registered_issue(*opinions, by=world.office, office=world.company)
    factories.dispatched_issue(issue, to=world.department, by=world.office)
    page = page_as(Role.HANDLER, scripts=False)
    page.goto("/dept/")
    page.get_by_role("link", name="晚班工作餐保温").click()
    page.get_by_label("解释答复", exact=True).check()
    page.get_by_label("答复内容").fill("本年度检修资金已排满，明年三月再议。")
    page.get_by_label("暂不能解决的原因").select_option(label="资金暂未安排")
    page.get_by_label("政策或制度依据").fill("年度检修资金计划")
    page.get_by_label("复核日期").fill(LATER)
    page.get_by_role("button", name="提交答复").click()
    expect(page.get_by_role("heading", name="本部门的答复")).to_be_visible()
    assert Reply.objects.waiting().get().outcome == Outcome.EXPLAINED, "it waits for somebody else to approve it"


def test_lists_filter_without_reloading_and_the_excel_follows(page_as, world, opinions):
    factories.opinion(world.other_friend, text="造球车间粉尘大")
    page = page_as(Role.OFFICE, size="desktop")
    page.goto("/opinions/")
    expect(page.locator("tbody tr")).to_have_count(3)
    page.get_by_role("searchbox").fill("zzq")
    expect(page.locator("tbody tr")).to_have_count(1)
    assert "q=zzq" in page.url
    with page.expect_download() as download:
        page.get_by_role("button", name="Excel").click()
    assert download.value.suggested_filename.startswith("意见建议_")
    page.get_by_role("link", name="清除筛选").click()
    expect(page.locator("tbody tr")).to_have_count(3)


@SIZES
def test_pages_of_the_office_desk(page_as, world, opinions, size):
    first, second = opinions
    issue = factories.registered_issue(first, by=world.office, office=world.company)
    page = page_as(Role.OFFICE, size=size)
    addresses = [
        "/issues/",
        "/issues/?tab=closed",
        first.get_absolute_url(),
        f"/opinions/merge/?picked={second.key}",
        f"/opinions/set-aside/?picked={second.key}",
        "/opinions/new/",
        "/opinions/new/?q=zzq",
        "/opinions/new/?kind=anonymous",
        reverse("issues:issue_update", args=[issue.key]),
    ]
    for address in addresses:
        page.goto(address)
        looked_over(page)


def test_pages_of_a_leader(page_as, world, opinions):
    issue = factories.registered_issue(*opinions, by=world.office, office=world.company)
    page = page_as(Role.LEADER)
    for address in ("/issues/", issue.get_absolute_url()):
        page.goto(address)
        looked_over(page)
