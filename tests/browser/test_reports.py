"""The month's report in the browser: both sizes and themes, without scripts, and the way to its workbook."""

import pytest
from playwright.sync_api import expect

from organization.roles import Role
from reports import services
from tests import factories
from tests.browser.audit import audit_both_themes

pytestmark = pytest.mark.browser
URL = "/reports/?month=2016-03"


@pytest.fixture
def march(world):
    issue = factories.registered_issue(factories.opinion(world.friend), by=world.office, office=world.company)
    factories.answered_issue(factories.dispatched_issue(issue, to=world.department, by=world.office), by=world.handler)
    factories.opinion(world.other_friend)
    services.drain_stale_months()
    return world


@pytest.mark.parametrize("size", ["phone", "desktop"])
@pytest.mark.parametrize("role", [Role.OFFICE, Role.LEADER, Role.GROUP_LEADER])
def test_report_month(page_as, march, role, size):
    page = page_as(role, size=size)
    page.goto(URL)
    expect(page.get_by_role("heading", name="2016年3月月报")).to_be_visible()
    audit_both_themes(page)


@pytest.mark.parametrize("size", ["phone", "desktop"])
@pytest.mark.parametrize("query", ["month=2015-03", "month=abc"])
def test_report_month_when_there_is_nothing_or_something_wrong(page_as, march, size, query):
    page = page_as(Role.OFFICE, size=size)
    page.goto(f"/reports/?{query}")
    audit_both_themes(page)


def test_a_rate_explains_itself_and_a_figure_opens_its_rows(page_as, march):
    page = page_as(Role.OFFICE, size="desktop")
    page.goto(URL)
    page.locator(".tile", has_text="办结率").first.locator("summary").click()
    expect(page.get_by_text("已有办理结果的比例").first).to_be_visible()
    page.keyboard.press("Escape")
    line = page.get_by_role("region", name="闭环办理（按单位）").get_by_role("row", name="合计")
    line.get_by_role("link", name="2", exact=True).first.click()
    expect(page.get_by_role("heading", name="意见建议", level=1)).to_be_visible()
    expect(page.locator("#rows tbody tr")).to_have_count(2)


def test_the_office_asks_for_the_workbook_without_scripts(page_as, march):
    page = page_as(Role.OFFICE, size="phone", scripts=False)
    page.goto("/reports/")
    page.get_by_label("月份").fill("2016-03")
    page.get_by_role("button", name="查看").click()
    page.get_by_role("button", name="生成月报 Excel").click()
    expect(page.get_by_role("cell", name="办公室月报").first).to_be_visible()


def test_the_page_prints_on_a4_landscape(page_as, march, tmp_path):
    page = page_as(Role.OFFICE, size="desktop")
    page.goto(URL)
    page.emulate_media(media="print")
    expect(page.locator(".picker")).to_be_hidden()
    pdf = page.pdf(prefer_css_page_size=True)
    assert b"/MediaBox [0 0 841.9" in pdf
