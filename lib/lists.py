"""The list pattern: one filter form and one column list serve the page, its htmx rows and the workbook.

An app says in `lists/` which rows, filters and columns a list has (`ListSpec`); the view opens it for a request and
renders it; `records.downloads` makes the workbook of exactly the same rows. docs/lists.md shows a list to copy.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, DateFilter, FilterSet

from lib.acting import ActingRequest
from lib.formats import screen_date, screen_moment
from lib.htmx import render_page_or_fragment
from lib.names import clean_name
from lib.pagination import Page, page_of

if TYPE_CHECKING:
    from django.utils.functional import Promise

ORDER_KEPT_FOR = 365 * 24 * 3600


class Asker:
    """Stands in for the request in django-filter: choices depend on who asks and on nothing else of a request."""

    def __init__(self, actor: Any) -> None:
        self.actor = actor


class ListFilter(FilterSet):
    """Base of the filter forms. `orders` maps an order to its words, the default first; `defaults` may depend on who
    asks. What is no valid value finds nothing and is named at its field: it never means "all"."""

    orders: Mapping[str, str | Promise] = {}
    q = CharFilter(label=_("搜索"), method="search", max_length=60)
    order = ChoiceFilter(label=_("排序"), method="sort", empty_label=None, choices=())

    def __init__(self, data: Mapping[str, Any], queryset: QuerySet, *, actor: Any, kept_order: str = "") -> None:
        values = data.copy() if isinstance(data, QueryDict) else QueryDict(mutable=True)
        if not isinstance(data, QueryDict):
            values.update(data)
        defaults = {"order": kept_order if kept_order in self.orders else next(iter(self.orders), "")}
        for name, value in {**defaults, **self.defaults(actor)}.items():
            if not values.get(name):
                values[name] = value
        super().__init__(values, queryset, request=Asker(actor))
        self.actor = actor
        self.filters["order"].extra["choices"] = list(self.orders.items())
        # Below the others on the page, where the eye looks for it.
        self.filters["order"] = self.filters.pop("order")

    @classmethod
    def defaults(cls, actor: Any) -> dict[str, str]:
        return {}

    def search(self, queryset: QuerySet, name: str, query: str) -> QuerySet:
        raise NotImplementedError

    def sort(self, queryset: QuerySet, name: str, order: str) -> QuerySet:
        """The primary key goes last: rows that are otherwise equal must not change places between two pages."""
        return queryset.order_by(order, "-pk" if order.startswith("-") else "pk")

    @property
    def qs(self) -> QuerySet:
        return super().qs if self.is_valid() else self.queryset.none()

    @property
    def chosen(self) -> dict[str, str]:
        """The filters that hold, by name; what was searched for is somebody's name as a rule and stays out."""
        if not self.is_valid():
            return {}
        names = (name for name in self.filters if name != "q" and self.form.cleaned_data.get(name))
        return {name: str(self.data[name]) for name in names}

    @property
    def in_words(self) -> list[str]:
        fields = self.form.fields
        return [f"{fields[name].label}：{shown_value(fields[name], value)}" for name, value in self.chosen.items()]


def shown_value(field: forms.Field, value: str) -> str:
    """What the user chose, in words: the label of a choice, else the value itself."""
    if isinstance(field, forms.NullBooleanField):
        return str(_("是"))
    for key, label in getattr(field, "choices", ()):
        if isinstance(label, (list, tuple)):
            for inner, words in label:
                if str(inner) == value:
                    return str(words)
        elif str(key) == value:
            return str(label)
    return value


class DayFilter(DateFilter):
    """A day from the browser's calendar."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, widget=forms.DateInput(attrs={"type": "date"}), **kwargs)


class TabFilter(ChoiceFilter):
    """Tabs above the rows: a hidden field of the filter form, so that they and the filters keep each other."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("范围"))
        super().__init__(*args, widget=forms.HiddenInput, **kwargs)


def matching(query: str, *, text: Collection[str] = (), names: Collection[str] = ()) -> Q:
    """`text`: columns that contain the words. `names`: relations (or "" for the row itself) with `name` and `search`,
    found by the name and by pinyin or its initials."""
    words = clean_name(query)
    found = Q(pk__in=[])
    for column in text:
        found |= Q(**{f"{column}__icontains": words})
    letters = "".join(words.casefold().split())
    for relation in names:
        prefix = f"{relation}__" if relation else ""
        found |= Q(**{f"{prefix}name__icontains": words})
        if letters.isascii() and letters.isalpha():
            # `search` holds readings side by side ("zhangsan zs"): each is matched from its beginning.
            found |= Q(**{f"{prefix}search__startswith": letters}) | Q(**{f"{prefix}search__contains": f" {letters}"})
    return found


