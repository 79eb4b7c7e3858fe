"""What comes in from outside is known by its content, and pictures lose what the camera wrote into them."""

import io
import struct
import zipfile
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from records.attachments import may_fetch, register_owner
from records.services import store_attachment
from records.services.attachments import LONGEST_SIDE, BadFile
from tests import factories


def picture(kind: str = "JPEG", *, size: tuple[int, int] = (64, 32), **options) -> bytes:
    stored = io.BytesIO()
    Image.new("RGB", size, "green").save(stored, kind, **options)
    return stored.getvalue()


def archive(*names: str) -> bytes:
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as packed:
        for name in names:
            packed.writestr(name, "<x/>")
    return stored.getvalue()


def telling_exif() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010F] = "CANARY-CAMERA"
    exif.get_ifd(0x8825)[1] = "N"  # place
    return exif


def stored(content: bytes, name: str = "照片.jpg"):
    return store_attachment(SimpleUploadedFile(name, content), by=factories.user())


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "content_type", "extension"),
    [
        (picture("JPEG"), "image/jpeg", "jpg"),
        (picture("PNG"), "image/png", "png"),
        (picture("WEBP"), "image/webp", "webp"),
        (b"%PDF-1.7\n%%EOF", "application/pdf", "pdf"),
        (
            archive("[Content_Types].xml", "word/document.xml"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "docx",
        ),
        (
            archive("[Content_Types].xml", "xl/workbook.xml"),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "xlsx",
        ),
    ],
)
def test_attachment_is_known_by_its_content_and_stored_under_a_random_name(content, content_type, extension):
    attachment = stored(content, name="../张三的诉求.exe")
    assert attachment.content_type == content_type
    assert attachment.file.name.endswith(f".{extension}")
    assert "张三" not in attachment.file.name
    assert attachment.size == len(attachment.file.open().read())


@pytest.mark.django_db
def test_stored_picture_is_upright_and_tells_nothing():
    attachment = stored(picture(exif=telling_exif()))
    content = attachment.file.open().read()
    assert b"CANARY" not in content
    with Image.open(io.BytesIO(content)) as kept:
        assert kept.size == (32, 64)
        assert dict(kept.getexif()) == {}


@pytest.mark.django_db
def test_large_picture_is_stored_smaller():
    with Image.open(stored(picture(size=(4000, 1000))).file.open()) as kept:
        assert kept.size == (LONGEST_SIDE, 640)


def png_of_size(width: int, height: int) -> bytes:
    """A few bytes that claim to be a huge picture."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空"),
        (b"<html><script>alert(1)</script>", "只能上传"),
        (b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", "只能上传"),
        (b"MZ\x90\x00", "只能上传"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "只能上传"),
        (picture()[:100], "损坏"),
        (png_of_size(30_000, 30_000), "尺寸过大"),
        (b"PK\x03\x04broken", "损坏"),
        (archive("a.txt"), "只能上传"),
        (archive("[Content_Types].xml", "word/document.xml", "xl/workbook.xml"), "只能上传"),
        (archive("[Content_Types].xml", "xl/workbook.xml", "xl/vbaProject.bin"), "宏"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00", "HEIC"),
    ],
)
def test_attachment_that_is_not_what_it_says_is_refused(content, words):
    with pytest.raises(BadFile, match=words):
        stored(content)


@pytest.mark.django_db
def test_attachment_that_is_too_large_is_refused():
    with pytest.raises(BadFile, match="20 MB"):
        stored(b"%PDF-" + b"0" * (20 * 1024 * 1024))


@pytest.mark.django_db
def test_attachment_belongs_to_whoever_an_owner_lets_see_it(monkeypatch):
    monkeypatch.setattr("records.attachments._owners", [])
    attachment = stored(picture())
    assert not may_fetch("actor", attachment)
    register_owner(lambda actor, one: actor == "actor" and one == attachment)
    assert may_fetch("actor", attachment)
    assert not may_fetch("other", attachment)
