"""归并建议: which opinions and issues say the same thing in other words. See docs/merging.md.

Reads only; what it says is a suggestion, a person merges.
"""

from .likeness import Likeness
from .suggestions import Group, proposed_groups, similar_issues, similar_opinions

__all__ = ["Group", "Likeness", "proposed_groups", "similar_issues", "similar_opinions"]
