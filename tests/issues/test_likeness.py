"""When two texts speak of one matter: other words, slips of dictation, other places, other sides of a thing."""

import pytest

from issues.matching import Likeness
from issues.matching.likeness import Rarity, likeness_of
from issues.matching.reading import Place, read
from issues.matching.thesaurus import shipped

pytestmark = pytest.mark.once


def likeness(
    first: str, second: str, *, units: tuple[str, str] = ("甲厂", "甲厂"), category: str = ""
) -> Likeness | None:
    words = shipped()
    readings = [
        read(text, words, category=category, place=Place(unit))
        for text, unit in zip((first, second), units, strict=True)
    ]
    return likeness_of(*readings, Rarity(readings))


@pytest.mark.parametrize(
    ("first", "second", "shared"),
    [
        ("夜里十一点多食堂就打烊了", "下小夜去饭堂，窗口早关门了，只能吃泡面", "供餐时间"),
        ("洗澡水忽冷忽热", "澡堂的喷头一会烫一会凉", "洗澡水温"),
        ("更衣柜的锁坏了一大片", "柜子锁不上，衣服没处放", "更衣柜"),
    ],
)
def test_other_words_for_the_same_matter_are_proposed(first, second, shared):
    found = likeness(first, second, category="生活")
    assert found.is_proposed
    assert shared in found.shared


@pytest.mark.parametrize(
    ("typed", "meant"), [("早堂水温不稳", "澡堂水温不稳"), ("夜班金帖标准太低", "夜班津贴标准太低")]
)
def test_a_slip_of_dictation_is_read_as_it_sounds(typed, meant):
    found, said = (read(text, shipped()) for text in (typed, meant))
    assert found.things == said.things
    assert likeness(typed, meant, category="其他").is_proposed


def test_words_that_only_sound_like_others_are_left_as_they_are():
    assert read("公司落实倒班", shipped()).things == frozenset({"排班"})


def test_the_same_words_from_another_unit_are_another_matter_unless_one_office_decides():
    here, there = ("甲厂", "甲厂"), ("甲厂", "乙厂")
    local = ("食堂的菜又涨价了", "饭菜涨价，份量还少")
    assert likeness(*local, units=here, category="食堂").is_proposed
    assert not likeness(*local, units=there, category="食堂").is_proposed
    assert likeness(*local, units=("", ""), category="").is_proposed
    assert not likeness(*local, units=("甲厂", ""), category="食堂").is_proposed
    everywhere = ("夜班津贴太低了", "夜班费标准太低，好几年没涨")
    assert likeness(*everywhere, units=there, category="薪酬").is_proposed


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("食堂夜里关门太早", "食堂餐盘没洗干净，有苍蝇"),
        ("班车老晚点", "班车没座位，站一路"),
        ("一号线班车老晚点", "三号线班车老晚点"),
        ("浴室更衣柜坏了没人修", "浴室水箱坏了没人修"),
    ],
)
def test_another_side_of_the_same_thing_is_not_proposed(first, second):
    assert not likeness(first, second, category="后勤").is_proposed


@pytest.mark.parametrize("text", ["没什么意见，都挺好的", "谢谢工会来看望", "……"])
def test_who_raises_no_matter_is_like_nobody(text):
    assert likeness(text, "谢谢工会，食堂的菜太咸") is None
    assert likeness(text, text) is None
