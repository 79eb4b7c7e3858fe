import uuid

import pytest

from lib.codes import ALPHABET, LENGTH, code_behind, code_index, codes_of, grouped, read_code
from lib.encryption import Unreadable

KEY = uuid.UUID("7f1f4f0a-0c55-4c0e-9a52-3a1d7d0f6a11")


def test_code_follows_from_key_and_kind_and_survives_a_change_of_the_field_key(settings):
    settings.FIELD_KEY, settings.FIELD_KEYS = "the-former-key", []
    code, index = codes_of("slip", KEY)[0], code_index("slip", codes_of("slip", KEY)[0])
    assert len(code) == LENGTH
    assert set(code) <= set(ALPHABET)
    assert codes_of("door", KEY)[0] != code
    settings.FIELD_KEY, settings.FIELD_KEYS = "the-new-key", ["the-former-key"]
    assert codes_of("slip", KEY)[0] != code
    assert code_behind("slip", KEY, index) == code
    settings.FIELD_KEYS = []
    with pytest.raises(Unreadable):
        code_behind("slip", KEY, index)


@pytest.mark.parametrize(
    "written",
    [
        "acdefghj",
        "ＡＣＤＥＦＧＨＪ",
        "ACDE-FGHJ",
        " acde fghj。",
        "ACDEFGHJ，",
        "https://x.cn/q/t/ACDEFGHJ/。",
        "“ACDEFGHJ”",
    ],
)
def test_code_is_read_however_it_was_copied(written):
    assert read_code(written) == "ACDEFGHJ"
    assert read_code(grouped("ACDEFGHJ")) == "ACDEFGHJ"


@pytest.mark.parametrize("written", ["", "。", "ACDEFGH", "ACDEFGHJK", "ACDEFGH0", "回执编号", "/" * 500, "\ud800" * 8])
def test_what_cannot_be_a_code_is_none(written):
    assert read_code(written) == ""
