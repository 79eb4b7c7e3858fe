"""Sign-in, “my” page, menus and error pages: the frame that every user meets first."""

import pytest
from playwright.sync_api import expect

from organization.roles import Role
from tests.browser.audit import audit, audit_both_themes

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_sign_in_page(page_as, size):
    page = page_as(None, size=size)
    page.goto("/accounts/login/")
    audit_both_themes(page)
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    audit(page)
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")


def test_sign_in_works_without_scripts(page_as, world):
    world.office.set_password("a long and quiet sentence")
    world.office.save(update_fields=["password"])
    page = page_as(None, scripts=False)
    page.goto("/accounts/login/?next=/accounts/password/change/")
    page.get_by_label("账号").fill(world.office.username)
    page.get_by_label("密码").fill("wrong")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("密码").fill("a long and quiet sentence")
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="修改密码")).to_be_visible()


@pytest.mark.parametrize("size", ["phone", "desktop"])
@pytest.mark.parametrize("address", ["/me/", "/accounts/password/change/", "/accounts/2fa/", "/accounts/logout/"])
def test_account_pages(page_as, size, address):
    page = page_as(Role.OFFICE, size=size)
    page.goto(address)
    audit_both_themes(page)


def test_text_size_and_theme_show_at_once_and_stay(page_as):
    page = page_as(Role.CADRE)
    page.goto("/me/")
    page.get_by_label("特大").check()
    page.get_by_label("深色").check()
    expect(page.locator("html")).to_have_attribute("data-text-size", "extra_large")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    audit(page)
    page.get_by_role("button", name="保存").click()
    expect(page.locator("[data-toast=success]")).to_be_visible()
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-text-size", "extra_large")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_user_menu_closes_on_escape_and_returns_the_focus(page_as):
    page = page_as(Role.OFFICE, size="desktop")
    page.goto("/me/")
    summary = page.locator(".topbar .menu summary")
    summary.click()
    expect(page.locator(".menu-panel")).to_be_visible()
    audit(page)
    page.keyboard.press("Escape")
    expect(page.locator(".menu-panel")).to_be_hidden()
    expect(summary).to_be_focused()


def test_shortcut_sheet_opens_by_key_but_not_while_typing(page_as):
    page = page_as(Role.OFFICE, size="desktop")
    page.goto("/accounts/password/change/")
    page.locator("main input[type=password]").first.press("?")
    expect(page.locator("#shortcuts")).to_be_hidden()
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.locator("#shortcuts")).to_be_visible()
    audit_both_themes(page)


def test_signing_out_takes_drafts_off_the_device(page_as):
    page = page_as(Role.CADRE)
    page.goto("/me/")
    page.evaluate("localStorage.setItem('yxq:draft:1:log', '{}')")
    page.get_by_role("main").get_by_role("button", name="退出登录").click()
    page.wait_for_url("**/accounts/login/")
    assert page.evaluate("Object.keys(localStorage).filter(name => name.startsWith('yxq:draft'))") == []


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_missing_page(page_as, size):
    page = page_as(Role.CADRE, size=size)
    page.goto("/no-such-page/")
    expect(page.get_by_role("heading")).to_have_text("没有找到这个页面")
    audit_both_themes(page)


def test_skip_link_is_first_and_leads_to_the_content(page_as):
    page = page_as(Role.OFFICE, size="desktop")
    page.goto("/me/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
