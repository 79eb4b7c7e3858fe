from .category import Category
from .dispatch import Dispatch, Reply
from .feedback import Feedback
from .issue import Issue, IssueCounter
from .opinion import Merge, Opinion, OpinionRevision
from .rule_change import RuleChange
from .transition import Transition

__all__ = [
    "Category",
    "Dispatch",
    "Feedback",
    "Issue",
    "IssueCounter",
    "Merge",
    "Opinion",
    "OpinionRevision",
    "Reply",
    "RuleChange",
    "Transition",
]
