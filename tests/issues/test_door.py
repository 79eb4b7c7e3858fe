"""扫码入口: the office hangs up a poster, workers without account say something at it."""

import io
import re
import uuid

import pytest
from django.apps import apps
from django.urls import reverse
from PIL import Image

from issues import services
from issues.forms.doors import NOTICE_VERSION
from issues.models import Door, Opinion, UnlistedReporter
from issues.services import NamesReporter
from issues.views.at_door import SENT_HERE
from records.models import Attachment, Download
from tests import factories
from tests.client import StrictClient, client_of
from tests.people import build_world
from tests.queries import queries_at_one_and_three

from .pages import rows_of, sheet_of

pytestmark = pytest.mark.django_db
TEXT = "二号食堂晚上八点以后没有热饭"


@pytest.fixture
def world():
    return build_world()


@pytest.fixture
def door(world) -> Door:
    return factories.door(world.plant, by=world.office)


def words(**said) -> dict:
    return {
        "key": str(uuid.uuid4()),
        "text": TEXT,
        "category": factories.category().pk,
        "who": "anonymous",
        "consent": "on",
        **said,
    }


def send(door: Door, client: StrictClient | None = None, **said):
    return (client or StrictClient()).post(reverse("issues:door_say", args=[door.code]), words(**said))


def code_in(page) -> str:
    return re.search(r'slip-code num">([^<]+)<', page.text)[1]


def photo() -> io.BytesIO:
    picture = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "王二小在三号更衣室"
    Image.new("RGB", (40, 30), "red").save(picture, "JPEG", exif=exif)
    picture.seek(0)
    picture.name = "王二小.jpg"
    return picture


def test_office_opens_a_door_prints_its_poster_closes_it_and_opens_it_again(world):
    office = client_of(world.office)
    form = {"key": str(uuid.uuid4()), "unit": world.plant.code, "label": "二号食堂门口"}
    assert office.post("/doors/new/", {**form, "label": ""}).status_code == 422
    page = office.post("/doors/new/", form).url
    assert office.post("/doors/new/", form).url == page
    door = Door.objects.get()
    poster = office.get(f"{page}poster/?paper=a5").text
    assert door.unit.name in poster
    assert f"/q/{door.code}/" in poster
    assert "poster-a5" in poster
    tables = [repr(list(model._base_manager.values_list())) for model in apps.get_models() if model._meta.managed]
    assert not [rows for rows in tables if door.code in rows]
    visitor = StrictClient()
    for tail in ("。", "，", "/。", "%EF%BC%8C"):
        assert visitor.get(f"/q/{door.code.lower()}{tail}/").url == f"/q/{door.code}/"
    entry = visitor.get(f"/q/{door.code}/")
    assert "本次没有活动签到" in entry.text
    assert "sessionid" not in entry.cookies
    assert len(entry.content) < 20_000
    office.post(f"{page}edit/", {"label": "食堂东门"})
    office.post(f"{page}close/")
    assert "入口已停用" in visitor.get(f"/q/{door.code}/").text
    assert send(door).status_code == 410
    assert not Opinion.objects.exists()
    assert rows_of(office.get("/doors/")) == []
    assert "食堂东门" in office.get("/doors/", {"tab": "closed", "q": "食堂"}).text
    office.post(f"{page}reopen/")
    assert send(door).status_code == 200
    assert visitor.get("/q/ACDEFGHJ/").status_code == 404
    assert client_of(world.insider).get("/doors/").status_code == 403
    assert client_of(world.other_office).get(page).status_code == 404
    assert sheet_of(office.post("/doors/", {"export": "xlsx"}))


def test_what_is_sent_twice_is_one_opinion_with_one_slip(world, door):
    said = words(photos=photo())
    client = StrictClient(headers={"accept-language": "en"})
    url = reverse("issues:door_say", args=[door.code])
    first = client.post(url, said)
    assert code_in(first) == code_in(client.post(url, {**said, "photos": photo()}))
    opinion = Opinion.objects.get()
    assert (opinion.source, opinion.reporter_kind, opinion.unit) == ("qr_form", "anonymous", world.plant)
    assert (opinion.consent_version, opinion.recorded_by, opinion.door) == (NOTICE_VERSION, None, door)
    # Other words under the same key are kept for a second try.
    other = client.post(url, {**said, "text": "另外一件事也说一说", "photos": ""})
    assert other.status_code == 409
    assert "另外一件事也说一说" in other.text
    picture = Attachment.objects.get()
    assert b"\xff\xe1" not in picture.file.read()
    assert "王二小" not in picture.display_name
    office = client_of(world.office)
    page = office.get(opinion.get_absolute_url()).text
    assert "职工扫码" in page
    assert TEXT in office.get("/opinions/", {"tab": "all", "source": "qr_form"}).text
    fetch = reverse("records:attachment_download", args=[picture.key])
    assert office.post(fetch).status_code == 200
    assert client_of(world.handler).post(fetch).status_code == 404
    assert "工会已收到" in client.post("/q/t/", {"code": code_in(first)}, headers={"accept-language": "zh-hans"}).text