@dataclass(frozen=True)
class Column:
    """One column of page and workbook.

    `value` is an attribute path ("unit.label", methods are called) or a function of the row; an enum field is shown by
    its label. `cell` says how the page draws it: text, words (a line of its own on the phone), title (the row's link),
    state (badge of the enum field named in `value`), day, code, number, or a template with `row` in its context.
    `order` makes the head a link. `roles` empty: everybody. `is_action`: a button, whose head only screen
    readers need.
    """

    label: str | Promise
    value: str | Callable[[Any], Any]
    cell: str = "text"
    order: str = ""
    width: int = 14
    on_page: bool = True
    in_file: bool = True
    roles: Collection[str] = ()
    is_action: bool = False

    def of(self, row: Any) -> Any:
        if callable(self.value):
            return self.value(row)
        found = row
        for name in self.value.split("."):
            if found is None:
                return None
            found = getattr(found, name)
            if callable(found):
                found = found()
        return found

    def cell_of(self, row: Any) -> Any:
        """As the workbook holds it: counts and days stay what they are, so that Excel adds and sorts them."""
        shown = getattr(row, f"get_{self.value}_display", None) if isinstance(self.value, str) else None
        value = shown() if shown else self.of(row)
        return value if value is None or isinstance(value, (int, float, Decimal, date)) else str(value)

    def text(self, row: Any) -> str:
        """As the page says it; nothing is an empty cell."""
        value = self.cell_of(row)
        match value:
            case None:
                return ""
            case datetime():
                return screen_moment(value)
            case date():
                return screen_date(value)
        return str(value)


@dataclass(frozen=True)
class ListSpec:
    """A list of the house. `name` stands in the download register and names the export ("issues.opinions").

    `rows` gives everything the actor may see, with the relations that the columns read. `is_alarm` marks a row red;
    `may_export` says for whom there is an Excel.
    """

    name: str
    title: str | Promise
    rows: Callable[[Any], QuerySet]
    filter_class: type[ListFilter]
    columns: Sequence[Column]
    is_alarm: Callable[[Any], bool] = lambda row: False
    may_export: Callable[[Any], bool] = lambda actor: actor.may("export")

    def open(self, actor: Any, data: Mapping[str, Any], *, kept_order: str = "") -> Listing:
        return Listing(self, actor, data, kept_order=kept_order)

    def open_for(self, request: ActingRequest) -> Listing:
        return self.open(request.actor, request.GET, kept_order=request.COOKIES.get(order_cookie(request), ""))


class Listing:
    """A list as one actor sees it with the filters of one request."""

    def __init__(self, spec: ListSpec, actor: Any, data: Mapping[str, Any], *, kept_order: str = "") -> None:
        self.spec = spec
        self.actor = actor
        self.filter = spec.filter_class(data, spec.rows(actor), actor=actor, kept_order=kept_order)
        self._own_columns = [c for c in spec.columns if not c.roles or actor.role in c.roles]

    @cached_property
    def rows(self) -> QuerySet:
        return self.filter.qs

    @property
    def columns(self) -> list[Column]:
        return [column for column in self._own_columns if column.on_page]

    @property
    def heads(self) -> list[dict[str, Any]]:
        """The column heads: label, and for a sortable one the order that a click asks for."""
        order = self.filter.data.get("order", "")
        return [self._head(column, order) for column in self.columns]

    def _head(self, column: Column, order: str) -> dict[str, Any]:
        offered = [o for o in (column.order, f"-{column.order}") if column.order and o in self.filter.orders]
        is_current = order in offered
        asked = next((o for o in offered if o != order), "")
        direction = ("descending" if order.startswith("-") else "ascending") if is_current else ""
        return {"column": column, "order": asked, "direction": direction}

    @property
    def may_export(self) -> bool:
        return self.spec.may_export(self.actor)

    def is_alarm(self, row: Any) -> bool:
        return self.spec.is_alarm(row)

    @property
    def file_heads(self) -> list[str]:
        return [str(column.label) for column in self._file_columns]

    @property
    def file_widths(self) -> list[int]:
        return [column.width for column in self._file_columns]

    def file_rows(self, limit: int) -> Iterator[list[Any]]:
        for row in self.rows[:limit].iterator(chunk_size=1000):
            yield [column.cell_of(row) for column in self._file_columns]

    @cached_property
    def _file_columns(self) -> list[Column]:
        return [column for column in self._own_columns if column.in_file]

    def render(
        self,
        request: HttpRequest,
        page: str,
        rows: str,
        context: dict[str, Any] | None = None,
        *,
        more: Callable[[Page], dict[str, Any]] = lambda page: {},
    ) -> HttpResponse:
        """The whole page, or its rows for htmx. The order asked for is kept for this user and this list.

        `more` adds to the context what follows from the rows of the page.
        """
        shown = page_of(request, self.rows)
        found = {"listing": self, "filter": self.filter, "page": shown, **(context or {}), **more(shown)}
        response = render_page_or_fragment(request, page, rows, found)
        if request.GET.get("order") in self.filter.orders:
            keep_order(request, response, request.GET["order"])
        return response


def order_cookie(request: HttpRequest) -> str:
    return f"order_{request.user.pk}"


def keep_order(request: HttpRequest, response: HttpResponse, order: str) -> None:
    """A cookie of the list's own path: reading a page must not write to the database."""
    response.set_cookie(
        order_cookie(request),
        order,
        max_age=ORDER_KEPT_FOR,
        path=request.path,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
