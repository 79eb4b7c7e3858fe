import pickle

import pytest

from lib.errors import Refused, Stale


class Closed(Refused):
    default_message = "已销号的问题不能再改。"
    code = "closed"


def test_refused_says_its_sentence():
    assert (str(Closed()), Closed().code) == ("已销号的问题不能再改。", "closed")
    assert str(Refused("还有职工未反馈，不能销号。")) == "还有职工未反馈，不能销号。"
    assert Refused("不行。", code="owed").code == "owed"


def test_stale_is_refused_and_survives_a_worker_process():
    with pytest.raises(Refused):
        raise Stale
    assert str(pickle.loads(pickle.dumps(Closed("不行。")))) == "不行。"  # noqa: S301
