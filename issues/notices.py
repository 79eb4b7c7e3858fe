"""Who hears of dispatches and of answers owed. Texts are counts: never a wording, a unit or a person."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from notices.rules import Due, Occasion, Rule
from organization.models import Appointment
from organization.roles import Role

from .enums import OPEN_DISPATCH_STATES, OPEN_STATES, Approval, DispatchState, ExtensionState, IssueState, Rung
from .lists.dispatches import SOON_WORKDAYS
from .models import Dispatch, Escalation, Extension, Feedback, Issue, Referral, Reply, Supervision, Urging

#: An answer to a referral is told for so many days; a referral without one is recalled after so many working days.
REMEMBERED_DAYS, REMIND_WORKDAYS = 30, 20


def dispatch_sent(occasion: Occasion) -> Iterator[Due]:
    """Each handler of the department, once per dispatch, while nobody has accepted it."""
    sent = list(Dispatch.objects.filter(state=DispatchState.SENT).values_list("pk", "key", "department"))
    handlers = holders(Role.HANDLER, {department for _pk, _key, department in sent}, occasion)
    for pk, key, department in sent:
        for user_id in handlers[department]:
            link = reverse("issues:dept_detail", args=[key])
            yield Due(user_id, "", f"dispatch-{pk}", _("收到 1 件新交办，请接收办理。"), link)


def reply_in_approval(occasion: Occasion) -> Iterator[Due]:
    """Each person of the office and each head of the department, but not the author; once per reply."""
    waiting = list(Reply.objects.waiting().select_related("dispatch__issue").order_by("pk"))
    heads = holders(Role.HANDLER, {reply.dispatch.department_id for reply in waiting}, occasion, is_head=True)
    offices = holders(Role.OFFICE, {reply.dispatch.issue.office_id for reply in waiting}, occasion)
    for reply in waiting:
        dispatch, issue = reply.dispatch, reply.dispatch.issue
        links = dict.fromkeys(heads[dispatch.department_id], dispatch.get_absolute_url())
        links |= dict.fromkeys(offices[issue.office_id], issue.get_absolute_url())
        links.pop(reply.replied_by_id, None)
        for user_id, link in links.items():
            yield Due(user_id, "", f"reply-{reply.pk}", _("有 1 件答复待审批。"), link)


def reply_sent_back(occasion: Occasion) -> Iterator[Due]:
    """Each handler of the department, once per reply, while nobody has answered anew."""
    unanswered = Reply.objects.filter(approval=Approval.SENT_BACK, dispatch__state=DispatchState.ACCEPTED)
    replies = list(unanswered.select_related("dispatch").order_by("pk"))
    handlers = holders(Role.HANDLER, {reply.dispatch.department_id for reply in replies}, occasion)
    for reply in replies:
        for user_id in handlers[reply.dispatch.department_id]:
            text = _("1 件答复被退回修改，请查看原因后重新提交。")
            yield Due(user_id, "", f"reply-{reply.pk}", text, reply.dispatch.get_absolute_url())


def dispatch_due_soon(occasion: Occasion) -> Iterator[Due]:
    until = occasion.calendar.add_workdays(occasion.day, SOON_WORKDAYS)
    soon = Dispatch.objects.open().filter(due_on__gte=occasion.day, due_on__lte=until)
    text = _("{count} 件交办将在 3 个工作日内到期，请抓紧办理。")
    yield from to_departments(occasion, soon, text, tab="soon")


def dispatch_overdue(occasion: Occasion) -> Iterator[Due]:
    overdue = Dispatch.objects.overdue(occasion.day)
    yield from to_departments(occasion, overdue, _("{count} 件交办已超期，请尽快答复。"), tab="overdue")


def dispatch_overdue_at_office(occasion: Occasion) -> Iterator[Due]:
    """The office that keeps the issue's number hears of the departments that are late."""
    counted = Dispatch.objects.overdue(occasion.day).order_by().values_list("issue__office").annotate(Count("pk"))
    counts = dict(counted)
    link = f"{reverse('issues:issue_list')}?tab=open&overdue=on"
    for office, user_ids in holders(Role.OFFICE, counts, occasion).items():
        text = format_lazy(_("{count} 件交办部门超期未答复，请催办。"), count=counts[office])
        yield from daily(occasion, user_ids, f"office-{office}", text, link)


