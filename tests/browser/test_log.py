"""记一笔 in a real browser: counted taps, 360 px, without scripts, drafts, one visit for a double tap."""

import datetime as dt

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, expect

from friends.models import ContactLog
from issues.models import Category, Opinion
from organization.roles import Role
from tests import factories
from tests.browser.audit import audit, audit_both_themes
from tests.browser.conftest import session_cookie

pytestmark = [pytest.mark.browser]
URL = "/log/"
NAMES = ["王建国", "李秀英", "张伟", "刘洋", "陈静", "赵铁柱", "单雄信", "买买提·艾力"]
KEYWORDS = {"食堂餐饮": "食堂\n饭菜", "通勤停车": "班车\n通勤", "劳保用品": "手套"}


@pytest.fixture
def friends(world):
    """Nine friends of the insider, the last ones contacted lately; a vocabulary with keywords."""
    for position, (name, keywords) in enumerate(KEYWORDS.items()):
        Category.objects.update_or_create(name=name, defaults={"keywords": keywords, "position": position})
    for number, name in enumerate(NAMES):
        worker = factories.worker(world.workshop, name=name)
        factories.befriended(worker, world.insider)
        at = timezone.now() - dt.timedelta(days=90 - 10 * number)
        factories.contact_log(world.insider, worker, at=at, channel="wechat")
    return world


