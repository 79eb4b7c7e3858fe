"""The office turns opinions into issues: register, merge, undo, set aside."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from liaison.enums import Grade
from lib.errors import Refused
from lib.periods import local_date
from organization.models import Unit, User
from records.models import StaleMonth

from ..enums import IssueState, Move, OpinionState, Scope
from ..models import Category, Gist, Issue, IssueCounter, Merge, Opinion, Reply
from ..workflow import ISSUE_STEPS, require
from .dispatching import due_date_for, first_answer_due_for
from .feedback import owe_feedback, release_feedback
from .transitions import locked, move_issue, move_opinion, move_opinions, write_transition


@transaction.atomic
def register_issue(
    *,
    office: Unit,
    opinions: Collection[Opinion],
    title: str,
    category: Category,
    unit: Unit,
    by: User,
    wording: str = "",
    scope: Scope = Scope.INDIVIDUAL,
    grade: Grade = Grade.SHORT_TERM,
    at: dt.datetime | None = None,
    although_merged: bool = False,
    **details,
) -> Issue:
    """A new issue out of one or several opinions, with the next number of the office and year.

    One breath may name two matters: with `although_merged` also out of opinions that belong to an issue already.
    """
    if not opinions:
        raise Refused(_("请至少选择一条意见建议。"))
    # Before the counter, as everywhere: two people must not make two issues of them at once, nor wait for each other.
    held = held_opinions(opinions)
    if not although_merged:
        refuse_merged(held)
    at = at or timezone.now()
    day = local_date(at)
    serial = next_serial(office, day.year)
    issue = Issue(
        office=office,
        year=day.year,
        serial=serial,
        number=f"{office.code}-{day.year}-{serial:03d}",
        title=title,
        wording=wording,
        category=category,
        scope=scope,
        grade=grade,
        unit=unit,
        group_id=group_with_most_voices(opinions),
        registered_on=day,
        first_answer_due_on=first_answer_due_for(unit, registered_on=day),
        due_on=due_date_for(unit, category=category, grade=grade, registered_on=day),
        recorded_by=by,
        **details,
    )
    issue.save()
    write_transition(Move.REGISTER, by=by, at=at, issue=issue, before="", after=IssueState.REGISTERED)
    StaleMonth.objects.mark({unit.pk}, day)
    merge_opinions(issue, opinions=opinions, by=by, at=at)
    return issue


def held_opinions(opinions: Iterable[Opinion]) -> list[Opinion]:
    """As they are now, held until the transaction ends; in one order for everybody."""
    return list(Opinion.objects.select_for_update().filter(pk__in=[o.pk for o in opinions]).order_by("pk"))


def refuse_merged(opinions: Collection[Opinion]) -> None:
    merged = [opinion for opinion in opinions if opinion.state == OpinionState.MERGED]
    if merged:
        numbers = Issue.objects.filter(merges__in=Merge.objects.in_force().filter(opinion__in=merged))
        words = {"numbers": "、".join(numbers.order_by("number").values_list("number", flat=True).distinct())}
        raise Refused(
            _("其中有意见已归并到 %(numbers)s。确要另立问题的，请勾选确认后再登记。") % words, code="already_merged"
        )


def group_with_most_voices(opinions: Collection[Opinion]) -> int | None:
    """The group (id) that heard the matter most often, of several the one that heard it first.

    Voices of no group do not count; where there are no others, the issue has no group.
    """
    in_order = sorted(opinions, key=lambda opinion: (opinion.raised_on, opinion.pk))
    voices = Counter(opinion.group_id for opinion in in_order if opinion.group_id)
    # Among equals the first that was met.
    return max(voices, key=voices.__getitem__, default=None)


def assign_group(issue: Issue) -> None:
    """Voices come and go while a locked issue waits for its first dispatch; from then on its group stays."""
    if issue.state != IssueState.REGISTERED:
        return
    group_id = group_with_most_voices(issue.opinions().only("raised_on", "group"))
    if group_id != issue.group_id:
        issue.group_id = group_id
        issue.save(update_fields=["group"])
        StaleMonth.objects.mark({issue.unit_id}, issue.registered_on)


def next_serial(office: Unit, year: int) -> int:
    """Draws the next number. The counter's row is held until the issue is saved: no gaps, no doubles."""
    IssueCounter.objects.get_or_create(office=office, year=year)
    counter = IssueCounter.objects.select_for_update().get(office=office, year=year)
    counter.last += 1
    counter.save(update_fields=["last"])
    return counter.last


@transaction.atomic
def merge_opinions(
    issue: Issue,
    *,
    opinions: Collection[Opinion],
    by: User,
    at: dt.datetime | None = None,
) -> list[Merge]:
    """Merges the opinions into the issue; those that belong to it already are left as they are.

    Every reporter stays attached, and is owed an answer at once if the issue has one. Refused for the person who
    answered the issue.
    """
    at = at or timezone.now()
    issue = locked(issue)
    require(ISSUE_STEPS, Move.MERGE, state=issue.state, label=str(issue.get_state_display()))
    refuse_own_answer(issue, by)
    known = set(issue.merges.in_force().values_list("opinion", flat=True))
    fresh = held_opinions([opinion for opinion in opinions if opinion.pk not in known])
    move_opinions(fresh, Move.MERGE, by=by, at=at, issue=issue)
    merges = Merge.objects.bulk_create(
        Merge(opinion=opinion, issue=issue, merged_at=at, merged_by=by) for opinion in fresh
    )
    if issue.outcome:
        owe_feedback(issue, by=by, at=at)
    assign_group(issue)
    return merges


