"""催办 and 督办: the office makes a department get on with it."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lib.errors import Refused
from lib.once import known_copy
from lib.periods import local_date
from organization.models import Unit, User

from ..enums import Move
from ..models import Dispatch, IssueCounter, Supervision, Urging
from .answering import open_dispatch
from .discretion import refuse_naming
from .pausing import refuse_while_paused
from .transitions import move_issue


class AlreadySupervised(Refused):
    code = "supervised"
    default_message = gettext_lazy("这件交办已经督办，如需再提醒请用催办。")


@transaction.atomic
def urge_department(
    dispatch: Dispatch,
    *,
    text: str,
    by: User,
    at: dt.datetime | None = None,
    key: uuid.UUID | None = None,
    fingerprint: str = "",
) -> Urging:
    """A sentence that the department reads on the dispatch. Sent twice with one `key` it is one."""
    at = at or timezone.now()
    issue, dispatch = open_dispatch(dispatch)
    if key and (known := known_copy(Urging, key=key, fingerprint=fingerprint, dispatch_id=dispatch.pk)):
        return known
    if not text.strip():
        raise Refused(_("请写一句催办的话。"))
    refuse_naming(issue, text)
    urging = Urging.objects.create(
        key=key or uuid.uuid4(),
        fingerprint=fingerprint,
        dispatch=dispatch,
        text=text.strip(),
        urged_at=at,
        urged_by=by,
    )
    move_issue(issue, Move.URGE, by=by, at=at, note=urging.text, dispatch=dispatch)
    return urging


@transaction.atomic
def supervise_dispatch(
    dispatch: Dispatch,
    *,
    requirement: str,
    due_on: dt.date,
    by: User,
    at: dt.datetime | None = None,
    key: uuid.UUID | None = None,
    fingerprint: str = "",
) -> Supervision:
    """A 督办单 with the next number of the office and year, and a new limit for the department.

    The limit of the issue stays: what was late is late in the figures.
    """
    at = at or timezone.now()
    issue, dispatch = open_dispatch(dispatch)
    if key and (known := known_copy(Supervision, key=key, fingerprint=fingerprint, dispatch_id=dispatch.pk)):
        return known
    refuse_while_paused(issue, at)
    if Supervision.objects.filter(dispatch=dispatch).exists():
        raise AlreadySupervised
    if not requirement.strip():
        raise Refused(_("督办须写明要求。"))
    day = local_date(at)
    if due_on < day:
        raise Refused(_("督办时限不能早于今天。"), code="due_in_past")
    refuse_naming(issue, requirement)
    serial = next_supervision(issue.office, day.year)
    supervision = Supervision.objects.create(
        key=key or uuid.uuid4(),
        fingerprint=fingerprint,
        dispatch=dispatch,
        office=issue.office,
        year=day.year,
        serial=serial,
        number=f"督{issue.office.code}-{day.year}-{serial:03d}",
        requirement=requirement.strip(),
        due_on=due_on,
        supervised_at=at,
        supervised_by=by,
    )
    dispatch.due_on = due_on
    dispatch.save_if_current(["due_on"])
    note = f"{supervision.number} {supervision.requirement}"[:300]
    move_issue(issue, Move.SUPERVISE, by=by, at=at, note=note, dispatch=dispatch)
    return supervision


def next_supervision(office: Unit, year: int) -> int:
    """Draws the next number, as `next_serial` does for issues."""
    IssueCounter.objects.get_or_create(office=office, year=year)
    counter = IssueCounter.objects.select_for_update().get(office=office, year=year)
    counter.last_supervision += 1
    counter.save(update_fields=["last_supervision"])
    return counter.last_supervision
