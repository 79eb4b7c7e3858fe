import datetime as dt

import pytest

from lib.periods import SHANGHAI
from notices import rules
from notices.rules import Due, Rule, register_rule
from tests import factories

#: A Wednesday.
MORNING = dt.datetime(2016, 8, 31, 8, 0, tzinfo=SHANGHAI)


@pytest.fixture
def reader(db):
    return factories.user(email="reader@example.cn")


@pytest.fixture
def only_rule(monkeypatch):
    """Register rules of the test's own, and no others."""
    monkeypatch.setattr(rules, "_rules", {})

    def register(*due: Due, name: str = "test_rule") -> None:
        register_rule(Rule(name, "测试规则", "测试人员", lambda occasion: due))

    return register


def due(recipient, *, subject: str = "thing-1", text: str = "有 2 件事待处理", link: str = "/notifications/") -> Due:
    return Due(recipient.pk, "2016-08", subject, text, link)
