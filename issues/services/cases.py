"""典型案例: written without names, nominated, voted upon, selected."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lib.errors import Refused
from lib.periods import today
from organization.models import Unit, User

from ..enums import MOST_SELECTED, MOST_VOTES, CaseState, Outcome
from ..models import CaseNomination, CasePoll, CaseVote, Issue
from .publishing import ReporterNamed, refuse_reporters

#: What a reader gets of a case: none of these may name a reporter.
STORY = ("title", "background", "action", "result", "voice")


class NotDraft(Refused):
    code = "case_not_draft"
    default_message = gettext_lazy("这个案例已申报，不能再改。需要修改时请办公室退回。")


class PollBegan(Refused):
    code = "case_poll_began"
    default_message = gettext_lazy("这个评选期的投票已经开始，案例不能再增减。")


class PollNotOpen(Refused):
    code = "case_poll_not_open"
    default_message = gettext_lazy("现在不在投票时间内。")


class TooManyVotes(Refused):
    code = "case_votes_too_many"
    default_message = gettext_lazy("每人最多投 10 票，请减少后再提交。")


@transaction.atomic
def draft_case(*, issues: Iterable[Issue], by: User, **facts: Any) -> CaseNomination:
    case = CaseNomination(recorded_by=by, **facts)
    case.full_clean(exclude=["unit", "group", "recorded_by"])
    case.save()
    case.issues.set(issues)
    return case


@transaction.atomic
def correct_case(case: CaseNomination, *, version: int, **facts: Any) -> None:
    case = drafted(case)
    for name, value in facts.items():
        setattr(case, name, value)
    case.full_clean(exclude=["unit", "group"])
    case.save_if_current(facts, version=version)


@transaction.atomic
def link_case(case: CaseNomination, *, issues: Iterable[Issue]) -> None:
    drafted(case).issues.add(*issues)


@transaction.atomic
def unlink_case(case: CaseNomination, *, issue: Issue) -> None:
    drafted(case).issues.remove(issue)


@transaction.atomic
def nominate_case(case: CaseNomination) -> None:
    """From here on the story is read by all who vote: it must be whole, true and without names."""
    case = drafted(case)
    issues = list(case.issues.all())
    if not any(issue.outcome in (Outcome.SOLVED, Outcome.PARTLY) for issue in issues):
        raise Refused(_("请先关联至少一个已经解决或部分解决的问题，再申报。"), code="case_without_issue")
    if not (case.action and case.result):
        raise Refused(_("请写全做法和成效，再申报。"), code="case_incomplete")
    refuse_begun(case)
    refuse_names(case, issues)
    case.state, case.nominated_on, case.return_reason = CaseState.NOMINATED, today(), ""
    case.save_if_current(["state", "nominated_on", "return_reason"])


@transaction.atomic
def return_case(case: CaseNomination, *, reason: str) -> None:
    """The office hands it back to be written anew."""
    case = CaseNomination.objects.select_for_update(of=("self",)).select_related("unit").get(pk=case.pk)
    if case.state != CaseState.NOMINATED:
        raise Refused(_("只有已申报、尚未评定的案例可以退回。"), code="case_not_nominated")
    refuse_begun(case)
    case.state, case.nominated_on, case.return_reason = CaseState.DRAFT, None, reason
    case.save_if_current(["state", "nominated_on", "return_reason"])


def drafted(case: CaseNomination) -> CaseNomination:
    case = CaseNomination.objects.select_for_update(of=("self",)).select_related("unit").get(pk=case.pk)
    if case.state != CaseState.DRAFT:
        raise NotDraft
    return case


def refuse_begun(case: CaseNomination) -> None:
    """The polls are held, so that none opens in between."""
    if any(poll.has_begun() for poll in CasePoll.objects.covering(case).select_for_update()):
        raise PollBegan


def refuse_names(case: CaseNomination, issues: Iterable[Issue]) -> None:
    refuse_reporters("\n".join(getattr(case, name) for name in STORY), issues)


@transaction.atomic
def open_poll(*, unit: Unit, half: str, opens_on: dt.date, closes_on: dt.date, by: User) -> CasePoll:
    poll = CasePoll(unit=unit, half=half, opens_on=opens_on, closes_on=closes_on, recorded_by=by)
    refuse_past(opens_on)
    try:
        with transaction.atomic():
            poll.save()
    except IntegrityError:
        raise Refused(_("这个评选期已经发起过投票。"), code="case_poll_twice") from None
    return poll


@transaction.atomic
def change_poll(poll: CasePoll, *, opens_on: dt.date, closes_on: dt.date) -> None:
    """Its days, until it closes: whoever has seen the counts no longer moves them."""
    poll = held(poll)
    if poll.has_closed():
        raise Refused(_("投票已截止，不能再改日期。"), code="case_poll_closed")
    if poll.has_begun() and opens_on != poll.opens_on:
        raise Refused(_("投票已开始，只能改截止日期。"), code="case_poll_began")
    if opens_on != poll.opens_on:
        refuse_past(opens_on)
    if closes_on < today():
        raise Refused(_("截止日期不能早于今天。"), code="case_poll_in_past")
    poll.opens_on, poll.closes_on = opens_on, closes_on
    poll.full_clean(exclude=["unit"])
    poll.save_if_current(["opens_on", "closes_on"])


def refuse_past(day: dt.date) -> None:
    if day < today():
        raise Refused(_("开始投票日期不能早于今天。"), code="case_poll_in_past")


@transaction.atomic
def cast_votes(poll: CasePoll, *, cases: Collection[CaseNomination], by: User) -> None:
    """The account's whole ballot: it takes the place of the one before, and nobody learns of either."""
    # Two ballots of one account, and a closing, come one after the other.
    poll = held(poll)
    if not poll.is_open():
        raise PollNotOpen
    chosen = {case.pk for case in cases}
    if len(chosen) > MOST_VOTES:
        raise TooManyVotes
    known = poll.cases().filter(pk__in=chosen).count()
    if known != len(chosen):
        raise Refused(_("选中的案例不在这次评选里，请刷新页面。"), code="case_not_in_poll")
    poll.votes.filter(voter=by).delete()
    CaseVote.objects.bulk_create(
        CaseVote(poll=poll, case_id=pk, voter=by, slot=slot) for slot, pk in enumerate(sorted(chosen), start=1)
    )


