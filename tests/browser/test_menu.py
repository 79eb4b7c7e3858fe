"""Every page that a menu leads to, as the first role that sees it, in both sizes and both themes."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from organization.navigation import Group, registered
from organization.roles import Role
from tests.browser.audit import CHART_PAGE_KB, PAGE_KB, audit_both_themes

pytestmark = pytest.mark.browser

# Django's own admin keeps its own sizes; tests of the admin look after it.
PAGES = [entry for entry in registered() if entry.url_name != "admin:index"]


def first_role(entry) -> Role:
    return next(role for role in Role if role in entry.roles)


@pytest.mark.parametrize("size", ["phone", "desktop"])
@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: f"{entry.url_name} {first_role(entry)}")
def test_page_of_the_menu_holds(page_as, entry, size):
    page = page_as(first_role(entry), size=size)
    response = page.goto(reverse(entry.url_name))
    assert response.status == 200
    audit_both_themes(page, page_kb=CHART_PAGE_KB if entry.group == Group.FIGURES else PAGE_KB)


@pytest.mark.parametrize(
    ("role", "labels"),
    [
        (Role.CADRE, ["工作台", "朋友", "记一笔", "诉求", "我的"]),
        (Role.GROUP_LEADER, ["工作台", "朋友", "记一笔", "诉求", "我的"]),
        (Role.HANDLER, ["待办", "已办", "我的"]),
        (Role.LEADER, ["总览", "问题", "我的"]),
    ],
)
def test_bottom_bar_of_the_phone(page_as, role, labels):
    page = page_as(role)
    page.goto("/me/")
    items = page.locator(".bottombar a")
    expect(items).to_have_text(labels)
    expect(page.locator(".bottombar a[aria-current]")).to_have_text("我的")
    expect(page.locator(".sidebar")).to_be_hidden()
