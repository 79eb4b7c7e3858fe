"""Rosters of people that leave the house stand in the download register."""

from __future__ import annotations

from typing import Any

from lib.acting import ActingRequest
from lib.tabular.admin import RosterImportMixin

from .services import record_download


class RecordedRosterMixin(RosterImportMixin):
    """Import and export of a table about people."""

    def record_file(
        self,
        request: ActingRequest,
        what: str,
        *,
        rows: int,
        purpose: str = "",
        parameters: dict[str, Any] | None = None,
    ) -> None:
        kind = f"{what}_{self.importer_class.kind}"
        record_download(request.actor, kind=kind, rows=rows, purpose=purpose, parameters=parameters)
