"""Files from outside: looked into, pictures drawn again without what the camera wrote, stored under a random name."""

from __future__ import annotations

import hashlib
import io
import uuid
import zipfile
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
TOO_MANY_PIXELS = gettext_lazy("图片尺寸过大，请缩小后再上传。")


class BadFile(Refused):
    code = "bad_file"
    default_message = gettext_lazy("只能上传图片（JPG、PNG、WEBP）、PDF、Word（.docx）和 Excel（.xlsx）文件。")


def store_attachment(upload: UploadedFile, *, by: User | None) -> Attachment:
    """Checks what the file is by its content, never by its name, and stores it; raises BadFile with a sentence."""
    if upload.size > MOST_BYTES:
        raise BadFile(_("文件超过 20 MB，请压缩后再上传。"))
    upload.seek(0)
    content, content_type, extension = checked(upload.read())
    attachment = Attachment(
        display_name=clean_name(upload.name or "")[-120:] or _("附件"),
        content_type=content_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        uploaded_by=by,
    )
    attachment.file.save(f"{uuid.uuid4().hex}.{extension}", ContentFile(content), save=False)
    attachment.save()
    return attachment


def store_picture(upload: UploadedFile, number: int) -> Attachment:
    """Of a visitor without account: a picture and nothing else, and its name says no more than that."""
    head = upload.read(12)
    if head.startswith((b"%PDF-", b"PK")):
        raise BadFile(_("只能传照片（JPG、PNG、WEBP）。"))
    upload.name = _("照片%(number)d") % {"number": number}
    return store_attachment(upload, by=None)


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