def dispatch_returned(occasion: Occasion) -> Iterator[Due]:
    """Each person of the office, once per dispatch.

    What the leading department returned waits to be dispatched again; a supporting one leaves the work to the others.
    """
    waiting = Q(is_lead=True, issue__state=IssueState.RETURNED) | Q(is_lead=False, issue__state__in=OPEN_STATES)
    returned = Dispatch.objects.filter(waiting, state=DispatchState.RETURNED)
    rows = list(returned.values_list("pk", "is_lead", "issue__key", "issue__office"))
    offices = holders(Role.OFFICE, {office for *_rest, office in rows}, occasion)
    for pk, is_lead, issue_key, office in rows:
        text = _("1 件交办被退回，请重新交办。") if is_lead else _("1 个协办部门退回了交办，请查看原因。")
        for user_id in offices[office]:
            yield Due(user_id, "", f"dispatch-{pk}", text, reverse("issues:issue_detail", args=[issue_key]))


def dispatch_urged(occasion: Occasion) -> Iterator[Due]:
    """Each handler, once per urging, as long as the department has not answered."""
    urged = Urging.objects.filter(dispatch__state__in=OPEN_DISPATCH_STATES)
    yield from to_handlers(occasion, urged, "urging", _("工会办公室催办 1 件交办，请抓紧办理。"))


def dispatch_supervised(occasion: Occasion) -> Iterator[Due]:
    supervised = Supervision.objects.filter(dispatch__state__in=OPEN_DISPATCH_STATES)
    yield from to_handlers(occasion, supervised, "supervision", _("收到 1 份督办单，请按要求办理。"))


def extension_settled(occasion: Occasion) -> Iterator[Due]:
    settled = Extension.objects.filter(dispatch__state__in=OPEN_DISPATCH_STATES).exclude(state=ExtensionState.ASKED)
    yield from to_handlers(occasion, settled, "extension", _("1 份延期申请已经批复，请查看。"))


def extension_asked(occasion: Occasion) -> Iterator[Due]:
    """Each person of the office, once per request, while it waits."""
    rows = list(Extension.objects.waiting().values_list("pk", "dispatch__key", "dispatch__issue__office"))
    offices = holders(Role.OFFICE, {office for *_rest, office in rows}, occasion)
    for pk, key, office in rows:
        link = reverse("issues:dispatch_extension", args=[key])
        for user_id in offices[office]:
            yield Due(user_id, "", f"extension-{pk}", _("1 件交办申请延期，请批复。"), link)


def dispatch_escalated(occasion: Occasion) -> Iterator[Due]:
    """Who stands on the highest rung that a late dispatch has reached, once per dispatch, limit and rung.

    The handlers hear of it each day by `dispatch_overdue`. A leader hears how many reached him that day, and no more.
    """
    late = Dispatch.objects.overdue(occasion.day)
    climbed = Escalation.objects.filter(dispatch__in=late, due_on=F("dispatch__due_on"))
    order = list(Rung)
    highest: dict[int, Escalation] = {}
    for escalation in climbed.select_related("dispatch__issue").order_by("pk"):
        known = highest.get(escalation.dispatch_id)
        if known is None or order.index(escalation.rung) > order.index(known.rung):
            highest[escalation.dispatch_id] = escalation
    by_rung: dict[str, list[Escalation]] = defaultdict(list)
    for escalation in highest.values():
        by_rung[escalation.rung].append(escalation)
    yield from to_heads(occasion, by_rung[Rung.HEAD])
    yield from to_offices(occasion, by_rung[Rung.OFFICE])
    yield from to_leaders(occasion, by_rung[Rung.LEADER])


