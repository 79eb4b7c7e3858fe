"""Photos as a form takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .services import BadFile, Photo, check_photo

if TYPE_CHECKING:
    from django.utils.functional import Promise

MOST_PHOTOS = 9
LABEL = gettext_lazy("照片")
HELP = gettext_lazy("最多 9 张；拍摄时间、地点等信息会自动去掉。")


class PhotosInput(forms.FileInput):
    """Several at once; a phone offers its camera and its album."""

    allow_multiple_selected = True

    def __init__(self) -> None:
        super().__init__(attrs={"multiple": True, "accept": "image/*", "data-photos": ""})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list:
        return files.getlist(name) if hasattr(files, "getlist") else []


class PhotosField(forms.FileField):
    """Some pictures, each drawn anew. A refused form cannot keep them: they have to be chosen again."""

    widget = PhotosInput

    def __init__(
        self,
        *,
        most: int = MOST_PHOTOS,
        label: str | Promise = LABEL,
        help_text: str | Promise = HELP,
    ) -> None:
        super().__init__(label=label, required=False, help_text=help_text)
        self.most = most

    def clean(self, data: Any, initial: Any = None) -> list[Photo]:
        uploads = [upload for upload in data or [] if upload]
        if len(uploads) > self.most:
            raise ValidationError(_("一次最多 %(most)d 张照片，请分几次上传。") % {"most": self.most})
        return [self.checked(number, upload) for number, upload in enumerate(uploads, 1)]

    def checked(self, number: int, upload: Any) -> Photo:
        try:
            return check_photo(upload)
        except BadFile as bad:
            raise ValidationError(_("第 %(number)d 张：%(why)s") % {"number": number, "why": bad}) from None
