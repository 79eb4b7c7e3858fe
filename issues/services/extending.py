"""延期: a department asks for more time, the office grants or refuses it."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lib.errors import Refused
from lib.formats import screen_date
from lib.once import known_copy
from lib.periods import local_date
from organization.models import User

from ..enums import ExtensionState, Move
from ..models import Dispatch, Extension, Issue
from .answering import open_dispatch
from .discretion import refuse_naming
from .pausing import refuse_while_paused
from .transitions import move_issue


class AlreadyAsked(Refused):
    code = "extension_asked"
    default_message = gettext_lazy("这件交办已有一份延期申请待批，批复后才能再申请。")


class ExtensionSettled(Refused):
    code = "extension_settled"
    default_message = gettext_lazy("这份延期申请已经批复，请刷新页面查看。")


@transaction.atomic
def ask_extension(
    dispatch: Dispatch,
    *,
    until: dt.date,
    reason: str,
    by: User,
    at: dt.datetime | None = None,
    key: uuid.UUID | None = None,
    fingerprint: str = "",
) -> Extension:
    """The department asks for a later limit; one request at a time. Sent twice with one `key` it is one."""
    at = at or timezone.now()
    issue, dispatch = open_dispatch(dispatch)
    if key and (known := known_copy(Extension, key=key, fingerprint=fingerprint, dispatch_id=dispatch.pk)):
        return known
    if not reason.strip():
        raise Refused(_("申请延期须写明理由。"))
    refuse_while_paused(issue, at)
    refuse_earlier(until, dispatch, at)
    if dispatch.extensions.filter(state=ExtensionState.ASKED).exists():
        raise AlreadyAsked
    extension = Extension.objects.create(
        key=key or uuid.uuid4(),
        fingerprint=fingerprint,
        dispatch=dispatch,
        asked_until=until,
        reason=reason.strip(),
        asked_at=at,
        asked_by=by,
    )
    note = f"{screen_date(until)} {extension.reason}"
    move_issue(issue, Move.ASK_EXTENSION, by=by, at=at, note=note, dispatch=dispatch)
    return extension


@transaction.atomic
def grant_extension(
    extension: Extension, *, until: dt.date, by: User, remark: str = "", at: dt.datetime | None = None
) -> None:
    """The limit of the dispatch moves; of a leading one also that of the issue."""
    at = at or timezone.now()
    issue, dispatch, extension = asked(extension)
    refuse_while_paused(issue, at)
    refuse_earlier(until, dispatch, at)
    refuse_naming(issue, remark)
    settle(extension, ExtensionState.GRANTED, by=by, at=at, remark=remark, granted_until=until)
    dispatch.due_on = until
    dispatch.save_if_current(["due_on"])
    if dispatch.is_lead:
        issue.due_on = until
    note = f"{screen_date(until)} {remark}".strip()
    move_issue(issue, Move.GRANT_EXTENSION, by=by, at=at, note=note, dispatch=dispatch, changed=["due_on"])


@transaction.atomic
def refuse_extension(extension: Extension, *, remark: str, by: User, at: dt.datetime | None = None) -> None:
    """The limit stays."""
    at = at or timezone.now()
    if not remark.strip():
        raise Refused(_("不同意延期须写明原因。"))
    issue, dispatch, extension = asked(extension)
    refuse_naming(issue, remark)
    settle(extension, ExtensionState.REFUSED, by=by, at=at, remark=remark)
    move_issue(issue, Move.REFUSE_EXTENSION, by=by, at=at, note=remark, dispatch=dispatch)


def asked(extension: Extension) -> tuple[Issue, Dispatch, Extension]:
    """All three locked; refused when a colleague has settled it, or the department has answered meanwhile."""
    issue, dispatch = open_dispatch(extension.dispatch)
    extension = Extension.objects.select_for_update().get(pk=extension.pk)
    if extension.state != ExtensionState.ASKED:
        raise ExtensionSettled
    return issue, dispatch, extension


def settle(extension: Extension, state: ExtensionState, *, by: User, at: dt.datetime, **fields) -> None:
    extension.state, extension.settled_by, extension.settled_at = state, by, at
    for name, value in fields.items():
        setattr(extension, name, value)
    extension.save(update_fields=["state", "settled_by", "settled_at", *fields])


def refuse_earlier(until: dt.date, dispatch: Dispatch, at: dt.datetime) -> None:
    if until <= max(dispatch.due_on, local_date(at)):
        words = {"day": screen_date(max(dispatch.due_on, local_date(at)))}
        raise Refused(_("延期后的时限须晚于 %(day)s。") % words, code="not_later")