def to_heads(occasion: Occasion, escalations: list[Escalation]) -> Iterator[Due]:
    departments = {escalation.dispatch.department_id for escalation in escalations}
    heads = holders(Role.HANDLER, departments, occasion, is_head=True)
    for escalation in escalations:
        for user_id in heads[escalation.dispatch.department_id]:
            link = escalation.dispatch.get_absolute_url()
            text = _("本部门 1 件交办超期未答复，请督促办理。")
            yield Due(user_id, "", f"escalation-{escalation.pk}", text, link)


def to_offices(occasion: Occasion, escalations: list[Escalation]) -> Iterator[Due]:
    offices = holders(Role.OFFICE, {escalation.dispatch.issue.office_id for escalation in escalations}, occasion)
    for escalation in escalations:
        for user_id in offices[escalation.dispatch.issue.office_id]:
            link = escalation.dispatch.issue.get_absolute_url()
            text = _("1 件交办超期多日，部门仍未答复，请催办或督办。")
            yield Due(user_id, "", f"escalation-{escalation.pk}", text, link)


def to_leaders(occasion: Occasion, escalations: list[Escalation]) -> Iterator[Due]:
    counts = Counter((escalation.dispatch.issue.office_id, escalation.reached_on) for escalation in escalations)
    leaders = holders(Role.LEADER, {office for office, _day in counts}, occasion)
    link = f"{reverse('issues:issue_list')}?tab=open&overdue=on"
    for (office, day), count in counts.items():
        text = format_lazy(_("{count} 件交办长期超期未答复，请过问。"), count=count)
        for user_id in leaders[office]:
            yield Due(user_id, day.isoformat(), f"office-{office}", text, link)


#: Somebody who can tell the reporter; letters and anonymous voices have nobody, and cadres leave.
HAS_CADRE = Q(opinion__cadre__is_active=True, opinion__cadre__user__is_active=True)


def feedback_owed(occasion: Occasion) -> Iterator[Due]:
    """Each cadre, once a working day at most, how many workers wait for the answer through him."""
    owed = Feedback.objects.owed().filter(HAS_CADRE).order_by()
    link = reverse("issues:feedback_list")
    for user_id, count in owed.values_list("opinion__cadre__user").annotate(Count("pk")):
        text = format_lazy(_("还有 {count} 位职工等待您反馈办理结果。"), count=count)
        yield from daily(occasion, [user_id], "", text, link)


def feedback_owed_at_office(occasion: Occasion) -> Iterator[Due]:
    """The office that keeps the issue's number, how many answers nobody but itself can bring back."""
    owed = Feedback.objects.owed().exclude(HAS_CADRE).order_by()
    counts = dict(owed.values_list("issue__office").annotate(Count("pk")))
    link = reverse("issues:feedback_list")
    for office, user_ids in holders(Role.OFFICE, counts, occasion).items():
        text = format_lazy(_("有 {count} 条意见没有在岗的联络员，办理结果请由办公室反馈。"), count=counts[office])
        yield from daily(occasion, user_ids, f"office-{office}", text, link)


def to_handlers(occasion: Occasion, rows: QuerySet, subject: str, text) -> Iterator[Due]:
    """Each handler of the department, once per row about a dispatch."""
    found = list(rows.order_by("pk").values_list("pk", "dispatch__key", "dispatch__department"))
    handlers = holders(Role.HANDLER, {department for *_rest, department in found}, occasion)
    for pk, key, department in found:
        for user_id in handlers[department]:
            yield Due(user_id, "", f"{subject}-{pk}", text, reverse("issues:dept_detail", args=[key]))