@transaction.atomic
def unmerge_opinion(merge: Merge, *, by: User, at: dt.datetime | None = None) -> None:
    """Takes an opinion out of an open issue; the last one stays, or the issue had no voice.

    What was owed for it in this issue is owed no more. Refused once the reporter has been told.
    """
    at = at or timezone.now()
    issue = locked(merge.issue)
    require(
        ISSUE_STEPS,
        Move.UNMERGE,
        state=issue.state,
        label=str(issue.get_state_display()),
    )
    merge = Merge.objects.select_for_update().select_related("opinion").get(pk=merge.pk)
    if merge.undone_at:
        return
    if issue.merges.in_force().count() == 1:
        raise Refused(_("这是该问题的最后一条意见，不能撤销归并；登记有误的，可以作废这个问题。"))
    release_feedback(issue, merge.opinion, on=local_date(at))
    merge.undone_at, merge.undone_by = at, by
    merge.save(update_fields=["undone_at", "undone_by"])
    opinion = Opinion.objects.select_for_update().get(pk=merge.opinion_id)
    still_merged = opinion.merges.in_force().exists()
    move_opinion(
        opinion,
        Move.UNMERGE,
        by=by,
        at=at,
        issue=issue,
        to=OpinionState.MERGED if still_merged else None,
    )
    assign_group(issue)


@transaction.atomic
def void_issue(issue: Issue, *, by: User, reason: str, at: dt.datetime | None = None) -> None:
    """The issue was registered by mistake: it leaves all figures from now on, its number stays used.

    Its opinions wait again, or stay with another issue that holds them. Refused once a department has answered.
    """
    if not reason.strip():
        raise Refused(_("作废须写明原因。"))
    at = at or timezone.now()
    issue = locked(issue)
    require(ISSUE_STEPS, Move.VOID, state=issue.state, label=str(issue.get_state_display()))
    if Reply.objects.filter(dispatch__issue=issue).exists():
        raise Refused(_("责任部门已经答复过，不能作废。"), code="answered")
    merges = issue.merges.in_force()
    opinions = held_opinions(issue.opinions())
    merges.update(undone_at=at, undone_by=by)
    still_merged = set(Merge.objects.in_force().filter(opinion__in=opinions).values_list("opinion_id", flat=True))
    kept = [opinion for opinion in opinions if opinion.pk in still_merged]
    freed = [opinion for opinion in opinions if opinion.pk not in still_merged]
    move_opinions(freed, Move.UNMERGE, by=by, at=at, issue=issue)
    move_opinions(kept, Move.UNMERGE, by=by, at=at, issue=issue, to=OpinionState.MERGED)
    move_issue(issue, Move.VOID, by=by, at=at, note=reason.strip())


@transaction.atomic
def set_aside_opinion(opinion: Opinion, *, reason: str, by: User, at: dt.datetime | None = None) -> None:
    if not reason.strip():
        raise Refused(_("不予受理须写明原因。"))
    opinion = Opinion.objects.select_for_update().get(pk=opinion.pk)
    opinion.set_aside_reason = reason.strip()
    move_opinion(opinion, Move.SET_ASIDE, by=by, at=at, note=reason, changed=["set_aside_reason"])


@transaction.atomic
def take_up_again(opinion: Opinion, *, by: User, at: dt.datetime | None = None) -> None:
    """Undoes set_aside_opinion."""
    opinion = Opinion.objects.select_for_update().get(pk=opinion.pk)
    opinion.set_aside_reason = ""
    move_opinion(opinion, Move.TAKE_UP_AGAIN, by=by, at=at, changed=["set_aside_reason"])


#: What the limits of an issue follow from.
LIMITED_BY = frozenset({"unit", "category", "grade"})


@transaction.atomic
def reword_issue(issue: Issue, *, by: User, version: int, at: dt.datetime | None = None, **changes) -> None:
    """Edits title, wording, category, scope, grade or unit while the issue is with the office.

    Raises lib.errors.Stale when somebody saved a later version. The limits follow unit, category and grade; a title
    put right leaves them as they are, also those that were agreed in an earlier dispatch.
    """
    issue = locked(issue)
    require(ISSUE_STEPS, Move.REWORD, state=issue.state, label=str(issue.get_state_display()))
    changes = {name: value for name, value in changes.items() if getattr(issue, name) != value}
    if not changes:
        return
    old_unit = issue.unit_id
    for name, value in changes.items():
        setattr(issue, name, value)
    changed = list(changes)
    Gist.objects.filter(issue=issue).delete()
    if LIMITED_BY & set(changes):
        day = issue.registered_on
        issue.due_on = due_date_for(issue.unit, category=issue.category, grade=issue.grade, registered_on=day)
        issue.first_answer_due_on = first_answer_due_for(issue.unit, registered_on=day)
        changed += ["due_on", "first_answer_due_on"]
    move_issue(issue, Move.REWORD, by=by, at=at, changed=changed, version=version)
    StaleMonth.objects.mark({old_unit}, issue.registered_on)


def refuse_own_answer(issue: Issue, user: User) -> None:
    """Nobody merges or closes an issue that he answers."""
    if Reply.objects.filter(dispatch__issue=issue, replied_by=user).exists():
        raise Refused(_("您答复过这个问题，归并和销号须由其他同志办理。"), code="own_answer")
