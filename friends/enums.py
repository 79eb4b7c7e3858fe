from django.db import models
from django.utils.translation import gettext_lazy as _


class Employment(models.TextChoices):
    REGULAR = "regular", _("正式职工")
    DISPATCHED = "dispatched", _("劳务派遣")
    OUTSOURCED = "outsourced", _("劳务外包")
    REHIRED = "rehired", _("返聘")
    COURIER = "courier", _("快递员")
    RIDER = "rider", _("外卖配送员")
    RIDE_HAILING = "ride_hailing", _("网约车司机")
    TRUCK_DRIVER = "truck_driver", _("货车司机")
    OTHER_NEW_FORM = "other_new_form", _("其他新就业形态")


class ContactChannel(models.TextChoices):
    FACE_TO_FACE = "face_to_face", _("面对面走访")
    PHONE = "phone", _("电话")
    WECHAT = "wechat", _("微信聊天")
    VOICE = "voice", _("语音通话")
    QQ = "qq", _("QQ")
    GROUP_CHAT = "group_chat", _("微信群/QQ 群")
    MOMENTS = "moments", _("朋友圈互动")
    PUBLIC_ACCOUNT = "public_account", _("公众号留言回复")
    MEETING = "meeting", _("座谈会")
    WORKING_TOGETHER = "working_together", _("同劳动")
    CONDOLENCE = "condolence", _("走访慰问")
    COLD_DRINKS = "cold_drinks", _("送清凉")
    SURVEY = "survey", _("调研")
    NEWS_FILMING = "news_filming", _("新闻拍摄")


#: Channels in which the cadre stood before the worker: what counts as a day together with frontline workers.
FACE_TO_FACE_CHANNELS = frozenset(
    {
        ContactChannel.FACE_TO_FACE,
        ContactChannel.MEETING,
        ContactChannel.WORKING_TOGETHER,
        ContactChannel.CONDOLENCE,
        ContactChannel.COLD_DRINKS,
        ContactChannel.SURVEY,
        ContactChannel.NEWS_FILMING,
    }
)


class WorkKind(models.TextChoices):
    """The five kinds of work of "together with frontline workers"."""

    BRIEFING = "briefing", _("宣讲")
    VISITING = "visiting", _("走访")
    RIGHTS = "rights", _("维权")
    FRIENDSHIP = "friendship", _("交友")
    SOLVING = "solving", _("解难")


class Mood(models.TextChoices):
    CALM = "calm", _("平稳")
    POSITIVE = "positive", _("积极")
    WORRIED = "worried", _("有顾虑")
    DISSATISFIED = "dissatisfied", _("有意见")


class EndReason(models.TextChoices):
    ROTATED = "rotated", _("轮换")
    LEFT = "left", _("调离或离职")
    RETIRED = "retired", _("退休")
    UNREACHABLE = "unreachable", _("联系不上")
    OWN_WISH = "own_wish", _("本人意愿")
    HANDED_OVER = "handed_over", _("移交其他联络员")


class CareKind(models.TextChoices):
    HARDSHIP = "hardship", _("生活困难")
    ILLNESS = "illness", _("本人患病")
    FAMILY_ILLNESS = "family_illness", _("家属患病")
    DISABILITY = "disability", _("残疾")
    MISFORTUNE = "misfortune", _("突发变故")
    SCHOOLING = "schooling", _("子女上学困难")


class AidKind(models.TextChoices):
    MONEY = "money", _("慰问金")
    GOODS = "goods", _("慰问物资")
    MEDICAL = "medical", _("医疗互助")
    SCHOOLING = "schooling", _("金秋助学")
    LEGAL = "legal", _("法律援助")
    JOB = "job", _("岗位帮扶")
    FUNDRAISING = "fundraising", _("爱心募捐")
