"""上报: what is beyond the own level goes up, and the answer comes down."""

from __future__ import annotations

import datetime as dt
import uuid

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from lib.errors import Refused
from lib.once import known_copy
from lib.periods import local_date
from organization.models import Unit, User

from ..enums import Move
from ..models import Issue, Referral
from ..workflow import ISSUE_STEPS, require
from .discretion import NamesReporter, names_reporter
from .transitions import locked, move_issue


@transaction.atomic
def refer_issue(
    issue: Issue,
    *,
    office: Unit,
    by: User,
    question: str,
    to_unit: Unit | None = None,
    to_name: str = "",
    at: dt.datetime | None = None,
    key: uuid.UUID | None = None,
    fingerprint: str = "",
) -> Referral:
    """Asks a higher unit, or somebody outside (`to_name`). The issue stays open, its limit stays as it is.

    Refused while the question names somebody who spoke: it leaves the enterprise. Sent twice with one `key` it is one.
    """
    at = at or timezone.now()
    issue = locked(issue)
    if key and (known := known_copy(Referral, key=key, fingerprint=fingerprint, issue_id=issue.pk)):
        return known
    require(ISSUE_STEPS, Move.REFER, state=issue.state, label=str(issue.get_state_display()))
    if issue.referrals.waiting().exists():
        raise Refused(_("这个问题已有一件上报在等答复。"), code="referred")
    if names_reporter(issue, f"{issue.title}\n{question}"):
        raise NamesReporter(_("问题名称或上报内容里出现了反映人的姓名、电话或工号，请改写后再上报。"))
    referral = Referral(
        issue=issue,
        number=f"{issue.number}-S{issue.referrals.count() + 1}",
        office=office,
        to_unit=to_unit,
        to_name=to_name,
        question=question,
        sent_on=local_date(at),
        sent_by=by,
        key=key or uuid.uuid4(),
        fingerprint=fingerprint,
    )
    referral.full_clean(exclude=["issue", "office", "to_unit", "sent_by"])
    referral.save()
    with override(settings.LANGUAGE_CODE):
        note = _("上报%(to)s") % {"to": referral.to}
    move_issue(issue, Move.REFER, by=by, at=at, note=note)
    return referral


@transaction.atomic
def answer_referral(referral: Referral, *, by: User, answer: str, at: dt.datetime | None = None) -> None:
    """The higher office answers, or the sender writes down what came from outside."""
    if not answer.strip():
        raise Refused(_("请写明答复内容。"))
    at = at or timezone.now()
    issue = locked(referral.issue)
    referral = Referral.objects.select_for_update(of=("self",)).select_related("to_unit").get(pk=referral.pk)
    if not referral.is_waiting:
        raise Refused(_("这件上报已经答复过了，请刷新页面。"), code="answered")
    referral.answer, referral.answered_on, referral.answered_by = answer.strip(), local_date(at), by
    referral.save(update_fields=["answer", "answered_on", "answered_by"])
    with override(settings.LANGUAGE_CODE):
        note = _("%(to)s已答复") % {"to": referral.to}
    move_issue(issue, Move.REFER_ANSWER, by=by, at=at, note=note)
