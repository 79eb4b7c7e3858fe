from __future__ import annotations

from typing import TYPE_CHECKING

from ..models import Attachment, Download, Export

if TYPE_CHECKING:
    from organization.actors import Actor


def record_download(
    actor: Actor,
    *,
    kind: str,
    rows: int = 0,
    purpose: str = "",
    export: Export | None = None,
    attachment: Attachment | None = None,
    parameters: dict | None = None,
) -> Download:
    """Writes into the register that a file left: call it before the first byte goes out."""
    return Download.objects.create(
        kind=kind,
        rows=rows,
        purpose=purpose,
        export=export,
        attachment=attachment,
        parameters=parameters or {},
        user=actor.user,
        role=actor.role or "",
    )
