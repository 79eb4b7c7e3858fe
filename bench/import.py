"""A roster of 100,000 people: preview and confirmation, as the admin does it, on a PostgreSQL of its own.

The file is made here; nothing but a temporary database is touched. Prints the phases and the peak memory.
"""

from __future__ import annotations

import datetime as dt
import os
import resource
import subprocess
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

INSIDE = "BENCH_IMPORT_INSIDE"
TARGET_SECONDS = 15.0
HEADER = [
    "工号",
    "姓名",
    "性别",
    "出生年月",
    "单位",
    "车间",
    "班组",
    "岗位",
    "用工形式",
    "手机号码",
    "工会会员",
    "备注",
]
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "山石岩铁柱锁林松柏树森成福禄寿喜来顺旺盛田地垒磊岭峰岳崇嵩峻岗虎豹骏驰骥奔腾跃进桂枝凤兰翠屏彩霞秋菊"
WORKSHOPS = 86


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--rows", type=int, default=100_000)


def run(*, rows: int) -> None:
    if os.environ.get(INSIDE):
        measure(rows)
        return
    from tests.services import postgresql

    with postgresql() as url, tempfile.TemporaryDirectory() as folder:
        url = url.replace("/yixianqian?", "/postgres?")  # that one is made by pytest
        environment = {**os.environ, "DATABASE_URL": url, "VAR_DIR": folder, INSIDE: "1"}
        command = [sys.executable, "manage.py", "bench", "import", "--rows", str(rows)]
        sys.exit(subprocess.run(command, env=environment, check=False).returncode)


def measure(count: int) -> None:
    from django.core.management import call_command

    from friends.imports import WorkerImporter
    from friends.models import Worker
    from lib.tabular import kept
    from lib.tabular.reading import read

    call_command("migrate", verbosity=0)
    make_units()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "roster.xlsx"
        make_file(path, count)
        data = path.read_bytes()
    print(f"{count:,} rows, {len(data) / 1e6:.1f} MB")
    start = time.monotonic()
    importer = WorkerImporter()
    with phase("read in the child process"):
        book = read(data)
    with phase("find header, columns, rows"):
        tables = importer.take(book)
        del book
    with phase("judge (preview)"):
        outcome = importer.judge(tables)
        print(f"      {outcome.totals()}")
        del outcome
    with phase("keep the table"):
        token = kept.keep("bench", tables)
        del tables, importer
    with phase("load the table"):
        tables = kept.tables_of("bench", token)
    with phase("judge again and write (confirm)"):
        outcome = WorkerImporter().confirm(tables)
    total = time.monotonic() - start
    if Worker.objects.count() != len(outcome.accepted()):
        sys.exit("Not every accepted row was written.")
    del outcome
    with phase("the same file once more", counted=False):
        print(f"      {WorkerImporter().confirm(tables).effects()}")
    verdict = "within" if total <= TARGET_SECONDS else "OVER"
    print(f"preview + confirm {total:6.2f} s   ({verdict} {TARGET_SECONDS:.0f} s)")
    own, child = (resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(f"peak memory       {own:6.0f} MB, reading child {child:.0f} MB")
    if total > TARGET_SECONDS:
        sys.exit(1)


@contextmanager
def phase(name: str, counted: bool = True) -> Iterator[None]:
    """Besides the time that passed the processor time of this process, which a busy machine does not lengthen."""
    start, worked = time.monotonic(), time.process_time()
    yield
    spent = f"{time.monotonic() - start:6.2f} s   (processor {time.process_time() - worked:5.2f} s)"
    print(f"{'' if counted else '(not counted) '}{name:34} {spent}", flush=True)


def make_units() -> None:
    from organization.enums import UnitKind
    from organization.services import open_unit

    day = dt.date(2016, 1, 1)
    company = open_unit(kind=UnitKind.ENTERPRISE, name="岭北矿业公司", code="LB", opened_on=day)
    for number in range(1, 17):
        base = open_unit(
            kind=UnitKind.BASE_UNIT, name=f"第{number}采矿厂", code=f"LB{number:02d}", parent=company, opened_on=day
        )
        for shop in range(1, WORKSHOPS // 16 + 1):
            open_unit(
                kind=UnitKind.WORKSHOP,
                name=f"{shop}号车间",
                code=f"LB{number:02d}{shop:02d}",
                parent=base,
                opened_on=day,
            )


def make_file(path: Path, count: int) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet("职工")
    text = book.add_format({"num_format": "@"})
    for column, title in enumerate(HEADER):
        sheet.write_string(0, column, title)
    for number in range(1, count + 1):
        for column, value in enumerate(person(number)):
            if value:
                sheet.write_string(number, column, value, text)
    book.close()


def person(n: int) -> list[str]:
    """Invented: numbers from ranges that no operator has, names put together by counting."""
    name = SURNAMES[n % 40] + GIVEN[n * 7 % len(GIVEN)] + GIVEN[(n // 40) % len(GIVEN)]
    birth, shop = f"{1966 + n % 38}-{n % 12 + 1:02d}", f"{n % 5 + 1}号车间"
    post, phone = f"岗位{n % 30}", f"154{n:08d}"
    who = [f"LB{n:06d}", name, "女" if n % 5 == 0 else "男", birth]
    where = [f"第{n % 16 + 1}采矿厂", shop, f"{n % 4 + 1}班", post]
    return [*who, *where, "正式职工", phone, "是", ""]
