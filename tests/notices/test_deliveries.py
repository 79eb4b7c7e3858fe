"""The outbox: a message goes out at least once, again after a failure, and is given up in the end."""

import datetime as dt
from itertools import pairwise

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from notices.enums import MAX_TRIES, DeliveryState
from notices.models import Delivery
from notices.services import LEASE, claim_deliveries, deliver, notify, pause_after
from notices.tasks import drain_deliveries
from tests import factories

from .conftest import MORNING

REFUSING = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


def waiting(reader, number: int = 1) -> None:
    for n in range(number):
        notify(reader, "rule", "2016-08", f"thing-{n}", f"第 {n} 件事", f"/issues/{n}/")


def test_messages_of_one_person_go_out_in_one_mail(reader, settings):
    waiting(reader, 3)
    drain_deliveries()
    (sent,) = mail.outbox
    numbers = list(Delivery.objects.order_by("pk").values_list("pk", flat=True))
    assert sent.to == [reader.email]
    assert sent.subject == f"一线牵提醒 3 条（编号 {numbers[0]}）"
    for n, number in enumerate(numbers):
        assert f"[编号 {number}] 第 {n} 件事\n{settings.PUBLIC_ADDRESS}/issues/{n}/\n" in sent.body
    assert set(Delivery.objects.values_list("state", flat=True)) == {DeliveryState.SENT}


def test_drained_twice_sends_once(reader):
    waiting(reader)
    drain_deliveries()
    drain_deliveries()
    assert len(mail.outbox) == 1


def test_two_people_get_a_mail_each(reader):
    other = factories.user(email="other@example.cn")
    waiting(reader)
    waiting(other)
    drain_deliveries()
    assert sorted(message.to for message in mail.outbox) == [["other@example.cn"], ["reader@example.cn"]]


def test_claimed_delivery_is_not_claimed_again_before_the_lease_ends(reader, clock):
    waiting(reader)
    assert len(claim_deliveries()) == 1
    assert claim_deliveries() == []
    clock.shift(LEASE + dt.timedelta(seconds=1))
    assert len(claim_deliveries()) == 1


def test_mail_server_down_postpones_with_growing_pauses_then_gives_up(reader, settings, clock):
    settings.EMAIL_BACKEND, settings.EMAIL_PORT = REFUSING, 1
    waiting(reader)
    pauses = []
    for _ in range(MAX_TRIES):
        drain_deliveries()
        delivery = Delivery.objects.get()
        pauses.append(delivery.next_try_at - timezone.now())
        clock.move_to(delivery.next_try_at + dt.timedelta(seconds=1))
    assert (delivery.state, delivery.tries) == (DeliveryState.FAILED, MAX_TRIES)
    assert delivery.last_error == "ConnectionRefusedError"
    assert all(later > earlier for earlier, later in pairwise(pauses))
    drain_deliveries()
    assert Delivery.objects.get().tries == MAX_TRIES


def test_delivery_whose_every_try_killed_the_worker_is_parked(reader, clock):
    waiting(reader)
    for _ in range(MAX_TRIES):
        assert claim_deliveries()
        clock.shift(LEASE + dt.timedelta(seconds=1))
    drain_deliveries()
    assert Delivery.objects.get().state == DeliveryState.FAILED
    assert mail.outbox == []


def test_message_repeated_after_a_crash_carries_the_same_number(reader, clock):
    waiting(reader)
    batch = claim_deliveries()
    deliver(batch)
    # The worker died before it could write down that the mail went out.
    Delivery.objects.update(state=DeliveryState.WAITING)
    clock.shift(LEASE + dt.timedelta(seconds=1))
    drain_deliveries()
    first, second = mail.outbox
    assert (first.subject, first.body) == (second.subject, second.body)
    assert first.extra_headers == second.extra_headers


def test_pauses_double_up_to_a_limit_and_scatter():
    assert dt.timedelta(seconds=45) <= pause_after(1) <= dt.timedelta(seconds=75)
    assert dt.timedelta(hours=4.5) <= pause_after(30) <= dt.timedelta(hours=7.5)
    assert len({pause_after(3) for _ in range(20)}) > 1
