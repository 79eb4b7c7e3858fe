"""Query counts at one and at three rows, as literal numbers: a list that asks once per row shows itself at once.

assert queries_at_one_and_three(add_row, lambda: client.get("/issues/")) == (9, 9)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext

#: Savepoints belong to the test's transaction, not to the page.
_BRACKETS = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")


def statements(act: Callable[[], object]) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        act()
    return [query["sql"] for query in captured if not query["sql"].startswith(_BRACKETS)]


def count_queries(act: Callable[[], object]) -> int:
    return len(statements(act))


def queries_at_one_and_three(add_row: Callable[[], object], act: Callable[[], object]) -> tuple[int, int]:
    """Adds one row and counts, adds two more and counts again. Once before, unseen: what is cached for good is."""
    add_row()
    act()
    at_one = statements(act)
    add_row()
    add_row()
    at_three = statements(act)
    if len(at_one) != len(at_three):
        shapes = Counter(at_three) - Counter(at_one)
        print("\n".join(f"{times}× {sql}" for sql, times in shapes.most_common(5)))
    return len(at_one), len(at_three)
