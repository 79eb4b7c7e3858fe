"""Imports of who works with whom."""

from .cadres import CadreImporter
from .contracts import ContractImporter
from .groups import GroupImporter

__all__ = ["CadreImporter", "ContractImporter", "GroupImporter"]
