"""问题: what became of the opinions. Leaders read the matter alone; counts of voices are for the office."""

from __future__ import annotations

from dataclasses import replace

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_filters import BooleanFilter, ChoiceFilter, ModelChoiceFilter

from lib.lists import Column, DayFilter, ListFilter, ListSpec, TabFilter
from lib.periods import today
from organization.actors import Actor
from organization.enums import UnitKind
from organization.models import Unit
from organization.roles import Role, Verb

from ..enums import DISPATCHABLE_STATES, ENDED_DISPATCH_STATES, IN_HAND_STATES, IssueState, Outcome
from ..models import Dispatch, Extension, Issue, Pause, Reply
from . import choices

TABS = {
    "open": _("未销号"),
    "office": _("待交办"),
    "in_hand": _("办理中"),
    "in_approval": _("待审批"),
    "recheck": _("待复核"),
    "follow_up": _("待跟进"),
    "owed": _("待反馈"),
    "extension": _("延期待批"),
    "answered": _("待销号"),
    "closed": _("已销号"),
    "all": _("全部"),
    "void": _("已作废"),
}
TAB_STATES = {
    "office": DISPATCHABLE_STATES,
    "in_hand": [IssueState.DISPATCHED, IssueState.IN_HAND],
    "closed": [IssueState.CLOSED],
    "void": [IssueState.VOID],
}
#: What counts: a void issue stands under its own tab alone, so that the other lists are the rows of the figures.
COUNTING = [choice for choice in IssueState.choices if choice[0] != IssueState.VOID]

#: No outcome yet: the fourth figure of the ledger, beside the three outcomes.
IN_HAND = ("in_hand", _("正在解决"))
#: The middle two in one, as the union publishes them.
PARTLY_AND_IN_HAND = ("partly_and_in_hand", _("部分解决和正在解决"))


#: Tabs and filters about what waits for the office, and how departments are kept to their limits.
OFFICE_TABS = frozenset({"extension", "in_approval", "recheck", "follow_up"})
CHASED = {"urged": _("催办过"), "supervised": _("督办中"), "paused": _("暂停计时中")}


def tabs_for(actor: Actor) -> dict[str, str]:
    return {tab: label for tab, label in TABS.items() if actor.role == Role.OFFICE or tab not in OFFICE_TABS}


class IssueFilter(ListFilter):
    orders = {
        "-registered_on": _("最近登记在前"),
        "registered_on": _("最早登记在前"),
        "due_on": _("时限近的在前"),
        "number": _("按编号"),
        "unit__path": _("按单位"),
        "category__position": _("按类别"),
    }
    tab = TabFilter(choices=list(TABS.items()), method="in_tab")
    state = ChoiceFilter(label=_("状态"), choices=COUNTING, empty_label=_("全部状态"))
    outcome = ChoiceFilter(
        label=_("办理结果"),
        choices=[*Outcome.choices, IN_HAND, PARTLY_AND_IN_HAND],
        method="with_outcome",
        empty_label=_("全部结果"),
    )
    department = ModelChoiceFilter(
        label=_("责任部门"),
        queryset=choices.departments,
        to_field_name="code",
        method="at_department",
        empty_label=_("全部部门"),
    )
    category = ModelChoiceFilter(label=_("类别"), queryset=choices.categories, empty_label=_("全部类别"))
    unit = ModelChoiceFilter(
        label=_("涉及单位"), queryset=choices.units, to_field_name="code", method="within", empty_label=_("全部单位")
    )
    group = ModelChoiceFilter(label=_("小组"), queryset=choices.groups, empty_label=_("全部小组"))
    due_until = DayFilter(label=_("时限在此之前"), field_name="due_on", lookup_expr="lte")
    since = DayFilter(label=_("登记日期从"), field_name="registered_on", lookup_expr="gte")
    until = DayFilter(label=_("到"), field_name="registered_on", lookup_expr="lte")
    chased = ChoiceFilter(
        label=_("催办督办"), choices=list(CHASED.items()), method="only_chased", empty_label=_("不限")
    )
    again = BooleanFilter(label=_("只看第二次办理"), method="only_handled_again", widget=choices.OnlyWhenTicked)
    overdue = BooleanFilter(label=_("只看超期"), method="only_overdue", widget=choices.OnlyWhenTicked)
    clause_ended = BooleanFilter(label=_("只看依据已失效"), method="only_clause_ended", widget=choices.OnlyWhenTicked)

    def __init__(self, *args, actor: Actor, **kwargs) -> None:
        if not actor.may(Verb.READ_OPINIONS):
            # The order of workshops and teams tells what `base_unit` hides.
            self.orders = {order: words for order, words in self.orders.items() if order != "unit__path"}
        super().__init__(*args, actor=actor, **kwargs)
        if self.actor.role not in (Role.OFFICE, Role.GROUP_LEADER):
            del self.filters["group"]
        if self.actor.role != Role.OFFICE:
            del self.filters["chased"]
            self.filters["tab"].extra["choices"] = list(tabs_for(self.actor).items())

    @classmethod
    def defaults(cls, actor: Actor) -> dict[str, str]:
        return {"tab": "all" if actor.role == Role.LEADER else "open"}

    def with_outcome(self, issues: QuerySet[Issue], name: str, outcome: str) -> QuerySet[Issue]:
        if outcome == PARTLY_AND_IN_HAND[0]:
            return issues.filter(Q(state__in=IN_HAND_STATES) | Q(outcome=Outcome.PARTLY))
        return issues.in_hand() if outcome == IN_HAND[0] else issues.filter(outcome=outcome)

    def in_tab(self, issues: QuerySet[Issue], name: str, tab: str) -> QuerySet[Issue]:
        return in_tab(issues, tab)

    def at_department(self, issues: QuerySet[Issue], name: str, department: Unit) -> QuerySet[Issue]:
        theirs = Dispatch.objects.binding().filter(issue=OuterRef("pk"), department=department)
        return issues.filter(Exists(theirs))

    def only_chased(self, issues: QuerySet[Issue], name: str, how: str) -> QuerySet[Issue]:
        if how == "paused":
            running = Pause.objects.running(today()).filter(issue=OuterRef("pk"))
            return issues.filter(Exists(running), state__in=TAB_STATES["in_hand"])
        trace = {"urged": "urgings", "supervised": "supervision"}[how]
        chased = Dispatch.objects.open().filter(issue=OuterRef("pk"), **{f"{trace}__isnull": False})
        return issues.filter(Exists(chased))

    def only_handled_again(self, issues: QuerySet[Issue], name: str, wanted: bool) -> QuerySet[Issue]:
        return issues.handled_again() if wanted else issues

    def only_overdue(self, issues: QuerySet[Issue], name: str, wanted: bool) -> QuerySet[Issue]:
        return issues.overdue(today()) if wanted else issues

    def only_clause_ended(self, issues: QuerySet[Issue], name: str, wanted: bool) -> QuerySet[Issue]:
        ended = Reply.objects.on_ended_clause(today()).values("dispatch__issue")
        return issues.filter(pk__in=ended) if wanted else issues

    def search(self, issues: QuerySet[Issue], name: str, query: str) -> QuerySet[Issue]:
        return issues.found_by(query)

    def within(self, issues: QuerySet[Issue], name: str, unit: Unit) -> QuerySet[Issue]:
        return choices.within(issues, name, unit)


