"""A poster at a canteen, and what workers without account have said at it today: nothing of the published year."""

from __future__ import annotations

import uuid

from issues import services
from issues.forms.doors import NOTICE_VERSION
from issues.models import Category

from .structure import Company

#: (category, words, name and phone of who gave them)
SAID = (
    ("食堂餐饮", "二号食堂晚上八点以后就没有热饭了，夜班的人只能泡面。", {}),
    ("生活设施", "更衣室的热水器坏了一个多星期，报修没人来。", {}),
    ("通勤停车", "新来的劳务工不知道班车在哪儿等，能不能贴个站牌。", {"name": "程石泉", "phone": "15400008123"}),
)


def build_door(built: Company) -> None:
    door = services.open_door(
        unit=built.units["露天采矿厂"], label="二号食堂门口", by=built.office, key=key_of("door"), fingerprint=""
    )
    for category, text, person in SAID:
        services.say_at_door(
            door,
            text=text,
            category=Category.objects.get(name=category),
            consent_version=NOTICE_VERSION,
            key=key_of(text),
            fingerprint="",
            **person,
        )


def key_of(words: str) -> uuid.UUID:
    return uuid.uuid5(uuid.NAMESPACE_OID, words)
