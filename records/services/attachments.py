"""Files from outside: looked into, pictures drawn again without what the camera wrote, stored under a random name."""

from __future__ import annotations

import hashlib
import io
import uuid
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from PIL import Image, ImageOps, UnidentifiedImageError

from lib.errors import Refused
from lib.names import clean_name

from ..models import Attachment

if TYPE_CHECKING:
    from organization.models import User

MOST_BYTES = 20 * 1024 * 1024
MOST_PIXELS = 50_000_000
#: The longer side of a stored picture; enough to read a notice board, a tenth of what a phone sends.
LONGEST_SIDE = 2560
MOST_UNPACKED = 200 * 1024 * 1024
MOST_PARTS = 2_000

PDF = "application/pdf"
#: Office documents are archives; this part tells which.
OFFICE_PARTS = {
    "word/document.xml": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    "xl/workbook.xml": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
}
PICTURES = {"JPEG": ("image/jpeg", "jpg"), "PNG": ("image/png", "png"), "WEBP": ("image/webp", "webp")}
HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis")
#: The longer side where several are shown side by side.
SMALL_SIDE = 480
TOO_LARGE = gettext_lazy("文件超过 20 MB，请压缩后再上传。")
TOO_MANY_PIXELS = gettext_lazy("图片尺寸过大，请缩小后再上传。")


class BadFile(Refused):
    code = "bad_file"
    default_message = gettext_lazy("只能上传图片（JPG、PNG、WEBP）、PDF、Word（.docx）和 Excel（.xlsx）文件。")


@dataclass(frozen=True)
class Photo:
    """A picture drawn anew, not yet stored. What it was called is forgotten: a name may be somebody's."""

    content: bytes
    content_type: str
    extension: str


def check_photo(upload: UploadedFile) -> Photo:
    """A picture and nothing else; raises BadFile with a sentence."""
    if upload.size > MOST_BYTES:
        raise BadFile(TOO_LARGE)
    upload.seek(0)
    content, content_type, extension = checked(upload.read())
    if not content_type.startswith("image/"):
        raise BadFile(_("只能传照片（JPG、PNG、WEBP）。"))
    return Photo(content, content_type, extension)


def store_photo(photo: Photo, *, by: User | None) -> Attachment:
    return stored(photo.content, photo.content_type, photo.extension, name=_("照片"), by=by)


def small_copy(attachment: Attachment) -> bytes:
    """For a page that shows several; as free of everything else as the stored picture."""
    with attachment.file.open("rb") as file, Image.open(file, formats=tuple(PICTURES)) as picture:
        kind = picture.format or ""
        picture.draft("RGB", (SMALL_SIDE * 2, SMALL_SIDE * 2))
        picture.thumbnail((SMALL_SIDE, SMALL_SIDE))
        drawn = io.BytesIO()
        picture.save(drawn, kind, quality=80)
    return drawn.getvalue()


def store_attachment(upload: UploadedFile, *, by: User | None) -> Attachment:
    """Checks what the file is by its content, never by its name, and stores it; raises BadFile with a sentence."""
    if upload.size > MOST_BYTES:
        raise BadFile(TOO_LARGE)
    upload.seek(0)
    content, content_type, extension = checked(upload.read())
    name = clean_name(upload.name or "")[-120:] or _("附件")
    return stored(content, content_type, extension, name=name, by=by)


def stored(content: bytes, content_type: str, extension: str, *, name: str, by: User | None) -> Attachment:
    attachment = Attachment(
        display_name=name,
        content_type=content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        uploaded_by=by,
    )
    attachment.file.save(f"{uuid.uuid4().hex}.{extension}", ContentFile(content), save=False)
    attachment.save()
    return attachment


def checked(content: bytes) -> tuple[bytes, str, str]:
    """What is stored of it, its type and its extension."""
    if not content:
        raise BadFile(_("文件是空的，请重新选择。"))
    if content.startswith(b"%PDF-"):
        return content, PDF, "pdf"
    if content.startswith(b"PK\x03\x04"):
        return content, *office_type(content)
    if content[4:8] == b"ftyp" and content[8:12] in HEIC_BRANDS:
        raise BadFile(_("暂不支持 HEIC 照片。请在手机“设置 › 相机 › 格式”中选“兼容性最佳”，或先转成 JPG。"))
    return redrawn(content)


def office_type(content: bytes) -> tuple[str, str]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError):
        raise BadFile(_("文件已损坏，请重新保存后再上传。")) from None
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise BadFile(_("文件内容过大，请拆分后再上传。"))
    names = {part.filename for part in parts}
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise BadFile(_("文件含有宏，请另存为不带宏的格式后再上传。"))
    found = [kind for part, kind in OFFICE_PARTS.items() if part in names]
    if "[Content_Types].xml" not in names or len(found) != 1:
        raise BadFile
    return found[0]


def redrawn(content: bytes) -> tuple[bytes, str, str]:
    """The picture drawn anew: upright, not larger than needed, without place, time, camera or anything hidden."""
    try:
        with Image.open(io.BytesIO(content), formats=tuple(PICTURES)) as picture:
            kind = picture.format or ""
            if picture.width * picture.height > MOST_PIXELS:
                raise BadFile(TOO_MANY_PIXELS)
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            drawn = upright.convert("RGB") if kind == "JPEG" else upright.convert("RGBA")
    except UnidentifiedImageError:
        raise BadFile from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise BadFile(TOO_MANY_PIXELS) from None
    except (OSError, SyntaxError, ValueError, EOFError):
        raise BadFile(_("图片已损坏，请重新选择。")) from None
    drawn.info.clear()
    stored = io.BytesIO()
    drawn.save(stored, kind, quality=85) if kind != "PNG" else drawn.save(stored, kind, optimize=True)
    return stored.getvalue(), *PICTURES[kind]
