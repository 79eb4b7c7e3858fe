from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from django import forms
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from lib.names import LineField

#: Of an address: what is no filter, or holds what must not be kept.
NOT_KEPT = frozenset({"q", "page"})


class SaveFilterForm(forms.Form):
    """The list (`at`) and its filters (`query`) come from the page; the user gives the name."""

    at = forms.CharField(widget=forms.HiddenInput, max_length=80)
    query = forms.CharField(widget=forms.HiddenInput, max_length=2000, required=False)
    name = LineField(
        label=_("名称"), max_length=20, widget=forms.TextInput(attrs={"placeholder": _("如：超期的食堂问题")})
    )
    is_shared = forms.BooleanField(label=_("同单位同角色的同事也可用"), required=False)

    def clean_at(self) -> str:
        at = self.cleaned_data["at"]
        try:
            reverse(at)
        except NoReverseMatch:
            raise forms.ValidationError(_("这个列表不能保存筛选。")) from None
        return at

    def clean_query(self) -> str:
        """As the list's own form wrote it, without what is empty, the page and the search words."""
        pairs = parse_qsl(self.cleaned_data["query"], max_num_fields=100)
        query = urlencode([(name, value) for name, value in pairs if name not in NOT_KEPT])
        if len(query) > 500:
            raise forms.ValidationError(_("筛选条件太多，不能保存。"))
        return query
