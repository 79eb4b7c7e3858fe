"""The roll-up of a synthetic database, by the queries of the product, and a comparison of months with the facts."""

from __future__ import annotations

import datetime as dt

from django.db import connection
from django.db.models import Q

from reports.models import Rollup
from reports.recount import CELL, FAMILIES, SUMS, period_of
from reports.services import differences, months_with_facts

from ._schema import bare


def fill_rollup() -> int:
    """One INSERT per month; returns the number of months."""
    months = list(months_with_facts())
    with bare([Rollup]), connection.cursor() as cursor:
        for first in months:
            statement, parameters = month_statement(first)
            cursor.execute(statement, [first, *parameters])
    return len(months)


def month_statement(first: dt.date) -> tuple[str, list]:
    """The rows of `reports.recount` put together by the database instead of by Python."""
    parts, parameters = [], []
    for counted in FAMILIES:
        query = counted(period_of(first), Q()).query
        sql, values = query.sql_with_params()
        names = {*query.values_select, *query.annotation_select}
        columns = [name if name in names else f"NULL::bigint AS {name}" for name in CELL]
        columns += [name if name in names else f"0 AS {name}" for name in SUMS]
        parts.append(f"SELECT {', '.join(columns)} FROM ({sql}) AS counted")  # noqa: S608 (our own query)
        parameters += values
    cell, sums = ", ".join(CELL), ", ".join(SUMS)
    added = ", ".join(f"SUM({name})" for name in SUMS)
    table = connection.ops.quote_name(Rollup._meta.db_table)
    statement = (
        f"INSERT INTO {table} (month, {cell}, {sums}) SELECT %s, {cell}, {added} "  # noqa: S608 (columns of the model)
        f"FROM ({' UNION ALL '.join(parts)}) AS facts GROUP BY {cell}"
    )
    return statement, parameters


def check_rollup() -> list[dt.date]:
    """First, middle and last month recounted by the product; stops at a difference."""
    months = list(months_with_facts())
    sample = sorted({months[0], months[len(months) // 2], months[-1]})
    for first in sample:
        if found := differences(first):
            raise SystemExit(f"✗ The roll-up of {first:%Y-%m} differs from the facts in {len(found)} places.")
    return sample
