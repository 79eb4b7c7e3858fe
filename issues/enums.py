from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ReporterKind(models.TextChoices):
    WORKER = "worker", _("职工")
    ANONYMOUS = "anonymous", _("匿名")
    ENTERPRISE = "enterprise", _("企业")
    #: Gave his name at a door, and is not in the roster (models.UnlistedReporter).
    UNLISTED = "unlisted", _("署名（名册外）")


class Source(models.TextChoices):
    """Where an opinion was raised; the apps of later sources add theirs.

    How a cadre talked with a friend is the channel of the contact log (friends.enums.ContactChannel) and no source.
    """

    CONTACT_LOG = "contact_log", _("联系走访")
    LETTER = "letter", _("来信来电")
    PUBLIC_ACCOUNT = "public_account", _("公众号留言")
    MOMENTS = "moments", _("朋友圈留言")
    SURVEY = "survey", _("专题调研")
    QR_FORM = "qr_form", _("扫码")


class OpinionState(models.TextChoices):
    WAITING = "waiting", _("待归并")
    MERGED = "merged", _("已归并")
    SET_ASIDE = "set_aside", _("不予受理")


class Scope(models.TextChoices):
    INDIVIDUAL = "individual", _("个案")
    COMMON = "common", _("普遍")
    SYSTEMIC = "systemic", _("制度")


class RuleLevel(models.TextChoices):
    """Whose rule was changed because of issues."""

    OWN = "own", _("本单位制度")
    HIGHER = "higher", _("上级政策")
    AGREEMENT = "agreement", _("集体合同条款")


class CaseState(models.TextChoices):
    DRAFT = "draft", _("草稿")
    NOMINATED = "nominated", _("已申报")
    SELECTED = "selected", _("入选")
    NOT_SELECTED = "not_selected", _("未入选")


#: Cases that one half-year's selection holds, and votes that one account has.
MOST_SELECTED = MOST_VOTES = 10


class IssueState(models.TextChoices):
    """Each says what is next, in the words of the tabs and of the department's desk."""

    REGISTERED = "registered", _("待交办")
    DISPATCHED = "dispatched", _("待接收")
    IN_HAND = "in_hand", _("办理中")
    RETURNED = "returned", _("退回待重办")
    ANSWERED = "answered", _("已答复")
    CLOSED = "closed", _("已销号")
    REOPENED = "reopened", pgettext_lazy("状态", "重新办理")
    VOID = "void", _("已作废")


#: Still to be worked on by somebody.
OPEN_STATES = frozenset(set(IssueState) - {IssueState.CLOSED, IssueState.VOID})
#: No outcome yet: what the ledger counts as 正在解决.
IN_HAND_STATES = frozenset(
    {
        IssueState.REGISTERED,
        IssueState.DISPATCHED,
        IssueState.IN_HAND,
        IssueState.RETURNED,
        IssueState.REOPENED,
    }
)
#: The office has to send it (again) to a department.
DISPATCHABLE_STATES = frozenset({IssueState.REGISTERED, IssueState.RETURNED, IssueState.REOPENED})


class Outcome(models.TextChoices):
    SOLVED = "solved", _("彻底解决")
    PARTLY = "partly_solved", _("部分解决")
    EXPLAINED = "explained", _("解释答复")


#: What may become of the rest of a partly solved issue without taking the whole up again.
FOLLOW_UP_OUTCOMES = frozenset({Outcome.SOLVED, Outcome.PARTLY})


class ExplainReason(models.TextChoices):
    POLICY = "policy", _("政策规定所限")
    BUDGET = "budget", _("资金暂未安排")
    CONDITIONS = "conditions", _("现场条件不具备")
    AUTHORITY = "authority", _("超出本级权限")
    PLANNED = "planned", _("已列入计划，尚未到期")
    UNFOUNDED = "unfounded", _("经核实情况不符")


class Approval(models.TextChoices):
    """Of an answer that takes effect only when somebody other than its author has approved it."""

    WAITING = "waiting", _("待审批")
    APPROVED = "approved", _("已审批")
    SENT_BACK = "sent_back", _("退回修改")


class DispatchState(models.TextChoices):
    SENT = "sent", _("待接收")
    ACCEPTED = "accepted", _("办理中")
    IN_APPROVAL = "in_approval", _("待审批")
    RETURNED = "returned", _("已退回")
    ANSWERED = "answered", _("已答复")
    WITHDRAWN = "withdrawn", _("已撤回")
    REOPENED = "reopened", _("已转重办")


#: Dispatches on which the department still owes something.
OPEN_DISPATCH_STATES = frozenset({DispatchState.SENT, DispatchState.ACCEPTED})
#: Dispatches that no longer bind the department.
ENDED_DISPATCH_STATES = frozenset({DispatchState.RETURNED, DispatchState.WITHDRAWN, DispatchState.REOPENED})


class PaperKind(models.TextChoices):
    DISPATCH = "dispatch", _("交办单")
    SUPERVISION = "supervision", _("督办单")
    REPLY = "reply", _("答复单")


