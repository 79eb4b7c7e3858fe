"""The worker's door: the office opens it, workers say something at it without an account."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from friends.models import Worker
from lib.errors import Refused
from lib.names import name_key
from lib.periods import today
from organization.models import Unit, User
from records.services import Photo

from ..enums import ReporterKind, Source
from ..models import Category, Door, Opinion, Slip, UnlistedReporter
from .intake import raise_opinion
from .slips import issue_slip


def open_door(*, unit: Unit, label: str, by: User, key: uuid.UUID, fingerprint: str) -> Door:
    door = Door(unit=unit, label=label, opened_on=today(), recorded_by=by, key=key, fingerprint=fingerprint)
    door.save()
    return door


@transaction.atomic
def close_door(door: Door) -> None:
    """What came in stays; the poster leads to a page that says so."""
    door = Door.objects.select_for_update().get(pk=door.pk)
    if not door.is_open:
        raise Refused(_("这个入口已经停用了。"), code="door_closed")
    door.closed_on = today()
    door.save(update_fields=["closed_on"])


@transaction.atomic
def reopen_door(door: Door) -> None:
    """The posters that hang are good again: their code has not changed."""
    door = Door.objects.select_for_update().get(pk=door.pk)
    if door.is_open:
        raise Refused(_("这个入口正在使用。"), code="door_open")
    door.closed_on = None
    door.save(update_fields=["closed_on"])


@transaction.atomic
def say_at_door(
    door: Door,
    *,
    text: str,
    category: Category,
    consent_version: str,
    key: uuid.UUID,
    fingerprint: str,
    name: str = "",
    phone: str = "",
    employee_no: str = "",
    may_be_named: bool = False,
    photos: Collection[Photo] = (),
) -> Opinion:
    """One opinion of somebody without an account; without a `name` an anonymous one. Its slip: `slip_of_sending`."""
    if not Door.objects.open().select_for_update().filter(pk=door.pk).exists():
        raise Refused(_("这个入口已经停用，请直接找工会办公室。"), code="door_closed")
    worker = listed_worker(door.unit, name=name, phone=phone, employee_no=employee_no) if name else None
    friendship = worker.friendships.open().select_related("cadre").first() if worker else None
    kind = ReporterKind.WORKER if worker else ReporterKind.UNLISTED if name else ReporterKind.ANONYMOUS
    opinion = raise_opinion(
        by=None,
        text=text,
        category=category,
        at=timezone.now(),
        worker=worker,
        unit=None if worker else door.unit,
        source=Source.QR_FORM,
        reporter_kind=kind,
        cadre=friendship.cadre if friendship else None,
        door=door,
        consent_version=consent_version,
        may_be_named=may_be_named and bool(name),
        photos=photos,
        key=key,
        fingerprint=fingerprint,
    )
    if kind == ReporterKind.UNLISTED:
        UnlistedReporter.objects.create(opinion=opinion, name=name, phone=phone, employee_no=employee_no)
    slip_of_sending(opinion)
    return opinion


def slip_of_sending(opinion: Opinion) -> Slip:
    """The slip that the worker got when he sent it; its code follows from the key of the form, so a copy shows it."""
    return issue_slip(opinion, by=None, key=uuid.uuid5(opinion.key, "slip"))


def listed_worker(unit: Unit, *, name: str, phone: str, employee_no: str) -> Worker | None:
    """Of the roster of the unit, when the name and the phone or the number agree, and with one person only."""
    agrees: Any = Q(pk__in=[])
    if phone:
        agrees |= Q(pk__in=Worker.objects.with_phone(phone).values("pk"))
    if employee_no:
        agrees |= Q(employee_no__iexact=employee_no)
    of_unit: dict[str, Any] = {"unit__path__startswith": unit.path, "name_key": name_key(name)}
    found = Worker.objects.active().filter(agrees, **of_unit)[:2]
    return found[0] if len(found) == 1 else None
