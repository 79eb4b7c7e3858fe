"""The roster as a file again: the columns of the import, the rows that the list shows.

A form asks what for, where the rows are about people, and whether telephone numbers stand in it in full.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from lib.formats import mask_phone, screen_moment
from lib.tabular import writing
from lib.tabular.columns import Column
from lib.tabular.importer import Importer
from lib.tabular.phones import clean_phone

#: What a request answers within its time; more has to be cut by filters.
MOST_ROWS = 50_000
#: Rows read from the database at a time.
CHUNK = 2_000
MASKED, FULL = "masked", "full"


def phone_columns(columns: list[Column]) -> set[str]:
    return {column.name for column in columns if column.clean is clean_phone}


class ExportForm(forms.Form):
    """Asks only what the kind of table makes necessary; for units it is a button."""

    purpose = forms.CharField(
        label=_("用途"),
        max_length=100,
        help_text=_("如“核对一季度职工名册”。与导出人、时间、行数一并登记，供审计查阅。"),
        error_messages={"required": _("请填写用途。")},
        widget=forms.TextInput(attrs={"class": "vTextField", "autocomplete": "off"}),
    )
    phones = forms.ChoiceField(
        label=_("手机号码"),
        choices=[(MASKED, _("打码（138****1234）")), (FULL, _("完整"))],
        initial=MASKED,
        help_text=_("打码的号码不能再导入；要修改后导回的，请选完整，或导回前删去号码。"),
    )

    def __init__(self, *args: Any, importer: Importer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not importer.personal:
            del self.fields["purpose"]
        if not phone_columns(importer.columns()):
            del self.fields["phones"]


def lines(importer: Importer, rows: QuerySet, *, full_phones: bool) -> Iterator[dict[str, str]]:
    """The text of each column, row by row."""
    masked = set() if full_phones else phone_columns(importer.columns())
    for row in importer.exported(rows).iterator(chunk_size=CHUNK):
        cells = {name: as_text(value) for name, value in importer.cells(row).items()}
        yield {name: mask_phone(text) if name in masked else text for name, text in cells.items()}


def as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    # Days in ISO form, counts in digits.
    return str(value)


def workbook_of(importer: Importer, rows: QuerySet, *, by: str, purpose: str, full_phones: bool) -> tuple[bytes, int]:
    """The workbook, in Chinese whatever language the pages are in, and its number of rows."""
    columns = importer.columns()
    with override("zh-hans"):

        def about(count: int) -> list[str]:
            told = [f"导出人：{by}", f"导出时间：{screen_moment(timezone.now())}", f"行数：{count}"]
            if purpose:
                told.append(f"用途：{purpose}")
            if phone_columns(columns) and not full_phones:
                told.append("手机号码已打码，不能再导入。修改后导回前，请删去打码的号码；留空的号码不会改动名册。")
            return told

        return writing.roster(columns, str(importer.title), lines(importer, rows, full_phones=full_phones), about)
