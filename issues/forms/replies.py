"""What a department answers."""

from __future__ import annotations

import uuid

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from lib.fields import DayField
from lib.names import LineField, ProseField
from lib.once import SentOnceForm
from lib.periods import today
from records.photos import PhotosField

from ..enums import FOLLOW_UP_OUTCOMES, ExplainReason, Outcome
from ..models import AnswerTemplate, PolicyClause, Reply
from ..services.rechecking import LONGEST

#: Not an outcome: the department says how far it is.
INTERIM = "interim"

DATES = ("follow_up_on", "recheck_on")
#: Fields that an outcome needs, each with what is said when it is missing.
NEEDED = {
    Outcome.SOLVED: {"evidence": _("请写明做了什么、何时完成。")},
    Outcome.PARTLY: {
        "evidence": _("请写明已经解决了哪些。"),
        "left_to_do": _("请写明还有什么没有解决。"),
        "follow_up_on": _("请填后续办理日期。"),
    },
    Outcome.EXPLAINED: {
        "reason": _("请选择暂不能解决的原因。"),
        "rule_relied_on": _("请写明依据的政策或制度。"),
        "recheck_on": _("请填复核日期。"),
    },
}


class ReplyForm(SentOnceForm, forms.ModelForm):
    """One form for interim answer and outcome. Fields of other outcomes are dropped, those needed are asked for."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    outcome = forms.ChoiceField(
        label=_("办理结果"),
        choices=[*Outcome.choices, (INTERIM, _("还在办理，先作阶段答复"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择办理结果。")},
    )
    text = ProseField(
        label=_("答复内容"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("工会会把这段话原样转告职工，请用职工听得懂的话写。"),
    )
    evidence = ProseField(
        label=_("办理依据"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("做了什么、何时完成、依据什么材料。"),
    )
    photos = PhotosField()
    left_to_do = ProseField(
        label=_("尚未解决的部分"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    follow_up_on = DayField(label=_("后续办理日期"), required=False)
    reason = forms.ChoiceField(
        label=_("暂不能解决的原因"), choices=[("", _("请选择")), *ExplainReason.choices], required=False
    )
    clause = forms.ModelChoiceField(
        label=_("政策条款"),
        queryset=PolicyClause.objects.none(),
        required=False,
        empty_label=_("没有合适的条款"),
        help_text=_("选了条款，下面的依据可以不填；条款失效时工会会提醒重新研究。"),
    )
    rule_relied_on = LineField(label=_("政策或制度依据"), max_length=200, required=False)
    recheck_on = DayField(label=_("复核日期"), required=False, help_text=_("一年以内；到这一天重新看条件是否具备。"))

    class Meta:
        model = Reply
        fields = [
            "outcome",
            "text",
            "evidence",
            "left_to_do",
            "follow_up_on",
            "reason",
            "clause",
            "rule_relied_on",
            "recheck_on",
        ]

    def __init__(self, *args, is_lead: bool, is_rest: bool = False, **kwargs) -> None:
        """`is_rest`: a further answer about what was left of a partly solved issue."""
        super().__init__(*args, **kwargs)
        if is_rest:
            self.fields["outcome"].choices = [choice for choice in Outcome.choices if choice[0] in FOLLOW_UP_OUTCOMES]
        self.fields["clause"].queryset = PolicyClause.objects.open()
        if not is_lead:
            # The leading department decides; a supporting one says what it did.
            for name in ("outcome", "left_to_do", "follow_up_on", "reason", "clause", "rule_relied_on", "recheck_on"):
                del self.fields[name]

    @classmethod
    def with_template(cls, typed: QueryDict, template: AnswerTemplate, **whose: bool) -> ReplyForm:
        """The form as it was typed, not looked over yet, with the template's text below what was written."""
        initial = typed.dict()
        initial["text"] = "\n".join(filter(None, [initial.get("text", "").rstrip(), template.text]))
        return cls(initial=initial, **whose)

    def clean_outcome(self) -> str:
        outcome = self.cleaned_data["outcome"]
        return "" if outcome == INTERIM else outcome

    def clean(self) -> dict:
        cleaned = super().clean()
        if "outcome" not in cleaned:
            return cleaned
        if cleaned["outcome"] != Outcome.EXPLAINED:
            cleaned["clause"] = None
            self.errors.pop("clause", None)
        elif clause := cleaned.get("clause"):
            cleaned["rule_relied_on"] = cleaned.get("rule_relied_on") or str(clause)
        needed = NEEDED.get(cleaned["outcome"], {})
        for name, sentence in needed.items():
            if not cleaned.get(name) and name not in self.errors:
                self.add_error(name, sentence)
        for name in {name for fields in NEEDED.values() for name in fields} - set(needed):
            cleaned[name] = None if name in DATES else ""
            self.errors.pop(name, None)
        if cleaned.get("recheck_on") and cleaned["recheck_on"] > today() + LONGEST:
            self.add_error("recheck_on", _("复核日期须在一年以内。"))
        for name in DATES:
            if cleaned.get(name) and cleaned[name] <= today():
                self.add_error(name, _("日期须在今天之后。"))
        return cleaned


class SeenReplyForm(forms.Form):
    """Which reply was read: another one may wait by now."""

    seen = forms.UUIDField(widget=forms.HiddenInput)


class SendBackForm(SeenReplyForm):
    reason = LineField(
        label=_("退回修改的原因"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("写明哪里要补充或改写，承办人会看到。"),
    )


class ReturnForm(forms.Form):
    reason = LineField(
        label=_("退回原因"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("说明为什么不属于本部门，最好写明应由哪个部门办理。"),
    )
