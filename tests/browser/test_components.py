"""The components and behaviours that every page is made of, in a real browser under the strict policy."""

import pytest
from playwright.sync_api import expect

from tests.browser import gallery
from tests.browser.audit import audit, audit_both_themes

pytestmark = [pytest.mark.browser, pytest.mark.urls("tests.browser.gallery")]

FORM = "/gallery/form/"
ROWS = "/gallery/rows/"


@pytest.fixture(autouse=True)
def _nothing_received():
    gallery.received.clear()


@pytest.mark.parametrize("size", ["phone", "desktop"])
@pytest.mark.parametrize("address", ["/gallery/", ROWS, FORM])
def test_components_hold_in_both_sizes_and_themes(page_as, size, address):
    page = page_as(None, size=size)
    page.goto(address)
    audit_both_themes(page)


def test_largest_text_fits_a_phone(page_as):
    page = page_as(None)
    for address in ("/gallery/", ROWS, FORM):
        page.goto(address)
        page.evaluate("document.documentElement.dataset.textSize = 'extra_large'")
        audit(page)


def test_theme_follows_the_system(page_as):
    page = page_as(None, theme="dark")
    page.goto(ROWS)
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_failed_form_leads_to_its_errors_and_keeps_the_text(page_as, size):
    page = page_as(None, size=size)
    page.goto(FORM)
    page.get_by_label("聊了什么").fill("饭菜到井口就凉了")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page).to_have_title("错误：样张 · 一线牵")
    expect(page.get_by_label("聊了什么")).to_have_value("饭菜到井口就凉了")
    audit_both_themes(page)
    page.locator("[data-error-summary] a").first.click()
    expect(page.get_by_label("标题")).to_be_focused()


def test_double_tap_sends_a_form_once(page_as):
    page = page_as(None)
    page.goto(FORM)
    page.evaluate("""() => {
        const form = document.querySelector("main form");
        const button = form.querySelector(".btn-primary");
        button.click(); button.click();
    }""")
    expect(page.locator("[data-error-summary]")).to_be_visible()
    assert len(gallery.received) == 1


def test_filter_on_the_desktop_sends_itself_and_keeps_the_focus(page_as):
    page = page_as(None, size="desktop")
    page.goto(ROWS)
    page.get_by_label("状态", exact=True).focus()
    page.get_by_label("状态", exact=True).select_option("waiting")
    expect(page.locator(".list-head")).to_contain_text("waiting")
    expect(page.get_by_label("状态", exact=True)).to_be_focused()
    assert page.url.endswith("/gallery/rows/?state=waiting")
    expect(page.locator("#announce")).to_contain_text("waiting")
    page.locator(".active-filter").click()
    page.wait_for_url("**/gallery/rows/*")
    expect(page.locator(".list-head")).to_contain_text("全部")


def test_filter_on_the_phone_is_a_sheet(page_as):
    page = page_as(None)
    page.goto(ROWS)
    toggle = page.get_by_role("button", name="筛选")
    toggle.tap()
    expect(page.locator(".filters-sheet")).to_be_visible()
    audit_both_themes(page)
    page.keyboard.press("Escape")
    expect(page.locator(".filters-sheet")).to_be_hidden()
    expect(toggle).to_be_focused()
    toggle.tap()
    page.get_by_label("状态", exact=True).select_option("merged")
    page.get_by_role("button", name="查看结果").tap()
    expect(page.locator(".list-head")).to_contain_text("merged")
    expect(toggle).to_contain_text("1")


def test_filter_works_without_scripts(page_as):
    page = page_as(None, scripts=False)
    page.goto(ROWS)
    page.get_by_label("状态", exact=True).select_option("waiting")
    page.get_by_role("button", name="查看结果").click()
    expect(page.locator(".list-head")).to_contain_text("waiting")


def test_select_all_counts_and_unlocks(page_as):
    page = page_as(None, size="desktop")
    page.goto(ROWS)
    expect(page.get_by_role("button", name="归并")).to_be_hidden()
    page.get_by_label("全选").check()
    expect(page.locator("[data-selected-count]")).to_have_text("3")
    expect(page.get_by_role("button", name="归并")).to_be_enabled()


def test_message_closes_and_offers_undo(page_as):
    page = page_as(None)
    page.goto("/gallery/")
    good, bad = page.locator("[data-toast=success]"), page.locator("[data-toast=error]")
    expect(good.locator("form")).to_have_attribute("action", "/gallery/undo/")
    bad.get_by_role("button", name="关闭").click()
    expect(bad).to_have_count(0)
    expect(good).to_be_visible()


def test_draft_is_offered_and_never_sent_by_itself(page_as):
    page = page_as(None)
    page.goto(f"{FORM}?draft=visit")
    page.get_by_label("聊了什么").fill("更衣室没有热水")
    page.get_by_label("王建国").check()
    key = page.locator("[data-draft-key]").input_value()
    page.reload()
    expect(page.get_by_label("聊了什么")).to_have_value("")
    page.get_by_role("button", name="继续填写").tap()
    expect(page.get_by_label("聊了什么")).to_have_value("更衣室没有热水")
    expect(page.get_by_label("王建国")).to_be_checked()
    assert page.locator("[data-draft-key]").input_value() == key
    assert gallery.received == []


def test_draft_dropped_is_gone(page_as):
    page = page_as(None)
    page.goto(f"{FORM}?draft=visit")
    page.get_by_label("聊了什么").fill("更衣室没有热水")
    page.reload()
    page.get_by_role("button", name="丢弃").tap()
    page.reload()
    expect(page.locator("[data-draft-offer]")).to_be_hidden()


def test_draft_ends_when_it_is_saved(page_as):
    page = page_as(None)
    page.goto(f"{FORM}?draft=visit")
    page.get_by_label("标题").fill("热水")
    page.get_by_label("王建国").check()
    page.get_by_role("button", name="保存").tap()
    page.wait_for_url("**/gallery/rows/")
    page.goto(f"{FORM}?draft=visit")
    expect(page.locator("[data-draft-offer]")).to_be_hidden()


def test_text_comes_back_after_the_session_ended(page_as):
    page = page_as(None)
    page.goto(f"{FORM}?expired")
    page.get_by_label("聊了什么").fill("体检报告看不懂")
    page.get_by_role("button", name="保存").tap()
    page.wait_for_url("**/accounts/login/")
    page.goto(f"{FORM}?expired")
    expect(page.get_by_label("聊了什么")).to_have_value("体检报告看不懂")
    expect(page.locator("#restored")).to_be_visible()


def test_long_text_shows_how_much_is_used(page_as):
    page = page_as(None)
    page.goto(FORM)
    page.get_by_label("聊了什么").fill("一二三四五")
    expect(page.locator(".counter")).to_have_text("5/500")
