"""Notices are made by rules and leave through the outbox: first a row, then the message."""

from __future__ import annotations

import datetime as dt
import hashlib
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from random import SystemRandom
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import IntegrityError, transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import override

from lib.periods import SHANGHAI
from organization.calendars import working_calendar
from organization.models import User

from .enums import MAX_TRIES, Channel, DeliveryState
from .models import Delivery, Notice
from .rules import Due, Occasion, Rule, registered_rules

if TYPE_CHECKING:
    from django.utils.functional import Promise

logger = logging.getLogger(__name__)

#: How long a claimed delivery is left to the worker that claimed it; longer than EMAIL_TIMEOUT.
LEASE = dt.timedelta(seconds=30)
FIRST_PAUSE = dt.timedelta(minutes=1)
LONGEST_PAUSE = dt.timedelta(hours=6)
#: Messages of one mail.
MOST_PER_MAIL = 50


def dedup_key(rule: str, due: Due) -> str:
    return f"{rule}:{due.period}:{due.subject}:{due.recipient_id}"


def notify(
    recipient: User, rule: str, period: str, subject: str, text: str | Promise, link: str = ""
) -> tuple[Notice, bool]:
    """Tells the recipient once per (rule, period, subject); returns the notice and whether it is new.

    The notice and its deliveries are written together, in the caller's transaction if there is one.
    """
    key = dedup_key(rule, Due(recipient.pk, period, subject, text, link))
    with override(recipient.language):
        words = Truncator(text).chars(Notice._meta.get_field("text").max_length)
    try:
        with transaction.atomic():
            notice = Notice.objects.create(recipient=recipient, rule=rule, dedup_key=key, text=words, link=link)
            Delivery.objects.bulk_create(Delivery(notice=notice, channel=channel) for channel in channels_of(recipient))
    except IntegrityError:
        known = Notice.objects.filter(dedup_key=key).first()
        if known is None:
            raise
        return known, False
    return notice, True


def tell_at_once(recipient: User, rule: str, text: str | Promise, url: str) -> None:
    """Said whenever it happens, by day or by night, and each time it happens."""
    notify(recipient, rule, timezone.now().isoformat(), "account", text, url)


def channels_of(recipient: User) -> list[Channel]:
    """Where a message reaches the person besides the inbox."""
    return [Channel.EMAIL] if recipient.email else []


def what_is_due(occasion: Occasion) -> list[tuple[Rule, Due]]:
    """Everything the rules want said by now and that has not been said; by recipient. Reads only: also the dry run.

    One broken rule does not silence the others.
    """
    found: list[tuple[Rule, Due]] = []
    for rule in registered_rules():
        try:
            found.extend((rule, due) for due in rule.due(occasion))
        except Exception:
            logger.exception("notice rule %s failed", rule.name)
    keys = [dedup_key(rule.name, due) for rule, due in found]
    said = set()
    # In portions: SQLite takes a limited number of parameters.
    for start in range(0, len(keys), 500):
        said.update(Notice.objects.filter(dedup_key__in=keys[start : start + 500]).values_list("dedup_key", flat=True))
    active = set(User.objects.filter(is_active=True).values_list("pk", flat=True)) if found else set()
    new = [pair for pair, key in zip(found, keys, strict=True) if key not in said and pair[1].recipient_id in active]
    return sorted(new, key=lambda pair: pair[1].recipient_id)


def run_rules(now: dt.datetime | None = None) -> int:
    """Makes the notices that are due; returns how many are new. From 08:00 on working days, safe to run twice.

    All that one person is told comes in one transaction, so that one mail carries it.
    """
    now = now or timezone.now()
    occasion = Occasion(now, working_calendar())
    if not occasion.calendar.is_workday(occasion.day) or now < first_moment(occasion.day):
        return 0
    due = what_is_due(occasion)
    users = User.objects.in_bulk({one.recipient_id for _rule, one in due})
    count = 0
    for recipient_id, pairs in groupby(due, key=lambda pair: pair[1].recipient_id):
        # What cannot be said to one must not keep it from those after him; it is tried again with the next run.
        try:
            count += tell(users[recipient_id], pairs)
        except Exception:
            logger.exception("notices for account %s failed", recipient_id)
    return count


def first_moment(day: dt.date) -> dt.datetime:
    """Nobody is told anything earlier in the day."""
    return dt.datetime.combine(day, dt.time(settings.NOTICES_FROM_HOUR), tzinfo=SHANGHAI)


