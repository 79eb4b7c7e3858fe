"""What the office says of a door, and what a worker writes at one."""

from __future__ import annotations

import re
import unicodedata
import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lib.names import LineField, ProseField
from lib.once import SentOnceForm
from organization.actors import Actor
from organization.enums import UnitKind
from organization.models import Unit
from records.photos import PhotosField

from ..categories import propose
from ..models import Category

SHORTEST, LONGEST = 6, 500
MOST_PHOTOS = 3
#: The notice that the worker agrees to; a change of its words is a new version with a text of its own, and the old
#: ones stay, for opinions name them.
NOTICES = {"2026-11": "issues/door/notice_2026_11.html"}
NOTICE_VERSION = "2026-11"

_mobile = re.compile(r"(?:\+?86|0086)?(1[3-9][0-9]{9})")


class DoorForm(SentOnceForm, forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    unit = forms.ModelChoiceField(
        label=gettext_lazy("单位"),
        queryset=Unit.objects.none(),
        to_field_name="code",
        empty_label=gettext_lazy("请选择"),
    )
    label = LineField(
        label=gettext_lazy("张贴地点或活动名称"),
        max_length=40,
        help_text=gettext_lazy("如“二号食堂门口”“安全月接待日”，会印在海报上。"),
    )

    def __init__(self, *args, actor: Actor, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        units = Unit.objects.within(actor.unit).active().exclude(kind=UnitKind.DEPARTMENT)
        self.fields["unit"].queryset = units.order_by("path")


class LabelForm(forms.Form):
    label = LineField(label=gettext_lazy("张贴地点或活动名称"), max_length=40)


class SayForm(SentOnceForm, forms.Form):
    """One page, no script. What belongs to a name counts only where it is to be named."""

    UNSAID = SentOnceForm.UNSAID | {"photos", "website"}
    ANONYMOUS, NAMED = "anonymous", "named"

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    category = forms.ModelChoiceField(
        label=gettext_lazy("哪方面的事"),
        queryset=Category.objects.active(),
        required=False,
        empty_label=None,
        widget=forms.RadioSelect,
    )
    text = ProseField(
        label=gettext_lazy("想说的话"),
        min_length=SHORTEST,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("什么事、在哪里、希望怎么办。6 到 500 字。"),
        error_messages={
            "required": gettext_lazy("请写下想说的话。"),
            "min_length": gettext_lazy("再多写几个字，让人看得明白。"),
        },
    )
    photos = PhotosField(
        most=MOST_PHOTOS,
        label=gettext_lazy("照片（可不传）"),
        help_text=gettext_lazy("最多 3 张。拍摄地点、时间等信息会自动去掉，请别拍到人脸。"),
    )
    who = forms.ChoiceField(
        label=gettext_lazy("署名还是匿名"),
        choices=[(ANONYMOUS, gettext_lazy("匿名")), (NAMED, gettext_lazy("署名"))],
        initial=ANONYMOUS,
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选择署名还是匿名。")},
    )
    name = LineField(label=gettext_lazy("姓名"), max_length=60, required=False)
    phone = forms.CharField(
        label=gettext_lazy("手机号码"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    employee_no = LineField(
        label=gettext_lazy("工号"), max_length=32, required=False, help_text=gettext_lazy("手机号码和工号填一项就行。")
    )
    may_be_named = forms.BooleanField(label=gettext_lazy("可以让承办部门知道是我提的"), required=False)
    consent = forms.BooleanField(
        label=gettext_lazy("我看过并同意上面的说明"),
        error_messages={"required": gettext_lazy("请先看说明，同意后再提交。")},
    )
    #: Nobody sees it; only programs fill it in.
    website = forms.CharField(required=False, max_length=200)

    def clean_phone(self) -> str:
        said = "".join(unicodedata.normalize("NFKC", self.cleaned_data["phone"]).split()).replace("-", "")
        if said and not (found := _mobile.fullmatch(said)):
            raise forms.ValidationError(_("手机号码不对，请填 11 位号码。"))
        return found[1] if said else ""

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if said.get("website"):
            raise forms.ValidationError(_("没有提交成功，请清空多余的内容再试。"))
        if said.get("who") != self.NAMED:
            said |= {"name": "", "phone": "", "employee_no": "", "may_be_named": False}
            for name in ("name", "phone", "employee_no"):
                self.errors.pop(name, None)
        else:
            self.clean_named(said)
        if "category" in said and "text" in said and said["category"] is None:
            said["category"] = propose(said["text"], self.fields["category"].queryset)
            if said["category"] is None:
                self.add_error("category", _("请选一下是哪方面的事。"))
        return said

    def clean_named(self, said: dict[str, Any]) -> None:
        if not said.get("name") and "name" not in self.errors:
            self.add_error("name", _("署名请填姓名；不想署名请选“匿名”。"))
        if not (said.get("phone") or said.get("employee_no")) and not {"phone", "employee_no"} & set(self.errors):
            self.add_error("phone", _("请填手机号码或工号，工会才好联系您。"))

    @property
    def words(self) -> dict[str, Any]:
        """The arguments of `say_at_door` that the worker gave."""
        names = ("text", "category", "name", "phone", "employee_no", "may_be_named", "photos")
        return {name: self.cleaned_data[name] for name in names}
