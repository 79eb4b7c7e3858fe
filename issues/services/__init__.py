"""The doors of the closed loop, one function per move of `issues.workflow`."""

from .answering import NotOpen, accept_dispatch, answer_dispatch, return_dispatch
from .approving import NothingToApprove, approve_reply, obstacle_to_approving, send_back_reply
from .batches import set_aside_opinions, take_up_opinions_again, unmerge_opinions
from .closing import AlreadyReopened, close_issue, obstacles_to_closing, reopen_issue
from .discretion import NamesReporter, Unsettled, hits_of, keep_hits, kept_hits, matter_of, matter_unit_of
from .dispatching import dispatch_issue, due_date_for, withdraw_dispatch
from .doors import close_door, open_door, reopen_door, say_at_door, slip_of_sending
from .escalating import climb_ladder
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
from .pausing import pause_issue, resume_issue
from .proposing import Proposal, propose_departments
from .rechecking import renew_explanation
from .referring import answer_referral, refer_issue
from .slips import (
    MOST_ADDITIONS,
    Outdated,
    add_words,
    dispute_answer,
    find_slip,
    issue_slip,
    issue_slips,
    note_reading,
    rate_answer,
    uphold_answer,
)
from .splitting import join_issues, split_issue
from .urging import supervise_dispatch, urge_department

__all__ = [
    "MOST_ADDITIONS",
    "AlreadyReopened",
    "AlreadySettled",
    "NamesReporter",
    "NotOpen",
    "NothingToApprove",
    "Outdated",
    "Proposal",
    "Unsettled",
    "accept_dispatch",
    "add_words",
    "answer_dispatch",
    "answer_referral",
    "approve_reply",
    "ask_extension",
    "climb_ladder",
    "close_door",
    "close_issue",
    "correct_opinion",
    "dispatch_issue",
    "dispute_answer",
    "due_date_for",
    "find_slip",
    "grant_extension",
    "hits_of",
    "issue_slip",
    "issue_slips",
    "join_issues",
    "keep_hits",
    "kept_hits",
    "mark_unreachable",
    "matter_of",
    "matter_unit_of",
    "merge_opinions",
    "note_reading",
    "obstacle_to_approving",
    "obstacles_to_closing",
    "open_door",
    "pause_issue",
    "propose_departments",
    "publish_feedback",
    "raise_opinion",
    "rate_answer",
    "record_visit",
    "refer_issue",
    "refuse_extension",
    "register_issue",
    "renew_explanation",
    "reopen_door",
    "reopen_issue",
    "resume_issue",
    "return_dispatch",
    "reword_issue",
    "say_at_door",
    "send_back_reply",
    "set_aside_opinion",
    "set_aside_opinions",
    "slip_of_sending",
    "split_issue",
    "supervise_dispatch",
    "take_up_again",
    "take_up_opinions_again",
    "tell_reporter",
    "tell_several",
    "unmerge_opinion",
    "unmerge_opinions",
    "uphold_answer",
    "urge_department",
    "void_issue",
    "withdraw_dispatch",
]
