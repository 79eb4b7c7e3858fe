"""工作台: what each role has to do, counted within its scope; every number leads to its rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from friends.enums import FACE_TO_FACE_CHANNELS
from friends.models import ContactLog, Friendship
from issues.enums import DISPATCHABLE_STATES, IN_HAND_STATES, IssueState, Outcome
from issues.models import Dispatch, Feedback, Issue, Opinion
from liaison.figure_scope import FigureScope
from liaison.norms import Band, norms_for
from lib.formats import Rate
from lib.periods import Period, month_of
from meetings.models import Meeting
from organization.actors import Actor
from organization.roles import Role, Verb

from .definitions import definition
from .loop import RATES, Spans, counted_loops
from .monthly import HIDDEN, LoopRow
from .rollups import SoFar, sums_so_far
from .thresholds import hides_year, small_in_total, threshold_for

#: How many friends the start page names; the list has the rest.
NAMED = 5
#: The step of the friends list's filter that the start page links to.
SILENCE_STEP = "30"


@dataclass(frozen=True)
class Todo:
    """One line of what is to do; `is_alarm` when it is late."""

    label: str
    count: int
    url: str
    icon: str
    is_alarm: bool = False


@dataclass(frozen=True)
class Progress:
    """A norm and where one stands; never a grade on a person."""

    label: str
    value: int
    band: Band
    url: str
    #: Only the lower limit is meant; more is never too much.
    is_open_above: bool = False

    @property
    def target(self) -> str:
        return _("至少 %(low)s") % {"low": self.band.low} if self.is_open_above else str(self.band)

    @property
    def reached(self) -> int:
        """What the bar shows: the value, but no more than the lower limit, which fills it."""
        return min(self.value, self.full)

    @property
    def full(self) -> int:
        return max(self.band.low, 1)

    @property
    def is_outside(self) -> bool:
        return not self.band.holds(self.value)


@dataclass(frozen=True)
class Shortcut:
    """A way into the admin, for those whose work is there."""

    label: str
    hint: str
    url: str
    icon: str


@dataclass(frozen=True)
class YearFigure:
    """A sum of the year so far and, where the role may read them, the address of its rows."""

    label: str
    value: int | str
    unit: str
    url: str = ""


@dataclass(frozen=True)
class MonthFigure:
    """A sum of this month and of the last one."""

    label: str
    month: int | str
    before: int | str


@dataclass(frozen=True)
class YearRate:
    """A rate of the year so far; none where this reader must not see it."""

    label: str
    definition: str
    share: Rate | None


@dataclass
class Overview:
    """The year so far: figures, and for a leader the rates and this month beside the last."""

    figures: list[YearFigure]
    months: list[MonthFigure] = field(default_factory=list)
    rates: list[YearRate] = field(default_factory=list)


@dataclass
class Desk:
    """What the start page shows to one role."""

    todos: list[Todo] = field(default_factory=list)
    progress: list[Progress] = field(default_factory=list)
    longest_silent: list[Friendship] = field(default_factory=list)
    shortcuts: list[Shortcut] = field(default_factory=list)
    next_meeting: Meeting | None = None

    @property
    def open_todos(self) -> list[Todo]:
        return [todo for todo in self.todos if todo.count]


@dataclass(frozen=True)
class Circle:
    """The open friendships of somebody, counted in one query."""

    standing: int
    silent: int
    met: int

    @classmethod
    def of(cls, friends: QuerySet[Friendship], day: dt.date) -> Circle:
        """`silent`: no contact for 30 days; `met`: at least one in the month of the day."""
        last = Coalesce("worker__last_contact_on", "starts_on")
        long_ago, month = day - dt.timedelta(days=int(SILENCE_STEP)), month_of(day)
        return cls(
            **friends.alias(last=last).aggregate(
                standing=Count("pk"),
                silent=Count("pk", filter=Q(last__lt=long_ago)),
                met=Count("pk", filter=Q(worker__last_contact_on__gte=month.start)),
            )
        )

    @property
    def all_of_them(self) -> Band:
        return Band(self.standing, self.standing)


@dataclass(frozen=True)
class IssueCounts:
    overdue: int
    to_dispatch: int
    in_approval: int
    to_recheck: int
    to_follow_up: int

    @classmethod
    def of(cls, actor: Actor, day: dt.date) -> IssueCounts:
        return cls(
            **Issue.objects.visible_to(actor).aggregate(
                overdue=Count("pk", filter=Q(state__in=IN_HAND_STATES, due_on__lt=day)),
                to_dispatch=Count("pk", filter=Q(state__in=DISPATCHABLE_STATES)),
                to_recheck=Count("pk", filter=Q(outcome=Outcome.EXPLAINED, recheck_on__lte=day)),
                to_follow_up=Count("pk", filter=Q(outcome=Outcome.PARTLY, follow_up_on__lte=day)),
                in_approval=Count("pk", filter=Exists(Dispatch.objects.in_approval().filter(issue=OuterRef("pk")))),
            )
        )


def desk_for(actor: Actor, day: dt.date) -> Desk:
    desk_of: dict[Role | None, Callable[[Actor, dt.date], Desk]] = {
        Role.CADRE: cadre_desk,
        Role.GROUP_LEADER: group_desk,
        Role.OFFICE: office_desk,
        Role.ROSTER_ADMIN: roster_desk,
        Role.AUDITOR: audit_desk,
    }
    return desk_of.get(actor.role, lambda actor, day: Desk())(actor, day)


def cadre_desk(actor: Actor, day: dt.date) -> Desk:
    norms = norms_for(actor.unit)
    friends = Friendship.objects.visible_to(actor).open_on(day)
    circle = Circle.of(friends, day)
    month = month_of(day)
    return Desk(
        todos=[feedback_todo(actor), silent_todo(circle), appointed_todo(friends, day)],
        progress=[
            Progress(_("我的朋友"), circle.standing, norms.friends, reverse("friends:friend_list")),
            Progress(_("本月已联系"), circle.met, circle.all_of_them, reverse("friends:friend_list")),
            Progress(
                _("本月在一起天数"),
                days_together(actor, month),
                Band(norms.frontline_days, month.days),
                reverse("friends:visit_list"),
                is_open_above=True,
            ),
        ],
        longest_silent=longest_silent(friends),
        next_meeting=next_meeting(actor, day),
    )


def group_desk(actor: Actor, day: dt.date) -> Desk:
    norms = norms_for(actor.unit)
    friends = Friendship.objects.visible_to(actor).open_on(day)
    circle = Circle.of(friends, day)
    meetings = Meeting.objects.visible_to(actor).for_period(month_of(day)).count()
    return Desk(
        todos=[feedback_todo(actor), silent_todo(circle), overdue_todo(IssueCounts.of(actor, day))],
        progress=[
            Progress(_("小组朋友本月已联系"), circle.met, circle.all_of_them, reverse("friends:friend_list")),
            Progress(_("本月例会"), meetings, norms.meetings, reverse("meetings:meeting_list")),
        ],
        longest_silent=longest_silent(friends),
        next_meeting=next_meeting(actor, day),
    )


def office_desk(actor: Actor, day: dt.date) -> Desk:
    circle = Circle.of(Friendship.objects.visible_to(actor).open_on(day), day)
    counts = IssueCounts.of(actor, day)
    waiting = Opinion.objects.visible_to(actor).waiting().count()
    told_to_all = Issue.objects.visible_to(actor).filter(state=IssueState.ANSWERED).told_to_all().count()
    issues = reverse("issues:issue_list")
    return Desk(
        todos=[
            overdue_todo(counts),
            Todo(_("待归并的意见建议"), waiting, reverse("issues:opinion_list"), "chat-left-text"),
            Todo(_("待审批的答复"), counts.in_approval, f"{issues}?tab=in_approval", "check2-circle"),
            Todo(_("到期待复核的解释答复"), counts.to_recheck, f"{issues}?tab=recheck", "calendar-check"),
            Todo(_("到期待跟进的部分解决"), counts.to_follow_up, f"{issues}?tab=follow_up", "calendar-check"),
            Todo(_("待交办的问题"), counts.to_dispatch, f"{issues}?tab=office", "send"),
            feedback_todo(actor),
            Todo(_("反馈完毕、待销号的问题"), told_to_all, f"{issues}?tab=answered", "check2-circle"),
            silent_todo(circle),
        ],
        progress=[
            Progress(_("在册朋友"), circle.standing, norms_for(actor.unit).standing, reverse("friends:friend_list")),
        ],
        next_meeting=next_meeting(actor, day),
    )


def year_so_far(actor: Actor, day: dt.date) -> Overview:
    month, scope = month_of(day), FigureScope(actor.unit)
    year, found = month.year_to_date(), sums_so_far(scope, month)
    issues = f"{reverse('issues:issue_list')}?tab=all&since={year.start}"
    # A leader has no rows of people: the month page divides the figure by unit.
    report = reverse("reports:report_month")
    opinions = f"{reverse('issues:opinion_list')}?tab=all&since={year.start}"
    visits = f"{reverse('friends:visit_list')}?since={year.start}"
    matters, voices = _("项"), _("条")
    gathered = HIDDEN if hides_year(actor, scope, year) else found.year["opinions"]
    overview = Overview(
        figures=[
            YearFigure(_("征集意见建议"), gathered, voices, opinions if actor.may(Verb.READ_OPINIONS) else report),
            YearFigure(_("汇总合并"), found.year["issues"], matters, issues),
            YearFigure(_("彻底解决"), found.year["solved"], matters, f"{issues}&outcome={Outcome.SOLVED}"),
            YearFigure(_("部分解决"), found.year["partly_solved"], matters, f"{issues}&outcome={Outcome.PARTLY}"),
            YearFigure(_("正在解决"), found.year["in_hand"], matters, f"{issues}&outcome=in_hand"),
            YearFigure(_("解释答复"), found.year["explained"], matters, f"{issues}&outcome={Outcome.EXPLAINED}"),
            YearFigure(
                pgettext("状态", "销号"), found.year["struck_off"], matters, f"{issues}&state={IssueState.CLOSED}"
            ),
            YearFigure(
                _("联系人次"),
                found.year["person_contacts"],
                pgettext("量词", "人次"),
                visits if actor.may(Verb.READ_FRIENDS) else report,
            ),
        ]
    )
    if actor.role == Role.LEADER:
        overview.months = months_beside(actor, found)
        overview.rates = rates_of_year(actor, scope, month, day)
    return overview


def months_beside(actor: Actor, found: SoFar) -> list[MonthFigure]:
    """This month beside the last; each is hidden where the month's own page hides it."""

    def shown(name: str, value: int) -> int | str:
        return HIDDEN if name == "opinions" and 0 < value < threshold_for(actor) else value

    names = {
        "opinions": _("征集意见建议"),
        "issues": _("汇总合并"),
        "solved": _("彻底解决"),
        "explained": _("解释答复"),
        "struck_off": pgettext("状态", "销号"),
        "person_contacts": _("联系人次"),
    }
    return [
        MonthFigure(label, shown(name, found.month[name]), shown(name, found.before[name]))
        for name, label in names.items()
    ]


