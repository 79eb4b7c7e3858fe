"""Meetings, notices and exported files as leader and office see them."""

import datetime as dt

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from lib.periods import today
from meetings.services import hold_meeting, plan_meeting
from notices.services import notify
from organization.roles import Role
from records.enums import ExportState
from records.models import Export
from records.services import request_export
from tests.browser.audit import audit_both_themes

pytestmark = pytest.mark.browser
BOTH = pytest.mark.parametrize("size", ["phone", "desktop"])


@pytest.fixture
def meetings(world):
    held_on = today() - dt.timedelta(days=20)
    held, _is_new = plan_meeting(by=world.office, unit=world.company, group=world.group, held_on=held_on)
    hold_meeting(
        held, version=1, held_on=held_on, attendees=[world.insider, world.colleague], minutes="议定：先办班车。"
    )
    planned, _is_new = plan_meeting(
        by=world.office,
        unit=world.company,
        group=world.group,
        held_on=today() + dt.timedelta(days=5),
        starts_at=dt.time(14),
        place="三楼会议室",
        focus="夜班伙食\n通勤班车",
    )
    return held, planned


@BOTH
def test_meeting_pages(page_as, meetings, size):
    _held, planned = meetings
    page = page_as(Role.GROUP_LEADER, size=size)
    addresses = [reverse("meetings:meeting_list"), reverse("meetings:meeting_create")]
    addresses += [meeting.get_absolute_url() for meeting in meetings]
    addresses += [reverse(f"meetings:meeting_{step}", args=[planned.key]) for step in ("change", "hold", "cancel")]
    for address in addresses:
        page.goto(address)
        audit_both_themes(page)


def test_meeting_is_planned_and_taken_down_on_the_phone(page_as, world):
    page = page_as(Role.GROUP_LEADER)
    page.goto(reverse("meetings:meeting_list"))
    page.get_by_role("link", name="安排例会").first.click()
    page.get_by_label("日期").fill(today().isoformat())
    page.get_by_role("button", name="排定例会").click()
    expect(page.get_by_text("会前 7 天和 1 天自动提醒")).to_be_visible()
    page.get_by_role("link", name="登记会议情况").click()
    page.get_by_label("会议记录").fill("议定三件事")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("到会 3 人")).to_be_visible()


@BOTH
def test_notice_list(page_as, world, size):
    for number in range(3):
        notify(
            world.office, "rule", "2016-08", str(number), f"{number + 1} 件交办部门超期未答复，请催办。", "/exports/"
        )
    page = page_as(Role.OFFICE, size=size)
    page.goto(reverse("notices:notice_list"))
    audit_both_themes(page)
    page.get_by_role("button", name="1 件交办").click()
    expect(page).to_have_url(reverse("records:export_list"))
    page.goto(reverse("notices:notice_list"))
    page.get_by_role("button", name="全部标为已读").click()
    expect(page.get_by_text("未读 0 条")).to_be_visible()


@BOTH
def test_export_list(page_as, world, size):
    actor = world.actor(world.office)
    made = request_export(actor, "issues.opinions", purpose="八月月报")
    Export.objects.filter(pk=made.pk).update(
        state=ExportState.FAILED, error="生成文件时出错，请重试；仍不成功请联系管理员。"
    )
    working = request_export(actor, "issues.opinions", purpose="八月月报")
    Export.objects.filter(pk=working.pk).update(state=ExportState.RUNNING, rows_done=1200, rows_total=4000)
    page = page_as(Role.OFFICE, size=size)
    page.goto(reverse("records:export_list"))
    audit_both_themes(page)
    expect(page.get_by_text("1200/4000")).to_be_visible()
    Export.objects.filter(pk=working.pk).update(rows_done=2400)
    # The page asks by itself.
    expect(page.get_by_text("2400/4000")).to_be_visible()
    page.get_by_role("button", name="取消").click()
    expect(page.get_by_text("已取消").first).to_be_visible()
