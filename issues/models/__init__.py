from .case import CaseNomination, CasePoll, CaseVote
from .category import Category
from .concept import Concept, Gist, LearntWord
from .discretion import KeptHit
from .dispatch import Dispatch, Reply
from .door import Door, UnlistedReporter
from .escalation import Escalation
from .extension import Extension
from .feedback import Feedback
from .issue import Issue, IssueCounter
from .journal import JournalEntry
from .opinion import Merge, Opinion, OpinionRevision
from .pause import Pause
from .referral import Referral
from .responsibility import Responsibility
from .rule_change import RuleChange
from .slip import Addition, Slip
from .transition import Transition
from .urging import Supervision, Urging
from .vocabulary import AnswerTemplate, PolicyClause

__all__ = [
    "Addition",
    "AnswerTemplate",
    "CaseNomination",
    "CasePoll",
    "CaseVote",
    "Category",
    "Concept",
    "Dispatch",
    "Door",
    "Escalation",
    "Extension",
    "Feedback",
    "Gist",
    "Issue",
    "IssueCounter",
    "JournalEntry",
    "KeptHit",
    "LearntWord",
    "Merge",
    "Opinion",
    "OpinionRevision",
    "Pause",
    "PolicyClause",
    "Referral",
    "Reply",
    "Responsibility",
    "RuleChange",
    "Slip",
    "Supervision",
    "Transition",
    "UnlistedReporter",
    "Urging",
]
