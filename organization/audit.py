"""The trail of changed rows: who, when, which row and which fields, by ids. Names, phones and words stay out of it."""

from __future__ import annotations

from typing import Any

from auditlog.models import LogEntry
from auditlog.registry import auditlog
from django.db.models import Model
from django.db.models.signals import pre_save


def hidden(value: str) -> str:
    """That the field changed is known, its value is not."""
    return "***"


def keep_trail(model: type[Model], *, secret: list[str] | None = None, derived: list[str] | None = None) -> None:
    """Called from AppConfig.ready for a table that people edit: `secret` fields are masked, `derived` ones left out.

    Rows written in bulk send no signal: whoever writes them writes their entries too.
    """
    auditlog.register(
        model,
        exclude_fields=derived or [],
        mask_fields=secret or [],
        mask_callable="organization.audit.hidden",
    )


def leave_out_the_name(sender: type[LogEntry], instance: LogEntry, **kwargs: Any) -> None:
    """An entry keeps a line of text about its row, which for a person is the name."""
    instance.object_repr = f"{instance.content_type.model} {instance.object_pk}"
    instance.actor_email = None


def start() -> None:
    pre_save.connect(leave_out_the_name, sender=LogEntry, dispatch_uid="audit-without-names")
