"""Rosters of people that leave the house stand in the download register."""

from __future__ import annotations

from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from lib.acting import ActingRequest
from lib.tabular.admin import RosterImportMixin

from .kinds import name_kind
from .services import record_download


class RecordedRosterMixin(RosterImportMixin):
    """Import and export of a table about people."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        kind, title = cls.importer_class.kind, cls.importer_class.title
        name_kind(f"roster_{kind}", format_lazy(_("{title}名册"), title=title))
        name_kind(f"returned_{kind}", format_lazy(_("{title}未导入的行"), title=title))

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
