"""单据: 交办单, 督办单 and 答复单 on paper, for the office and the department alike.

They hold what the department reads and nothing else: neither the issue's number nor anybody's name. Chinese always,
and as a form for the page, which prints, and for Word.
"""

from __future__ import annotations

import datetime as dt
from io import BytesIO

from lib.docx_form import Form, FormRow, write_form
from lib.formats import document_date
from organization.models import Unit

from .enums import PaperKind
from .models import Dispatch, Reply

SIGN = "签字（盖章）：　　　　　　　　　年　　月　　日"


def kinds_of(dispatch: Dispatch) -> list[PaperKind]:
    """What there is to print by now. The supervision and the replies in force come with the dispatch."""
    found = [PaperKind.DISPATCH]
    if hasattr(dispatch, "supervision"):
        found.append(PaperKind.SUPERVISION)
    if dispatch.replies.all():
        found.append(PaperKind.REPLY)
    return found


def number_of(dispatch: Dispatch, kind: PaperKind) -> str:
    """Of the paper. That of the issue is for the union alone."""
    if kind == PaperKind.SUPERVISION:
        return dispatch.supervision.number
    return dispatch.key.hex[:8].upper()


def file_name_of(dispatch: Dispatch, kind: PaperKind) -> str:
    return f"{TITLES[kind]}{number_of(dispatch, kind)}.docx"


TITLES = {PaperKind.DISPATCH: "交办单", PaperKind.SUPERVISION: "督办单", PaperKind.REPLY: "答复单"}


def paper_slip(dispatch: Dispatch, kind: PaperKind) -> Form:
    rows = {
        PaperKind.DISPATCH: dispatch_rows,
        PaperKind.SUPERVISION: supervision_rows,
        PaperKind.REPLY: reply_rows,
    }[kind](dispatch)
    by_department = kind == PaperKind.REPLY
    issuer = dispatch.department.name if by_department else office_name(dispatch.issue.office)
    signed = ("填报人：", "审核人：", "联系电话：")
    received = ("交办人：", "接收人：", "接收日期：　　年　月　日")
    return Form(
        title=f"职工诉求{TITLES[kind]}",
        head=(f"单位：{issuer}", f"编号：{number_of(dispatch, kind)}"),
        rows=[FormRow([("问题名称", dispatch.title)]), *facts_of(dispatch), *rows],
        foot=signed if by_department else received,
    )


def as_word(form: Form) -> bytes:
    target = BytesIO()
    write_form(form, target)
    return target.getvalue()


def office_name(unit: Unit) -> str:
    return unit.name if "工会" in unit.name else f"{unit.name}工会"


def facts_of(dispatch: Dispatch) -> list[FormRow]:
    part = "牵头" if dispatch.is_lead else "协办"
    return [
        FormRow([("承办部门", f"{dispatch.department.name}（{part}）"), ("涉及单位", dispatch.matter_unit.name)]),
        FormRow([("问题类别", dispatch.issue.category.name), ("交办日期", document_date(dispatch.dispatched_at))]),
    ]


def dispatch_rows(dispatch: Dispatch) -> list[FormRow]:
    return [
        FormRow([("办理时限", f"{document_date(dispatch.due_on)}前答复")]),
        FormRow([("交办内容", dispatch.wording)], 70),
        FormRow([("承办人意见", "")], 36, SIGN),
        FormRow([("部门负责人\n意见", "")], 36, SIGN),
    ]


def supervision_rows(dispatch: Dispatch) -> list[FormRow]:
    supervision = dispatch.supervision
    days = [("督办日期", document_date(supervision.supervised_at)), ("督办时限", document_date(supervision.due_on))]
    return [
        FormRow(days),
        FormRow([("交办内容", dispatch.wording)], 45),
        FormRow([("督办要求", supervision.requirement)], 30),
        FormRow([("未按期办结\n原因", "")], 30),
        FormRow([("部门负责人\n意见", "")], 36, SIGN),
    ]


def reply_rows(dispatch: Dispatch) -> list[FormRow]:
    """The answer in force, else what was said last."""
    replies = dispatch.replies
    reply = replies.deciding().first() or replies.in_force().last()
    outcome = reply.get_outcome_display() or ("阶段答复" if dispatch.is_lead else "协办答复")
    return [
        FormRow([("办理结果", outcome), ("答复日期", document_date(reply.replied_at))]),
        FormRow([("交办内容", dispatch.wording)], 40),
        FormRow([("答复内容", reply.text)], 45),
        *grounds_of(reply),
        FormRow([("部门负责人\n意见", "")], 32, SIGN),
    ]


def grounds_of(reply: Reply) -> list[FormRow]:
    """What the outcome rests on; nothing stands there that nobody wrote."""

    def day(value: dt.date | None) -> str:
        return document_date(value) if value else ""

    written = [
        ("办理依据", reply.evidence),
        ("尚未解决的\n部分", reply.left_to_do),
        ("后续办理日期", day(reply.follow_up_on)),
        ("暂不能解决\n的原因", reply.get_reason_display()),
        ("政策或制度\n依据", reply.rule_relied_on),
        ("复核日期", day(reply.recheck_on)),
    ]
    return [FormRow([(label, value)]) for label, value in written if value]
