import datetime as dt
import uuid

from friends.enums import ContactChannel
from friends.models import ContactLog, Worker
from issues import services
from issues.enums import ExplainReason, Outcome
from issues.models import Category, Dispatch, Door, Issue, Opinion, Referral, Reply, Slip
from lib.periods import SHANGHAI
from organization.models import Unit, User

from .organization import user
from .workers import contact_log

DAY = dt.timedelta(days=1)
MARCH = dt.datetime(2016, 3, 16, 9, tzinfo=SHANGHAI)

#: What each outcome needs besides its text.
DETAILS = {
    Outcome.SOLVED: {"evidence": "已于当月整改完毕。"},
    Outcome.PARTLY: {
        "evidence": "已整改一半。",
        "left_to_do": "其余部分待停产检修。",
        "follow_up_on": dt.date(2016, 12, 1),
    },
    Outcome.EXPLAINED: {
        "reason": ExplainReason.BUDGET,
        "rule_relied_on": "年度检修资金计划",
        "recheck_on": dt.date(2017, 3, 1),
    },
}


def category(name: str = "食堂餐饮") -> Category:
    return Category.objects.get_or_create(name=name)[0]


def opinion(of: Worker, *, log: ContactLog | None = None, text: str = "希望晚班能吃上热饭", **fields) -> Opinion:
    """Raised in a contact with the cadre who is the worker's friend."""
    log = log or contact_log(of.friendships.get(ends_on__isnull=True).cadre, of)
    fields.setdefault("category", category())
    return services.raise_opinion(
        by=log.cadre.user,
        at=log.happened_at,
        worker=of,
        contact_log=log,
        cadre=log.cadre,
        text=text,
        **fields,
    )


def registered_issue(*opinions: Opinion, by: User, office: Unit, at: dt.datetime = MARCH, **fields) -> Issue:
    fields.setdefault("title", "晚班工作餐保温")
    fields.setdefault("wording", "请研究改进晚班工作餐的保温措施。")
    fields.setdefault("category", opinions[0].category)
    fields.setdefault("unit", opinions[0].unit)
    return services.register_issue(office=office, opinions=opinions, by=by, at=at, **fields)


def dispatched_issue(issue: Issue, *, to: Unit, by: User, at: dt.datetime = MARCH + DAY) -> Dispatch:
    return services.dispatch_issue(issue, lead=to, by=by, at=at)


def submitted_reply(
    dispatch: Dispatch, *, by: User, outcome: Outcome = Outcome.EXPLAINED, at: dt.datetime = MARCH + 2 * DAY, **fields
) -> Reply:
    text = "食堂已增配保温餐车。"
    return services.answer_dispatch(dispatch, by=by, text=text, outcome=outcome, at=at, **DETAILS[outcome], **fields)


def answered_issue(
    dispatch: Dispatch, *, by: User, outcome: Outcome = Outcome.SOLVED, at: dt.datetime = MARCH + 2 * DAY
) -> Issue:
    """With an outcome in force: what needs approval is approved by somebody who had nothing to do with it."""
    waits = outcome == Outcome.EXPLAINED or Issue.objects.get(pk=dispatch.issue_id).handling > 1
    submitted_reply(dispatch, by=by, outcome=outcome, at=at, approved_by=user("审批人") if waits else None)
    return Issue.objects.get(pk=dispatch.issue_id)


def referral(issue: Issue, *, by: User, to: Unit | None = None, at: dt.datetime = MARCH + DAY) -> Referral:
    """To a unit above, or to the federation of the city."""
    where = {"to_unit": to} if to else {"to_name": "市总工会"}
    question = "请说明晚班工作餐补贴的政策口径。"
    return services.refer_issue(issue, office=issue.office, by=by, question=question, at=at, **where)


def closed_issue(issue: Issue, *, told_by: User, closed_by: User, at: dt.datetime = MARCH + 3 * DAY) -> Issue:
    for feedback in issue.feedbacks.owed():
        services.tell_reporter(feedback, by=told_by, channel=ContactChannel.PHONE, at=at)
    services.close_issue(issue, by=closed_by, at=at + DAY)
    return Issue.objects.get(pk=issue.pk)


def slip(of: Opinion) -> Slip:
    """Its code follows from the row's number, so that two worlds alike have the same."""
    return services.issue_slip(of, by=of.recorded_by, key=uuid.uuid5(uuid.NAMESPACE_OID, str(of.pk)), at=MARCH)


def door(at: Unit, *, by: User, label: str = "二号食堂门口") -> Door:
    key = uuid.uuid5(uuid.NAMESPACE_OID, f"door {Door.objects.count()}")
    return services.open_door(unit=at, label=label, by=by, key=key, fingerprint="")
