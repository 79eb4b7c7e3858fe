"""Photos: from the visit or the letter to the union, and on to a department only as the office chooses."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from friends.models import ContactLog
from issues import services
from issues.models import Opinion, Reply
from lib.errors import Refused
from lib.periods import today
from records.attachments import may_fetch
from records.models import Attachment
from tests import factories
from tests.client import client_of
from tests.people import build_world

pytestmark = pytest.mark.django_db

CANARIES = (
    b"CANARY-CAMERA",
    b"CANARY-OWNER",
    b"CANARY-COMMENT",
    b"CANARY-TAIL",
    b"Exif",
    b"CANARY-NAME",
    b"ICC_PROFILE",
)


@pytest.fixture
def world():
    return build_world()


def camera_photo(*, tail: bytes = b"CANARY-TAIL") -> bytes:
    """As a phone sends it: turned, with maker, owner, place, profile, comment, and something behind."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0xA430] = 6, "CANARY-CAMERA", "CANARY-OWNER"
    exif.get_ifd(0x8825).update({1: "N", 2: (40.0, 7.0, 12.0), 3: "E", 4: (118.0, 33.0, 1.0)})
    exif.get_ifd(0x8769)[0x9286] = b"ASCII\0\0\0CANARY-COMMENT"
    taken = io.BytesIO()
    picture = Image.effect_noise((800, 400), 60).convert("RGB")
    picture.save(taken, "JPEG", exif=exif, icc_profile=b"CANARY-CAMERA" * 20, comment=b"CANARY-COMMENT")
    return taken.getvalue() + tail


def upload(name: str = "CANARY-NAME职工1.jpg", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content or camera_photo(), content_type="image/jpeg")


def polyglot() -> bytes:
    """A PDF for one reader and an archive for another."""
    packed = io.BytesIO(b"%PDF-1.7\n")
    packed.seek(0, io.SEEK_END)
    with zipfile.ZipFile(packed, "a") as archive:
        archive.writestr("evil.html", "<script>alert(1)</script>")
    return packed.getvalue()


def visit(world, **fields) -> dict:
    return {
        "key": "6a7b2a1e-0000-4000-8000-000000000001",
        "workers": [str(world.friend.key)],
        "channel": "face_to_face",
        "work_kind": "friendship",
        "day": today().isoformat(),
        "opinion-0-text": "更衣柜锁坏了",
        "opinion-0-category": str(factories.category().pk),
        **fields,
    }


def test_photos_go_from_the_visit_to_the_department_only_as_the_office_chooses_and_tell_nothing(world):
    cadre, office = client_of(world.insider), client_of(world.office)
    sent = visit(world, photos=[upload(), upload("b.jpg")])
    assert cadre.post("/log/", sent).status_code == 303
    # The same visit once more brings nothing twice.
    cadre.post("/log/", visit(world, photos=[upload()]))
    log = ContactLog.objects.get(key=sent["key"])
    chosen, other = log.photos.order_by("pk")
    page = cadre.get(log.get_absolute_url()).content.decode()
    assert page.count("<img") == 2
    assert {photo.display_name for photo in (chosen, other)} == {"照片"}

    issue = factories.registered_issue(log.opinions.get(), by=world.office, office=world.company)
    address = f"/issues/{issue.key}/dispatch/"
    assert "默认都不转" in office.get(address).content.decode()
    assert office.get(address).content.decode().count("checked") == 0
    fields = {"lead": world.department.code, "due_on": today().isoformat()}
    assert office.post(address, {**fields, "photos": [str(chosen.key)]}).status_code == 303
    dispatch = issue.dispatches.get()
    assert list(dispatch.attachments.all()) == [chosen]

    department = client_of(world.handler)
    desk = department.get(f"/dept/{dispatch.key}/").content
    assert str(chosen.key).encode() in desk
    assert str(other.key).encode() not in desk
    assert department.get(f"/attachments/{other.key}/photo/").status_code == 404
    for client in (cadre, office, department):
        for query in ("", "?small"):
            answer = client.get(f"/attachments/{chosen.key}/photo/{query}")
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            told = body + repr(answer.headers).encode() + desk
            assert [canary for canary in CANARIES if canary in told] == []
            with Image.open(io.BytesIO(body)) as picture:
                assert picture.height == 2 * picture.width  # upright
                assert dict(picture.getexif()) == {}
    file = department.post(f"/attachments/{chosen.key}/download/")
    assert "CANARY" not in repr(file.headers) and "%E7%85%A7%E7%89%87" in file.headers["Content-Disposition"]
    watchers = (world.insider, world.colleague, world.office, world.other_office, world.handler, world.leader)
    assert [who for who in watchers if may_fetch(world.actor(who), other)] == [world.insider, world.office]


