"""例会: planned, changed, held or cancelled. Reminders follow from the state (meetings.notices)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liaison.models import Cadre, LiaisonGroup
from lib.errors import Refused
from lib.once import known_copy
from lib.periods import today
from organization.models import Unit, User

from .enums import MeetingKind, MeetingState
from .models import Meeting

#: What may be changed while a meeting is planned.
PLAN_FIELDS = frozenset({"kind", "title", "held_on", "starts_at", "place", "focus"})


class NotPlanned(Refused):
    code = "meeting_not_planned"
    default_message = gettext_lazy("这次例会已经召开或取消，不能再改安排。请刷新页面。")


class AlreadyPlanned(Refused):
    code = "meeting_already_planned"
    default_message = gettext_lazy("这一天已排了同类例会，请换个日期，或修改已排的例会。")


@transaction.atomic
def plan_meeting(
    *,
    by: User,
    unit: Unit,
    group: LiaisonGroup | None,
    held_on: dt.date,
    kind: str = MeetingKind.EXCHANGE,
    title: str = "",
    key: uuid.UUID | None = None,
    fingerprint: str = "",
    **details,
) -> tuple[Meeting, bool]:
    """Plans a meeting of one group, or of all groups of the unit; returns it and whether it is new.

    Sent twice with one `key` it is one meeting; with another plan (another `fingerprint`) lib.once.OtherWords is
    raised. `details` are further fields of Meeting (starts_at, place, focus).
    """
    # Held until the end: of two who plan for one unit at once the second sees what the first has planned.
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    if key and (known := known_copy(Meeting, key=key, fingerprint=fingerprint)):
        return known, False
    meeting = Meeting(
        key=key or uuid.uuid4(),
        fingerprint=fingerprint,
        unit=unit,
        group=group,
        held_on=held_on,
        kind=kind,
        title=title or usual_title(kind, held_on),
        recorded_by=by,
        **details,
    )
    meeting.full_clean(exclude=["unit", "group", "recorded_by"], validate_unique=False)
    refuse_second(meeting)
    try:
        with transaction.atomic():
            meeting.save()
    except IntegrityError:
        # Somebody moved another meeting to this day since the question.
        raise AlreadyPlanned from None
    return meeting, True


def refuse_second(meeting: Meeting) -> None:
    planned = Meeting.objects.planned().exclude(pk=meeting.pk).filter(kind=meeting.kind, held_on=meeting.held_on)
    if planned.filter(unit=meeting.unit_id, group=meeting.group_id).exists():
        raise AlreadyPlanned


def usual_title(kind: str, held_on: dt.date) -> str:
    return _("%(month)d月%(kind)s") % {"month": held_on.month, "kind": MeetingKind(kind).label}


@transaction.atomic
def change_meeting(meeting: Meeting, *, version: int, **changes) -> None:
    """Changes the plan; on a new day everybody is reminded anew. Raises lib.errors.Stale for the second editor.

    A title that was made from the month and the kind follows them.
    """
    if unknown := set(changes) - PLAN_FIELDS:
        raise ValueError(f"not part of the plan: {sorted(unknown)}")
    before = refuse_unless_planned(meeting)
    for name, value in changes.items():
        setattr(meeting, name, value)
    if meeting.title in ("", usual_title(before.kind, before.held_on)):
        meeting.title = usual_title(meeting.kind, meeting.held_on)
    meeting.full_clean(exclude=["unit", "group", "recorded_by"])
    refuse_second(meeting)
    try:
        meeting.save_if_current([*changes, "title"], version=version)
    except IntegrityError:
        raise AlreadyPlanned from None


@transaction.atomic
def hold_meeting(
    meeting: Meeting,
    *,
    version: int,
    held_on: dt.date,
    attendees: Collection[Cadre],
    minutes: str,
) -> None:
    """Takes down that the meeting was held, who came and what was said. Again, it corrects what was taken down."""
    if current(meeting).state == MeetingState.CANCELLED:
        raise NotPlanned
    if held_on > today():
        raise Refused(_("召开日期不能晚于今天。"), code="held_in_future")
    if not attendees:
        raise Refused(_("请选择参会人员。"), code="nobody_came")
    meeting.state, meeting.held_on, meeting.minutes = MeetingState.HELD, held_on, minutes
    meeting.save_if_current(["state", "held_on", "minutes"], version=version)
    meeting.attendees.set(attendees)


@transaction.atomic
def cancel_meeting(meeting: Meeting, *, version: int, reason: str) -> None:
    refuse_unless_planned(meeting)
    if not reason.strip():
        raise Refused(_("取消例会须写明原因。"), code="no_reason")
    meeting.state, meeting.cancel_reason = MeetingState.CANCELLED, reason.strip()
    meeting.save_if_current(["state", "cancel_reason"], version=version)


def refuse_unless_planned(meeting: Meeting) -> Meeting:
    """The meeting as it is in the table."""
    found = current(meeting)
    if found.state != MeetingState.PLANNED:
        raise NotPlanned
    return found


def current(meeting: Meeting) -> Meeting:
    """As it is in the table, held until the transaction ends: two people may hold and cancel it at once."""
    return Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
