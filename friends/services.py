"""What happens between cadres and workers: friendships begin and end, contacts are recorded and corrected."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liaison.models import Cadre, Membership
from lib.errors import Refused
from lib.periods import local_date, month_of, today
from organization.models import Unit, User
from records.models import StaleMonth
from records.services import Photo, store_photo

from .enums import EndReason
from .models import ContactLog, Friendship, LogRevision, Participation, Worker

#: A log may be entered late, but nobody met anyone before this year.
EARLIEST = dt.date(2000, 1, 1)


class AlreadyBefriended(Refused):
    code = "already_befriended"


class AlreadyEnded(Refused):
    code = "friendship_already_ended"
    default_message = gettext_lazy("这段联系关系已登记结束，请刷新页面。")


class ContactInFuture(Refused):
    code = "contact_in_future"
    default_message = gettext_lazy("联系时间不能晚于现在。")


class NotCorrectable(Refused):
    code = "contact_not_correctable"
    default_message = gettext_lazy("联系记录只能由本人在当月修改。")


@transaction.atomic
def befriend(worker: Worker, *, cadre: Cadre, on: dt.date, key: uuid.UUID | None = None) -> Friendship:
    """Begins a friendship. Refused when it would overlap another one of the same worker."""
    # Two cadres may pick the same worker at once; the row of the worker decides who was first.
    worker = Worker.objects.select_for_update().get(pk=worker.pk)
    if worker.friendships.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=on)).exists():
        raise AlreadyBefriended(_("这位职工已有联络员，请先结束原来的联系关系。"))
    friendship = Friendship(worker=worker, cadre=cadre, unit=worker.unit, starts_on=on)
    if key:
        friendship.key = key
    friendship.save()
    return friendship


@transaction.atomic
def end_friendship(friendship: Friendship, *, on: dt.date, reason: EndReason) -> None:
    # Two may end it at once, or one from an old page: the row of the worker orders them, as in `befriend`.
    others = Worker.objects.select_for_update().get(pk=friendship.worker_id).friendships.exclude(pk=friendship.pk)
    friendship.refresh_from_db()
    if friendship.ends_on is not None:
        raise AlreadyEnded
    if on < friendship.starts_on:
        raise Refused(_("结束日期不能早于建立日期。"))
    still_held = Q(ends_on__isnull=True) | Q(ends_on__gt=friendship.starts_on)
    if others.filter(still_held, starts_on__lt=on, starts_on__gte=friendship.starts_on).exists():
        raise Refused(_("结束日期与下一段联系关系重叠，请核对日期。"))
    friendship.ends_on = on
    friendship.end_reason = reason
    friendship.save(update_fields=["ends_on", "end_reason"])


def group_on(cadre: Cadre, day: dt.date) -> int | None:
    """The group the cadre belonged to on `day`."""
    return Membership.objects.open_on(day).filter(cadre=cadre).values_list("group_id", flat=True).first()


def common_unit(units: Iterable[Unit]) -> Unit:
    """The lowest unit that holds all of them: a contact across workshops belongs to their base unit."""
    units = list(units)
    shared = set.intersection(*(set(unit.paths_to_root()) for unit in units))
    path = max(shared, key=len)
    return next((unit for unit in units if unit.path == path), None) or Unit.objects.get(path=path)


@transaction.atomic
def record_contact(
    *,
    by: User,
    cadre: Cadre,
    workers: Collection[Worker],
    happened_at: dt.datetime,
    channel: str,
    key: uuid.UUID | None = None,
    text: str = "",
    notes: Mapping[int, str] | None = None,
    companions: Iterable[Cadre] = (),
    topics: Iterable = (),
    photos: Iterable[Photo] = (),
    **details,
) -> tuple[ContactLog, bool]:
    """Records one contact with one or several friends; returns the log and whether it is new.

    A log with the same `key` is returned as it stands: a phone may send twice. `notes` holds a private sentence by
    worker id. `details` are further fields of ContactLog (work_kind, place, minutes, mood, next_contact_on, …).
    """
    if not workers:
        raise Refused(_("请至少选择一位朋友。"))
    day = local_date(happened_at)
    known = ContactLog.objects.filter(key=key).first() if key else None
    if known:
        return known, False
    log = ContactLog(
        cadre=cadre,
        group_id=group_on(cadre, day),
        unit=common_unit(worker.unit for worker in workers),
        happened_at=happened_at,
        happened_on=day,
        channel=channel,
        text=text,
        recorded_by=by,
        **details,
    )
    if key:
        log.key = key
    refuse_impossible(log)
    log.save()
    notes = notes or {}
    Participation.objects.bulk_create(
        Participation(
            log=log,
            worker=worker,
            unit_id=worker.unit_id,
            note=notes.get(worker.pk, ""),
        )
        for worker in workers
    )
    log.companions.set(companions)
    log.topics.set(topics)
    log.photos.add(*(store_photo(photo, by=by) for photo in photos))
    Worker.objects.filter(pk__in=[worker.pk for worker in workers]).filter(
        Q(last_contact_on__isnull=True) | Q(last_contact_on__lt=day)
    ).update(last_contact_on=day)
    StaleMonth.objects.mark({log.unit_id}, day)
    return log, True


def refuse_impossible(log: ContactLog) -> None:
    if log.happened_at > timezone.now():
        raise ContactInFuture
    if log.happened_on < EARLIEST:
        raise Refused(_("联系时间不对，请检查年份。"))
    if log.minutes is not None and log.minutes < 1:
        raise Refused(_("时长须在 1 分钟以上，不清楚可以不填。"))
    if log.next_contact_on and log.next_contact_on <= log.happened_on:
        raise Refused(_("下次联系的日期须在本次联系之后。"))


@transaction.atomic
def correct_contact(
    log: ContactLog,
    *,
    by: User,
    version: int,
    workers: Collection[Worker],
    notes: Mapping[int, str] | None = None,
    **changes,
) -> None:
    """The author corrects his log within the open month; what it said before stays in its revisions.

    Raises lib.errors.Stale when somebody saved a later version. `notes` replaces the private sentences, if given.
    """
    if not workers:
        raise Refused(_("请至少选择一位朋友。"))
    before = ContactLog.objects.select_related("unit", "cadre").get(pk=log.pk)
    month = month_of(today())
    if before.cadre.user_id != by.pk or before.happened_on not in month:
        raise NotCorrectable
    participations = {row.worker_id: row for row in before.participations.select_related("unit")}
    revision = LogRevision(log=before, version=version, values=values_of(before), recorded_by=by)
    topics, companions = changes.pop("topics", None), changes.pop("companions", None)
    for name, value in changes.items():
        setattr(log, name, value)
    log.happened_on = local_date(log.happened_at)
    refuse_impossible(log)
    if log.happened_on != before.happened_on:
        if log.happened_on not in month:
            raise Refused(_("联系日期只能改为本月之内。"))
        if log.opinions.exists():
            raise Refused(_("这次联系中提了意见建议，联系日期不能再改。"))
        log.group_id = group_on(before.cadre, log.happened_on)
    # Who has moved since stays where he was when they met.
    log.unit = common_unit(participations.get(worker.pk, worker).unit for worker in workers)
    log.save_if_current([*changes, "happened_on", "unit", "group"], version=version)
    # Only now: whoever comes second has been turned away, and the version is this correction's alone.
    revision.save()
    gone = set(participations) - {worker.pk for worker in workers}
    if log.opinions.filter(worker__in=gone).exists():
        raise Refused(_("有朋友在这次联系中提了意见建议，不能从记录中移除。"))
    log.participations.filter(worker__in=gone).delete()
    for worker in workers:
        row = participations.get(worker.pk) or Participation(log=log, worker=worker, unit_id=worker.unit_id)
        if notes is not None:
            row.note = notes.get(worker.pk, "")
        row.save()
    if topics is not None:
        log.topics.set(topics)
    if companions is not None:
        log.companions.set(companions)
    refresh_last_contact({*participations, *(worker.pk for worker in workers)})
    StaleMonth.objects.mark({before.unit_id}, before.happened_on)
    StaleMonth.objects.mark({log.unit_id}, log.happened_on)


#: The columns of a log that its author may correct.
CORRECTABLE = (
    "happened_at",
    "channel",
    "work_kind",
    "place",
    "minutes",
    "text",
    "mood",
    "next_contact_on",
)


def values_of(log: ContactLog) -> dict[str, Any]:
    """What the log says, in the form in which revisions keep it: people and topics by id.

    `notes` are for the eyes of the author, as they were in the log.
    """
    values = {name: getattr(log, name) for name in CORRECTABLE}
    values["happened_at"] = log.happened_at.isoformat()
    values["next_contact_on"] = log.next_contact_on.isoformat() if log.next_contact_on else None
    notes = dict(log.participations.values_list("worker_id", "note"))
    values["workers"] = sorted(notes)
    values["notes"] = {str(worker_id): note for worker_id, note in notes.items() if note}
    values["topics"] = sorted(log.topics.values_list("pk", flat=True))
    values["companions"] = sorted(log.companions.values_list("pk", flat=True))
    return values


def refresh_last_contact(worker_ids: Iterable[int]) -> None:
    """Counts `last_contact_on` again from the logs."""
    talks = Participation.objects.filter(worker=OuterRef("pk")).order_by().values("worker")
    latest = talks.annotate(day=Max("log__happened_on")).values("day")
    Worker.objects.filter(pk__in=worker_ids).update(last_contact_on=Subquery(latest))
