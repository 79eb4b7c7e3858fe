"""办公室月报 as a workbook: closed loop, contacts against the norms, issue ledger, definitions."""

from .book import write_monthly_workbook

__all__ = ["write_monthly_workbook"]
