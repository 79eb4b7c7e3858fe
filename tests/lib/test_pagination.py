from types import SimpleNamespace

import pytest
from django.http import Http404
from django.test import RequestFactory

from lib import pagination


class Rows(list):
    """A list that is sliced, ordered and counted as a queryset is."""

    counts = 0

    def __getitem__(self, index):
        return Rows(super().__getitem__(index))

    def order_by(self):
        return self

    def count(self):
        type(self).counts += 1
        return len(self)


def page(number=None, rows=120, **options):
    query = {} if number is None else {"page": number}
    return pagination.page_of(RequestFactory().get("/", query), Rows(range(rows)), **options)


def test_first_page_of_many():
    first = page()
    assert list(first) == list(range(50))
    assert (first.number, first.last, first.previous, first.next) == (1, 3, None, 2)
    assert (first.total_text, first.first_row, first.last_row) == ("120", 1, 50)


def test_last_page():
    last = page("3")
    assert list(last) == list(range(100, 120))
    assert (last.previous, last.next, last.first_row, last.last_row) == (2, None, 101, 120)


def test_short_list_is_not_counted():
    Rows.counts = 0
    only = page(rows=3)
    assert (only.total, only.has_others, Rows.counts) == (3, False, 0)
    assert page(rows=0).total_text == "0"


def test_counting_stops_at_the_limit():
    capped = page("200", rows=10_050)
    assert (capped.total_text, capped.last, capped.next) == ("10,000+", 200, None)


@pytest.mark.parametrize(
    "number", ["0", "-1", "abc", "", "１２", "1.5", "4", "201", "1000000000", str(2**63), "1\x00", " 1", "+1", "01"]
)
def test_hostile_page_number_is_not_found(number):
    with pytest.raises(Http404):
        page(number)


def test_page_says_nothing_of_the_rows_it_does_not_hold():
    rows = [SimpleNamespace(pk=n) for n in range(2)]
    assert [row.pk for row in pagination.Page(rows, 1, 50, total=2, is_capped=False)] == [0, 1]
