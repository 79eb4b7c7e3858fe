"""Births in the notations of offices, of Excel and of people."""

from datetime import date

import pytest

from lib.tabular.birth import BirthCleaner, DayCleaner
from lib.tabular.cells import ACCEPTED, ERROR, NEEDS_CHOICE

clean = BirthCleaner(date(2026, 11, 20))
DECIMALS = {"number": 1985.1, "format": "0.00"}


@pytest.mark.parametrize(
    ("cell", "birth"),
    [
        ("1985-03-12", "1985-03-12"),
        ("1985/3/12", "1985-03-12"),
        ("1985.3.12", "1985-03-12"),
        ("1985.3", "1985-03"),
        ("1985.03.", "1985-03"),
        ("1985年3月12日", "1985-03-12"),
        ("1985 年 3 月", "1985-03"),
        ("１９８５年３月", "1985-03"),
        ("一九八五年三月", "1985-03"),
        ("二○○一年十二月", "2001-12"),
        ("二零零一年五月", "2001-05"),
        ("1985、3", "1985-03"),
        ("1985·3", "1985-03"),
        ("1985-03-12 00:00:00", "1985-03-12"),
        ("19850312", "1985-03-12"),
        ("1990.1", "1990-01"),
        ("1990年十月", "1990-10"),
        ("1985年3月生", "1985-03"),
        ("25/3/1985", "1985-03-25"),
        ("12-Mar-1985", "1985-03-12"),
        (1985.3, "1985-03"),
        (1985.03, "1985-03"),
        (1985.11, "1985-11"),
        (19850312.0, "1985-03-12"),
        (198503.0, "1985-03"),
        (DECIMALS, "1985-10"),
        ({"date": "1985-03-12"}, "1985-03-12"),
    ],
)
def test_sure_notations(cell, birth):
    found = clean(cell)
    assert (found.values["birth"], found.values["birth_year"], found.status) == (birth, int(birth[:4]), ACCEPTED)


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        (1985.1, "birth_month_ambiguous"),
        (1985.0, "birth_year_only"),
        ("1985年", "birth_year_only"),
        ("3/12/1985", "birth_day_month_ambiguous"),
    ],
)
def test_only_the_year_is_sure(cell, why):
    assert clean(cell) == ({"birth": None, "birth_year": 1985}, ACCEPTED, (why,), ())


def test_serial_of_a_number_cell_is_a_day():
    assert clean(31118.0).values["birth"] == "1985-03-12"
    assert clean(31118.0).why == ("birth_serial",)


@pytest.mark.parametrize(
    ("cell", "why", "suggest"),
    [
        ("31118", "birth_serial", "1985-03-12"),
        ("85.3.12", "birth_two_digit_year", "1985-03-12"),
        ("八五年三月", "birth_two_digit_year", "1985-03"),
        ("Mar-85", "birth_two_digit_year", "1985-03"),
        ("05.3", "birth_two_digit_year", "2005-03"),
    ],
)
def test_what_is_asked_about_fills_in_nothing(cell, why, suggest):
    assert clean(cell) == ({"birth": None, "birth_year": None}, NEEDS_CHOICE, (why,), (suggest,))


def test_two_values_and_ages_are_asked_about():
    assert clean("1985年3月（证上1986年）").suggest == ("1985-03", "1986")
    assert clean("42岁").why == ("birth_from_age",)


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("1985-02-30", "date_impossible"),
        ("1985-13", "date_impossible"),
        ("1985.0.12", "date_impossible"),
        ("昨天", "date_impossible"),
        ("2085.3", "birth_out_of_range"),
        ("1885.3", "birth_out_of_range"),
        ({"date": "1900-01-00"}, "birth_out_of_range"),
        (0.0, "birth_out_of_range"),
        ("2020-01-01", "birth_out_of_range"),
        ({"error": "formula"}, "formula_without_value"),
        ("#REF!", "cell_error"),
    ],
)
def test_impossible_births_are_errors(cell, why):
    assert (clean(cell).status, clean(cell).why) == (ERROR, (why,))


@pytest.mark.parametrize("cell", ["", "不详", None, "/"])
def test_nothing_is_no_error(cell):
    assert clean(cell).why == ("birth_missing",)


def test_day_of_the_unions_own_work_needs_the_day():
    days = DayCleaner("from")
    assert days("2026.1.5").values == {"from": "2026-01-05"}
    assert days("2026.1") == ({"from": None}, NEEDS_CHOICE, ("date_incomplete",), ("2026-01-01",))
    assert days("").values == {"from": None}
    assert days("1900-01-01").why == ("date_out_of_range",)
