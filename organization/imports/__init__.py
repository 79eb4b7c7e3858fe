"""Imports of who is who."""

from .units import UnitImporter

__all__ = ["UnitImporter"]
