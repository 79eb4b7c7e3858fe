"""Contacts of the demo, month by month: nearly every friend is met, some two or three at a time."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator

from friends.enums import ContactChannel, WorkKind
from friends.models import ContactLog, Friendship
from friends.services import record_contact
from liaison.models import Cadre, Topic
from lib.periods import SHANGHAI

CHANNELS = {
    ContactChannel.FACE_TO_FACE: 40,
    ContactChannel.WECHAT: 18,
    ContactChannel.PHONE: 12,
    ContactChannel.QQ: 6,
    ContactChannel.VOICE: 4,
    ContactChannel.GROUP_CHAT: 4,
    ContactChannel.WORKING_TOGETHER: 5,
    ContactChannel.NEWS_FILMING: 4,
    ContactChannel.CONDOLENCE: 3,
    ContactChannel.SURVEY: 4,
}
KINDS = {
    WorkKind.FRIENDSHIP: 60,
    WorkKind.VISITING: 20,
    WorkKind.BRIEFING: 12,
    WorkKind.SOLVING: 6,
    WorkKind.RIGHTS: 2,
}
TALK = (
    "聊了班组近期的生产任务和倒班情况，心态平稳。",
    "介绍了公司近期会议精神和转型提效的安排，回答了几个关心的问题。",
    "说起孩子上学和家里老人的情况，答应帮忙问问政策。",
    "谈到班组人员紧张，希望加强培训，多给年轻人机会。",
    "现场看了作业环境，一起吃了工作餐，聊得比较深入。",
    "了解体检和互助保险报销的事，讲清了流程和所需材料。",
    "通报了上次反映事项的办理情况，对答复表示理解。",
    "聊健步走活动，推荐下载手机软件，答应带动班组同事参加。",
    "问了工资和奖金发放的疑问，已作解释，个别问题带回核实。",
    "就设备检修安排提了建议，已记下。",
    "下夜班后通了电话，说最近休息不太好，提醒注意安全。",
    "在群里交流了劳保用品的使用感受，收集了大家的看法。",
)
#: One friend in so many is not met in a month.
MISSED_IN = 14


def meet_friends(cadres: list[Cadre], month: dt.date, topics: list[Topic], rng: random.Random) -> list[ContactLog]:
    """The contacts of one month; in July and August cold drinks are brought."""
    logs = []
    for cadre in cadres:
        day = month.replace(day=10)
        friends = [
            friendship.worker
            for friendship in Friendship.objects.filter(cadre=cadre, starts_on__lt=month.replace(day=6))
            .open_on(day)
            .select_related("worker__unit")
        ]
        friends = [friend for friend in friends if rng.randrange(MISSED_IN)]
        for companions in in_small_groups(friends, rng):
            channel = pick(CHANNELS, rng)
            if month.month in (7, 8) and rng.random() < 0.2:
                channel = ContactChannel.COLD_DRINKS
            log, _is_new = record_contact(
                by=cadre.user,
                cadre=cadre,
                workers=companions,
                happened_at=moment(month.replace(day=rng.randint(6, 28)), rng),
                channel=channel,
                work_kind=pick(KINDS, rng),
                text=rng.choice(TALK),
                topics=rng.sample(topics, 1) if topics else (),
                minutes=rng.choice((10, 20, 30, 45, 60)),
            )
            logs.append(log)
    return logs


def in_small_groups(friends: list, rng: random.Random) -> Iterator[list]:
    rng.shuffle(friends)
    while friends:
        size = rng.choice((1, 1, 1, 2, 2, 3))
        yield friends[:size]
        del friends[:size]


def moment(day: dt.date, rng: random.Random) -> dt.datetime:
    return dt.datetime(day.year, day.month, day.day, rng.randint(8, 20), rng.choice((0, 10, 25, 40)), tzinfo=SHANGHAI)


def pick(weights: dict, rng: random.Random):
    return rng.choices(list(weights), weights=list(weights.values()))[0]
