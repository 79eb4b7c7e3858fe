"""The filters of a list in a browser: what is ticked after a search stays ticked."""

import pytest
from playwright.sync_api import expect

from organization.roles import Role
from tests import factories

pytestmark = pytest.mark.browser


def test_first_tick_after_a_live_search_is_kept(page_as, world):
    factories.opinion(world.friend, text="宿舍没有 wifi")
    factories.opinion(world.friend, text="班车晚点")
    page = page_as(Role.OFFICE, size="desktop")
    page.goto("/opinions/")
    boxes = page.get_by_role("checkbox", name="选择")
    expect(boxes).to_have_count(2)
    # Typed key by key: only then does the browser tell of a change when the field is left.
    page.get_by_role("searchbox").press_sequentially("wifi")
    expect(boxes).to_have_count(1)
    page.wait_for_load_state("networkidle")
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    boxes.first.click()
    page.wait_for_timeout(600)
    expect(boxes.first).to_be_checked()
    assert asked == []
