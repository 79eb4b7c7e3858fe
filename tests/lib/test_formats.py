from datetime import UTC, date, datetime

import pytest

from lib import formats
from lib.formats import Rate


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张三", "张*"),
        ("张三丰", "张**"),
        ("欧阳予倩", "欧**"),
        ("买买提·吐尔逊", "买**"),
        ("张", "*"),
        ("", ""),
        ("𠮷田", "𠮷*"),
    ],
)
def test_mask_name(name, masked):
    assert formats.mask_name(name) == masked


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13812341234", "138****1234"),
        ("+86 138-1234-1234", "138****1234"),
        ("１３８１２３４１２３４", "138****1234"),
        ("010-88291234", "010-****1234"),
        ("0315-7771234转801", "0315-****1234"),
        ("8829123", "****23"),
        ("12345", "****"),
        ("", ""),
    ],
)
def test_mask_phone(phone, masked):
    assert formats.mask_phone(phone) == masked


def test_rate_shows_its_denominator():
    rate = Rate(3993, 4189)
    assert (rate.percent, rate.fraction, str(rate)) == ("95.3%", "3993/4189", "95.3%（3993/4189）")
    assert rate.as_json() == {"n": 3993, "of": 4189}
    assert Rate(135, 1477).percent_to(2) == "9.14%"
    assert Rate(1, 2) + Rate(1, 6) == Rate(2, 8)


def test_rate_of_nothing_is_neither_zero_nor_all():
    assert (Rate(0, 0).percent, Rate(0, 0).fraction, str(Rate(0, 0)), Rate(0, 0).value) == ("--", "--", "--", None)
    assert Rate(0, 3).percent == "0.0%"


def test_rate_rounds_half_up_as_a_clerk_does():
    assert Rate(1, 16).percent == "6.3%"
    assert Rate(1, 32).percent_to(2) == "3.13%"


@pytest.mark.parametrize(("n", "of"), [(2, 1), (-1, 1)])
def test_rate_refuses_more_than_the_whole(n, of):
    with pytest.raises(ValueError, match="part of a whole"):
        Rate(n, of)


def test_days_and_numbers():
    evening = datetime(2016, 8, 31, 16, 5, tzinfo=UTC)
    assert formats.screen_date(date(2016, 8, 31)) == "2016-08-31"
    assert formats.screen_date(evening) == "2016-09-01"
    assert formats.screen_moment(evening) == "2016-09-01 00:05"
    assert formats.document_date(date(2016, 8, 1)) == "2016年8月1日"
    assert formats.number(1067) == "1,067"
    assert formats.number(0) == "0"
    nothing = [
        formats.screen_date(None),
        formats.screen_moment(None),
        formats.document_date(None),
        formats.number(None),
    ]
    assert nothing == ["--"] * 4


def test_file_name_is_safe_everywhere():
    day = date(2026, 9, 1)
    assert (
        formats.file_name("2026年8月职工诉求办理台账", "机修厂", day)
        == "2026年8月职工诉求办理台账_机修厂_20260901.xlsx"
    )
    assert formats.file_name('../a\\b:*?[c]"<>|\x00', "一/二\u202e", day, "docx") == "abc_一二_20260901.docx"
    long = formats.file_name("台" * 300, "厂" * 300, day)
    assert len(long.encode()) <= 255
    assert long.endswith("_20260901.xlsx")
    assert formats.file_name("", "", day) == "20260901.xlsx"


def test_sheet_name_is_one_excel_takes():
    assert formats.sheet_name("一/二:三[四]" + "五" * 40) == ("一二三四" + "五" * 40)[:31]
    assert formats.sheet_name("'[]'") == "Sheet1"


@pytest.mark.parametrize(
    ("text", "width"), [("abc", 3), ("台账", 4), ("（一）", 6), ("“”—", 6), ("e\u0301\u200b", 1), ("😀", 2)]
)
def test_display_width_counts_chinese_as_two(text, width):
    assert formats.display_width(text) == width
