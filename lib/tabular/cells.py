"""What every cell cleaner shares: the text of a cell, what counts as empty, identity numbers, and the answer."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from lib.names import CONTROL, INVISIBLE, ZERO_WIDTH_JOINER

ACCEPTED, NEEDS_CHOICE, ERROR, SKIPPED = "accepted", "needs_choice", "error", "skipped"

# What clerks write where there is nothing to write.
NOTHING = frozenset(
    [
        "",
        "无",
        "没有",
        "/",
        "\\",
        "-",
        "--",
        "—",
        "——",
        "－",
        "不详",
        "不明",
        "未知",
        "暂无",
        "空",
        "未填",
        "none",
        "null",
        "n/a",
        "nan",
    ]
)
DITTO = frozenset(["〃", "″", "″″", '"', '""', "''", "“", "”", "〞", "同上", "同前", "同上行"])
ERROR_TEXT = re.compile(r"#(?:REF!|N/A|NAME\?|VALUE!|DIV/0!|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA|#+)")

_invisible = re.compile(f"[{INVISIBLE}{CONTROL}{ZERO_WIDTH_JOINER}]")
_identity = re.compile(r"(?<!\d)(\d{17}[\dXx]|\d{15})(?!\d)")
_weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
IDENTITY_MASK = "（身份证号已删去）"


class Cleaned(NamedTuple):
    """What a cell says: the values it fills, how sure they are, and why. The values are shared: copy, never change."""

    values: dict[str, Any]
    status: str = ACCEPTED
    why: tuple[str, ...] = ()
    suggest: tuple[str, ...] = ()


Cleaner = Callable[[Any], Cleaned]


def key_of(cell: Any) -> Any:
    """A cell as a dictionary key; 1, 1.0 and True stay apart."""
    if isinstance(cell, str):
        return cell
    return (type(cell), tuple(cell.items())) if isinstance(cell, dict) else (type(cell), cell)


def text_of(cell: Any) -> str:
    """The cell as a person sees it, nearly: whole numbers without .0, dates in ISO form."""
    if isinstance(cell, str):
        return cell
    if cell is None or isinstance(cell, bool):
        return {None: "", True: "是", False: "否"}[cell]
    if isinstance(cell, dict):
        if "number" in cell:
            return text_of(cell["number"])
        return cell.get("date", "")
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e17 else str(cell)


def is_blank(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not visible(cell))


def visible(text: str) -> str:
    """Without what cannot be seen, at the ends without blanks."""
    return text.strip() if text.isascii() and text.isprintable() else _invisible.sub("", text).strip()


def compact(text: str) -> str:
    """The form for comparing: one width, no blanks, nothing invisible."""
    return "".join(unicodedata.normalize("NFKC", _invisible.sub("", text)).split())


def is_nothing(text: str) -> bool:
    return compact(text).lower() in NOTHING


def broken(cell: Any) -> str | None:
    """The word for a cell that holds an error or a formula that was never computed."""
    if isinstance(cell, dict) and "error" in cell:
        return "formula_without_value" if cell["error"] == "formula" else "cell_error"
    if isinstance(cell, str) and cell.startswith("#") and ERROR_TEXT.fullmatch(cell.strip().upper()):
        return "cell_error"
    return None


def has_identity_number(cell: Any) -> bool:
    """Whether a national identity number stands anywhere in the cell."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return 1e17 <= cell < 1e18
    if isinstance(cell, dict):
        return has_identity_number(cell.get("number"))
    if not isinstance(cell, str) or len(cell) < 15:
        return False
    text = compact(cell)
    return any(
        is_identity_number(found) for found in _identity.findall(text) + _identity.findall(re.sub(r"[-_.·]", "", text))
    )


def is_identity_number(digits: str) -> bool:
    """18 digits with a right check digit or a possible day of birth, or 15 of the old kind."""
    if len(digits) == 15:
        return digits[0] != "0" and _is_day("19" + digits[6:12])
    check = "10X98765432"[sum(int(d) * w for d, w in zip(digits[:17], _weights, strict=True)) % 11]
    return check == digits[17].upper() or (digits[6:8] in ("19", "20") and _is_day(digits[6:14]))


def without_identity_numbers(cell: Any) -> Any:
    """The cell as it may be kept and shown."""
    return IDENTITY_MASK if has_identity_number(cell) else cell


def _is_day(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return True
