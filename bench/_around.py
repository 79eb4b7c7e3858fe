"""What stands around the facts: meetings with who attended, and notices."""

from __future__ import annotations

import datetime as dt
import random

from meetings.enums import MeetingState
from meetings.models import Meeting
from notices.models import Notice

from ._copy import NULL, Loader
from ._shape import Shape
from ._structure import House

ATTENDEES = Meeting.attendees.through
MODELS = [Meeting, ATTENDEES, Notice]
MONTH_DAYS = 30
NOTICES = 8


def load_meetings(shape: Shape, load: Loader, house: House, rng: random.Random) -> None:
    """One of each group every month, and the next one planned."""
    given = (
        "id",
        "key",
        "recorded_at",
        "recorded_by_id",
        "unit_id",
        "group_id",
        "title",
        "held_on",
        "state",
        "minutes",
    )
    meetings = load.table(Meeting, *given)
    attendees = load.table(ATTENDEES, "meeting_id", "cadre_id")
    pk = 0
    for group, (unit, cadres) in house.groups.items():
        for day in range(group % MONTH_DAYS, shape.days + MONTH_DAYS, MONTH_DAYS):
            pk += 1
            held_on, is_held = shape.first_day + dt.timedelta(days=day), day < shape.days
            entered = f"{held_on - dt.timedelta(days=MONTH_DAYS)} 09:00+08"
            title = f"第{day // MONTH_DAYS + 1}次信息交流例会"
            state = MeetingState.HELD if is_held else MeetingState.PLANNED
            minutes = "逐一交流联系情况，明确下一步重点。" if is_held else ""
            meetings.add(
                str(pk), f"{rng.getrandbits(128):032x}", entered, str(cadres[0]), str(unit), str(group), title,
                str(held_on), state, minutes,
            )  # fmt: skip
            if is_held:
                for cadre in cadres:
                    attendees.add(str(pk), str(cadre))


def load_notices(shape: Shape, load: Loader, house: House) -> None:
    notices = load.table(Notice, "recipient_id", "rule", "dedup_key", "text", "link", "created_at", "read_at")
    for cadre in range(1, len(house.cadres) + 1):
        for number in range(NOTICES):
            at = f"{shape.today - dt.timedelta(days=number * 7 + 1)} 08:00+08"
            key = f"bench:{number}:{cadre}"
            notices.add(
                str(cadre), "issues.feedback_owed", key, "有 2 条答复待反馈给职工。", "/callbacks/", at,
                at if number else NULL,
            )  # fmt: skip
