"""Half-open ranges of business days, the only place where period arithmetic is done.

A month may end on another day than the calendar's (the statistical month of some firms runs from the
26th to the 25th): ``last_day``, by default ``settings.MONTH_LAST_DAY``. August 2016 is then the month
that *ends* in August; quarters, half-years and years are made of such months.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateformat import format as date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST_YEAR = 2000
LAST_YEAR = 2100
CALENDAR_END = 31


class Kind(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    CUSTOM = "custom"


MONTHS_OF = {Kind.MONTH: 1, Kind.QUARTER: 3, Kind.HALF: 6, Kind.YEAR: 12}

_PATTERNS = {
    Kind.MONTH: re.compile(r"([0-9]{4})-([0-9]{2})"),
    Kind.QUARTER: re.compile(r"([0-9]{4})-Q([1-4])"),
    Kind.HALF: re.compile(r"([0-9]{4})-H([12])"),
    Kind.YEAR: re.compile(r"([0-9]{4})"),
}
_CUSTOM = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})\.\.([0-9]{4}-[0-9]{2}-[0-9]{2})")


@dataclass(frozen=True, slots=True)
class Period:
    """The days from ``start`` up to, and without, ``end``. Make one with ``month()``, ``parse()`` and so on."""

    start: date
    end: date
    kind: Kind = Kind.CUSTOM
    year: int = 0
    number: int = 0
    month_ends_on: int = CALENDAR_END

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError("A period has at least one day.")

    def __contains__(self, day: date | datetime) -> bool:
        return self.start <= (local_date(day) if isinstance(day, datetime) else day) < self.end

    contains = __contains__

    def __str__(self) -> str:
        return self.label

    @property
    def last_day(self) -> date:
        return self.end - timedelta(days=1)

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """First moment, and the first moment after: for ``>=`` and ``<`` on moments."""
        return day_bounds(self.start)[0], day_bounds(self.last_day)[1]

    @property
    def code(self) -> str:
        """The form for addresses and files, which ``parse`` reads: 2016-08, 2016-Q3, 2016-H1, 2016."""
        match self.kind:
            case Kind.MONTH:
                return f"{self.year}-{self.number:02}"
            case Kind.QUARTER:
                return f"{self.year}-Q{self.number}"
            case Kind.HALF:
                return f"{self.year}-H{self.number}"
            case Kind.YEAR:
                return f"{self.year}"
        return f"{self.start}..{self.last_day}"

    @property
    def label(self) -> str:
        """2016年8月, 2016年第三季度, 2016年上半年, 2016年全年."""
        match self.kind:
            case Kind.MONTH:
                return date_format(date(self.year, self.number, 1), _("Y年n月"))
            case Kind.QUARTER:
                return _("%(year)s年第%(quarter)s季度") % {"year": self.year, "quarter": self._ordinal}
            case Kind.HALF:
                half = _("%(year)s年上半年") if self.number == 1 else _("%(year)s年下半年")
                return half % {"year": self.year}
            case Kind.YEAR:
                return _("%(year)s年全年") % {"year": self.year}
        return self._custom_label()

    @property
    def short_label(self) -> str:
        """Without the year, for axes and column heads: 8月, 三季度, 上半年, 全年."""
        match self.kind:
            case Kind.MONTH:
                return date_format(date(self.year, self.number, 1), _("n月"))
            case Kind.QUARTER:
                return _("%(quarter)s季度") % {"quarter": self._ordinal}
            case Kind.HALF:
                return _("上半年") if self.number == 1 else _("下半年")
            case Kind.YEAR:
                return _("全年")
        return self._custom_label()

    @property
    def _ordinal(self) -> str:
        return (
            pgettext("季度", "一"),
            pgettext("季度", "二"),
            pgettext("季度", "三"),
            pgettext("季度", "四"),
        )[self.number - 1]

    def _custom_label(self) -> str:
        first = month_of(self.start, last_day=self.month_ends_on)
        last = month_of(self.last_day, last_day=self.month_ends_on)
        if (first.start, last.end) == (self.start, self.end) and first.year == last.year:
            if first == last:
                return first.label
            return _("%(year)s年%(first)s—%(last)s月") % {
                "year": first.year,
                "first": first.number,
                "last": last.number,
            }
        return _("%(first)s至%(last)s") % {"first": day_label(self.start), "last": day_label(self.last_day)}

    def previous(self) -> Period:
        return self._moved(-1)

    def next(self) -> Period:
        return self._moved(1)

    def _moved(self, step: int) -> Period:
        if self.kind is Kind.CUSTOM:
            by = timedelta(days=self.days * step)
            return custom(self.start + by, self.end + by, last_day=self.month_ends_on)
        per_year = 12 // MONTHS_OF[self.kind]
        years, number = divmod(self.number - 1 + step, per_year)
        return _regular(self.kind, self.year + years, number + 1, self.month_ends_on)

    def same_last_year(self) -> Period:
        if self.kind is Kind.CUSTOM:
            start, end = _year_earlier(self.start), _year_earlier(self.end)
            return custom(start, max(end, start + timedelta(days=1)), last_day=self.month_ends_on)
        return _regular(self.kind, self.year - 1, self.number, self.month_ends_on)

    def year_to_date(self) -> Period:
        """From the start of the (statistical) year in which the period ends to the period's end."""
        ends_in = month_of(self.last_day, last_day=self.month_ends_on).year
        whole = year(ends_in, last_day=self.month_ends_on)
        return whole if whole.end == self.end else custom(whole.start, self.end, last_day=self.month_ends_on)

    def months(self) -> Iterator[Period]:
        """Every (statistical) month that has a day in the period, in order."""
        current = month_of(self.start, last_day=self.month_ends_on)
        while current.start < self.end:
            yield current
            current = current.next()

    def dates(self) -> Iterator[date]:
        return (self.start + timedelta(days=n) for n in range(self.days))