def rates_of_year(actor: Actor, scope: FigureScope, month: Period, day: dt.date) -> list[YearRate]:
    """The rates of the month page's year to date, counted and hidden as there."""
    total = LoopRow("", sum(counted_loops(scope, month, day).values(), Spans.empty()))
    hidden = small_in_total(total, threshold_for(actor))
    return [YearRate(*definition(key), None if ("year", key) in hidden else getattr(total.year, key)) for key in RATES]


def roster_desk(actor: Actor, day: dt.date) -> Desk:
    return Desk(
        shortcuts=[
            Shortcut(_("单位"), _("单位、车间、部门，可用 Excel 导入"), changelist("organization_unit"), "building"),
            Shortcut(_("工会干部和小组"), _("干部、小组、承包单位"), changelist("liaison_cadre"), "person-badge"),
            Shortcut(_("职工名册"), _("下载模板、导入、核对"), changelist("friends_worker"), "people"),
            Shortcut(_("账号和任职"), _("谁担任什么角色"), changelist("organization_user"), "person-gear"),
            Shortcut(_("量化指标"), _("每人朋友数、例会次数、办理时限"), changelist("liaison_norms"), "sliders"),
            Shortcut(_("工作日调整"), _("每年放假通知"), changelist("organization_workdayoverride"), "calendar3"),
        ]
    )


