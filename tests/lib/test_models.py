from datetime import date

import pytest
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction

from lib import periods
from lib.errors import Refused, Stale
from lib.models import DateRange, Keyed, Recorded, Versioned, ends_after_start


class Stay(Keyed, Recorded, Versioned, DateRange):
    place = models.CharField(max_length=20, blank=True)

    class Meta:
        app_label = "models_test"
        constraints = [ends_after_start("stay_ends_after_start")]


@pytest.fixture
def stays(transactional_db):
    # SQLite changes its schema only outside a transaction.
    with connection.schema_editor() as editor:
        editor.create_model(Stay)
    yield Stay.objects
    with connection.schema_editor() as editor:
        editor.delete_model(Stay)


def test_the_second_editor_is_told_and_nothing_is_overwritten(stays):
    stay = stays.create(starts_on=date(2016, 1, 1))
    first, second = stays.get(pk=stay.pk), stays.get(pk=stay.pk)
    first.place = "一车间"
    first.save_if_current(["place"])
    second.place = "二车间"
    with pytest.raises(Stale) as refused:
        second.save_if_current(["place"])
    assert isinstance(refused.value, Refused)
    assert stays.values_list("place", "version").get() == ("一车间", 2)
    assert first.version == 2


def test_the_form_s_version_counts_and_not_the_row_s(stays):
    stay = stays.create(starts_on=date(2016, 1, 1))
    stay.save_if_current(["place"], version=1)
    fresh = stays.get()
    with pytest.raises(Stale):
        fresh.save_if_current(["place"], version=1)
    fresh.save_if_current(["place"], version=2)
    assert stays.get().version == 3


def test_open_words_are_half_open(stays):
    ended = stays.create(starts_on=date(2016, 1, 10), ends_on=date(2016, 3, 1))
    going = stays.create(starts_on=date(2016, 3, 1))
    stays.create(starts_on=date(2016, 3, 1), ends_on=date(2016, 3, 1))
    assert [*stays.open_on(date(2016, 2, 29))] == [ended]
    assert [*stays.open_on(date(2016, 3, 1))] == [going]
    assert [*stays.open()] == [going]
    assert [*stays.during(periods.month(2016, 2))] == [ended]
    assert [*stays.during(periods.month(2016, 3))] == [going]
    assert [*stays.during(periods.quarter(2016, 1)).order_by("pk")] == [ended, going]
    assert (ended.is_open_on(date(2016, 2, 29)), ended.is_open_on(date(2016, 3, 1)), going.is_open) == (
        True,
        False,
        True,
    )


def test_end_before_start_is_refused_by_form_and_database(stays):
    wrong = Stay(starts_on=date(2016, 3, 1), ends_on=date(2016, 2, 1))
    with pytest.raises(ValidationError, match="结束日期不能早于开始日期"):
        wrong.validate_constraints()
    with pytest.raises(IntegrityError), transaction.atomic():
        wrong.save()


def test_the_same_key_twice_is_refused(stays):
    first = stays.create(starts_on=date(2016, 1, 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        stays.create(starts_on=date(2016, 1, 1), key=first.key)


def test_recorded_says_when_and_by_whom(stays):
    by = get_user_model().objects.create(username="recorder")
    stay = stays.create(starts_on=date(2016, 1, 1), recorded_by=by)
    assert stay.recorded_at.tzinfo is not None
    assert stays.get().recorded_by == by
