import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from organization.roles import Role
from records import services
from records.enums import ExportState
from records.models import Download, Export
from records.services.exports import KEEP
from records.tasks import drain_exports
from tests.client import client_of

from .conftest import three_rows
from .test_attachments import picture

pytestmark = pytest.mark.usefixtures("clock")
LIST = reverse("records:export_list")
WECHAT = "Mozilla/5.0 (Linux; Android 13) MicroMessenger/8.0.49"


@pytest.fixture
def export(office, making) -> Export:
    making(three_rows)
    return services.request_export(office, "test", purpose="八月月报")


def url(step: str, export: Export) -> str:
    return reverse(f"records:export_{step}", args=[export.key])


def test_export_list_asks_for_itself_while_a_file_is_made(world, export):
    client = client_of(world.office)
    assert 'hx-trigger="every 2s"' in client.get(LIST).text
    Export.objects.update(state=ExportState.RUNNING, rows_done=1, rows_total=3)
    page = client.get(LIST, headers={"HX-Request": "true"}).text
    assert "1/3" in page
    assert "<html" not in page
    Export.objects.update(state=ExportState.WAITING)
    drain_exports()
    page = client.get(LIST).text
    assert "hx-trigger" not in page
    assert "测试_20160901.csv" in page


def test_download_hands_out_the_file_and_registers_it(world, export):
    drain_exports()
    response = client_of(world.office).post(url("download", export))
    assert b"".join(response.streaming_content) == b"1\n2\n3\n"
    assert "%E6%B5%8B%E8%AF%95_20160901.csv" in response.headers["Content-Disposition"]
    register = Download.objects.get()
    assert (register.user, register.role, register.rows, register.purpose, register.export) == (
        world.office,
        Role.OFFICE,
        3,
        "八月月报",
        export,
    )


def test_download_by_get_does_not_exist(world, export):
    drain_exports()
    assert client_of(world.office).get(url("download", export)).status_code == 405
    assert not Download.objects.exists()


def test_expired_export_is_offered_to_be_made_again(world, export, clock):
    drain_exports()
    clock.shift(KEEP)
    client = client_of(world.office)
    page = client.get(LIST).text
    assert "已过期" in page
    assert url("download", export) not in page
    assert client.post(url("download", export)).headers["Location"] == LIST
    assert not Download.objects.exists()
    client.post(url("retry", export))
    assert Export.objects.get().state == ExportState.WAITING


def test_cancel_stops_what_waits_and_says_so_when_too_late(world, export):
    client = client_of(world.office)
    client.post(url("cancel", export))
    assert Export.objects.get().state == ExportState.CANCELLED
    assert "请刷新页面" in client.post(url("cancel", export), follow=True).text


def test_exports_belong_to_the_person_in_the_role(world, export):
    drain_exports()
    for who in (world.other_office, world.insider):
        assert client_of(who).post(url("download", export)).status_code == 404
        assert "测试_20160901.csv" not in client_of(who).get(LIST).text
    for who in (world.handler, world.leader, world.auditor):
        assert client_of(who).get(LIST).status_code == 403


def test_wechat_is_told_that_it_cannot_download(world, export):
    client = client_of(world.office)
    assert "微信内不能下载文件" in client.get(LIST, headers={"User-Agent": WECHAT}).text
    assert "微信内不能下载文件" not in client.get(LIST).text


def test_export_list_without_files_says_where_they_come_from(world):
    assert "还没有导出的文件" in client_of(world.office).get(LIST).text


@pytest.mark.parametrize("number", [1, 3])
def test_export_list_costs_the_same_queries_at_any_length(world, office, making, django_assert_num_queries, number):
    making(three_rows)
    for _ in range(number):
        services.request_export(office, "test")
    client = client_of(world.office)
    with django_assert_num_queries(9):
        client.get(LIST)


def test_attachment_goes_to_whoever_sees_its_row(world, monkeypatch):
    monkeypatch.setattr("records.attachments._owners", [lambda actor, one: actor.role == Role.HANDLER])
    attachment = services.store_attachment(SimpleUploadedFile("现场.png", picture("PNG")), by=world.office)
    address = reverse("records:attachment_download", args=[attachment.key])
    response = client_of(world.handler).post(address)
    assert b"".join(response.streaming_content).startswith(b"\x89PNG")
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert Download.objects.get().attachment == attachment
    assert client_of(world.insider).post(address).status_code == 404
