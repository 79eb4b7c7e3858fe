"""Pages of long lists: hostile page numbers are 404, counting stops at a limit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest

PAGE_SIZE = 50
COUNT_LIMIT = 10_000

# ASCII digits only: int() would take １２ as well, and 2^63 would reach the database.
_page_number = re.compile(r"[1-9][0-9]{0,5}")


@dataclass(frozen=True, slots=True)
class Page:
    """The rows of one page, and what the page bar needs; templates loop over the page itself."""

    rows: Sequence[Any]
    number: int
    size: int
    total: int
    is_capped: bool

    def __iter__(self):
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def total_text(self) -> str:
        """Past the limit nobody needs the exact number, and counting it would cost a scan."""
        return f"{self.total:,}+" if self.is_capped else f"{self.total:,}"

    @property
    def last(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def previous(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        return self.number + 1 if self.number < self.last else None

    @property
    def first_row(self) -> int:
        """The running number (序号) of the page's first row."""
        return (self.number - 1) * self.size + 1

    @property
    def last_row(self) -> int:
        return self.first_row + len(self.rows) - 1

    @property
    def has_others(self) -> bool:
        return self.last > 1


def page_of(request: HttpRequest, rows: QuerySet, *, size: int = PAGE_SIZE) -> Page:
    """The page that ``?page=`` asks for. One query while everything fits on the first page, else two."""
    number = _number_asked(request)
    start = (number - 1) * size
    if start >= COUNT_LIMIT:
        raise Http404
    found = list(rows[start : start + size])
    if number == 1 and len(found) < size:
        return Page(found, number, size, total=len(found), is_capped=False)
    if not found:
        raise Http404
    counted = rows.order_by()[: COUNT_LIMIT + 1].count()
    return Page(found, number, size, total=min(counted, COUNT_LIMIT), is_capped=counted > COUNT_LIMIT)


def _number_asked(request: HttpRequest) -> int:
    asked = request.GET.get("page", "1")
    if not _page_number.fullmatch(asked):
        raise Http404
    return int(asked)