def test_named_worker_is_matched_by_unit_name_and_number_alone(world, door):
    friend = world.friend
    friend.phone, friend.employee_no = "13912345678", "NO-77"
    friend.save()
    send(door, who="named", name=friend.name, phone="１３９-1234 5678", may_be_named="on")
    matched = Opinion.objects.get()
    assert (matched.worker, matched.cadre, matched.unit) == (friend, world.insider, world.workshop)
    assert matched.may_be_named
    assert TEXT in client_of(world.insider).get("/opinions/").text
    send(door, who="named", name=friend.name, employee_no="no-77")
    assert Opinion.objects.filter(worker=friend).count() == 2
    # Another name, another unit's door: no match, and the visitor sees no difference.
    far = factories.door(world.other_plant, by=world.office)
    pages = [
        send(door, who="named", name="冒名者", phone="13912345678"),
        send(far, who="named", name=friend.name, phone="13912345678"),
        send(door, who="named", name=friend.name, phone="13912345678"),
    ]
    assert len({re.sub(r"<[^>]*>", "", page.text.replace(code_in(page), "")) for page in pages}) == 1
    assert [o.reporter_kind for o in Opinion.objects.order_by("pk")[2:4]] == ["unlisted", "unlisted"]
    stranger = UnlistedReporter.objects.order_by("pk").first()
    stored = repr(list(UnlistedReporter._base_manager.extra(select={"raw": "name"}).values_list("raw")))
    assert "冒名者" not in stored
    office = client_of(world.office)
    page = office.get(stranger.opinion.get_absolute_url()).text
    assert "冒名者" in page
    assert "139****5678" in page
    assert "13912345678" not in page
    assert "13912345678" in office.post(reverse("issues:opinion_contact", args=[stranger.opinion.key])).text
    assert Download.objects.filter(kind="reveal_phone", user=world.office).count() == 1
    # The wording for the department may hold neither.
    issue = factories.registered_issue(
        stranger.opinion, by=world.office, office=world.company, wording="冒 名 者说食堂没有热饭。"
    )
    with pytest.raises(NamesReporter):
        factories.dispatched_issue(issue, to=world.department, by=world.office)


def test_faulty_form_keeps_what_was_typed_and_says_how_to_mend_it(world, door):
    for faults, sentence in (
        ({"text": "短"}, "再多写几个字"),
        ({"text": "长" * 501}, "500"),
        ({"consent": ""}, "请先看说明"),
        ({"category": "", "text": "这句话里没有关键词"}, "请选一下是哪方面的事"),
        ({"who": "named", "name": ""}, "署名请填姓名"),
        ({"who": "named", "name": "王二小"}, "请填手机号码或工号"),
        ({"who": "named", "name": "王二小", "phone": "12345"}, "请填 11 位号码"),
        ({"website": "http://spam"}, "没有提交成功"),
        ({"key": "x"}, ""),
        ({"photos": io.BytesIO(b"%PDF-1.4 no picture")}, "只能传照片"),
        ({"photos": [photo() for _number in range(4)]}, "最多 3 张"),
    ):
        page = send(door, **faults)
        assert page.status_code == 422, faults
        assert sentence in page.text, faults
        assert faults.get("text", TEXT) in page.text
    assert not Opinion.objects.exists()
    assert not Attachment.objects.exists()
    # Whoever stays anonymous after all leaves no name behind.
    send(door, name="王二小", phone="12345")
    assert not UnlistedReporter.objects.exists()
    assert not Opinion.objects.get().may_be_named


def test_door_closes_to_a_program_and_stays_open_to_the_next_address(world, door):
    for _time in range(SENT_HERE.most):
        SENT_HERE.count("127.0.0.1")
    refused = send(door)
    assert (refused.status_code, Opinion.objects.count()) == (429, 0)
    assert int(refused.headers["Retry-After"]) > 0
    assert send(door, StrictClient(REMOTE_ADDR="10.1.2.3")).status_code == 200
    checked = StrictClient(enforce_csrf_checks=True)
    assert send(door, checked).status_code == 403


def test_list_of_doors_asks_as_much_for_three_as_for_one(world):
    client = client_of(world.office)
    names = iter("甲乙丙")
    count = queries_at_one_and_three(
        lambda: factories.door(world.plant, by=world.office, label=next(names)), lambda: client.get("/doors/")
    )
    assert count == (10, 10)


def test_every_page_of_the_worker_is_there_in_english(world, door):
    client = StrictClient(headers={"accept-language": "en"})
    slip = factories.slip(factories.opinion(world.friend))
    for url in (f"/q/{door.code}/", f"/q/{door.code}/new/", "/q/t/", f"/q/t/{slip.code}/", "/q/ACDEFGHJ/"):
        assert '<html lang="en"' in client.get(url).text
    services.close_door(door)
    assert '<html lang="en"' in client.get(f"/q/{door.code}/").text
