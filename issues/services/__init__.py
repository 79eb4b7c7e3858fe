"""The doors of the closed loop, one function per move of `issues.workflow`."""

from .answering import accept_dispatch, answer_dispatch, return_dispatch
from .batches import set_aside_opinions, take_up_opinions_again, unmerge_opinions
from .closing import close_issue, obstacles_to_closing, reopen_issue
from .discretion import NamesReporter
from .dispatching import dispatch_issue, due_date_for, matter_unit_of, withdraw_dispatch
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
from .splitting import join_issues, split_issue

__all__ = [
    "AlreadySettled",
    "NamesReporter",
    "accept_dispatch",
    "answer_dispatch",
    "close_issue",
    "correct_opinion",
    "dispatch_issue",
    "due_date_for",
    "join_issues",
    "mark_unreachable",
    "matter_unit_of",
    "merge_opinions",
    "obstacles_to_closing",
    "publish_feedback",
    "raise_opinion",
    "record_visit",
    "register_issue",
    "reopen_issue",
    "return_dispatch",
    "reword_issue",
    "set_aside_opinion",
    "set_aside_opinions",
    "split_issue",
    "take_up_again",
    "take_up_opinions_again",
    "tell_reporter",
    "tell_several",
    "unmerge_opinion",
    "unmerge_opinions",
    "void_issue",
    "withdraw_dispatch",
]
