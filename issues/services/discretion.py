"""What departments read must not say who spoke."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from friends.models import Worker
from lib.errors import Refused

from ..models import Issue

#: Shorter employee numbers would be found in any year or amount.
SHORTEST_NUMBER = 4


class NamesReporter(Refused):
    code = "names_reporter"
    default_message = _("问题名称或交办内容里出现了反映人的姓名、电话或工号，责任部门会看到，请改写后再交办。")


def refuse_identities(issue: Issue) -> None:
    """Refused while title or wording holds the name, a phone or the employee number of an attached reporter."""
    if names_reporter(issue, f"{issue.title}\n{issue.wording}"):
        raise NamesReporter


def refuse_naming(issue: Issue, text: str) -> None:
    """Refused while a sentence to a department holds any of these."""
    if names_reporter(issue, text):
        raise NamesReporter(_("这段话里出现了反映人的姓名、电话或工号，责任部门会看到，请改写。"))


def names_reporter(issue: Issue, text: str) -> bool:
    reporters = set(issue.opinions().values_list("worker", flat=True))
    return any(identifies(text, worker) for worker in Worker.objects.filter(pk__in=reporters - {None}))


def identifies(text: str, worker: Worker) -> bool:
    """Found in full width, with blanks or signs between the characters, in either case."""
    found = bare(text)
    return any(mark in found for mark in marks_of(worker))


def marks_of(worker: Worker) -> Iterable[str]:
    name, number = bare(worker.name), bare(worker.employee_no)
    if len(name) > 1:
        yield name
    if len(number) >= SHORTEST_NUMBER:
        yield number
    yield from filter(None, (bare(worker.phone).removeprefix("86"), bare(worker.phone_2).removeprefix("86")))


def bare(text: str) -> str:
    """Letters, hanzi and digits alone, in one width and case."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum())
