"""Telephone numbers in every dress; all of them from ranges that no operator has."""

import pytest

from lib.tabular.cells import ACCEPTED, ERROR, NEEDS_CHOICE
from lib.tabular.phones import clean_phone
from tests.imports.files import identity_number

N, M = "15400001234", "16300005678"


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        (N, None),
        (float(N), "phone_float"),
        (N + ".0", "phone_float"),
        ({"number": float(N), "format": "0"}, "phone_number_cell"),
        ("154 0000 1234", "phone_formatted"),
        ("154-0000-1234", "phone_formatted"),
        ("+86" + N, "phone_formatted"),
        ("0086-" + N, "phone_formatted"),
        ("'" + N, "phone_formatted"),
        ("\t" + N, "phone_formatted"),
        ("154\u200b00001234", "phone_formatted"),
        ("\u202a" + N + "\u202c", "phone_formatted"),
        (N + "（微信同号）", "phone_formatted"),
        ("手机：" + N, "phone_formatted"),
        ("15,400,001,234", "phone_formatted"),
        ("１５４００００１２３４", "phone_fullwidth"),
        (f'="{N}"', "phone_text_formula"),
    ],
)
def test_one_mobile_number(cell, why):
    assert clean_phone(cell) == ({"phone": N, "phone_2": None}, ACCEPTED, (why,) if why else (), ())


@pytest.mark.parametrize("cell", [f"{N}/{M}", f"{N}、{M}", f"{N}\n{M}", N + M, f"{N} {M}", f"{N}，{M}"])
def test_two_numbers(cell):
    assert clean_phone(cell) == ({"phone": N, "phone_2": M}, ACCEPTED, ("phone_two_numbers",), ())


def test_number_of_a_relative_is_asked_about_and_not_filled_in():
    found = clean_phone(f"{N}（妻 {M}）")
    assert (found.values, found.status) == ({"phone": N, "phone_2": None}, NEEDS_CHOICE)


@pytest.mark.parametrize(
    ("cell", "phone"),
    [("0315-0771234", "0315-0771234"), ("03150771234转8021", "0315-0771234转8021"), ("(010)20771234", "010-20771234")],
)
def test_land_lines(cell, phone):
    assert clean_phone(cell) == ({"phone": phone, "phone_2": None}, ACCEPTED, ("phone_landline",), ())


def test_extension_is_asked_about():
    assert clean_phone(80215.0) == ({"phone": "80215", "phone_2": None}, NEEDS_CHOICE, ("phone_internal",), ())


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        (N[:10], "phone_invalid"),
        (N + "7", "phone_invalid"),
        ("2" + N[1:], "phone_invalid"),
        ("154O0001234", "phone_invalid"),
        ("同上", "phone_invalid"),
        ("1.54E+10", "phone_lost_digits"),
        (15400000000.0, "phone_lost_digits"),
        ("154****1234", "phone_masked"),
        (identity_number(), "national_id_in_cell"),
        (889900198503121230.0, "national_id_in_cell"),
    ],
)
def test_what_is_no_number_is_an_error(cell, why):
    assert (clean_phone(cell).status, clean_phone(cell).why, clean_phone(cell).values) == (ERROR, (why,), {})


@pytest.mark.parametrize("cell", ["", None, "无", "—"])
def test_no_number(cell):
    assert clean_phone(cell) == ({"phone": None, "phone_2": None}, ACCEPTED, ("phone_missing",), ())
