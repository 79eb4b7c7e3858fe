"""The worker's whole way on a small phone without scripts: from the poster to the rating of his answer."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from issues import services
from issues.models import Opinion
from tests import factories
from tests.browser.audit import audit, audit_both_themes
from tests.factories.issues import DETAILS, Outcome

pytestmark = pytest.mark.browser
#: What a page may weigh for somebody on the pit's telephone network.
DOOR_KB = 60


def overflow(page: Page) -> int:
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


def test_worker_speaks_follows_and_rates_without_scripts_and_account(page_as, world):
    door = factories.door(world.plant, by=world.office)
    factories.category()
    worker = page_as(None, scripts=False)
    worker.goto(reverse("issues:door_entry", args=[door.code]).rstrip("/") + "。/")
    expect(worker.get_by_text("本次没有活动签到")).to_be_visible()
    worker.get_by_role("link", name="说一说").click()
    expect(worker.get_by_label("姓名")).to_be_hidden()
    worker.get_by_role("button", name="提交").click()
    expect(worker.get_by_role("alert")).to_contain_text("请写下想说的话")
    worker.get_by_label("想说的话").fill("二号食堂晚上八点以后没有热饭")
    worker.get_by_label("食堂餐饮").check(force=True)
    worker.get_by_label("我看过并同意上面的说明").check()
    worker.get_by_role("button", name="提交").click()
    expect(worker.get_by_role("heading", name="已收到，谢谢您")).to_be_visible()
    assert overflow(worker) <= 0
    code = worker.locator(".slip-code").inner_text()

    opinion = Opinion.objects.get()
    issue = factories.registered_issue(opinion, by=world.office, office=world.company, at=opinion.transitions.get().at)
    dispatch = services.dispatch_issue(issue, lead=world.department, by=world.office)
    worker.goto("/q/t/")
    worker.get_by_label("回执编号").fill(code.lower() + "。")
    worker.get_by_role("button", name="查看").click()
    expect(worker.get_by_text(world.department.label)).to_be_visible()
    services.answer_dispatch(
        dispatch, by=world.handler, text="食堂已增配保温餐车。", outcome=Outcome.SOLVED, **DETAILS[Outcome.SOLVED]
    )
    worker.goto("/q/t/")
    worker.get_by_label("回执编号").fill(code)
    worker.get_by_role("button", name="查看").click()
    expect(worker.get_by_text("食堂已增配保温餐车。")).to_be_visible()
    worker.get_by_label("基本满意").check(force=True)
    worker.get_by_role("button", name="提交评价").click()
    expect(worker.get_by_role("status")).to_contain_text("您的评价已收到")
    assert overflow(worker) <= 0
    worker.get_by_text("没有解决", exact=True).click()
    worker.get_by_label("哪里没有解决").fill("周末还是没有")
    worker.get_by_role("button", name="告诉工会没有解决").click()
    expect(worker.get_by_role("status")).to_contain_text("已转为重新办理")

    # The same pages are looked over where scripts can.
    judge = page_as(None)
    for url in (f"/q/{door.code}/", f"/q/{door.code}/new/", "/q/t/", f"/q/t/{re.sub('-', '', code)}/"):
        judge.goto(url)
        audit_both_themes(judge, page_kb=DOOR_KB)
    judge.goto(f"/q/{door.code}/new/")
    judge.get_by_label("署名", exact=True).check(force=True)
    judge.get_by_role("button", name="提交").click()
    expect(judge.get_by_label("姓名")).to_be_visible()
    audit(judge, page_kb=DOOR_KB)
