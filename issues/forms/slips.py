"""What a worker types on his slip."""

from __future__ import annotations

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from lib.names import LineField
from lib.once import SentOnceForm

from ..enums import Rating
from ..models import Feedback

#: What is done with the slip: the value of the button.
RATE, DISPUTE, ADD = "rate", "dispute", "add"


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("回执编号"),
        max_length=200,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "inputmode": "text"}
        ),
        help_text=_("回执上的 8 位编号，大小写、空格和横线都不影响。"),
        error_messages={"required": _("请填写回执上的 8 位编号。")},
    )


class AnswerForm(forms.Form):
    """Speaks of one of the answers on the slip."""

    feedback = forms.ModelChoiceField(
        queryset=Feedback.objects.none(),
        to_field_name="key",
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": _("这件事的情况刚有变化，请看下面的最新情况。")},
    )

    def __init__(self, *args, feedbacks, **kwargs) -> None:
        super().__init__(*args, auto_id="id_%s_" + self.kind, **kwargs)
        self.fields["feedback"].queryset = feedbacks


class RatingForm(AnswerForm):
    kind = RATE
    rating = forms.TypedChoiceField(
        label=_("对办理结果满意吗？"),
        choices=Rating.choices,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("请选一项再提交。")},
    )


class DisputeForm(AnswerForm):
    kind = DISPUTE
    reason = LineField(
        label=_("哪里没有解决？"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请写一句哪里没有解决。")},
    )


class AdditionForm(SentOnceForm, forms.Form):
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    text = LineField(
        label=_("补充几句"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("新的情况、时间、地点。工会看得到，承办部门看不到。"),
        error_messages={"required": _("请写下要补充的内容。")},
    )
