"""Opinions come in: with a visit, in one transaction, or by letter."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from friends.models import ContactLog, Worker
from friends.services import record_contact
from liaison.models import Cadre
from lib.periods import local_date
from organization.models import Unit, User
from records.models import StaleMonth
from records.services import Photo, store_photo

from ..enums import Move, OpinionState, ReporterKind, Source
from ..models import Category, Gist, Opinion, OpinionRevision
from .transitions import move_opinion, write_transition


@dataclass(frozen=True)
class OpinionCard:
    """What one card of the log form says. Several workers make several opinions with one batch."""

    text: str
    category: Category
    workers: Collection[Worker]
    is_urgent: bool = False
    may_be_named: bool = False
    seconds: Opinion | None = None
    key: uuid.UUID = field(default_factory=uuid.uuid4)


@transaction.atomic
def record_visit(*, by: User, cadre: Cadre, cards: Sequence[OpinionCard] = (), **contact) -> tuple[ContactLog, bool]:
    """The whole of /log/: the contact (see friends.services.record_contact) and the opinions raised in it.

    Either all of it is saved or nothing; sent twice with one `key` it is saved once.
    """
    log, is_new = record_contact(by=by, cadre=cadre, **contact)
    if is_new:
        for card in cards:
            for worker in card.workers:
                raise_opinion(
                    by=by,
                    at=log.happened_at,
                    worker=worker,
                    contact_log=log,
                    cadre=cadre,
                    text=card.text,
                    category=card.category,
                    is_urgent=card.is_urgent,
                    may_be_named=card.may_be_named,
                    seconds=card.seconds,
                    batch=card.key,
                    key=uuid.uuid5(card.key, str(worker.key)),
                )
    return log, is_new


@transaction.atomic
def raise_opinion(
    *,
    by: User | None,
    text: str,
    category: Category,
    at: dt.datetime,
    worker: Worker | None = None,
    unit: Unit | None = None,
    contact_log: ContactLog | None = None,
    source: Source = Source.CONTACT_LOG,
    reporter_kind: ReporterKind = ReporterKind.WORKER,
    cadre: Cadre | None = None,
    photos: Iterable[Photo] = (),
    **details,
) -> Opinion:
    """One opinion. Without a worker (anonymous, enterprise) `unit` says where it comes from.

    `by` is None where the worker wrote it himself, without an account.
    """
    opinion = Opinion(
        reporter_kind=reporter_kind,
        worker=worker,
        unit=unit or worker.unit,
        group_id=contact_log.group_id if contact_log else None,
        cadre=cadre,
        source=source,
        contact_log=contact_log,
        text=text,
        category=category,
        raised_on=local_date(at),
        recorded_by=by,
        **details,
    )
    opinion.save()
    opinion.attachments.add(*(store_photo(photo, by=by) for photo in photos))
    write_transition(Move.RAISE, by=by, at=at, opinion=opinion, before="", after=OpinionState.WAITING)
    StaleMonth.objects.mark({opinion.unit_id}, opinion.raised_on)
    return opinion


@transaction.atomic
def correct_opinion(opinion: Opinion, *, by: User, text: str, category: Category) -> None:
    """Who took it down puts a slip right while nobody has worked on it; what it said before is kept."""
    opinion = Opinion.objects.select_for_update().get(pk=opinion.pk)
    if (opinion.text, opinion.category_id) == (text, category.pk):
        return
    OpinionRevision.objects.create(opinion=opinion, text=opinion.text, category_id=opinion.category_id, recorded_by=by)
    opinion.text, opinion.category = text, category
    Gist.objects.filter(opinion=opinion).delete()
    move_opinion(opinion, Move.REWORD, by=by, changed=["text", "category"])
