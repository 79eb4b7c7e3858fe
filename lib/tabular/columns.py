"""One list of columns per kind of table: template, import check and export are all made from it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lib.tabular.cells import Cleaner, compact

if TYPE_CHECKING:
    from django.utils.functional import Promise

IDENTITY_TITLE = re.compile(
    r"身份证|证件号|公民身份|居民身份|身份号码|身份编号|身份證|^证号$|^id(?:号|card|number)", re.I
)
# Between the two titles of a column under a header of two rows.
JOINT = "\n"
_brackets = re.compile(r"[(（【\[].*?[)）】\]]")
_parts = re.compile(r"[/、／|&]|或|及")


@dataclass(frozen=True)
class Column:
    """One column: ``name`` is the field, ``title`` what stands over it, ``synonyms`` what offices write instead."""

    name: str
    title: str
    synonyms: tuple[str, ...] = ()
    clean: Cleaner | None = None
    required: bool = False
    example: str = ""
    hint: str | Promise = ""
    width: int = 12
    # A merged cell over several rows holds for each of them.
    fills_down: bool = False
    # Where a second column of this kind goes: two telephone columns are no contradiction.
    second: str | None = None
    # Titles that may also mean something else: heeded only where no better one stands beside them.
    weak: tuple[str, ...] = ()


def normal_title(title: str) -> str:
    return compact(title).strip("*＊:：·.。、﹡★△▲").lower()


def words(text: str) -> tuple[str, ...]:
    """Several titles, written with blanks between them."""
    return tuple(text.split())


class Titles:
    """Finds the column that a title means."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self.columns = {column.name: column for column in columns}
        self.by_title: dict[str, str] = {}
        self.weak = {normal_title(title): column.name for column in columns for title in column.weak}
        for column in columns:
            for title in (column.title, *column.synonyms):
                self.by_title.setdefault(normal_title(title), column.name)

    def find(self, title: str) -> str | None:
        """By the whole title, without its brackets, or by one half of 岗位/工种."""
        normal = normal_title(title)
        if not normal or IDENTITY_TITLE.search(normal):
            return None
        return next((self.by_title[t] for t in self._ways(normal) if t in self.by_title), None)

    def find_any(self, title: str) -> str | None:
        """Also for a title of two rows: by the lower one, or by both read as one (出生/年月)."""
        upper, joint, lower = title.partition(JOINT)
        if not joint:
            return self.find(title)
        return self.find(lower) or self.find(upper + lower)

    def _ways(self, normal: str) -> Iterable[str]:
        bare = normal_title(_brackets.sub("", normal))
        yield normal
        yield bare
        yield re.sub(r"[1-9一二]$", "", bare)
        parts = [normal_title(part) for part in _parts.split(bare)]
        if len(parts) > 1:
            yield from parts


def letter(index: int) -> str:
    """The name of a column in Excel; counted from 0."""
    index += 1
    out = ""
    while index:
        index, rest = divmod(index - 1, 26)
        out = chr(65 + rest) + out
    return out
