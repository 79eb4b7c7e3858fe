"""Which group answers for which unit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from lib.tabular.columns import Column
from lib.tabular.outcome import Outcome
from lib.tabular.roster import Choices, Judge
from lib.tabular.sheets import Table
from organization.imports.rosters import (
    remember_spellings,
    unit_index,
)

from ..models import Contract
from .base import LiaisonImporter
from .columns import contract_columns


class ContractImporter(LiaisonImporter):
    kind = "contracts"
    title = _("承包")
    key = "group"

    def columns(self) -> list[Column]:
        return contract_columns()

    def exported(self, rows: models.QuerySet) -> models.QuerySet:
        self.units = unit_index(self.scope)
        return rows.select_related("group")

    def cells(self, row: Contract) -> dict[str, Any]:
        return {
            "group": row.group.name,
            "unit": self.unit_cell(row.unit_id),
            "from": row.starts_on,
            "to": row.ends_on,
        }

    def judge_rows(self, tables: Sequence[Table], choices: Choices) -> Outcome:
        self.load(choices)
        self.admit(Contract.objects)
        judge = Judge(tables[0], contract_columns(), self.units, choices, key="group")
        return self.judge_contracts(judge, choices, with_effects=True)

    def write(self, outcome: Outcome, choices: Choices) -> None:
        remember_spellings(choices, self.scope, self.by)
        self.write_contracts(outcome.rows)
