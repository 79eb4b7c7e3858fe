"""The filters of a list in a browser: what is ticked after a search stays ticked."""

import pytest
from playwright.sync_api import expect

from organization.roles import Role
from tests import factories

pytestmark = pytest.mark.browser


def test_first_tick_after_a_live_search_is_kept(page_as, world):
    factories.opinion(world.friend, text="食堂夜班饭菜是凉的")
    factories.opinion(world.friend, text="班车晚点")
    page = page_as(Role.OFFICE, size="desktop")
    page.goto("/opinions/")
    boxes = page.get_by_role("checkbox", name="选择")
    expect(boxes).to_have_count(2)
    page.get_by_role("searchbox").press_sequentially("食堂")
    expect(boxes).to_have_count(1)
    page.wait_for_load_state("networkidle")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    boxes.first.click()
    page.wait_for_timeout(600)
    expect(boxes.first).to_be_checked()
    assert asked == []
