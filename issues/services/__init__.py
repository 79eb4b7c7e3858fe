"""The doors of the closed loop, one function per move of `issues.workflow`."""

from .answering import NotOpen, accept_dispatch, answer_dispatch, return_dispatch
from .batches import set_aside_opinions, take_up_opinions_again, unmerge_opinions
from .closing import close_issue, obstacles_to_closing, reopen_issue
from .discretion import NamesReporter
from .dispatching import dispatch_issue, due_date_for, matter_unit_of, withdraw_dispatch
from .extending import ask_extension, grant_extension, refuse_extension
from .feedback import AlreadySettled, mark_unreachable, publish_feedback, tell_reporter, tell_several
from .intake import correct_opinion, raise_opinion, record_visit
from .merging import (
    merge_opinions,
    register_issue,
    reword_issue,
    set_aside_opinion,
    take_up_again,
    unmerge_opinion,
    void_issue,
)
from .proposing import Proposal, propose_departments
from .splitting import join_issues, split_issue
from .urging import supervise_dispatch, urge_department

__all__ = [
    "AlreadySettled",
    "NamesReporter",
    "NotOpen",
    "Proposal",
    "accept_dispatch",
    "answer_dispatch",
    "ask_extension",
    "close_issue",
    "correct_opinion",
    "dispatch_issue",
    "due_date_for",
    "grant_extension",
    "join_issues",
    "mark_unreachable",
    "matter_unit_of",
    "merge_opinions",
    "obstacles_to_closing",
    "propose_departments",
    "publish_feedback",
    "raise_opinion",
    "record_visit",
    "refuse_extension",
    "register_issue",
    "reopen_issue",
    "return_dispatch",
    "reword_issue",
    "set_aside_opinion",
    "set_aside_opinions",
    "split_issue",
    "supervise_dispatch",
    "take_up_again",
    "take_up_opinions_again",
    "tell_reporter",
    "tell_several",
    "unmerge_opinion",
    "unmerge_opinions",
    "urge_department",
    "void_issue",
    "withdraw_dispatch",
]