def audit_desk(actor: Actor, day: dt.date) -> Desk:
    return Desk(
        shortcuts=[
            Shortcut(_("下载登记"), _("谁在何时取走了什么"), changelist("records_download"), "download"),
            Shortcut(_("操作记录"), _("谁在何时改了什么"), changelist("auditlog_logentry"), "clock-history"),
        ]
    )


def changelist(model: str) -> str:
    return reverse(f"admin:{model}_changelist")


def feedback_todo(actor: Actor) -> Todo:
    owed = Feedback.objects.visible_to(actor).owed().count()
    return Todo(_("待反馈的答复"), owed, reverse("issues:feedback_list"), "reply")


def silent_todo(circle: Circle) -> Todo:
    url = f"{reverse('friends:friend_list')}?silent={SILENCE_STEP}"
    return Todo(_("30 天以上没联系的朋友"), circle.silent, url, "person-dash")


def appointed_todo(friends: QuerySet[Friendship], day: dt.date) -> Todo:
    appointed = friends.with_next_contact().filter(next_contact_on__lte=day).count()
    return Todo(_("约好今天或之前联系的朋友"), appointed, reverse("friends:friend_list"), "calendar-check")


def overdue_todo(counts: IssueCounts) -> Todo:
    url = f"{reverse('issues:issue_list')}?tab=all&overdue=on"
    return Todo(_("超期未办结的问题"), counts.overdue, url, "exclamation-triangle", is_alarm=True)


def days_together(actor: Actor, month: Period) -> int:
    logs = ContactLog.objects.filter(cadre=actor.cadre_id, channel__in=FACE_TO_FACE_CHANNELS).for_period(month)
    return logs.order_by().values("happened_on").distinct().count()


def longest_silent(friends: QuerySet[Friendship]) -> list[Friendship]:
    return list(
        friends.select_related("worker__unit__parent").order_by(
            F("worker__last_contact_on").asc(nulls_first=True), "pk"
        )[:NAMED]
    )


def next_meeting(actor: Actor, day: dt.date) -> Meeting | None:
    return Meeting.objects.visible_to(actor).planned().filter(held_on__gte=day).order_by("held_on", "starts_at").first()
