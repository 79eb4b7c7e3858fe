import pytest

from lib.tabular.cells import ACCEPTED, ERROR, NEEDS_CHOICE, has_identity_number, without_identity_numbers
from lib.tabular.person_cells import (
    clean_employee_no,
    clean_employment,
    clean_gender,
    clean_member,
    clean_name_cell,
    line_cleaner,
)
from tests.imports.files import identity_number


@pytest.mark.parametrize(
    ("cell", "name", "key", "why"),
    [
        ("段石松", "段石松", "段石松", ()),
        ("王　柱", "王柱", "王柱", ("name_spaces",)),
        ("\u00a0欧阳锁 ", "欧阳锁", "欧阳锁", ("name_spaces",)),
        ("\u200b陈骥\ufeff", "陈骥", "陈骥", ("name_zero_width",)),
        ("巴特尔・苏和", "巴特尔・苏和", "巴特尔·苏和", ("name_dot",)),
        ("𠮷瑞芬", "𠮷瑞芬", "𠮷瑞芬", ("name_rare",)),
        ("测试", "测试", "测试", ("name_suspect",)),
        ("1.段石松", "段石松", "段石松", ()),
        ("John Smith", "John Smith", "johnsmith", ()),
    ],
)
def test_names(cell, name, key, why):
    found = clean_name_cell(cell)
    assert (found.values["name"], found.values["name_key"], found.why, found.status) == (name, key, why, ACCEPTED)


@pytest.mark.parametrize("cell", ["李翠屏（女）", "李翠屏(女)", "李翠屏 女", "李翠屏【女】"])
def test_gender_behind_the_name(cell):
    assert clean_name_cell(cell).values == {"name": "李翠屏", "name_key": "李翠屏", "gender_in_name": "女"}


@pytest.mark.parametrize("cell", ["韩福、冯喜", "韩福/冯喜", "韩福 冯喜", "韩福和冯喜", "韩福\n冯喜"])
def test_two_people_in_a_cell_are_an_error(cell):
    assert clean_name_cell(cell).why == ("two_people_in_cell",)


@pytest.mark.parametrize("cell", ["", "/", "——", "…"])
def test_no_name_is_an_error(cell):
    assert (clean_name_cell(cell).status, clean_name_cell(cell).why) == (ERROR, ("name_missing",))


def test_plain_columns():
    assert clean_gender("女性").values == {"gender": "女"}
    assert clean_gender("").why == ("gender_missing",)
    assert clean_gender("甲").status == NEEDS_CHOICE
    assert clean_member(True) == ({"member": True}, ACCEPTED, ("member_mark",), ())
    assert clean_member("×").values == {"member": False}
    assert clean_member("未入会").values == {"member": False}
    assert clean_member("?").status == NEEDS_CHOICE
    assert clean_employment("合同工").values == {"employment": "正式职工"}
    assert clean_employment("临时").why == ("employment_unknown",)
    assert clean_employee_no(10007.0).values == {"employee_no": "10007"}
    assert clean_employee_no("ｑ００７").values == {"employee_no": "Q007"}
    assert line_cleaner("post")("电\u200b铲司机 ").values == {"post": "电铲司机"}
    assert line_cleaner("post", 4)("电铲司机长").why == ("text_too_long",)


def test_identity_numbers_are_seen_wherever_they_stand():
    number = identity_number()
    spaced = f"{number[:6]} {number[6:14]} {number[14:]}"
    for cell in (number, number.lower(), "证号" + number, spaced, {"number": float(number[:17] + "0")}):
        assert has_identity_number(cell)
        assert number not in str(without_identity_numbers(cell))
    for cell in ("15400001234", "12345678901234567", "备注：无", 15400001234.0, "6222021234567890123"):
        assert not has_identity_number(cell)