def test_the_planted_photo_does_tell():
    raw = camera_photo()
    assert [canary for canary in CANARIES if canary not in raw] == [b"CANARY-NAME"]


def test_photos_of_a_letter_and_of_an_answer_are_for_who_reads_them(world):
    office, department = client_of(world.office), client_of(world.handler)
    letter = {
        "key": "6a7b2a1e-0000-4000-8000-000000000002",
        "text": "来信反映更衣柜锁坏了",
        "category": factories.category().pk,
        "source": "letter",
        "raised_on": today().isoformat(),
        "photos": [upload()],
    }
    office.post(f"/opinions/new/?who={world.friend.key}", letter)
    opinion = Opinion.objects.get()
    photo = opinion.attachments.get()
    assert f"/attachments/{photo.key}/photo/" in office.get(opinion.get_absolute_url()).content.decode()
    issue = factories.registered_issue(opinion, by=world.office, office=world.company)
    dispatch = factories.dispatched_issue(issue, to=world.department, by=world.office)
    assert not dispatch.attachments.exists()
    answer = {
        "key": "6a7b2a1e-0000-4000-8000-000000000003",
        "outcome": "solved",
        "text": "已更换锁具。",
        "evidence": "三月已换完。",
        "photos": [upload("after.jpg")],
    }
    assert department.post(f"/dept/{dispatch.key}/", answer).status_code == 303
    proof = Reply.objects.get().attachments.get()
    watchers = (world.insider, world.colleague, world.office, world.handler, world.other_handler, world.leader)
    assert [who for who in watchers if may_fetch(world.actor(who), proof)] == [
        world.insider, world.office, world.handler, world.leader,
    ]  # fmt: skip
    for client, page in ((office, issue.get_absolute_url()), (department, f"/dept/{dispatch.key}/")):
        assert f"/attachments/{proof.key}/photo/" in client.get(page).content.decode()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "HEIC"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "只能上传"),
        (b"GIF89a\x01\x00\x01\x00\x00\x00\x00;<script>", "只能上传"),
        (polyglot(), "只能传照片"),
        (camera_photo()[:300], "损坏"),
    ],
)
def test_what_is_no_photo_is_refused_with_a_sentence_and_nothing_typed_is_lost(world, content, words):
    answer = client_of(world.insider).post("/log/", visit(world, photos=[upload(content=content)]))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "第 1 张" in page and words in page and "更衣柜锁坏了" in page
    assert not ContactLog.objects.exists() and not Attachment.objects.exists()


def test_too_many_photos_and_photos_of_another_issue_are_refused(world):
    client = client_of(world.insider)
    small = io.BytesIO()
    Image.new("RGB", (4, 4)).save(small, "JPEG")

    def some(count: int) -> list:
        return [upload(content=small.getvalue()) for _ in range(count)]

    assert "一次最多 9 张照片" in client.post("/log/", visit(world, photos=some(10))).content.decode()
    client.post("/log/", visit(world, photos=some(9)))
    foreign = ContactLog.objects.get().photos.all()
    assert len(foreign) == 9
    issue = factories.registered_issue(factories.opinion(world.friend), by=world.office, office=world.company)
    with pytest.raises(Refused, match="不属于这个问题"):
        services.dispatch_issue(issue, lead=world.department, by=world.office, photos=foreign[:1], due_on=today())
