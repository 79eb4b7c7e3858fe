"""What departments read must not say who spoke: each hit of a wording is reworded, or kept with a reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lib.errors import Refused
from organization.enums import UnitKind
from organization.models import Unit, User

from ..discretion import Hit, Matter, check_wording, reporter_in
from ..enums import KeepReason, Move
from ..models import Category, Dispatch, Issue, KeptHit, Opinion, UnlistedReporter
from ..workflow import ISSUE_STEPS, require
from .transitions import locked


class NamesReporter(Refused):
    code = "names_reporter"
    default_message = gettext_lazy(
        "问题名称或交办内容里出现了反映人的姓名、电话或工号，责任部门会看到，请改写后再交办。"
    )


class Unsettled(Refused):
    code = "unsettled_hits"


def matter_unit_of(unit: Unit) -> Unit:
    """The unit that a department is told: the base unit, for a workshop or a team would name the speaker."""
    if unit.kind not in (UnitKind.WORKSHOP, UnitKind.TEAM):
        return unit
    return Unit.objects.above(unit).exclude(kind__in=[UnitKind.WORKSHOP, UnitKind.TEAM]).last() or unit


def matter_of(*, unit: Unit, category: Category, scope: Unit, opinions: Collection[Opinion]) -> Matter:
    return Matter(unit=unit, told=matter_unit_of(unit), category=category, scope=scope, opinions=opinions)


def hits_of(issue: Issue) -> list[Hit]:
    """The hits of the present wording, against the roster below the office that keeps the issue."""
    opinions = list(issue.opinions().select_related("worker__unit"))
    matter = matter_of(unit=issue.unit, category=issue.category, scope=issue.office, opinions=opinions)
    return check_wording(issue.title, issue.wording, matter)


def kept_hits(issue: Issue, hits: Collection[Hit]) -> dict[str, KeptHit]:
    """What the office has decided about them, by place. What names a reporter without his consent is never kept."""
    possible = {hit.place: hit.reasons for hit in hits}
    rows = issue.kept_hits.in_force().filter(place__in=possible).select_related("kept_by")
    return {row.place: row for row in rows if row.reason in possible[row.place]}


def refuse_telling(issue: Issue) -> None:
    """Refused while a hit of the present wording is neither reworded nor kept."""
    hits = hits_of(issue)
    if any(hit.is_hard for hit in hits):
        raise NamesReporter
    kept = kept_hits(issue, hits)
    count = len({hit.place for hit in hits} - kept.keys())
    if count:
        raise Unsettled(_("交办内容还有 %(count)d 处疑点没有处理，请逐处改写或说明保留原因。") % {"count": count})


def refuse_naming(issue: Issue, text: str) -> None:
    """Refused while a sentence to a department holds any of these."""
    if names_reporter(issue, text):
        raise NamesReporter(_("这段话里出现了反映人的姓名、电话或工号，责任部门会看到，请改写。"))


def names_reporter(issue: Issue, text: str) -> bool:
    """Whether it holds name, phone or employee number of somebody who raised the issue, willing or not."""
    reporters = {opinion.worker for opinion in issue.opinions().select_related("worker") if opinion.worker}
    unlisted = UnlistedReporter.objects.filter(opinion__in=issue.opinions())
    return any(next(reporter_in(text, person), None) for person in (*reporters, *unlisted))


@transaction.atomic
def keep_hits(issue: Issue, reasons: Mapping[str, str], *, by: User, at: dt.datetime | None = None) -> None:
    """The office leaves hits (by place) in the wording, each with its reason; an earlier decision is replaced."""
    at = at or timezone.now()
    issue = locked(issue)
    require(ISSUE_STEPS, Move.REWORD, state=issue.state, label=str(issue.get_state_display()))
    hits = {hit.place: hit for hit in hits_of(issue)}
    for place, reason in reasons.items():
        if place not in hits:
            raise Refused(_("交办内容刚被改过，请按现在的文字重新核对。"), code="hit_is_gone")
        if reason not in hits[place].reasons:
            raise NamesReporter if hits[place].is_hard else Refused(_("这处疑点不能用这个原因保留。"), code="no_reason")
        issue.kept_hits.in_force().update_or_create(
            place=place,
            defaults={"reason": reason, "kept_by": by, "kept_at": at},
            create_defaults={
                "issue": issue,
                "text": hits[place].text,
                "reason": reason,
                "kept_by": by,
                "kept_at": at,
            },
        )


def spend_consents(issue: Issue, dispatch: Dispatch) -> None:
    """Consent to be named was given for this dispatch; the next one asks again."""
    issue.kept_hits.in_force().filter(reason=KeepReason.CONSENT).update(dispatch=dispatch)
