from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from lib import periods

AUGUST = periods.month(2016, 8)


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"):
        yield


@pytest.mark.parametrize(
    ("code", "start", "last", "label", "short"),
    [
        ("2016-08", date(2016, 8, 1), date(2016, 8, 31), "2016年8月", "8月"),
        ("2016-02", date(2016, 2, 1), date(2016, 2, 29), "2016年2月", "2月"),
        ("2016-Q3", date(2016, 7, 1), date(2016, 9, 30), "2016年第三季度", "三季度"),
        ("2016-H1", date(2016, 1, 1), date(2016, 6, 30), "2016年上半年", "上半年"),
        ("2016", date(2016, 1, 1), date(2016, 12, 31), "2016年全年", "全年"),
        ("2016-01-01..2016-08-31", date(2016, 1, 1), date(2016, 8, 31), "2016年1—8月", "2016年1—8月"),
        (
            "2016-01-01..2016-08-30",
            date(2016, 1, 1),
            date(2016, 8, 30),
            "2016年1月1日至2016年8月30日",
            "2016年1月1日至2016年8月30日",
        ),
    ],
)
def test_parse_reads_the_code_it_prints(code, start, last, label, short):
    period = periods.parse(code)
    assert (period.start, period.last_day, period.code) == (start, last, code)
    assert (period.label, period.short_label) == (label, short)


@pytest.mark.parametrize(
    "text",
    ["", "2016-13", "2016-00", "2016-8", "1999-01", "2101", "2016-Q5", "2016-H3", "２０１６-08", "2016-08\n",
     "2016-08-31..2016-08-01", "2016-02-30..2016-03-01", "0001-01-01..9999-12-31", "-1", "2016-08-01"],
)  # fmt: skip
def test_parse_refuses_what_is_no_period(text):
    with pytest.raises(ValueError):  # noqa: PT011
        periods.parse(text)


def test_statistical_month_ends_on_the_given_day():
    august = periods.month(2016, 8, last_day=25)
    assert (august.start, august.last_day) == (date(2016, 7, 26), date(2016, 8, 25))
    assert (august.previous().start, august.previous().last_day) == (date(2016, 6, 26), date(2016, 7, 25))
    assert periods.month(2016, 1, last_day=25).start == date(2015, 12, 26)
    assert periods.month_of(date(2016, 12, 26), last_day=25).code == "2017-01"
    assert periods.year(2016, last_day=25).start == date(2015, 12, 26)
    assert periods.month(2016, 2, last_day=30).last_day == date(2016, 2, 29)


def test_statistical_month_follows_the_setting(settings):
    settings.MONTH_LAST_DAY = 20
    assert periods.parse("2016-08").last_day == date(2016, 8, 20)


def test_neighbours_of_a_period():
    assert periods.month(2016, 1).previous().code == "2015-12"
    assert periods.quarter(2016, 4).next().code == "2017-Q1"
    assert AUGUST.same_last_year().code == "2015-08"
    assert AUGUST.year_to_date().code == "2016-01-01..2016-08-31"
    assert periods.month(2016, 12).year_to_date().code == "2016"
    assert periods.month(2016, 1).year_to_date().start == date(2016, 1, 1)
    ten_days = periods.parse("2016-08-11..2016-08-20")
    assert ten_days.previous().code == "2016-08-01..2016-08-10"
    assert periods.parse("2016-02-01..2016-02-29").same_last_year().code == "2015-02-01..2015-02-28"


def test_months_of_a_period():
    assert [month.code for month in periods.quarter(2016, 3).months()] == ["2016-07", "2016-08", "2016-09"]
    assert [m.code for m in periods.parse("2016-07-31..2016-08-01").months()] == ["2016-07", "2016-08"]


def test_moments_turn_at_midnight_in_shanghai():
    start, end = AUGUST.moments
    assert start == datetime(2016, 7, 31, 16, tzinfo=UTC)
    assert end == datetime(2016, 8, 31, 16, tzinfo=UTC)
    assert datetime(2016, 7, 31, 16, tzinfo=UTC) in AUGUST
    assert datetime(2016, 8, 31, 16, tzinfo=UTC) not in AUGUST
    assert AUGUST.contains(date(2016, 8, 31))
    assert periods.local_date(datetime(2016, 8, 31, 16, tzinfo=UTC)) == date(2016, 9, 1)


@given(st.dates(date(2001, 1, 1), date(2099, 1, 1)), st.integers(1, 31))
def test_every_day_is_in_exactly_one_month(day, last_day):
    month = periods.month_of(day, last_day=last_day)
    assert day in month
    assert day not in month.previous()
    assert day not in month.next()
    assert month.previous().end == month.start
    assert month.end == month.next().start


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1999, 12, 31), date(9999, 12, 31)])
def test_business_date_refuses_years_that_nobody_means(day):
    with pytest.raises(ValidationError):
        periods.validate_business_date(day)


def test_business_date_takes_a_day_in_the_coming_year():
    periods.validate_business_date(periods.today())
    periods.validate_business_date(date(2000, 1, 1))
