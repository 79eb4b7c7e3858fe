import pytest
from django.core.exceptions import ValidationError

from lib import names


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  张　三 ", "张三"),
        ("张\u200b三\ufeff", "张三"),
        ("\u202e张三\u202c", "张三"),
        ("Zhang\u00a0 Wei", "Zhang Wei"),
        ("买买提·吐尔逊", "买买提·吐尔逊"),
        ("𠮷田㛃", "𠮷田㛃"),
        ("张（小）", "张（小）"),
        ("张\n三", "张三"),
    ],
)
def test_clean_name_drops_what_is_not_seen_and_keeps_what_is(typed, stored):
    assert names.clean_name(typed) == stored


def test_clean_text_keeps_lines_emoji_and_full_width_signs():
    family = "👨\u200d👩\u200d👧 ❤️\u200d🔥"
    assert names.clean_text(f" 食堂：饭凉！\r\n　　{family}\u200d ") == f"食堂：饭凉！\n{family}"


@pytest.mark.parametrize(
    "other",
    ["买买提•吐尔逊", "买买提・吐尔逊", "买买提．吐尔逊", "买买提·吐尔逊（男）", " 买买提 · 吐尔逊"],
)
def test_name_key_unites_the_spellings_of_a_name(other):
    assert names.name_key(other) == names.name_key("买买提·吐尔逊")


def test_name_key_keeps_different_people_apart():
    assert names.name_key("张伟（小）") != names.name_key("张伟")
    assert names.name_key("ＺＨＡＮＧ Wei") == "zhangwei"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("单雄信", "shanxiongxin"),
        ("仇英", "qiuying"),
        ("曾国藩", "zengguofan"),
        ("查良镛", "zhaliangyong"),
        ("区静", "oujing"),
        ("朴志勇", "piaozhiyong"),
        ("任华", "renhua"),
        ("吕布", "lvbu"),
        ("欧阳修", "ouyangxiu"),
        ("尉迟恭", "yuchigong"),
        ("单于婉", "chanyuwan"),
        ("单·吐尔逊", "dantuerxun"),
        ("", ""),
        ("😀", ""),
    ],
)
def test_pinyin_reads_surnames_as_surnames(name, expected):
    assert names.pinyin(name) == expected


def test_search_text_holds_pinyin_and_initials_in_both_readings():
    assert names.search_text("覃小红") == "qinxiaohong qxh tanxiaohong txh"
    assert names.search_text("张三") == "zhangsan zs"
    assert names.search_text("") == ""
    assert names.initials("欧阳修") == "oyx"


def test_text_search_reads_a_unit_without_surnames():
    assert names.text_search("单身宿舍") == "danshensushe dsss"


@pytest.mark.parametrize("text", ["a\x00b", "a\x1fb", "a\x7f", "\ud83d"])
@pytest.mark.parametrize("field", [names.LineField(), names.ProseField()])
def test_field_refuses_control_characters(field, text):
    with pytest.raises(ValidationError):
        field.clean(text)


def test_line_and_prose_field_clean_what_they_take():
    assert names.LineField().clean(" 张　三\t") == "张三"
    assert names.ProseField().clean("一\r\n 二\u200b ") == "一\n二"
    assert names.LineField(required=False).clean("") == ""


@pytest.mark.parametrize("blank", ["　", "\u200b", " \u00a0\ufeff"])
def test_required_field_refuses_what_looks_empty(blank):
    with pytest.raises(ValidationError):
        names.LineField().clean(blank)
