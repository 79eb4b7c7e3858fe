from datetime import date, timedelta

import pytest

from lib.holiday_notice import NoticeUnreadable, parse_notice
from lib.workdays import Calendar

PACKAGED = Calendar()

NOTICE_2026 = """国务院办公厅关于2026年部分节假日安排的通知
国办发明电〔2025〕7号
经国务院批准，现将2026年元旦、春节、清明节等放假调休日期的具体安排通知如下。
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。\
2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫等工作。
国务院办公厅
2025年11月4日
"""

NOTICE_2023 = """国务院办公厅关于2023年部分节假日安排的通知
一、元旦：2022年12月31日至2023年1月2日放假调休，共3天。
二、春节：1月21日至27日放假调休，共7天。1月28日（星期六）、1月29日（星期日）上班。
三、清明节：4月5日放假，共1天。
四、劳动节：4月29日至5月3日放假调休，共5天。4月23日（星期日）、5月6日（星期六）上班。
五、端午节：6月22日至24日放假调休，共3天。6月25日（星期日）上班。
六、中秋节、国庆节：9月29日至10月6日放假调休，共8天。10月7日（星期六）、10月8日（星期日）上班。
"""


def test_packaged_calendar_knows_holidays_and_worked_weekends():
    assert not PACKAGED.is_workday(date(2016, 10, 3))
    assert PACKAGED.is_workday(date(2016, 10, 8))
    assert PACKAGED.is_workday(date(2016, 8, 31))
    assert not PACKAGED.is_workday(date(2016, 8, 28))
    year = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    assert sum(map(PACKAGED.is_workday, year)) == 248


def test_override_goes_before_the_packaged_calendar():
    calendar = Calendar({date(2016, 8, 31): False, date(2016, 8, 28): True})
    assert not calendar.is_workday(date(2016, 8, 31))
    assert calendar.is_workday(date(2016, 8, 28))


def test_add_workdays_counts_from_the_next_day_over_the_golden_week():
    assert PACKAGED.add_workdays(date(2016, 9, 30), 1) == date(2016, 10, 8)
    assert PACKAGED.add_workdays(date(2016, 9, 30), 3) == date(2016, 10, 10)
    assert PACKAGED.add_workdays(date(2016, 10, 8), -1) == date(2016, 9, 30)
    assert PACKAGED.add_workdays(date(2016, 10, 1), 0) == date(2016, 10, 8)
    with pytest.raises(ValueError, match="Too many"):
        PACKAGED.add_workdays(date(2016, 10, 1), 10**9)


@pytest.mark.parametrize("n", [1, 5, 13, 60, -1, -20])
def test_workdays_between_undoes_add_workdays(n):
    start = date(2016, 9, 30)
    assert PACKAGED.workdays_between(start, PACKAGED.add_workdays(start, n)) == n


def test_nth_and_next_workday():
    assert PACKAGED.nth_workday(2016, 10, 1) == date(2016, 10, 8)
    assert PACKAGED.nth_workday(2016, 10, 5) == date(2016, 10, 12)
    assert PACKAGED.nth_workday(2016, 12, 1) == date(2016, 12, 1)
    assert PACKAGED.next_workday(date(2016, 10, 2)) == date(2016, 10, 8)
    assert PACKAGED.next_workday(date(2016, 10, 8)) == date(2016, 10, 8)
    with pytest.raises(ValueError, match="fewer"):
        PACKAGED.nth_workday(2016, 10, 30)


def test_year_without_make_up_weekends_is_not_known_until_a_notice_is_read():
    far = 2099
    assert PACKAGED.known_year(2016)
    assert not PACKAGED.known_year(far)
    sunday = date(far, 1, 4)
    assert sunday.weekday() == 6
    assert Calendar({sunday: True}).known_year(far)
    assert not Calendar({date(far, 1, 5): False}).known_year(far)


@pytest.mark.parametrize(("text", "year"), [(NOTICE_2026, 2026), (NOTICE_2023, 2023)])
def test_notice_agrees_with_the_packaged_calendar(text, year):
    overrides = parse_notice(text)
    assert {day: PACKAGED.is_workday(day) for day in overrides} == overrides
    worked = {day for day, is_worked in overrides.items() if is_worked}
    year_days = (date(year, 1, 1) + timedelta(days=n) for n in range(365))
    assert worked == {day for day in year_days if day.weekday() >= 5 and PACKAGED.is_workday(day)}


def test_notice_spans_the_new_year():
    overrides = parse_notice(NOTICE_2023)
    assert overrides[date(2022, 12, 31)] is False
    assert overrides[date(2023, 1, 2)] is False


def test_notice_reads_full_width_signs_dashes_and_other_numbering():
    text = "关于２０２６年放假的通知 1.元旦: 1月1日(周四)—3日（周六）放假调休，共3天。1月4日(周日)上班。"
    assert parse_notice(text) == {
        date(2026, 1, 1): False,
        date(2026, 1, 2): False,
        date(2026, 1, 3): False,
        date(2026, 1, 4): True,
    }


def test_notice_without_title_needs_the_year():
    text = "元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。"
    with pytest.raises(NoticeUnreadable):
        parse_notice(text)
    assert parse_notice(text, year=2026)[date(2026, 1, 4)] is True


@pytest.mark.parametrize(
    "text",
    [
        "",
        "今年不放假",
        "2026年放假通知 元旦：共3天。",
        "2026年放假通知 元旦：2月30日放假。",
        "2026年放假通知 元旦：1月1日至12月30日放假。",
        "2026年放假通知 元旦：1月3日至1日放假。",
        "2026年放假通知 元旦：1月1日放假。1月1日上班。",
        "2027年放假通知 元旦：1月1日（周四）放假。",
    ],
)
def test_notice_that_cannot_be_meant_is_refused_whole(text):
    with pytest.raises(NoticeUnreadable):
        parse_notice(text)
