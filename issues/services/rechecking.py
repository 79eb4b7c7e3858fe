"""复核: an explanation comes back on its day."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from lib.errors import Refused
from lib.periods import local_date
from organization.models import User

from ..enums import Move, Outcome
from ..models import Issue
from .merging import refuse_own_answer
from .transitions import locked, move_issue

#: How long an explanation may stand before somebody looks at it again.
LONGEST = dt.timedelta(days=366)


@transaction.atomic
def renew_explanation(
    issue: Issue, *, by: User, reason: str, recheck_on: dt.date, at: dt.datetime | None = None
) -> None:
    """Nothing has changed: the explanation stands, until another day. Not by the person who gave it.

    Who approved it may: a small office has one clerk, and the day and the reason are history.
    """
    if not reason.strip():
        raise Refused(_("请写明复核的情况。"))
    at = at or timezone.now()
    day = local_date(at)
    issue = locked(issue)
    refuse_own_answer(issue, by)
    if issue.outcome != Outcome.EXPLAINED or issue.recheck_on is None or issue.recheck_on > day:
        raise Refused(_("还没有到复核日期，或已由其他同志复核，请刷新页面。"), code="nothing_to_recheck")
    if not day < recheck_on <= day + LONGEST:
        raise Refused(_("下次复核日期须在今天之后、一年以内。"))
    issue.recheck_on = recheck_on
    with override(settings.LANGUAGE_CODE):
        note = _("仍按原答复，下次复核 %(day)s：%(reason)s") % {"day": recheck_on, "reason": reason.strip()}
    move_issue(issue, Move.RECHECK, by=by, at=at, note=note, changed=["recheck_on"])
