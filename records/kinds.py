"""What the registers call a file: the kind of each in words. An app above names its own from `AppConfig.ready`."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import Promise

_labels: dict[str, str | Promise] = {}


def name_kind(kind: str, label: str | Promise) -> None:
    _labels[kind] = label


def kind_label(kind: str) -> str:
    """A kind that is no longer made keeps its identifier."""
    return str(_labels.get(kind, kind))
