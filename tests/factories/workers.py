import datetime as dt
from itertools import count

from friends.enums import ContactChannel
from friends.models import ContactLog, Worker
from friends.services import record_contact
from liaison.models import Cadre
from lib.periods import SHANGHAI
from organization.models import Unit

_numbers = count(1)
NOON = dt.datetime(2016, 3, 15, 12, tzinfo=SHANGHAI)


def restart() -> None:
    global _numbers
    _numbers = count(1)


def worker(at: Unit, *, name: str = "", **fields) -> Worker:
    number = next(_numbers)
    fields.setdefault("employee_no", f"E{number:06d}")
    root = Unit.objects.above(at).first()
    return Worker.objects.create(unit=at, enterprise=root, name=name or f"职工{number}", **fields)


def contact_log(
    by: Cadre, *workers: Worker, at: dt.datetime = NOON, channel: str = ContactChannel.FACE_TO_FACE, **fields
) -> ContactLog:
    log, _is_new = record_contact(by=by.user, cadre=by, workers=workers, happened_at=at, channel=channel, **fields)
    return log