def clause_ended(occasion: Occasion) -> Iterator[Due]:
    """The office, once per clause that is no longer in force, how many explanations of its issues rely on it."""
    replies = Reply.objects.on_ended_clause(occasion.day).order_by()
    counted = list(replies.values_list("clause", "dispatch__issue__office").annotate(Count("pk")))
    offices = holders(Role.OFFICE, {office for _clause, office, _count in counted}, occasion)
    link = f"{reverse('issues:issue_list')}?tab=all&clause_ended=on"
    for clause, office, count in counted:
        text = format_lazy(_("{count} 件解释答复所依据的政策条款已失效，请重新研究。"), count=count)
        for user_id in offices[office]:
            yield Due(user_id, "", f"clause-{clause}-office-{office}", text, link)


def answer_disputed(occasion: Occasion) -> Iterator[Due]:
    """The office that keeps the issue's number, how many workers say once more that it is not solved."""
    counts = dict(Feedback.objects.disputed().order_by().values_list("issue__office").annotate(Count("pk")))
    link = f"{reverse('issues:feedback_list')}?tab=disputed"
    for office, user_ids in holders(Role.OFFICE, counts, occasion).items():
        text = format_lazy(
            _("有 {count} 位职工再次表示没有解决，请核实后决定重新办理或维持答复。"), count=counts[office]
        )
        yield from daily(occasion, user_ids, f"office-{office}", text, link)


def to_departments(occasion: Occasion, dispatches, text, *, tab: str) -> Iterator[Due]:
    """Each handler once a day, how many of his department's dispatches it is."""
    counts = dict(dispatches.order_by().values_list("department").annotate(Count("pk")))
    link = f"{reverse('issues:dept_list')}?tab={tab}"
    for department, user_ids in holders(Role.HANDLER, counts, occasion).items():
        words = format_lazy(text, count=counts[department])
        yield from daily(occasion, user_ids, f"department-{department}", words, link)


def referral_received(occasion: Occasion) -> Iterator[Due]:
    """Each person of the office that is asked, once per referral."""
    asked = list(Referral.objects.waiting().filter(to_unit__isnull=False).order_by("pk"))
    offices = holders(Role.OFFICE, {referral.to_unit_id for referral in asked}, occasion)
    for referral in asked:
        for user_id in offices[referral.to_unit_id]:
            text = _("收到 1 件下级上报的问题，请答复。")
            yield Due(user_id, "", f"referral-{referral.pk}", text, referral.get_absolute_url())


def referral_answered(occasion: Occasion) -> Iterator[Due]:
    """Each person of the office that asked, once per referral, for some days after the answer."""
    since = occasion.day - dt.timedelta(days=REMEMBERED_DAYS)
    answered = list(Referral.objects.answered().filter(answered_on__gte=since).order_by("pk"))
    offices = holders(Role.OFFICE, {referral.office_id for referral in answered}, occasion)
    for referral in answered:
        for user_id in offices[referral.office_id]:
            if user_id != referral.answered_by_id:
                text = _("1 件上报的问题已有答复。")
                yield Due(user_id, "", f"referral-{referral.pk}", text, referral.get_absolute_url())


def referral_unanswered(occasion: Occasion) -> Iterator[Due]:
    """The office that asked, once per referral, when a good while has gone by."""
    waiting = list(Referral.objects.waiting().order_by("pk"))
    offices = holders(Role.OFFICE, {referral.office_id for referral in waiting}, occasion)
    for referral in waiting:
        if occasion.calendar.add_workdays(referral.sent_on, REMIND_WORKDAYS) > occasion.day:
            continue
        text = format_lazy(_("1 件上报已 {days} 个工作日没有答复，请跟进。"), days=REMIND_WORKDAYS)
        for user_id in offices[referral.office_id]:
            yield Due(user_id, "", f"referral-{referral.pk}", text, referral.get_absolute_url())


def recheck_due(occasion: Occasion) -> Iterator[Due]:
    """The office that keeps the issue's number, each working day, until somebody has looked at them again."""
    link = f"{reverse('issues:issue_list')}?tab=recheck"
    text = _("有 {count} 件解释答复到了复核日期，请复核。")
    yield from to_keepers(occasion, Issue.objects.to_recheck(occasion.day), text, link)


