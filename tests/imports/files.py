"""Rosters as offices hand them over, made while the test runs."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook

HEADER = ["工号", "姓名", "性别", "出生年月", "单位", "车间", "岗位", "用工形式", "手机号码", "工会会员"]


def workbook(*rows: Sequence[Any], title: str = "职工") -> bytes:
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(list(row))
    return saved(book)


def saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def text(rows: Iterable[Sequence[Any]], encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue().encode(encoding)


def person(number: int, name: str, unit: str = "南沟采矿厂", workshop: str = "采掘一车间", **cells: Any) -> list[Any]:
    """One line under HEADER; ``cells`` replaces columns by their titles."""
    line = [f"N{number:05d}", name, "男", "1985-03", unit, workshop, "电铲司机", "正式职工", f"154{number:08d}", "是"]
    for title, value in cells.items():
        line[HEADER.index(title)] = value
    return line


def identity_number(birth: str = "19850312", serial: int = 123) -> str:
    """With a right check digit, in a district that does not exist."""
    body = f"889900{birth}{serial:03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]