@transaction.atomic
def tell(recipient: User, pairs: Iterable[tuple[Rule, Due]]) -> int:
    told = [notify(recipient, rule.name, due.period, due.subject, due.text, due.link) for rule, due in pairs]
    return sum(is_new for _notice, is_new in told)


@dataclass(frozen=True)
class Planned:
    """A line of the dry run."""

    username: str
    rule: str
    text: str
    link: str


def dry_run(now: dt.datetime) -> list[Planned]:
    """Who would be told what if the rules ran at `now` with the tables as they are; writes nothing."""
    due = what_is_due(Occasion(now, working_calendar()))
    names = dict(User.objects.filter(pk__in={one.recipient_id for _rule, one in due}).values_list("pk", "username"))
    return [Planned(names[one.recipient_id], rule.name, str(one.text), one.link) for rule, one in due]


def claim_deliveries() -> list[Delivery]:
    """The deliveries that are due for the one person who waits longest, held for `LEASE`.

    Claiming is a row update that only one worker can make; what a killed worker had claimed is due again after
    the lease. The try is counted before the message goes out, so that one that brings the worker down ends too.
    """
    with transaction.atomic():
        # Two workers look at once: each takes rows that the other does not hold.
        due = Delivery.objects.due().filter(tries__lt=MAX_TRIES).select_for_update(skip_locked=True, of=("self",))
        first = due.select_related("notice").order_by("next_try_at", "pk").first()
        if first is None:
            return []
        same = due.filter(notice__recipient=first.notice.recipient_id, channel=first.channel)
        batch = list(same.select_related("notice__recipient").order_by("pk")[:MOST_PER_MAIL])
        Delivery.objects.filter(pk__in=[delivery.pk for delivery in batch]).update(
            tries=F("tries") + 1, next_try_at=timezone.now() + LEASE
        )
    for delivery in batch:
        delivery.tries += 1
    return batch


def deliver(batch: Sequence[Delivery]) -> bool:
    """Sends claimed deliveries of one person in one mail; whether the mail server took it.

    At least once: killed between sending and writing it down, the same lines go out again under the same numbers.
    """
    try:
        mail_for(batch).send()
    except Exception as error:
        # Only the kind of the error is kept: mail servers quote addresses.
        logger.warning("mail for %s deliveries failed: %s", len(batch), type(error).__name__)
        for delivery in batch:
            postpone(delivery, type(error).__name__)
        return False
    Delivery.objects.filter(pk__in=[delivery.pk for delivery in batch]).update(
        state=DeliveryState.SENT, sent_at=timezone.now(), last_error=""
    )
    return True


def postpone(delivery: Delivery, error: str) -> None:
    """Later again, each time later; after the last try it is parked for an administrator."""
    state = DeliveryState.FAILED if delivery.tries >= MAX_TRIES else DeliveryState.WAITING
    Delivery.objects.filter(pk=delivery.pk, state=DeliveryState.WAITING).update(
        state=state, last_error=error, next_try_at=timezone.now() + pause_after(delivery.tries)
    )


def pause_after(tries: int) -> dt.timedelta:
    """Doubling, with jitter: after an outage the messages must not all come back in the same second."""
    pause = min(FIRST_PAUSE * 2 ** max(tries - 1, 0), LONGEST_PAUSE)
    return pause * SystemRandom().uniform(0.75, 1.25)


def park_exhausted() -> int:
    """Deliveries whose last try ended in a dead worker: without this they would wait for ever."""
    spent = Delivery.objects.due().filter(tries__gte=MAX_TRIES)
    return spent.update(state=DeliveryState.FAILED, last_error="WorkerLost")


def mail_for(batch: Sequence[Delivery]) -> EmailMessage:
    recipient = batch[0].notice.recipient
    with override(recipient.language):
        numbers = [delivery.pk for delivery in batch]
        subject = _("一线牵提醒 %(count)d 条（编号 %(number)d）") % {"count": len(batch), "number": numbers[0]}
        body = render_to_string("notices/mail.txt", {"batch": batch, "address": settings.PUBLIC_ADDRESS})
    return EmailMessage(
        subject,
        body,
        to=[recipient.email],
        # A mail program that keeps messages apart by this header shows a repeated one once.
        headers={"Message-ID": f"<{hashlib.sha256(str(numbers).encode()).hexdigest()[:32]}@yixianqian>"},
    )


def mark_read(notice: Notice) -> None:
    Notice.objects.filter(pk=notice.pk, read_at__isnull=True).update(read_at=timezone.now())


def mark_all_read(user: User) -> int:
    return Notice.objects.filter(recipient=user, read_at__isnull=True).update(read_at=timezone.now())
