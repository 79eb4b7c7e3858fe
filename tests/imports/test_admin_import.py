"""From the file to the roster through the pages of the admin."""

import io
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from friends.models import Worker
from lib.tabular import kept
from organization.models import UnitAlias
from records.models import Download
from tests.people import World

from .files import HEADER, identity_number, person, text, workbook

PAGE = reverse("admin:friends_worker_import")


def upload(client: Client, content: bytes, name: str = "名册.xlsx", **fields: str) -> HttpResponse:
    return client.post(PAGE, {"file": SimpleUploadedFile(name, content), **fields}, follow=True)


def address(response: HttpResponse) -> str:
    return response.redirect_chain[-1][0]


def confirm(client: Client, preview: HttpResponse, **choices: str) -> HttpResponse:
    return client.post(address(preview), {"confirm": "1", **choices}, follow=True)


def returned_rows(client: Client, page: HttpResponse) -> list[list[Any]]:
    content = client.post(address(page) + "returned/").content
    return [[c.value for c in row] for row in load_workbook(io.BytesIO(content)).worksheets[0].iter_rows()]


def test_preview_writes_nothing_and_confirm_writes_all_accepted_rows(roster_admin: Client, world: World):
    before = Worker.objects.count()
    preview = upload(roster_admin, workbook(HEADER, person(1, "段石松"), person(2, "汪翠屏")))
    assert Worker.objects.count() == before
    assert preview.context["view"]["effects"] == {"new": 2, "changed": 0, "unchanged": 0}
    confirm(roster_admin, preview)
    added = Worker.objects.get(employee_no="N00001")
    assert (added.name, added.unit, added.enterprise, added.phone) == (
        "段石松", world.workshop, world.company, "15400000001",
    )  # fmt: skip
    assert added.birth_year == 1985
    assert added.is_union_member
    assert Worker.objects.with_phone("15400000002").get().name == "汪翠屏"


def test_same_file_twice_changes_nothing(roster_admin: Client):
    content = workbook(HEADER, person(1, "段石松"), person(2, "汪翠屏"))
    confirm(roster_admin, upload(roster_admin, content))
    before = list(Worker.objects.order_by("pk").values())
    entries = LogEntry.objects.count()
    second = upload(roster_admin, content)
    assert second.context["view"]["effects"] == {"new": 0, "changed": 0, "unchanged": 2}
    confirm(roster_admin, second)
    assert list(Worker.objects.order_by("pk").values()) == before
    assert LogEntry.objects.count() == entries


def test_blank_cells_erase_nothing_and_changes_are_written(roster_admin: Client, world: World):
    confirm(roster_admin, upload(roster_admin, workbook(HEADER, person(1, "段石松"))))
    update = person(1, "段石松", unit="球团厂", workshop="造球车间", 手机号码=None, 岗位="班长")
    preview = upload(roster_admin, workbook(HEADER, update))
    assert preview.context["view"]["changes"] == [[2, "段石松", "单位、车间、岗位"]]
    confirm(roster_admin, preview)
    worker = Worker.objects.get(employee_no="N00001")
    assert (worker.unit, worker.post, worker.phone) == (world.other_workshop, "班长", "15400000001")


def test_faulty_rows_come_back_with_a_red_reason(roster_admin: Client):
    rows = [person(1, "段石松"), person(2, "汪翠屏", 手机号码="1540000"), person(3, "黎铁锁", unit="炼铁厂")]
    done = confirm(roster_admin, upload(roster_admin, workbook(HEADER, *rows)))
    assert Worker.objects.filter(employee_no__startswith="N").count() == 1
    head, first, second = returned_rows(roster_admin, done)
    assert head == [*HEADER, "退回原因"]
    assert first[1] == "汪翠屏"
    assert "第 3 行" in first[-1]
    assert "11 位" in first[-1]
    assert "炼铁厂" in second
    assert "没有这个单位" in second[-1]


def test_rows_given_back_left_without_an_entry_in_the_register(roster_admin: Client, world: World):
    rows = [person(1, "段石松"), person(2, "汪翠屏", 手机号码="1540000"), person(3, "黎铁锁", unit="炼铁厂")]
    done = confirm(roster_admin, upload(roster_admin, workbook(HEADER, *rows)))
    back = address(done) + "returned/"
    assert f'<form class="import-next" method="post" action="{back}">' in done.content.decode()
    assert roster_admin.get(back).status_code == 405
    assert not Download.objects.exists()
    returned_rows(roster_admin, done)
    entry = Download.objects.get()
    assert (entry.kind, entry.rows, entry.user, entry.role) == (
        "returned_workers", 2, world.roster_admin, "roster_admin",
    )  # fmt: skip


