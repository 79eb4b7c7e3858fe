"""What the crash tests play with: requests that leave work behind, the work's traces, and the mails that went out."""

from __future__ import annotations

import datetime as dt
import re
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes
from pathlib import Path

import redis
from celery import Celery
from django.conf import settings
from django.db.models import Sum
from django.test import Client
from kombu.exceptions import OperationalError

from friends.models import ContactLog
from issues.models import Dispatch, Issue
from lib.periods import today
from notices.enums import DeliveryState
from notices.models import Delivery, Notice
from organization.enums import UnitKind
from organization.models import Unit, WorkdayOverride
from organization.roles import Role
from records.models import StaleMonth
from reports.models import Rollup
from tests import factories
from tests.client import client_of
from tests.people import build_world

#: Worker processes tell at any hour here.
ENV = {"NOTICES_FROM_HOUR": "0"}
#: What beat sends every few seconds, here more often.
PERIODIC = ("notices.tasks.run_rules", "notices.tasks.drain_deliveries", "reports.tasks.drain_stale_months")
DEPARTMENTS = 10


class Stage:
    """`number` requests: every other one a visit, which must be summed, or a dispatch, which must be announced."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.world = build_world()
        for offset in range(3):
            WorkdayOverride.objects.create(day=today() + dt.timedelta(days=offset), is_workday=True)
        self.departments = [self.department(n) for n in range(DEPARTMENTS)]
        self.issues = [self.issue() for _ in range(number // 2)]
        self.cadre: Client = client_of(self.world.insider)
        self.office: Client = client_of(self.world.office)

    def department(self, number: int) -> Unit:
        unit = factories.unit(self.world.company, kind=UnitKind.DEPARTMENT, name=f"第{number}处")
        holder = factories.user(email=f"handler{number}@example.cn")
        factories.appointment(Role.HANDLER, unit, holder=holder)
        return unit

    def issue(self) -> Issue:
        voice = factories.opinion(self.world.friend)
        return factories.registered_issue(voice, by=self.world.office, office=self.world.company)

    def submit(self, number: int) -> None:
        """One request, as the browser sends it; it has to succeed whatever the worker and the broker do."""
        response = self.visit() if number % 2 else self.dispatch(self.issues[number // 2])
        assert response.status_code == 303
        for client in (self.cadre, self.office):
            # What the pages would have shown; nobody looks at them here.
            client.cookies.pop("messages", None)

    def visit(self):
        form = {
            "key": str(uuid.uuid4()),
            "version": "1",
            "workers": [str(self.world.friend.key)],
            "channel": "phone",
            "text": "问候",
            "day": today().isoformat(),
            "work_kind": "friendship",
            "mood": "",
        }
        return self.cadre.post("/log/", form)

    def dispatch(self, issue: Issue):
        department = self.departments[issue.pk % DEPARTMENTS]
        due_on = today() + dt.timedelta(days=60)
        return self.office.post(f"/issues/{issue.key}/dispatch/", {"lead": department.code, "due_on": due_on})

    @property
    def visits(self) -> int:
        return self.number - len(self.issues)


def announced() -> list[str]:
    """The subject of each announcement; sorted."""
    keys = Notice.objects.filter(rule="dispatch_sent").values_list("dedup_key", flat=True)
    return sorted(key.split(":")[2] for key in keys)


def dispatched() -> list[str]:
    return sorted(f"dispatch-{pk}" for pk in Dispatch.objects.values_list("pk", flat=True))


def sent() -> int:
    return Delivery.objects.filter(state=DeliveryState.SENT).count()


def contacts_summed() -> int:
    """Contacts of this month in the roll-up."""
    found = Rollup.objects.filter(month=today().replace(day=1)).aggregate(contacts=Sum("contacts"))
    return found["contacts"] or 0


def work_done() -> int:
    """Grows with everything that a worker finishes."""
    return Notice.objects.count() + sent()


def all_done(stage: Stage) -> bool:
    return sent() == len(stage.issues) and not StaleMonth.objects.exists()


def check_nothing_lost_nothing_doubled(stage: Stage) -> None:
    assert announced() == dispatched()
    assert len(announced()) == len(stage.issues)
    deliveries = Delivery.objects.filter(notice__rule="dispatch_sent")
    assert deliveries.count() == deliveries.filter(state=DeliveryState.SENT).count() == len(stage.issues)
    assert not StaleMonth.objects.exists()
    assert ContactLog.objects.filter(happened_on=today()).count() == contacts_summed() == stage.visits


def mails() -> list[list[int]]:
    """The message numbers of every mail that went out."""
    found = []
    for path in sorted(Path(settings.EMAIL_FILE_PATH).glob("*")):
        for part in re.split(rb"^-{79}\n", path.read_bytes(), flags=re.MULTILINE):
            if part.strip():
                body = message_from_bytes(part).get_payload(decode=True).decode()
                found.append([int(number) for number in re.findall(r"^\[编号 (\d+)\]", body, flags=re.MULTILINE)])
    return found


def repeated_mails() -> int:
    """Mails with a message that another mail had carried already."""
    seen: set[int] = set()
    repeated = 0
    for numbers in mails():
        repeated += bool(seen & set(numbers))
        seen |= set(numbers)
    return repeated


@contextmanager
def beating(broker_url: str) -> Iterator[None]:
    """Stands in for beat, which sends the same messages less often. A broker that is away is asked again."""
    beat = Celery("beat", broker=broker_url)
    beat.conf.broker_transport_options = settings.CELERY_BROKER_TRANSPORT_OPTIONS
    stop = threading.Event()

    def send() -> None:
        while not stop.wait(0.25):
            for name in PERIODIC:
                with suppress(OperationalError, redis.RedisError, OSError):
                    beat.send_task(name, expires=2, retry=False)

    thread = threading.Thread(target=send)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        beat.close()