def in_tab(issues: QuerySet[Issue], tab: str) -> QuerySet[Issue]:
    match tab:
        case "open":
            return issues.open()
        case "in_approval":
            return issues.in_approval()
        case "recheck":
            return issues.to_recheck(today())
        case "follow_up":
            return issues.to_follow_up(today())
        case "extension":
            return awaiting_extension(issues)
        case "owed":
            return issues.filter(state=IssueState.ANSWERED).owing_feedback()
        case "answered":
            return issues.filter(state=IssueState.ANSWERED).told_to_all()
    return issues.filter(state__in=TAB_STATES[tab]) if tab in TAB_STATES else issues.exclude(state=IssueState.VOID)


def issues_of(actor: Actor) -> QuerySet[Issue]:
    issues = Issue.objects.visible_to(actor).with_list_relations().select_related("unit__parent__parent")
    return issues.with_opinion_count() if actor.role == Role.OFFICE else issues


def awaiting_extension(issues: QuerySet[Issue]) -> QuerySet[Issue]:
    return issues.filter(Exists(Extension.objects.waiting().filter(dispatch__issue=OuterRef("pk"))))


def base_unit(issue: Issue) -> Unit:
    """A workshop or a team would point at people, and this list is printed and passed on."""
    unit = issue.unit
    while unit.kind in (UnitKind.WORKSHOP, UnitKind.TEAM) and unit.parent:
        unit = unit.parent
    return unit


def unit_shown(issue: Issue) -> str:
    return base_unit(issue).label


def lead_department(issue: Issue) -> str:
    return "、".join(d.department.label for d in binding(issue) if d.is_lead)


def supporting_departments(issue: Issue) -> str:
    return "、".join(d.department.label for d in binding(issue) if not d.is_lead)


def binding(issue: Issue) -> list[Dispatch]:
    return [dispatch for dispatch in issue.dispatches.all() if dispatch.state not in ENDED_DISPATCH_STATES]


def is_overdue(issue: Issue) -> bool:
    return issue.is_overdue(today())


ISSUES = ListSpec(
    name="issues.issues",
    title=_("问题"),
    rows=issues_of,
    filter_class=IssueFilter,
    is_alarm=is_overdue,
    columns=(
        Column(pgettext_lazy("一条", "问题"), "title", cell="title", width=32),
        Column(_("编号"), "number", cell="code", order="number", width=18),
        Column(_("状态"), "state", cell="issues/_issue_state.html", width=12),
        Column(_("第几次办理"), "handling", width=10, on_page=False),
        Column(_("办理结果"), "get_outcome_display", width=12, on_page=False),
        Column(_("涉及单位"), unit_shown, order="unit__path", width=16),
        Column(_("类别"), "category.name", order="category__position", width=12),
        Column(_("意见数"), "opinion_count", cell="number", width=8, roles={Role.OFFICE}),
        Column(_("责任部门"), lead_department, width=16),
        Column(_("协办部门"), supporting_departments, width=16, on_page=False),
        Column(_("登记日期"), "registered_on", cell="day", order="registered_on", width=12, on_page=False),
        Column(_("时限"), "due_on", cell="day", order="due_on", width=12),
        Column(_("答复日期"), "outcome_on", cell="day", width=12, on_page=False),
        Column(_("销号日期"), "closed_on", cell="day", width=12, on_page=False),
    ),
)


class BoardFilter(IssueFilter):
    """The same filters without tabs: the columns of the board stand for them."""

    orders = {"due_on": _("时限近的在前"), "-registered_on": _("最近登记在前"), "registered_on": _("最早登记在前")}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        del self.filters["tab"], self.filters["state"]

    @classmethod
    def defaults(cls, actor: Actor) -> dict[str, str]:
        return {}


BOARD = replace(ISSUES, name="issues.board", filter_class=BoardFilter, columns=(), may_export=lambda actor: False)