def test_unit_spelling_is_asked_once_and_remembered(roster_admin: Client, world: World):
    rows = [person(1, "段石松", unit="南沟采矿场"), person(2, "汪翠屏", unit="南沟采矿场")]
    preview = upload(roster_admin, workbook(HEADER, *rows))
    questions = preview.context["view"]["questions"]
    assert [(q["text"], q["rows"], q["options"]) for q in questions] == [
        ("南沟采矿场", 2, [[world.plant.pk, "南沟采矿厂"]])
    ]
    confirm(roster_admin, preview, **{"unit-0": str(world.plant.pk)})
    assert Worker.objects.filter(unit=world.workshop, employee_no__startswith="N").count() == 2
    assert UnitAlias.objects.get().spelling == "南沟采矿场"
    third = upload(roster_admin, workbook(HEADER, person(3, "黎铁锁", unit="南沟采矿场")))
    assert third.context["view"]["questions"] == []
    assert third.context["view"]["effects"]["new"] == 1


def test_namesakes_wait_for_a_choice(roster_admin: Client):
    rows = [
        person(0, "段石松", 工号=None, 手机号码="15400000001"),
        person(0, "段石松", 工号=None, 手机号码="15400000002"),
    ]
    content = workbook(HEADER, *rows)
    confirm(roster_admin, upload(roster_admin, content))
    assert Worker.objects.filter(name="段石松").count() == 0
    preview = upload(roster_admin, content)
    confirm(roster_admin, preview, **{f"row-{row['key']}": "take" for row in preview.context["view"]["rows"]})
    assert Worker.objects.filter(name="段石松").count() == 2


def test_the_same_person_twice_cannot_be_taken_twice(roster_admin: Client):
    preview = upload(roster_admin, workbook(HEADER, person(1, "段石松"), person(1, "段石松")))
    confirm(roster_admin, preview, **{f"row-{row['key']}": "take" for row in preview.context["view"]["rows"]})
    assert Worker.objects.filter(name="段石松").count() == 1


def test_leavers_are_proposed_and_stay_without_the_tick(roster_admin: Client, world: World):
    everybody = [person(n, f"{surname}石松") for n, surname in enumerate("段汪黎赵钱孙李周吴郑", 1)]
    confirm(roster_admin, upload(roster_admin, workbook(HEADER, *everybody)))
    half = workbook(HEADER, *everybody[:6])
    preview = upload(roster_admin, half)
    assert preview.context["view"]["second"]
    assert preview.context["view"]["leaver_count"] == 5  # the four left out, and the friend of the world
    confirm(roster_admin, preview)
    assert Worker.objects.filter(is_active=False).count() == 0


def test_a_tenth_of_leavers_needs_the_second_tick(roster_admin: Client):
    everybody = [person(n, f"{surname}石松") for n, surname in enumerate("段汪黎赵钱孙李周吴郑", 1)]
    confirm(roster_admin, upload(roster_admin, workbook(HEADER, *everybody)))
    half = workbook(HEADER, *everybody[:6])
    page = confirm(roster_admin, upload(roster_admin, half), leavers="on")
    assert "请勾选再次确认" in page.content.decode()
    assert Worker.objects.filter(is_active=False).count() == 0
    confirm(roster_admin, page, leavers="on", second="on")
    assert Worker.objects.filter(is_active=False, employee_no__startswith="N").count() == 4


def test_identity_numbers_are_found_nowhere(roster_admin: Client, caplog: pytest.LogCaptureFixture):
    secret, loose = identity_number(), identity_number("19900101", 321)
    header = [*HEADER, "身份证号"]
    rows = [
        [*person(1, "段石松"), secret],
        [*person(2, "汪翠屏", unit="炼铁厂"), secret],
        [*person(3, "黎铁锁", 手机号码=loose), ""],
    ]
    preview = upload(roster_admin, workbook(header, *rows))
    done = confirm(roster_admin, preview)
    back = str(returned_rows(roster_admin, done))
    stored = "".join(str(list(model.objects.values())) for model in (Worker, LogEntry, UnitAlias))
    pages = preview.content.decode() + done.content.decode()
    for place in (pages, back, stored, caplog.text):
        assert secret not in place
        assert loose not in place
    assert "身份证号" in preview.content.decode()
    assert Worker.objects.filter(employee_no="N00001").exists()


def test_kept_tables_hold_neither_identity_numbers_nor_plain_text(roster_admin: Client, world: World):
    secret = identity_number()
    preview = upload(roster_admin, workbook([*HEADER, "身份证号"], [*person(1, "段石松"), secret]))
    token = address(preview).rstrip("/").rsplit("/", 1)[-1]
    owner = f"{world.roster_admin.pk}/roster_admin/{world.company.pk}/workers"
    (table,) = kept.tables_of(owner, token)
    assert table.records[0].cells[table.places["name"]] == "段石松"
    assert secret not in str((table.dump(), list(table.cells())))
    for file in kept.folder().iterdir():
        content = file.read_bytes()
        assert "段石松".encode() not in content
        assert secret.encode() not in content
        assert file.stat().st_mode & 0o077 == 0


