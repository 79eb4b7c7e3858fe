"""What departments read must not say who spoke: the check of a wording before it is dispatched."""

from .check import Hit, Matter, check_wording, names_unwilling, pieces_of
from .roster import reporter_in

__all__ = ["Hit", "Matter", "check_wording", "names_unwilling", "pieces_of", "reporter_in"]
