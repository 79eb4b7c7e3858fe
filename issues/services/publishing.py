"""What is written for many readers must not say who spoke."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from lib.errors import Refused

from ..models import Issue
from .discretion import names_reporter


class ReporterNamed(Refused):
    code = "reporter_named"
    default_message = _("文字里出现了反映人的姓名、电话或工号，各单位都会看到，请改写后再保存。")


def refuse_reporters(text: str, issues: Iterable[Issue]) -> None:
    """Refused while the text holds an identity of somebody who raised one of the issues."""
    if any(names_reporter(issue, text) for issue in issues):
        raise ReporterNamed