@transaction.atomic
def select_cases(poll: CasePoll, *, cases: Collection[CaseNomination], note: str = "") -> None:
    """The office settles the ten best. Where that is not the order of the votes, it says why."""
    poll = held(poll)
    if not poll.has_closed():
        raise Refused(_("投票截止后才能评定。"), code="case_poll_not_closed")
    if poll.finished_on:
        raise Refused(_("这次评选已经评定。"), code="case_poll_finished")
    chosen = {case.pk for case in cases}
    if not 1 <= len(chosen) <= MOST_SELECTED:
        raise Refused(_("请选出 1 到 10 个案例。"), code="case_selection_size")
    counted = list(poll.counted().prefetch_related("issues"))
    if chosen - {case.pk for case in counted}:
        raise Refused(_("选中的案例不在这次评选里，请刷新页面。"), code="case_not_in_poll")
    if passes_over_votes(counted, chosen) and not note.strip():
        raise Refused(_("评定结果与得票次序不一致，请写明评定说明。"), code="case_selection_without_note")
    for case in counted:
        if case.pk in chosen:
            refuse_named_later(case)
        case.state = CaseState.SELECTED if case.pk in chosen else CaseState.NOT_SELECTED
        case.save_if_current(["state"])
    poll.turnout = poll.votes.values("voter").distinct().count()
    poll.votes.update(voter=None)
    poll.finished_on, poll.selection_note = today(), note.strip()
    poll.full_clean(exclude=["unit"])
    poll.save_if_current(["turnout", "finished_on", "selection_note"])


def passes_over_votes(counted: Collection[CaseNomination], chosen: Collection[int]) -> bool:
    """Whether a case with fewer votes is taken before one with more."""
    taken = [case.vote_count for case in counted if case.pk in chosen]
    left = [case.vote_count for case in counted if case.pk not in chosen]
    return bool(left) and min(taken) < max(left)


def refuse_named_later(case: CaseNomination) -> None:
    """An issue may have got further reporters since the nomination."""
    try:
        refuse_names(case, case.issues.all())
    except ReporterNamed:
        words = {"title": case.title}
        raise Refused(_("案例“%(title)s”里出现了反映人的姓名、电话或工号，不能入选。") % words) from None


def held(poll: CasePoll) -> CasePoll:
    return CasePoll.objects.select_for_update(of=("self",)).select_related("unit").get(pk=poll.pk)


def ranked(counted: Iterable[CaseNomination]) -> list[tuple[int, bool, CaseNomination]]:
    """Rank, whether it is shared, and the case: equal votes are one rank, and the next counts them all."""
    cases = list(counted)
    votes = [case.vote_count for case in cases]
    return [(votes.index(case.vote_count) + 1, votes.count(case.vote_count) > 1, case) for case in cases]
