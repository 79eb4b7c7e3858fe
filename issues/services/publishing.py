"""What is written for many readers must not say who spoke."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from friends.models import Worker
from lib.errors import Refused

from ..models import Issue, Merge
from .discretion import identifies


class ReporterNamed(Refused):
    code = "reporter_named"
    default_message = _("文字里出现了反映人的姓名、电话或工号，各单位都会看到，请改写后再保存。")


def refuse_reporters(text: str, issues: Iterable[Issue]) -> None:
    """Refused while the text holds an identity of somebody who raised one of the issues."""
    merges = Merge.objects.in_force().filter(issue__in=[issue.pk for issue in issues])
    workers = Worker.objects.filter(opinions__merges__in=merges).distinct()
    if any(identifies(text, worker) for worker in workers):
        raise ReporterNamed