def test_tables_belong_to_who_uploaded_them(roster_admin: Client, world: World, django_user_model: Any):
    from organization.roles import Role
    from tests.factories import appointment

    preview = upload(roster_admin, workbook(HEADER, person(1, "段石松")))
    other = Client()
    other.force_login(appointment(Role.ROSTER_ADMIN, world.company).user)
    assert other.post(address(preview), {"confirm": "1"}).status_code == 302
    assert Worker.objects.filter(employee_no="N00001").count() == 0
    assert other.post(address(preview) + "returned/").status_code == 404


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("gbk", ","), ("gb18030", ","), ("utf-8", ";"), ("utf-8-sig", ","), ("utf-16", "\t")]
)
def test_text_files_of_every_encoding(roster_admin: Client, encoding: str, delimiter: str):
    name = "孟䶮" if encoding != "gbk" else "孟栓"
    preview = upload(
        roster_admin, text([HEADER, person(1, name), person(2, "汪翠屏")], encoding, delimiter), "名册.csv"
    )
    confirm(roster_admin, preview)
    assert Worker.objects.get(employee_no="N00001").name == name


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "0 字节"),
        (b"PK\x03\x04 broken", "不完整"),
        ("姓名,单位\n锟斤拷,锟斤拷\n".encode(), "乱码"),
        (workbook(["编号", "标题", "金额"], [1, "劳保", 300]), "姓名"),
        (workbook(HEADER), "没有数据行"),
    ],
    ids=["empty", "damaged", "mojibake", "wrong file", "only a header"],
)
def test_refused_files_say_what_to_do(roster_admin: Client, content: bytes, sentence: str):
    page = roster_admin.post(PAGE, {"file": SimpleUploadedFile("名册.xlsx", content)})
    assert page.status_code == 200
    assert sentence in page.content.decode()


def test_two_sheets_are_asked_about(roster_admin: Client):
    from openpyxl import Workbook

    from .files import saved

    book = Workbook()
    for title, number in (("一季度", 1), ("二季度", 2)):
        sheet = book.create_sheet(title)
        sheet.append(HEADER)
        sheet.append(person(number, "段石松"))
    page = upload(roster_admin, saved(book))
    assert "指明读取哪一张" in page.content.decode()
    preview = upload(roster_admin, saved(book), sheet="二季度")
    confirm(roster_admin, preview)
    assert list(Worker.objects.filter(name="段石松").values_list("employee_no", flat=True)) == ["N00002"]


def test_other_column_names_can_be_mapped(roster_admin: Client):
    header = [title if title != "姓名" else "何人" for title in HEADER]
    page = upload(roster_admin, workbook(header, person(1, "段石松")))
    assert "map-1" in page.content.decode()
    confirm(roster_admin, upload(roster_admin, workbook(header, person(1, "段石松")), **{"map-1": "name"}))
    assert Worker.objects.get(employee_no="N00001").name == "段石松"


def test_cancel_forgets_everything(roster_admin: Client):
    preview = upload(roster_admin, workbook(HEADER, person(1, "段石松")))
    roster_admin.post(address(preview), {"cancel": "1"})
    assert list(kept.folder().iterdir()) == []
    assert roster_admin.get(address(preview)).status_code == 302


def test_template_has_the_titles_that_the_import_reads(roster_admin: Client):
    content = roster_admin.get(reverse("admin:friends_worker_import_template")).content
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    titles = [cell.value for cell in sheet[1]]
    example = [cell.value for cell in sheet[2]]
    page = upload(roster_admin, workbook(titles, example))
    assert page.context["view"]["about"][0][0] in ("工作表", "读取的列")
    assert len(page.context["view"]["rows"]) + page.context["view"]["totals"]["accepted"] == 1


def test_other_roles_cannot_import(world: World, client: Client):
    for user in (world.office, world.leader, world.auditor, world.insider.user):
        client.force_login(user)
        assert client.get(PAGE).status_code in (403, 404)


def test_nobody_is_put_outside_the_own_subtree(world: World, client: Client):
    from organization.roles import Role
    from tests.factories import appointment

    client.force_login(appointment(Role.ROSTER_ADMIN, world.plant).user)
    rows = [person(1, "段石松"), person(2, "汪翠屏", unit="球团厂", workshop="造球车间")]
    confirm(client, upload(client, workbook(HEADER, *rows)))
    assert list(Worker.objects.filter(employee_no__startswith="N").values_list("employee_no", flat=True)) == ["N00001"]


def test_every_written_row_leaves_an_entry_without_name(roster_admin: Client, world: World):
    confirm(roster_admin, upload(roster_admin, workbook(HEADER, person(1, "段石松"))))
    entry = LogEntry.objects.get(
        object_pk=str(Worker.objects.get(employee_no="N00001").pk), content_type__model="worker"
    )
    assert (entry.action, entry.actor) == (LogEntry.Action.CREATE, world.roster_admin)
    assert "段石松" not in str(entry.__dict__)


def test_upload_leaves_no_file_behind_but_the_kept_ones(roster_admin: Client):
    upload(roster_admin, workbook(HEADER, person(1, "段石松")))
    files = [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]
    assert {path.parent.name for path in files} == {"imports"}


def test_kept_files_expire(roster_admin: Client, monkeypatch: pytest.MonkeyPatch):
    preview = upload(roster_admin, workbook(HEADER, person(1, "段石松")))
    monkeypatch.setattr(kept, "KEEP_SECONDS", -1)
    assert kept.expire() == 2
    assert roster_admin.get(address(preview)).status_code == 302
