"""Log lines that tell where and what kind, never whose: messages of exceptions may quote a row."""

import copy
import logging
import re
import traceback
from types import TracebackType
from typing import Any

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def discreet_trace(error: BaseException) -> str:
    """The traceback with the places and types of the error and its causes, but without their messages."""
    lines: list[str] = []
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        frames = "".join(traceback.format_tb(link.__traceback__))
        lines.insert(0, f"{frames}{type(link).__module__}.{type(link).__qualname__}")
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    return "\nled to:\n".join(lines)


#: The one kind of address that is a secret: by it a worker's slip is read. Whoever names it in a line, also escaped.
_slip_address = re.compile(r"(/q/t/)[^/\s?]+")


class DiscreetFormatter(logging.Formatter):
    """Time, level, logger and message; of an exception only types and places, of a slip's address no code."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        plain = copy.copy(record)
        plain.exc_text = None
        if isinstance(plain.args, dict) and "exc" in plain.args:
            # Celery prints the exception itself into the line about a failed task.
            shown: dict[str, Any] = {**plain.args, "exc": "see below", "args": "…", "kwargs": "…"}
            plain.args = shown
        return _slip_address.sub(r"\1…", super().format(plain))

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802 (the name is the base class's)
        return discreet_trace(ei[1]) if ei[1] is not None else ""
