"""Rules are asked from 08:00 on working days, and say each thing once whatever is run twice."""

import datetime as dt
import threading
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy

from lib.periods import SHANGHAI
from notices.models import Delivery, Notice
from notices.rules import Rule, register_rule
from notices.services import notify, run_rules
from tests import factories

from .conftest import MORNING, due


def test_rule_run_twice_tells_once(reader, only_rule):
    only_rule(due(reader))
    assert (run_rules(MORNING), run_rules(MORNING)) == (1, 0)
    notice = Notice.objects.get()
    assert (notice.recipient, notice.text) == (reader, "有 2 件事待处理")
    assert notice.deliveries.count() == 1


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        (MORNING - dt.timedelta(seconds=1), 0),
        (MORNING, 1),
        (dt.datetime(2016, 9, 3, 9, tzinfo=SHANGHAI), 0),  # Saturday
        (dt.datetime(2016, 9, 18, 9, tzinfo=SHANGHAI), 1),  # Sunday worked for the mid-autumn holiday
        (dt.datetime(2016, 10, 3, 9, tzinfo=SHANGHAI), 0),  # national holiday, a Monday
    ],
)
def test_rules_tell_from_eight_on_working_days(reader, only_rule, moment, told):
    only_rule(due(reader))
    assert run_rules(moment) == told


def test_broken_rule_does_not_silence_the_others(reader, only_rule, caplog):
    only_rule(due(reader))
    register_rule(Rule("broken", "坏规则", "无", lambda occasion: 1 / 0))
    assert run_rules(MORNING) == 1
    assert "notice rule broken failed" in caplog.text


def test_nobody_is_told_whose_account_is_closed(reader, only_rule):
    reader.is_active = False
    reader.save(update_fields=["is_active"])
    only_rule(due(reader))
    assert run_rules(MORNING) == 0


def test_person_without_an_address_gets_it_in_the_inbox_alone(only_rule, db):
    only_rule(due(factories.user()))
    assert run_rules(MORNING) == 1
    assert not Delivery.objects.exists()


def test_notice_speaks_the_language_of_its_recipient(db):
    reader = factories.user(language="en")
    notice, is_new = notify(reader, "rule", "2016-08", "x", gettext_lazy("Yes"), "")
    assert (notice.text, is_new) == ("Yes", True)


def test_notify_rolled_back_with_its_caller_leaves_nothing(reader):
    with transaction.atomic():
        notify(reader, "rule", "2016-08", "x", "text")
        transaction.set_rollback(True)
    assert not Notice.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_schedulers_at_once_tell_once(only_rule):
    readers = [factories.user(email=f"r{n}@example.cn") for n in range(10)]
    only_rule(*[due(reader, subject=f"thing-{n}") for reader in readers for n in range(3)])
    start = threading.Barrier(4)
    told = []

    def schedule() -> None:
        start.wait()
        try:
            told.append(run_rules(MORNING))
        finally:
            connection.close()

    threads = [threading.Thread(target=schedule) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(told) == Notice.objects.count() == Delivery.objects.count() == 30


def test_dry_run_lists_and_writes_nothing(reader, only_rule):
    only_rule(due(reader))
    out = StringIO()
    call_command("notices", dry_run=True, day="2016-08-31", stdout=out)
    assert out.getvalue().splitlines() == [
        f"{reader.username}\ttest_rule\t有 2 件事待处理\t/notifications/",
        "2016-08-31: 1",
    ]
    assert not Notice.objects.exists()


def test_dry_run_of_a_day_off_says_so(db):
    out = StringIO()
    call_command("notices", dry_run=True, day="2016-10-03", stdout=out)
    assert out.getvalue() == "2016-10-03: day off, nobody is told\n"


@pytest.mark.parametrize("options", [{"day": "2016-08-31"}, {"day": "31.8.2016", "dry_run": True}])
def test_command_refuses_a_day_that_it_cannot_mean(db, options):
    with pytest.raises(CommandError):
        call_command("notices", **options)


def test_command_runs_the_rules(reader, only_rule):
    only_rule(due(reader))
    out = StringIO()
    with time_machine.travel(MORNING, tick=False):
        call_command("notices", stdout=out)
    assert out.getvalue() == "1 new\n"


def test_rules_cost_the_same_queries_for_one_person_and_for_three(only_rule, django_assert_num_queries, db):
    readers = [factories.user(email=f"r{n}@example.cn") for n in range(3)]
    only_rule(*[due(reader) for reader in readers])
    run_rules(MORNING)
    # Overrides of the calendar, what was said, who is active; nobody to tell.
    with django_assert_num_queries(3):
        run_rules(MORNING)


def test_one_recipient_whose_notice_failed_silenced_those_after_him(reader, only_rule, caplog):
    later = factories.user()
    only_rule(due(reader, text=lazy(lambda: 1 / 0, str)()), due(later))
    assert run_rules(MORNING) == 1
    assert Notice.objects.get().recipient == later
    assert f"notices for account {reader.pk} failed" in caplog.text


def test_text_longer_than_its_column_stopped_the_run(reader, only_rule):
    only_rule(due(reader, text="长" * 300))
    assert run_rules(MORNING) == 1
    assert len(Notice.objects.get().text) == 200