class Finger:
    """Taps on a phone, and counts them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps = 0

    def tap(self, locator) -> None:
        locator.tap()
        self.taps += 1

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)


def friend(page: Page, name: str):
    return page.locator("[data-friend-picker]").get_by_role("checkbox", name=name)


def save(page: Page):
    return page.get_by_role("button", name="保存", exact=True)


def to_end(page: Page) -> None:
    """Where the bar with the button lies over nothing, so that no target is measured beneath it."""
    page.evaluate("scrollTo(0, document.body.scrollHeight)")


def new_logs(world):
    return ContactLog.objects.filter(cadre=world.insider).exclude(text="").order_by("pk")


def test_log_one_friend_and_a_sentence_take_four_taps_from_the_start_page(page_as, friends):
    page = page_as(Role.CADRE)
    page.goto("/")
    finger = Finger(page)
    finger.tap(page.locator(".bottombar .is-primary a"))
    finger.tap(friend(page, "王建国"))
    finger.tap(page.get_by_label("聊了什么"))
    finger.type("孩子今年上小学，放学没人接")
    finger.tap(save(page))
    expect(page.get_by_text("已保存，可以再记一笔。")).to_be_visible()
    assert finger.taps == 4
    log = new_logs(friends).get()
    assert [log.channel, log.text, log.names()] == ["wechat", "孩子今年上小学，放学没人接", "王建国"]
    assert log.taps == 3
    assert log.fill_seconds is not None


def test_log_each_further_friend_takes_one_tap_and_each_opinion_at_most_three(page_as, friends):
    page = page_as(Role.CADRE)
    page.goto(URL)
    finger = Finger(page)
    finger.tap(friend(page, "王建国"))
    finger.tap(friend(page, "李秀英"))
    finger.tap(page.get_by_role("button", name="意见建议", exact=True))
    finger.type("食堂晚班饭菜是凉的")
    assert finger.taps == 3
    page.keyboard.press("Enter")
    finger.type("希望增加一趟班车")
    second = page.locator("[data-card='1']")
    expect(second.get_by_role("radio", name="通勤停车")).to_be_checked()
    finger.tap(second.get_by_role("radio", name="劳保用品"))
    finger.tap(second.get_by_role("checkbox", name="李秀英"))
    finger.tap(save(page))
    expect(page.get_by_text("已保存，可以再记一笔。")).to_be_visible()
    assert finger.taps == 6
    found = Opinion.objects.order_by("pk").values_list("worker__name", "text", "category__name")
    assert list(found) == [
        ("王建国", "食堂晚班饭菜是凉的", "食堂餐饮"),
        ("李秀英", "食堂晚班饭菜是凉的", "食堂餐饮"),
        ("李秀英", "希望增加一趟班车", "劳保用品"),
    ]


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_log_holds_in_every_state(page_as, friends, size):
    page = page_as(Role.CADRE, size=size)
    page.goto(URL)
    audit_both_themes(page)
    page.locator("[data-friend-open]").click()
    audit(page)
    page.locator("#friend-search").fill("sxx")
    expect(page.locator("[data-friend-sheet] label:visible")).to_have_count(2)
    friend_in_sheet = page.locator("[data-friend-sheet]").get_by_role("checkbox", name="单雄信")
    friend_in_sheet.check()
    page.locator("#friend-search").press("Enter")
    page.get_by_role("button", name="选好了").click()
    expect(friend(page, "单雄信")).to_be_checked()
    expect(page.locator("[data-friend-open]")).to_be_focused()
    page.get_by_role("button", name="意见建议", exact=True).click()
    page.keyboard.type("一句没有关键词的话")
    page.locator(".more > summary").click()
    page.locator(".channels-more > summary").click()
    to_end(page)
    audit_both_themes(page)
    save(page).click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page.locator("[data-card] textarea").first).to_have_value("一句没有关键词的话")
    to_end(page)
    audit_both_themes(page)


def test_log_fits_the_largest_text(page_as, friends):
    page = page_as(Role.CADRE)
    page.goto(URL)
    page.get_by_role("button", name="意见建议", exact=True).click()
    page.evaluate("document.documentElement.dataset.textSize = 'extra_large'")
    audit(page)


def test_log_works_without_scripts(page_as, friends):
    page = page_as(Role.CADRE, scripts=False)
    page.goto(URL)
    for name in ("王建国", "单雄信"):
        friend(page, name).check(force=True)
    page.get_by_label("聊了什么").fill("夜班冷")
    for number, text in enumerate(("食堂饭菜凉", "班车少一趟")):
        page.get_by_role("button", name="意见建议", exact=True).click()
        page.locator("[data-card] textarea").nth(number).fill(text)
    page.locator("[data-card-remove]").first.click()
    expect(page.locator("[data-card] textarea")).to_have_count(1)
    expect(page.get_by_label("聊了什么")).to_have_value("夜班冷")
    save(page).click()
    expect(page.get_by_text("已保存，可以再记一笔。")).to_be_visible()
    log = new_logs(friends).get()
    assert set(log.workers.values_list("name", flat=True)) == {"王建国", "单雄信"}
    assert set(log.opinions.values_list("text", "category__name")) == {("班车少一趟", "通勤停车")}


def write(page: Page) -> None:
    """Something that is worth keeping; returns when it lies in the draft."""
    page.goto(URL)
    friend(page, "张伟").check()
    page.get_by_label("聊了什么").fill("写到一半")
    page.get_by_role("button", name="意见建议", exact=True).click()
    page.keyboard.type("第一件食堂")
    page.keyboard.press("Enter")
    page.keyboard.type("第二件班车")
    page.wait_for_function("() => Object.values(localStorage).some((draft) => draft.includes('第二件班车'))")


def drafts(page: Page) -> list[str]:
    return page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('yxq:draft:'))")


def test_log_draft_is_offered_restored_whole_and_gone_after_saving(page_as, friends):
    page = page_as(Role.CADRE)
    write(page)
    key = page.locator("input[name=key]").input_value()
    page.reload()
    expect(page.get_by_label("聊了什么")).to_have_value("")
    page.get_by_role("button", name="继续填写").click()
    expect(page.get_by_label("聊了什么")).to_have_value("写到一半")
    expect(friend(page, "张伟")).to_be_checked()
    texts = page.locator("[data-card] textarea")
    expect(texts).to_have_count(2)
    assert [text.input_value() for text in texts.all()] == ["第一件食堂", "第二件班车"]
    expect(page.locator("[data-card='1']").get_by_role("radio", name="通勤停车")).to_be_checked()
    assert page.locator("input[name=key]").input_value() == key
    assert new_logs(friends).count() == 0
    save(page).click()
    expect(page.get_by_text("已保存，可以再记一笔。")).to_be_visible()
    # The message stands on the page before the script that ends the draft has run.
    page.wait_for_function("() => !Object.keys(localStorage).some((name) => name.startsWith('yxq:draft:'))")
    assert str(new_logs(friends).get().key) == key
    assert Opinion.objects.count() == 2


def test_log_draft_is_dropped_when_asked_and_at_sign_out(page_as, friends):
    page = page_as(Role.CADRE)
    write(page)
    page.reload()
    page.get_by_role("button", name="丢弃").click()
    assert drafts(page) == []
    write(page)
    page.goto("/me/")
    page.locator("main form[data-wipe-drafts] button").click()
    page.wait_for_load_state()
    assert drafts(page) == []


def test_log_written_while_the_session_ended_is_saved_after_signing_in_again(page_as, friends, live_server):
    page = page_as(Role.CADRE)
    write(page)
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    save(page).click()
    page.wait_for_url("**/accounts/login/**")
    page.context.add_cookies([session_cookie(friends, Role.CADRE, live_server.url)])
    page.goto(URL)
    page.get_by_role("button", name="继续填写").click()
    expect(page.locator("[data-card] textarea")).to_have_count(2)
    save(page).click()
    expect(page.get_by_text("已保存，可以再记一笔。")).to_be_visible()
    assert new_logs(friends).get().text == "写到一半"


def test_log_double_tap_and_going_back_make_one_visit(page_as, friends):
    page = page_as(Role.CADRE)
    page.goto(URL)
    friend(page, "王建国").check()
    page.get_by_label("聊了什么").fill("夜班冷")
    save(page).dblclick()
    expect(page.get_by_text("已保存，可以再记一笔。")).to_be_visible()
    page.evaluate("history.back()")
    page.wait_for_url(f"**{URL}")
    assert new_logs(friends).count() == 1


def test_log_card_taken_away_leaves_the_others(page_as, friends):
    page = page_as(Role.CADRE)
    write(page)
    page.locator("[data-card='0'] [data-card-remove]").click()
    expect(page.locator("[data-card='1'] textarea")).to_be_focused()
    page.get_by_role("button", name="意见建议", exact=True).click()
    page.keyboard.type("第三件手套")
    save(page).click()
    expect(page.get_by_text("已保存，可以再记一笔。")).to_be_visible()
    assert list(Opinion.objects.order_by("pk").values_list("text", flat=True)) == ["第二件班车", "第三件手套"]


def test_log_usual_day_of_the_next_contact_is_one_tap(page_as, friends):
    page = page_as(Role.CADRE)
    page.goto(URL)
    page.get_by_role("button", name="两周后").click()
    expected = timezone.localdate() + dt.timedelta(days=14)
    expect(page.get_by_label("下次联系")).to_have_value(expected.isoformat())


@pytest.mark.parametrize("size", ["phone", "desktop"])
def test_friend_and_visit_pages_hold(page_as, friends, size):
    worker = friends.insider.friendships.get(worker__name="王建国").worker
    worker.phone = "13800138000"
    worker.save()
    opinion = factories.opinion(worker, text="宿舍暖气晚上不热")
    factories.worker(friends.workshop)
    page = page_as(Role.CADRE, size=size)
    log = ContactLog.objects.filter(cadre=friends.insider).first()
    addresses = (
        "/friends/",
        "/friends/new/",
        f"/friends/{worker.key}/end/",
        "/visits/",
        f"/visits/{opinion.contact_log.key}/",
        f"/visits/{log.key}/",
    )
    for address in addresses:
        page.goto(address)
        audit_both_themes(page)
    page.goto(f"/friends/{worker.key}/")
    expect(page.get_by_text("宿舍暖气晚上不热")).to_be_visible()
    page.get_by_role("button", name="显示号码").click()
    expect(page.get_by_role("link", name="13800138000")).to_be_visible()
    audit_both_themes(page)
