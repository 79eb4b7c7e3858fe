"""Reads the State Council's yearly notice on holidays, pasted as text."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from lib.errors import Refused

HOLIDAYS = "元旦|春节|清明节|劳动节|端午节|中秋节|国庆节"
LONGEST_HOLIDAY = 15

_title_year = re.compile(r"(20[0-9]{2})年(?:部分)?(?:节假日|放假)")
_weekday = re.compile(
    r"(?:(20[0-9]{2})年)?([0-9]{1,2})月([0-9]{1,2})日\((?:[^()]*[、,])?(?:周|星期)([一二三四五六日天])\)"
)
_comment = re.compile(r"\([^)]*\)")
_item = re.compile(rf"(?:[一二三四五六七八九十]+、|[0-9]+[.、])?(?:{HOLIDAYS})(?:[、和及](?:{HOLIDAYS}))*[::]")
_day = r"(?:(?P<{0}year>20[0-9]{{2}})年)?(?:(?P<{0}month>[0-9]{{1,2}})月)?(?P<{0}day>[0-9]{{1,2}})日"
_span = re.compile(_day.format("first") + "(?:至" + _day.format("last") + ")?")


class NoticeUnreadable(Refused):
    default_message = _("没有读懂这份放假通知，请粘贴国务院办公厅通知的全文，包括标题里的年份。")
    code = "notice_unreadable"


def parse_notice(text: str, *, year: int | None = None) -> dict[date, bool]:
    """Days that the notice names → whether they are worked.

    ``year`` is needed only where the text does not name its own. A notice in which a holiday has no day
    off, or a day is both off and worked, is refused whole: half a calendar is worse than none.
    """
    squeezed = _squeezed(text)
    year = year or _year_named(squeezed)
    items = _item.split(_plain(squeezed))[1:]
    if not items or year is None or not _weekdays_agree(squeezed, year):
        raise NoticeUnreadable
    overrides: dict[date, bool] = {}
    for item in items:
        days = _days_of_item(item, year)
        if not any(not worked for worked in days.values()):
            raise NoticeUnreadable
        for day, worked in days.items():
            if overrides.setdefault(day, worked) != worked:
                raise NoticeUnreadable
    return dict(sorted(overrides.items()))


def _squeezed(text: str) -> str:
    # NFKC makes one of full-width and half-width digits, brackets and colons.
    return "".join(unicodedata.normalize("NFKC", text).split())


def _plain(squeezed: str) -> str:
    return re.sub("[—–~-]", "至", _comment.sub("", squeezed))


def _year_named(squeezed: str) -> int | None:
    found = _title_year.search(squeezed)
    return int(found[1]) if found else None


def _weekdays_agree(squeezed: str, year: int) -> bool:
    """The weekdays in brackets prove that the notice is of this year and not of another."""
    for named_year, month, day, weekday in _weekday.findall(squeezed):
        if "一二三四五六日".index(weekday.replace("天", "日")) != _date(named_year or year, int(month), day).weekday():
            return False
    return True


def _days_of_item(item: str, year: int) -> dict[date, bool]:
    days: dict[date, bool] = {}
    month = 0
    # "1月1日至3日放假调休，共3天。1月4日上班。": dates wait for the verb that follows them.
    waiting: list[date] = []
    position = 0
    for found in re.finditer("放假|上班|补休|休息", item):
        for span in _span.finditer(item, position, found.start()):
            month, new = _days_of_span(span, year, month)
            waiting += new
        for day in waiting:
            if days.setdefault(day, found[0] == "上班") != (found[0] == "上班"):
                raise NoticeUnreadable
        waiting = []
        position = found.end()
    return days


def _days_of_span(span: re.Match[str], year: int, month: int) -> tuple[int, list[date]]:
    """The days of one span and the month that a following bare 日 belongs to."""
    month = int(span["firstmonth"] or month)
    first = _date(span["firstyear"] or year, month, span["firstday"])
    if not span["lastday"]:
        return month, [first]
    last_month = int(span["lastmonth"] or month)
    last_year = int(span["lastyear"] or first.year + (last_month < month))
    last = _date(last_year, last_month, span["lastday"])
    if not first <= last < first + timedelta(days=LONGEST_HOLIDAY):
        raise NoticeUnreadable
    return last_month, [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _date(year: int | str, month: int, day: str) -> date:
    try:
        return date(int(year), month, int(day))
    except ValueError as error:
        raise NoticeUnreadable from error
