"""十佳案例汇编: what the office selected, as a Word document. Stories alone: no group, no issue, no name."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

from django.utils.translation import override

from lib.docx import OfficialDocument, ordinal
from lib.formats import document_date

from .enums import CaseState
from .models import CaseNomination, CasePoll


def selected_cases(poll: CasePoll) -> Iterable[CaseNomination]:
    """In the order of the votes."""
    return poll.counted().filter(state=CaseState.SELECTED).select_related("unit")


def selection_title(poll: CasePoll) -> str:
    with override("zh-hans"):
        return f"{poll.half_label}解决问题典型案例汇编"


def selection_document(poll: CasePoll) -> bytes:
    with override("zh-hans"):
        document = OfficialDocument(f"{poll.unit.name}\n{selection_title(poll)}")
        for number, case in enumerate(selected_cases(poll), start=1):
            document.heading(f"{ordinal(number)}、{case.title}")
            document.text(f"申报单位：{case.unit.name}")
            story = {"背景": case.background, "做法": case.action, "成效": case.result, "职工评价": case.voice}
            for place, (label, text) in enumerate(filter(lambda part: part[1], story.items()), start=1):
                document.second_heading(f"（{ordinal(place)}）{label}")
                document.text(text)
        document.signature(poll.unit.name, document_date(poll.finished_on))
    target = BytesIO()
    document.save(target)
    return target.getvalue()