def follow_up_due(occasion: Occasion) -> Iterator[Due]:
    due = Dispatch.objects.to_follow_up(occasion.day)
    yield from to_departments(occasion, due, _("{count} 件部分解决的问题到了后续办理日期，请答复。"), tab="follow_up")


def follow_up_due_at_office(occasion: Occasion) -> Iterator[Due]:
    link = f"{reverse('issues:issue_list')}?tab=follow_up"
    text = _("有 {count} 件部分解决的问题到了后续办理日期，请跟进。")
    yield from to_keepers(occasion, Issue.objects.to_follow_up(occasion.day), text, link)


def to_keepers(occasion: Occasion, issues, text, link: str) -> Iterator[Due]:
    """Each person of the office once a day, how many of its issues it is."""
    counts = dict(issues.order_by().values_list("office").annotate(Count("pk")))
    for office, user_ids in holders(Role.OFFICE, counts, occasion).items():
        words = format_lazy(text, count=counts[office])
        yield from daily(occasion, user_ids, f"office-{office}", words, link)


def daily(occasion: Occasion, user_ids: Iterable[int], subject: str, text, link: str) -> Iterator[Due]:
    for user_id in user_ids:
        yield Due(user_id, occasion.day.isoformat(), subject, text, link)


def holders(role: Role, units: Iterable[int], occasion: Occasion, **more) -> dict[int, list[int]]:
    """Who holds the role in each of the units that day; a unit without anybody is not there, and reads as empty."""
    found: dict[int, list[int]] = defaultdict(list)
    held = Appointment.objects.open_on(occasion.day).filter(role=role, unit__in=list(units), **more)
    for unit, user_id in held.order_by("pk").values_list("unit", "user"):
        found[unit].append(user_id)
    return found


HANDLERS, OFFICE = _("责任部门承办人"), _("工会办公室")
RULES = (
    Rule("dispatch_sent", _("新交办"), HANDLERS, dispatch_sent),
    Rule("reply_in_approval", _("答复待审批"), _("部门负责人、工会办公室"), reply_in_approval),
    Rule("reply_sent_back", _("答复退回修改"), HANDLERS, reply_sent_back),
    Rule("dispatch_due_soon", _("交办即将到期"), HANDLERS, dispatch_due_soon),
    Rule("dispatch_overdue", _("交办超期"), HANDLERS, dispatch_overdue),
    Rule("dispatch_overdue_at_office", _("部门超期未答复"), OFFICE, dispatch_overdue_at_office),
    Rule("dispatch_returned", _("交办被退回"), OFFICE, dispatch_returned),
    Rule("dispatch_urged", _("交办被催办"), HANDLERS, dispatch_urged),
    Rule("dispatch_supervised", _("交办被督办"), HANDLERS, dispatch_supervised),
    Rule("dispatch_escalated", _("超期逐级提醒"), _("部门负责人、工会办公室、领导"), dispatch_escalated),
    Rule("extension_asked", _("延期待批"), OFFICE, extension_asked),
    Rule("extension_settled", _("延期已批复"), HANDLERS, extension_settled),
    Rule("clause_ended", _("解释答复依据已失效"), OFFICE, clause_ended),
    Rule("referral_received", _("收到上报"), OFFICE, referral_received),
    Rule("referral_answered", _("上报已答复"), OFFICE, referral_answered),
    Rule("referral_unanswered", _("上报久未答复"), OFFICE, referral_unanswered),
    Rule("recheck_due", _("解释答复到期复核"), OFFICE, recheck_due),
    Rule("follow_up_due", _("部分解决到期跟进"), HANDLERS, follow_up_due),
    Rule("follow_up_due_at_office", _("部分解决到期跟进"), OFFICE, follow_up_due_at_office),
    Rule("feedback_owed", _("待反馈职工"), _("联络员"), feedback_owed),
    Rule("answer_disputed", _("职工表示没有解决"), OFFICE, answer_disputed),
    Rule("feedback_owed_at_office", _("待反馈且无联络员"), OFFICE, feedback_owed_at_office),
)