class Rung(models.TextChoices):
    """Of the ladder that a late dispatch climbs, in this order (`issues.services.escalating`)."""

    HANDLER = "handler", _("承办人")
    HEAD = "head", _("部门负责人")
    OFFICE = "office", _("工会办公室")
    LEADER = "leader", _("领导")


class ExtensionState(models.TextChoices):
    ASKED = "asked", _("待批")
    GRANTED = "granted", _("同意延期")
    REFUSED = "refused", _("不同意延期")


class FeedbackState(models.TextChoices):
    OWED = "owed", _("待反馈")
    TOLD = "told", _("已反馈")
    PUBLISHED = "published", _("已公布")
    UNREACHABLE = "unreachable", _("无法联系")


#: The worker has the answer, or the office has confirmed that he cannot be reached.
SETTLED_FEEDBACK_STATES = frozenset({FeedbackState.TOLD, FeedbackState.PUBLISHED, FeedbackState.UNREACHABLE})


class Rating(models.IntegerChoices):
    VERY_SATISFIED = 4, _("非常满意")
    SATISFIED = 3, _("满意")
    BASICALLY_SATISFIED = 2, _("基本满意")
    DISSATISFIED = 1, _("不满意")


#: Ratings that the satisfaction rate counts as satisfied.
SATISFIED_RATINGS = frozenset({Rating.VERY_SATISFIED, Rating.SATISFIED, Rating.BASICALLY_SATISFIED})


class RatedBy(models.TextChoices):
    WORKER = "worker", _("职工本人")
    CADRE = "cadre", _("联络员代填")


class Move(models.TextChoices):
    """What can happen to an opinion or an issue; `issues.workflow` says from where, to where and by whom."""

    RAISE = "raise", _("提出")
    MERGE = "merge", _("归并")
    UNMERGE = "unmerge", _("撤销归并")
    SET_ASIDE = "set_aside", _("不予受理")
    TAKE_UP_AGAIN = "take_up_again", _("重新受理")
    REGISTER = "register", _("登记")
    REWORD = "reword", _("修改")
    DISPATCH = "dispatch", _("交办")
    ACCEPT = "accept", _("接收")
    RETURN = "return", _("退回")
    WITHDRAW = "withdraw", _("撤回交办")
    INTERIM = "interim", _("阶段答复")
    SUPPORT = "support", _("协办答复")
    ANSWER = "answer", _("答复")
    ASK_EXTENSION = "ask_extension", _("申请延期")
    GRANT_EXTENSION = "grant_extension", _("同意延期")
    REFUSE_EXTENSION = "refuse_extension", _("不同意延期")
    URGE = "urge", _("催办")
    SUPERVISE = "supervise", _("督办")
    ESCALATE = "escalate", _("超期提醒")
    PAUSE = "pause", _("暂停计时")
    RESUME = "resume", _("恢复计时")
    SUBMIT = "submit", _("答复送审")
    APPROVE = "approve", _("审批通过")
    SEND_BACK = "send_back", _("退回修改")
    TELL = "tell", _("反馈")
    RATE = "rate", _("评价")
    DISPUTE = "dispute", _("再次表示没有解决")
    UPHOLD = "uphold", _("维持答复")
    REFER = "refer", _("上报")
    REFER_ANSWER = "refer_answer", _("上级答复")
    FOLLOW_UP = "follow_up", _("后续答复")
    RECHECK = "recheck", _("复核")
    CLOSE = "close", _("销号")
    REOPEN = "reopen", _("重新办理")
    VOID = "void", _("作废")


class ConceptKind(models.TextChoices):
    """What the words of a concept say in an opinion."""

    THING = "thing", _("什么东西、什么事")
    TROUBLE = "trouble", _("什么毛病")
    NOISE = "noise", _("不算数的词")
    NOTHING = "nothing", _("没有要办的事")


class HitKind(models.TextChoices):
    """Why a place of a wording may tell who spoke; the strongest first."""

    NAME = "name", _("姓名")
    PHONE = "phone", _("电话")
    NUMBER = "number", _("工号")
    FORM_OF_ADDRESS = "form_of_address", _("称呼")
    WORKPLACE = "workplace", _("车间、班组")
    POST_OF_FEW = "post_of_few", _("少数人的岗位")
    QUOTE = "quote", _("职工原话")
    FIRST_PERSON = "first_person", _("第一人称")
    FAMILY = "family", _("家庭情况")
    HEALTH = "health", _("健康情况")
    HOME = "home", _("住处、位置")
    SERVICE = "service", _("工龄")
    FIGURE = "figure", _("个人数目")
    MOMENT = "moment", _("具体时间")
    EVENT = "event", _("个别事例")
    POST = "post", _("岗位")
    EQUIPMENT = "equipment", _("设备")
    PERSON = "person", _("个人特征")


class KeepReason(models.TextChoices):
    """Why the office leaves a hit in a wording."""

    UNRELATED = "unrelated", _("与反映人无关")
    PUBLIC = "public", _("公开信息")
    CONSENT = "consent", _("反映人同意署名")


#: Made without anybody: what is late climbs the ladder, a pause runs out.
MOVES_BY_CLOCK = frozenset({Move.ESCALATE, Move.RESUME})