def month(year: int, month: int, *, last_day: int | None = None) -> Period:
    return _regular(Kind.MONTH, year, month, last_day)


def quarter(year: int, number: int, *, last_day: int | None = None) -> Period:
    return _regular(Kind.QUARTER, year, number, last_day)


def half(year: int, number: int, *, last_day: int | None = None) -> Period:
    return _regular(Kind.HALF, year, number, last_day)


def year(year: int, *, last_day: int | None = None) -> Period:
    return _regular(Kind.YEAR, year, 1, last_day)


def custom(start: date, end: date, *, last_day: int | None = None) -> Period:
    """``end`` is the first day after the period."""
    return Period(start, end, month_ends_on=_month_end(last_day))


def month_of(day: date, *, last_day: int | None = None) -> Period:
    """The (statistical) month that the day belongs to."""
    found = month(day.year, day.month, last_day=last_day)
    return found if day in found else found.next()


def parse(text: str, *, last_day: int | None = None) -> Period:
    """Read a ``code``: 2016-08, 2016-Q3, 2016-H1, 2016, 2016-01-01..2016-08-31. Else ``ValueError``."""
    for kind, pattern in _PATTERNS.items():
        if found := pattern.fullmatch(text):
            year_of, *numbers = map(int, found.groups())
            return _regular(kind, year_of, numbers[0] if numbers else 1, last_day)
    if found := _CUSTOM.fullmatch(text):
        start, last = map(date.fromisoformat, found.groups())
        if start.year >= FIRST_YEAR and last.year <= LAST_YEAR:
            return custom(start, last + timedelta(days=1), last_day=last_day)
    raise ValueError("Not a period.")


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """The first moment of the day and of the day after, in Asia/Shanghai."""
    start = datetime.combine(day, time.min, tzinfo=SHANGHAI)
    return start, datetime.combine(day + timedelta(days=1), time.min, tzinfo=SHANGHAI)


def local_date(moment: datetime) -> date:
    """The business day of a moment."""
    return moment.astimezone(SHANGHAI).date()


def today() -> date:
    return local_date(timezone.now())


def latest_business_date() -> date:
    """A year from today."""
    day = today()
    return day.replace(year=day.year + 1, day=min(day.day, 28) if day.month == 2 else day.day)


def validate_business_date(day: date) -> None:
    """Refuse what is a date but cannot be meant: Django's form field takes the year 0001."""
    if not date(FIRST_YEAR, 1, 1) <= day <= latest_business_date():
        raise ValidationError(gettext_lazy("日期应在2000年1月1日到明年今天之间，请检查年份。"), code="business_date")


def _regular(kind: Kind, year: int, number: int, last_day: int | None) -> Period:
    length = MONTHS_OF[kind]
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= number <= 12 // length):
        raise ValueError("Not a period.")
    ends_on = _month_end(last_day)
    last_month = number * length
    before = divmod(year * 12 + last_month - length - 1, 12)
    return Period(
        start=_last_of(before[0], before[1] + 1, ends_on) + timedelta(days=1),
        end=_last_of(year, last_month, ends_on) + timedelta(days=1),
        kind=kind,
        year=year,
        number=number,
        month_ends_on=ends_on,
    )


def _month_end(last_day: int | None) -> int:
    ends_on = getattr(settings, "MONTH_LAST_DAY", CALENDAR_END) if last_day is None else last_day
    if not 1 <= ends_on <= CALENDAR_END:
        raise ValueError("The last day of the statistical month is 1 to 31.")
    return ends_on


def _last_of(year: int, month: int, ends_on: int) -> date:
    return date(year, month, min(ends_on, calendar.monthrange(year, month)[1]))


def _year_earlier(day: date) -> date:
    return day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day)


def day_label(day: date) -> str:
    return date_format(day, _("Y年n月j日"))
